// SPDX-License-Identifier: Apache-2.0

import KafkaCapture
import KafkaProtocol
import Testing

/// Whole logins; the messages in them are the examples of the standards.
@Suite struct LoginTests {
    private static func head(_ api: Int16, _ version: Int16, _ correlation: Int32) -> [UInt8] {
        big(api) + big(version) + big(correlation) + big(Int16(1)) + [0x63]
    }

    private static func handshake(_ mechanism: String, _ correlation: Int32) -> (request: [UInt8], answer: [UInt8]) {
        (
            framed(head(17, 1, correlation) + big(Int16(mechanism.utf8.count)) + Array(mechanism.utf8)),
            framed(big(correlation) + big(Int16(0)) + big(Int32(0)))
        )
    }

    /// Version 1.
    private static func token(_ token: String, _ correlation: Int32) -> [UInt8] {
        framed(head(36, 1, correlation) + big(Int32(token.utf8.count)) + Array(token.utf8))
    }

    private static func answer(
        _ correlation: Int32,
        _ token: String,
        code: Int16 = 0,
        message: String? = nil,
        lifetime: Int64 = 0
    ) -> [UInt8] {
        let text = message.map { big(Int16($0.utf8.count)) + Array($0.utf8) } ?? big(Int16(-1))
        return framed(
            big(correlation) + big(code) + text + big(Int32(token.utf8.count)) + Array(token.utf8) + big(lifetime)
        )
    }

    private static func begin(_ mechanism: String, _ driver: inout Driver) {
        let handshake = handshake(mechanism, 1)
        driver.client(handshake.request)
        driver.broker(handshake.answer)
    }

    // MARK: - SCRAM, RFC 7677 §3

    private static let clientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
    private static let serverFirst =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    private static let clientFinal =
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    private static let serverFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

    @Test func `a SCRAM login is one exchange, and nothing of its messages but the name is kept`() {
        var driver = Driver()
        Self.begin("SCRAM-SHA-256", &driver)
        driver.client(Self.token(Self.clientFirst, 2))
        driver.broker(Self.answer(2, Self.serverFirst))
        #expect(driver.logins.isEmpty)
        driver.client(Self.token(Self.clientFinal, 3))
        driver.broker(Self.answer(3, Self.serverFinal))

        #expect(driver.close == nil)
        #expect(driver.logins.map(\.verdict) == [.success])
        #expect(driver.logins.map(\.claimedName) == ["user"])
        #expect(driver.logins.map(\.mechanism) == ["SCRAM-SHA-256"])
        #expect(driver.conversation.isAuthenticated)
        for secret in ["W22Za", "dHzbZ", "6rriT", "rOprN"] {
            #expect(!"\(driver.observations)\(driver.conversation)".contains(secret))
        }
    }

    @Test func `a SCRAM login fails by the broker's code, and by its last message`() {
        var coded = Driver()
        Self.begin("SCRAM-SHA-256", &coded)
        coded.client(Self.token(Self.clientFirst, 2))
        coded.broker(Self.answer(2, Self.serverFirst))
        coded.client(Self.token(Self.clientFinal, 3))
        coded.broker(Self.answer(3, "", code: 58, message: "Authentication failed during authentication"))
        #expect(
            coded.logins.map(\.verdict)
                == [.failure(errorCode: 58, message: "Authentication failed during authentication")]
        )

        var told = Driver()
        Self.begin("SCRAM-SHA-256", &told)
        told.client(Self.token(Self.clientFirst, 2))
        told.broker(Self.answer(2, Self.serverFirst))
        told.client(Self.token(Self.clientFinal, 3))
        told.broker(Self.answer(3, "e=invalid-proof"))
        #expect(told.logins.map(\.verdict) == [.failure(errorCode: nil, message: nil)])
        #expect(!told.conversation.isAuthenticated)
    }

    // MARK: - OAUTHBEARER, with the web token of RFC 7519 §3.1

    private static let webToken =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGx"
        + "lLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let bearer = "n,,\u{1}auth=Bearer \(webToken)\u{1}\u{1}"

    private static func bearerDriver() -> Driver {
        var options = Fixture.options
        options.nameClaim = "iss"
        return Driver(options: options)
    }

    @Test func `an OAUTHBEARER login has the token's name, and no token`() {
        var driver = Self.bearerDriver()
        Self.begin("OAUTHBEARER", &driver)
        driver.client(Self.token(Self.bearer, 2))
        driver.broker(Self.answer(2, "", lifetime: 3_600_000))

        #expect(driver.logins.map(\.verdict) == [.success])
        #expect(driver.logins.map(\.claimedName) == ["joe"])
        #expect(!"\(driver.observations)".contains("eyJ"))
        #expect(!"\(driver.observations)".contains("dBjft"))
    }

    @Test func `a refused OAUTHBEARER login ends with the client's single byte`() {
        var driver = Self.bearerDriver()
        Self.begin("OAUTHBEARER", &driver)
        driver.client(Self.token(Self.bearer, 2))
        // RFC 7628 §3.2.3.
        driver.broker(Self.answer(2, #"{"status":"invalid_token"}"#))
        #expect(driver.logins.isEmpty)
        driver.client(Self.token("\u{1}", 3))
        driver.broker(Self.answer(3, "", code: 58, message: "invalid_token"))

        #expect(driver.logins.map(\.verdict) == [.failure(errorCode: 58, message: "invalid_token")])
        #expect(driver.logins.map(\.claimedName) == ["joe"])
    }

    @Test func `a session without any length for a token that had run out is a failure`() {
        var driver = Self.bearerDriver()
        // After the token's `exp`.
        driver.time = 1_300_819_381_000_000_000
        Self.begin("OAUTHBEARER", &driver)
        driver.client(Self.token(Self.bearer, 2))
        driver.broker(Self.answer(2, "", lifetime: 0))

        #expect(driver.logins.map(\.verdict) == [.failure(errorCode: nil, message: "the token had expired")])
    }

    // MARK: - KIP-368

    @Test func `a login on a connection that had one is a repeat, in the middle of other traffic`() {
        var driver = Driver()
        let plain = "\u{0}alice\u{0}hush-hush"
        Self.begin("PLAIN", &driver)
        driver.client(Self.token(plain, 2))
        driver.broker(Self.answer(2, "", lifetime: 60_000))
        let beat = framed(Self.head(12, 0, 3) + big(Int16(1)) + [0x67] + big(Int32(1)) + big(Int16(1)) + [0x67])
        driver.client(beat)
        driver.broker(framed(big(Int32(3)) + big(Int16(0))))

        let again = Self.handshake("PLAIN", 4)
        driver.client(again.request)
        driver.broker(again.answer)
        driver.client(Self.token("\u{0}mallory\u{0}guess", 5))
        driver.broker(Self.answer(5, "", code: 58, message: "Cannot change principals during re-authentication"))

        #expect(driver.close == nil)
        #expect(driver.logins.map(\.claimedName) == ["alice", "mallory"])
        #expect(driver.logins.map(\.isRepeat) == [false, true])
        #expect(
            driver.logins.last?.verdict
                == .failure(errorCode: 58, message: "Cannot change principals during re-authentication")
        )
        #expect(!"\(driver.observations)".contains("guess"))
    }

    // MARK: - KIP-511

    @Test func `a version of ApiVersions that is not described goes on as one that nobody knows`() {
        var driver = Driver()
        let request = framed(Self.head(18, 9, 1) + [0, 1, 1, 0])
        var expected = request
        expected.replaceSubrange(6..<8, with: [0x7f, 0xff])
        for byte in request { driver.client([byte]) }
        // UNSUPPORTED_VERSION in version 0: the broker's own versions of ApiVersions.
        let answer = framed(
            big(Int32(1)) + big(Int16(35)) + big(Int32(1)) + big(Int16(18)) + big(Int16(0)) + big(Int16(4))
        )
        driver.broker(answer)

        #expect(driver.toBroker == expected)
        #expect(driver.toClient == answer)
        #expect(driver.close == nil)
        #expect(driver.exchanges.map(\.header.apiVersion) == [9])
    }
}
