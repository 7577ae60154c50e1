// SPDX-License-Identifier: Apache-2.0

import NIOSSL
import Testing

@testable import KafkaGateway

@Suite struct PrincipalRulesTests {
    /// The example of Kafka's documentation of `ssl.principal.mapping.rules`.
    private static let documented = """
        RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/,
        RULE:^CN=(.*?),OU=(.*?),O=(.*?),L=(.*?),ST=(.*?),C=(.*?)$/$1@$2/L,
        RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1/L,
        DEFAULT
        """

    @Test(arguments: [
        ("CN=serviceuser,OU=ServiceUsers,O=Unknown,L=Unknown,ST=Unknown,C=Unknown", "serviceuser"),
        ("CN=adminUser,OU=Admin,O=Unknown,L=Unknown,ST=Unknown,C=Unknown", "adminuser@admin"),
        ("OU=x,CN=Some.Name", "some.name"),
        ("O=nobody", "O=nobody"),
    ])
    func `the documented rules give the documented names`(subject: String, name: String) throws {
        #expect(try PrincipalRules(Self.documented).name(of: subject) == name)
    }

    @Test(arguments: [
        ("RULE:^CN=(.*)$/$1/U", "CN=ab", "AB"),
        (#"RULE:^CN=a\/(.*)$/x\/$1/"#, "CN=a/b", "x/b"),
        ("RULE:^CN=([^,]*),.*$/$1-$2/", "CN=a,O=b", "a-$2"),
        ("RULE:^CN=(.{1,3})$/$1/", "CN=abc", "abc"),
        ("DEFAULT", "CN=a", "CN=a"),
        (" RULE:^CN=b$/x/ , DEFAULT ", "CN=a", "CN=a"),
    ])
    func `a rule replaces the whole subject`(rules: String, subject: String, name: String) throws {
        #expect(try PrincipalRules(rules).name(of: subject) == name)
    }

    @Test func `a subject that no rule matches has no name`() throws {
        #expect(try PrincipalRules("RULE:^CN=(.*)$/$1/").name(of: "O=x,CN=y") == nil)
    }

    @Test(arguments: [
        "", "RULE:", "RULE:a/b", "RULE:(/x/", "RULE:a/b/X", "DEFAULTS", "default", "RULE:a/b/L RULE:c/d/",
    ])
    func `what is no list of rules is refused`(rules: String) {
        #expect(throws: PrincipalRules.Problem.self) { try PrincipalRules(rules) }
    }
}

@Suite struct DistinguishedNameTests {
    /// Subjects as `openssl` takes them, and the texts of RFC 2253 §5 and of Java, whose text brokers use.
    @Test(arguments: [
        ("/C=GB/O=Isode Limited/CN=Steve Kille", "CN=Steve Kille,O=Isode Limited,C=GB"),
        ("/C=US/O=Widget Inc./OU=Sales+CN=J. Smith", "CN=J. Smith+OU=Sales,O=Widget Inc.,C=US"),
        ("/C=GB/O=Sue, Grabbit and Runn/CN=L. Eagle", #"CN=L. Eagle,O=Sue\, Grabbit and Runn,C=GB"#),
        ("/DC=example/DC=com/UID=alice/CN=a=b#c", "CN=a\\=b\\#c,UID=alice,DC=com,DC=example"),
        ("/CN=Lučić/L=Zürich/ST=x/street=y", "STREET=y,ST=x,L=Zürich,CN=Lučić"),
        // An attribute without a keyword: the value's DER, here an IA5String.
        ("/CN=x/emailAddress=a@b", "1.2.840.113549.1.9.1=#1603614062,CN=x"),
        (#"/CN= x "y" /O=z"#, #"O=z,CN=\ x \"y\"\ "#),
    ])
    func `a subject is written as brokers write it`(subject: String, text: String) throws {
        let authority = try CertificateAuthority()
        let certificate = try authority.issue(subject: subject, names: [])
        let bytes = try #require(try NIOSSLCertificate.fromPEMFile(certificate.certificateFile).first).toDERBytes()

        let read = try #require(DistinguishedName.subject(ofCertificate: bytes))

        // DER orders the attributes of a set by their encoding (X.690 §11.6).
        let ordered = read == text || read == "OU=Sales+CN=J. Smith,O=Widget Inc.,C=US"
        #expect(ordered, "\(read)")
    }

    @Test func `a certificate that is cut anywhere has no subject, or the right one`() throws {
        let authority = try CertificateAuthority()
        let certificate = try authority.issue(subject: "/CN=alice/O=x", names: [])
        let bytes = try #require(try NIOSSLCertificate.fromPEMFile(certificate.certificateFile).first).toDERBytes()
        for count in 0..<bytes.count {
            #expect(DistinguishedName.subject(ofCertificate: Array(bytes[..<count])) == nil)
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x80
            _ = DistinguishedName.subject(ofCertificate: changed)
        }
    }
}
