// SPDX-License-Identifier: Apache-2.0

import Access
import Foundation
import Testing

@Suite struct TokenStoreTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    // MARK: - Creating

    @Test func `a created token authenticates as its principal with its scopes`() async throws {
        let store = try scratch.open()

        let created = try await store.create(name: "shipper", scopes: [.ingest, .read])

        let identity = try await store.authenticate(created.text)
        #expect(identity == Identity(principal: "token:\(created.record.id)", scopes: [.ingest, .read]))
        #expect(created.record.created == scratch.clock.now)
        #expect(created.record.name == "shipper")
        #expect(created.text.reveal().wholeMatch(of: /mrt_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/) != nil)
    }

    @Test func `no two tokens are alike`() async throws {
        let store = try scratch.open()

        let one = try await store.create(name: "same", scopes: .read)
        let other = try await store.create(name: "same", scopes: .read)

        #expect(one.record.id != other.record.id)
        #expect(one.text.reveal().dropFirst(13).prefix(43) != other.text.reveal().dropFirst(13).prefix(43))
    }

    @Test func `no file holds the secret`() async throws {
        let store = try scratch.open()
        let text = try await store.create(name: "shipper", scopes: .read).text.reveal()
        let secret = Data(text.dropFirst(13).prefix(43).utf8)

        for name in try FileManager.default.contentsOfDirectory(atPath: scratch.directory.path) {
            let bytes = try Data(contentsOf: scratch.directory.appending(path: name))
            #expect(bytes.range(of: secret) == nil, "\(name)")
        }
    }

    @Test(arguments: [
        "",
        String(repeating: "x", count: 101),
        String(repeating: "é", count: 51),
        "two\nlines",
        "escape \u{1B}[31m",
        "bidi \u{202E}",
        "zero\u{200B}width",
        "separator\u{2028}",
    ])
    func `a name that is empty, too long or invisible in part is refused`(name: String) async throws {
        let store = try scratch.open()

        await expect(.invalidName) { try await store.create(name: name, scopes: .read) }

        #expect(try await store.list().isEmpty)
    }

    @Test(arguments: ["x", String(repeating: "x", count: 100), "Übergabe 中文 '; DROP TABLE token; --"])
    func `other names are kept as they are`(name: String) async throws {
        let store = try scratch.open()

        _ = try await store.create(name: name, scopes: .read)

        #expect(try await store.list().map(\.name) == [name])
    }

    @Test(arguments: [Scope(), Scope(rawValue: 0x80)])
    func `a token without a known scope is refused`(scopes: Scope) async throws {
        let store = try scratch.open()

        await expect(.invalidScope) { try await store.create(name: "x", scopes: scopes) }
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(-10_000_000_000)])
    func `an expiry that is not ahead is refused`(offset: Duration) async throws {
        let store = try scratch.open()

        await expect(.invalidExpiry) {
            _ = try await store.create(name: "x", scopes: .read, expires: scratch.clock.now + offset)
        }
    }

    @Test func `one token more than the limit is refused`() async throws {
        let store = try scratch.open()
        _ = try await store.create(name: "first", scopes: .read)
        try scratch.execute(
            """
            INSERT INTO token (id, name, secretHash, scopes, created)
            WITH RECURSIVE number (n) AS (
                VALUES (1) UNION ALL SELECT n + 1 FROM number LIMIT \(Limits.maximumTokens - 1)
            )
            SELECT 'id' || n, 'x', hex(zeroblob(32)), 'read', 0 FROM number
            """
        )

        await expect(.tooManyTokens) { try await store.create(name: "one more", scopes: .read) }

        #expect(try await store.list().count == Limits.maximumTokens)
    }

    @Test func `a random source that repeats itself makes no second token`() async throws {
        let store = try scratch.open(randomBytes: { [UInt8](repeating: 7, count: $0) })
        _ = try await store.create(name: "first", scopes: .read)

        await expect(.randomSourceBroken) { try await store.create(name: "second", scopes: .read) }

        #expect(try await store.list().map(\.name) == ["first"])
    }

    @Test(arguments: [0, 1, 7])
    func `a random source that gives too little makes no token`(count: Int) async throws {
        let store = try scratch.open(randomBytes: { _ in [UInt8](repeating: 7, count: count) })

        await expect(.randomSourceBroken) { try await store.create(name: "first", scopes: .read) }
    }

    @Test func `an identifier that is taken is drawn again`() async throws {
        let first = try scratch.open(randomBytes: { [UInt8](repeating: 7, count: $0) })
        _ = try await first.create(name: "first", scopes: .read)
        let draws = Draws()
        let second = try scratch.open(randomBytes: { [UInt8](repeating: draws.next() < 3 ? 7 : 8, count: $0) })

        let created = try await second.create(name: "second", scopes: .read)

        #expect(try await second.authenticate(created.text).principal == created.record.principal)
        #expect(try await second.list().count == 2)
    }

    // MARK: - Listing and revoking

    @Test func `the list has every token, oldest first, after reopening too`() async throws {
        let store = try scratch.open()
        for name in ["a", "b", "c"] {
            _ = try await store.create(name: name, scopes: .ingest, expires: scratch.clock.now + .seconds(5))
            scratch.clock.advance(by: .seconds(1))
        }

        let listed = try await store.list()

        #expect(listed.map(\.name) == ["a", "b", "c"])
        #expect(try await scratch.open().list() == listed)
        #expect(listed.map { $0.standing(at: scratch.clock.now + .seconds(3)) } == [.expired, .expired, .active])
    }

    @Test func `a revoked token is refused from the next request on, whoever revoked it`() async throws {
        let server = try scratch.open()
        let created = try await server.create(name: "x", scopes: .read)
        _ = try await server.authenticate(created.text)
        let commandLine = try scratch.open()

        let record = try await commandLine.revoke(id: created.record.id)

        #expect(record.revoked == scratch.clock.now)
        #expect(record.standing(at: scratch.clock.now) == .revoked)
        await expect(.revokedToken) { try await server.authenticate(created.text) }
    }

    @Test func `a second revocation keeps the time of the first`() async throws {
        let store = try scratch.open()
        let id = try await store.create(name: "x", scopes: .read).record.id
        let first = try await store.revoke(id: id)
        scratch.clock.advance(by: .seconds(60))

        #expect(try await store.revoke(id: id) == first)
    }

    @Test(arguments: ["", "nosuchid", "%", "' OR 1=1 --"])
    func `revoking what does not exist is an error`(id: String) async throws {
        let store = try scratch.open()
        let created = try await store.create(name: "x", scopes: .read)

        await expect(.unknownToken) { try await store.revoke(id: id) }

        _ = try await store.authenticate(created.text)
    }

    // MARK: - Authenticating

    @Test func `a token of another store is unknown`() async throws {
        let other = try Scratch()
        let created = try await other.open().create(name: "x", scopes: .admin)
        let store = try scratch.open()

        let error = await expect(.unknownToken) { try await store.authenticate(created.text) }

        #expect(error?.tokenID == created.record.id)
        #expect(error?.code.isAuthenticationFailure == true)
    }

    @Test func `a right identifier with another secret is refused, also of an expired or revoked token`() async throws {
        let store = try scratch.open(randomBytes: { [UInt8](repeating: 7, count: $0) })
        let created = try await store.create(name: "x", scopes: .admin, expires: scratch.clock.now + .seconds(1))
        // The same identifier with a secret of other bytes, from a store of its own.
        let forger = try Scratch().open(randomBytes: { [UInt8](repeating: $0 == 8 ? 7 : 9, count: $0) })
        let forged = try await forger.create(name: "x", scopes: .admin)
        #expect(forged.record.id == created.record.id)

        await expect(.wrongSecret) { try await store.authenticate(forged.text) }
        scratch.clock.advance(by: .seconds(1))
        await expect(.wrongSecret) { try await store.authenticate(forged.text) }
        try await store.revoke(id: created.record.id)
        await expect(.wrongSecret) { try await store.authenticate(forged.text) }
    }

    @Test func `a token is valid before its expiry and not at it`() async throws {
        let store = try scratch.open()
        let created = try await store.create(name: "x", scopes: .read, expires: scratch.clock.now + .seconds(10))

        scratch.clock.advance(by: .seconds(10) - .nanoseconds(1))
        _ = try await store.authenticate(created.text)
        scratch.clock.advance(by: .nanoseconds(1))

        await expect(.expiredToken) { try await store.authenticate(created.text) }
    }

    @Test(arguments: ["", "mrt_", "Basic dXNlcjpwYXNz", "\u{0}", "mrt_JlJD9WPB"])
    func `what is no token is refused before the store is asked`(text: String) async throws {
        let store = try scratch.open()
        try scratch.execute("DROP TABLE token")

        await expect(.malformedToken) { try await store.authenticate(Secret(text)) }
    }

    @Test func `many requests at once are all answered`() async throws {
        let store = try scratch.open()
        let created = try await store.create(name: "x", scopes: .read)

        let principals = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await store.authenticate(created.text).principal } }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }

        #expect(principals == [String](repeating: created.record.principal, count: 50))
    }

    // MARK: - Last use

    @Test func `the last use is written at most once a minute`() async throws {
        let store = try scratch.open()
        let created = try await store.create(name: "x", scopes: .read)
        #expect(created.record.lastUsed == nil)
        let first = scratch.clock.now

        _ = try await store.authenticate(created.text)
        #expect(try await store.list().map(\.lastUsed) == [first])
        scratch.clock.advance(by: Limits.lastUseGranularity - .nanoseconds(1))
        _ = try await store.authenticate(created.text)
        #expect(try await store.list().map(\.lastUsed) == [first])
        scratch.clock.advance(by: .nanoseconds(1))
        _ = try await store.authenticate(created.text)

        #expect(try await store.list().map(\.lastUsed) == [scratch.clock.now])
    }

    @Test func `a clock that went back does not stop the writing of last uses`() async throws {
        let store = try scratch.open()
        let created = try await store.create(name: "x", scopes: .read)
        _ = try await store.authenticate(created.text)

        scratch.clock.advance(by: .seconds(-86_400))
        _ = try await store.authenticate(created.text)

        #expect(try await store.list().map(\.lastUsed) == [scratch.clock.now])
    }

    @Test func `a last use that cannot be written refuses nobody and is counted once a minute`() async throws {
        let store = try scratch.open()
        let created = try await store.create(name: "x", scopes: .read)
        try scratch.execute(
            "CREATE TRIGGER full BEFORE UPDATE OF lastUsed ON token BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )

        for _ in 0..<3 { _ = try await store.authenticate(created.text) }

        #expect(store.failedLastUseWriteCount == 1)
        #expect(try await store.list().map(\.lastUsed) == [nil])
    }

    @Test func `a refused token has no last use`() async throws {
        let store = try scratch.open()
        let created = try await store.create(name: "x", scopes: .read)
        try await store.revoke(id: created.record.id)

        await expect(.revokedToken) { try await store.authenticate(created.text) }

        #expect(try await store.list().map(\.lastUsed) == [nil])
    }

    // MARK: - Damage

    @Test(arguments: [
        "UPDATE token SET scopes = 'root'",
        "UPDATE token SET scopes = ''",
        "UPDATE token SET secretHash = '\(String(repeating: "g", count: 64))'",
        "DROP TABLE token",
        "DROP TABLE token; CREATE TABLE token (id, name, secretHash, scopes, created, expires, lastUsed, revoked)",
    ])
    func `a damaged table refuses instead of guessing`(sql: String) async throws {
        let store = try scratch.open()
        let created = try await store.create(name: "x", scopes: .read)

        try scratch.execute(sql)

        let error = await #expect(throws: AccessError.self) { try await store.authenticate(created.text) }
        #expect(error?.code == .storeDamaged || error?.code == .unknownToken)
    }

    @Test func `a row with values of other types is damaged, and the message does not show it`() async throws {
        let store = try scratch.open()
        let created = try await store.create(name: "x", scopes: .read)
        try scratch.execute(
            """
            CREATE TABLE loose AS
                SELECT id, name, secretHash, scopes, 'soon' AS created, expires, lastUsed, revoked FROM token;
            DROP TABLE token;
            ALTER TABLE loose RENAME TO token
            """
        )

        let error = await expect(.storeDamaged) { try await store.authenticate(created.text) }

        #expect(error.map { "\($0)" } == "\(scratch.path): a token's row holds a value of the wrong type")
    }

    // MARK: -

    @discardableResult
    private func expect(
        _ code: AccessError.Code,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> some Any
    ) async -> AccessError? {
        let error = await #expect(throws: AccessError.self, sourceLocation: sourceLocation) { _ = try await body() }
        #expect(error?.code == code, sourceLocation: sourceLocation)
        return error
    }
}
