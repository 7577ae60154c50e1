// SPDX-License-Identifier: Apache-2.0

internal import ByteCoding
internal import Crypto
internal import GRDB
private import Synchronization

/// The API tokens of a data directory, in its `control.sqlite`.
///
/// Every answer comes from the file, so a token that another process revoked is refused by the next request.
/// Only SHA-256 hashes of secrets are stored: guessing 256 random bits from a hash is out of reach however fast the
/// hash is, so a slow one would only slow down requests.
///
/// **Isolation**: may be used from any task; one SQLite connection serves them in turn.
package final class TokenStore: Sendable {
    private let path: String
    private let database: DatabaseQueue
    private let clock: @Sendable () -> Duration
    private let randomBytes: @Sendable (_ count: Int) -> [UInt8]
    /// Owns when a last use was last tried to be written, by identifier; as many as there are tokens.
    private let lastUseAttempts = Mutex<[String: Duration]>([:])
    private let lastUseFailures = Atomic<Int>(0)

    /// Opens the store, making the file when there is none.
    ///
    /// - Parameters:
    ///   - path: `control.sqlite`; its directory exists.
    ///   - clock: The time since 1970-01-01T00:00:00Z.
    ///   - randomBytes: As many bytes as asked for, from a cryptographically secure source.
    /// - Throws: `storeUnprotected`, `storeTooNew`, `storeDamaged` or `storeUnavailable`.
    package init(
        path: String,
        clock: @escaping @Sendable () -> Duration,
        randomBytes: @escaping @Sendable (_ count: Int) -> [UInt8] = TokenStore.systemRandomBytes
    ) throws(AccessError) {
        self.path = path
        self.clock = clock
        self.randomBytes = randomBytes
        database = try ControlDatabase.open(path: path)
    }

    /// The operating system's secure random source.
    @Sendable
    package static func systemRandomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Last uses that could not be written.
    ///
    /// They do not refuse the request: a full disk must not lock the operator out.
    package var failedLastUseWriteCount: Int { lastUseFailures.load(ordering: .relaxed) }

    // MARK: - Managing

    /// Makes a token.
    ///
    /// When this returns, it survives a power cut; its text can never be had again.
    ///
    /// - Throws: `invalidName`, `invalidScope`, `invalidExpiry`, `tooManyTokens`, `randomSourceBroken`
    ///   or the store's errors.
    package func create(
        name: String,
        scopes: Scope,
        expires: Duration? = nil
    ) async throws(AccessError) -> CreatedToken {
        try TokenStore.check(name: name)
        guard Scope.named.contains(where: { scopes.contains($0.scope) }) else {
            throw AccessError(.invalidScope, "a token without any scope would be of no use")
        }
        let now = clock()
        if let expires, expires <= now {
            throw AccessError(.invalidExpiry, "the token would expire before it exists")
        }
        let candidates = try drawTokens()
        return try await write { database in
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM token") ?? 0
            guard count < Limits.maximumTokens else {
                throw AccessError(
                    .tooManyTokens,
                    "the store holds \(count) tokens, of at most \(Limits.maximumTokens)"
                )
            }
            guard let token = try candidates.first(where: { try !TokenStore.exists(id: $0.id, in: database) }) else {
                throw AccessError(.randomSourceBroken, "the random source gave only identifiers that are taken")
            }
            let record = TokenRecord(
                id: token.id,
                name: name,
                scopes: scopes,
                created: now,
                expires: expires,
                lastUsed: nil,
                revoked: nil
            )
            try TokenStore.insert(record, secretHash: TokenStore.hash(token.secret), in: database)
            return CreatedToken(record: record, text: token.text)
        }
    }

    /// All tokens, oldest first, expired and revoked ones included.
    package func list() async throws(AccessError) -> [TokenRecord] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM token ORDER BY created, id")
                .map { try StoredToken(row: $0).record }
        }
    }

    /// Ends a token for good.
    ///
    /// When this returns, no request is accepted with it, also after a power cut.
    ///
    /// A second time changes nothing and gives the record with the first time.
    ///
    /// - Throws: `unknownToken` or the store's errors.
    @discardableResult
    package func revoke(id: String) async throws(AccessError) -> TokenRecord {
        let now = clock()
        return try await write { database in
            try database.execute(
                sql: "UPDATE token SET revoked = ? WHERE id = ? AND revoked IS NULL",
                arguments: [now.clampedNanoseconds, id]
            )
            guard let stored = try TokenStore.fetch(id: id, in: database) else {
                throw AccessError(.unknownToken, "there is no such token", tokenID: id)
            }
            return stored.record
        }
    }

    // MARK: - Authenticating

    /// Who presents a token.
    ///
    /// Cancelling the task may end it with `storeUnavailable`, never with an identity.
    ///
    /// The secret is checked before expiry and revocation, so that only its owner learns about those.
    ///
    /// - Throws: One of the codes with `isAuthenticationFailure`, or the store's errors; then the request is refused.
    package func authenticate(_ presented: Secret) async throws(AccessError) -> Identity {
        let token = try APIToken(parsing: presented)
        let stored = try await read { database in try TokenStore.fetch(id: token.id, in: database) }
        guard let stored else {
            throw AccessError(.unknownToken, "there is no such token", tokenID: token.id)
        }
        guard TokenStore.equalInConstantTime(stored.secretHash, TokenStore.hash(token.secret)) else {
            throw AccessError(.wrongSecret, "the secret is not this token's", tokenID: token.id)
        }
        let now = clock()
        switch stored.record.standing(at: now) {
        case .revoked: throw AccessError(.revokedToken, "the token is revoked", tokenID: token.id)
        case .expired: throw AccessError(.expiredToken, "the token is expired", tokenID: token.id)
        case .active: break
        }
        await noteUse(of: stored.record, at: now)
        return Identity(principal: stored.record.principal, scopes: stored.record.scopes)
    }

    /// Writes the last use unless one was written, or tried, within the granularity, whichever way the clock moved.
    private func noteUse(of record: TokenRecord, at now: Duration) async {
        let isRecent = { (time: Duration) in (now - time).clampedNanoseconds.magnitude < TokenStore.granularity }
        if let lastUsed = record.lastUsed, isRecent(lastUsed) { return }
        let isDue = lastUseAttempts.withLock { attempts in
            if let attempt = attempts[record.id], isRecent(attempt) { return false }
            attempts[record.id] = now
            return true
        }
        guard isDue else { return }
        do {
            try await write { database in
                try database.execute(
                    sql: "UPDATE token SET lastUsed = ? WHERE id = ?",
                    arguments: [now.clampedNanoseconds, record.id]
                )
            }
        } catch {
            lastUseFailures.add(1, ordering: .relaxed)
        }
    }

    private static let granularity = Limits.lastUseGranularity.clampedNanoseconds.magnitude

    // MARK: - Secrets

    private static func hash(_ secret: Secret) -> [UInt8] {
        Array(SHA256.hash(data: Array(secret.reveal().utf8)))
    }

    /// Looks at every byte whatever the first ones are, so that the time tells nothing about how many agree.
    private static func equalInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0 as UInt8) { difference, pair in difference | pair.0 ^ pair.1 } == 0
    }

    /// Several tokens, of which the first with a free identifier is used.
    private func drawTokens() throws(AccessError) -> [APIToken] {
        let secretBytes = randomBytes(32)
        var tokens: [APIToken] = []
        for _ in 0..<Limits.identifierDraws {
            let identifierBytes = randomBytes(8)
            guard secretBytes.count == 32, identifierBytes.count == 8 else {
                throw AccessError(.randomSourceBroken, "the random source gave too few bytes")
            }
            let id = Base62.encode(identifierBytes, digitCount: APIToken.identifierDigits)
            tokens.append(APIToken(id: id, secretBytes: secretBytes))
        }
        return tokens
    }

    // MARK: - Rows

    private static func check(name: String) throws(AccessError) {
        let byteCount = name.utf8.count
        guard (1...Limits.maximumNameBytes).contains(byteCount) else {
            throw AccessError(
                .invalidName,
                "a token's name has 1 to \(Limits.maximumNameBytes) bytes, this one \(byteCount)"
            )
        }
        guard !name.unicodeScalars.contains(where: \.isInvisible) else {
            throw AccessError(.invalidName, "a token's name holds no control or formatting characters")
        }
    }

    private static func exists(id: String, in database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM token WHERE id = ?)", arguments: [id]) ?? false
    }

    private static func fetch(id: String, in database: Database) throws -> StoredToken? {
        try Row.fetchOne(database, sql: "SELECT * FROM token WHERE id = ?", arguments: [id]).map(StoredToken.init)
    }

    private static func insert(_ record: TokenRecord, secretHash: [UInt8], in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO token (id, name, secretHash, scopes, created, expires) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                record.id, record.name, Hex.encode(secretHash), record.scopes.description,
                record.created.clampedNanoseconds, record.expires?.clampedNanoseconds,
            ]
        )
    }

    // MARK: - Database

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(AccessError) -> Value {
        do {
            return try await database.read(body)
        } catch {
            throw AccessError(mapping: error, file: path)
        }
    }

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(AccessError) -> Value {
        do {
            return try await database.write(body)
        } catch {
            throw AccessError(mapping: error, file: path)
        }
    }
}

extension Unicode.Scalar {
    /// Whether the scalar changes how its neighbours are shown, or breaks the line, instead of being seen.
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
