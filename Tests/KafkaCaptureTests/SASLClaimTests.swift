// SPDX-License-Identifier: Apache-2.0

import Foundation
import KafkaProtocol
import Testing

@Suite struct SASLClaimTests {
    private static func claim(_ message: String, _ mechanism: String) -> SASLClaim {
        let bytes = Array(message.utf8)
        return SASLClaim.read(bytes.span.bytes, mechanism: mechanism)
    }

    /// RFC 4616 §4 and its rule of exactly two NULs; RFC 5802 §5 and §7; RFC 7677 §3.
    @Test(arguments: [
        ("\0tim\0tanstaaftanstaaf", "PLAIN", "tim"),
        ("Ursel\0Kurt\0xipj3plmq", "PLAIN", "Kurt"),
        ("\0tim\0a\0b", "PLAIN", nil),
        ("tim", "PLAIN", nil),
        ("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", "SCRAM-SHA-256", "user"),
        ("y,a=boss,n=a=2Cb=3Dc,r=x", "SCRAM-SHA-512", "a,b=c"),
        ("n,n=user,r=x", "SCRAM-SHA-256", nil),
        ("`\u{1}anything", "GSSAPI", nil),
        ("\0new\nline\0x", "PLAIN", "new\u{fffd}line"),
    ])
    func `the name is found, and nothing else`(_ message: String, _ mechanism: String, _ name: String?) {
        #expect(Self.claim(message, mechanism).name == name)
    }

    @Test func `who one acts for, and that the name is a token's, is told`() {
        let acting = Self.claim("Ursel\0Kurt\0xipj3plmq", "PLAIN")
        #expect(acting.details == [.init(name: "authzid", value: "Ursel")])
        let token = Self.claim("n,,n=abc,r=x,tokenauth=true", "SCRAM-SHA-256")
        #expect(token.details == [.init(name: "tokenauth", value: "true")])
    }

    @Test func `a long name is cut`() {
        let claim = Self.claim("\0" + String(repeating: "é", count: 400) + "\0x", "PLAIN")
        #expect(claim.name?.utf8.count == 256)
    }

    @Test func `claims of a web token are read, and neither its signature nor its id`() {
        let payload =
            #"{"jti":"secret-id","sub":"al\u0069ce","iss":"https://i","aud":["k","s"],"exp":1700000000,"x":{"sub":"no"}}"#
        let text = Data(payload.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        let message =
            "n,a=boss,\u{1}auth=Bearer aGVhZGVy.\(text).c2ln\u{1}logicalCluster=lkc-1\u{1}identityPoolId=pool-1\u{1}\u{1}"

        let claim = Self.claim(message, "OAUTHBEARER")

        #expect(claim.name == "alice")
        #expect(
            claim.details.map { "\($0.name)=\($0.value)" } == [
                "iss=https://i", "aud=k", "aud=s", "exp=1700000000", "authzid=boss", "logicalCluster=lkc-1",
                "identityPoolId=pool-1",
            ]
        )
        #expect(!"\(claim)".contains("secret"))
        for count in 0..<message.utf8.count {
            let cut = Self.claim(String(decoding: message.utf8.prefix(count), as: UTF8.self), "OAUTHBEARER")
            #expect(cut.name == nil || cut.name == "alice")
        }
    }
}
