// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing

@testable import KafkaClient

@Suite struct KafkaPropertiesTests {
    private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `a file as people have them is read`() throws {
        let properties = try KafkaProperties(
            """
            # Confluent Cloud
            bootstrap.servers = pkc-1.example.com:9092
            ! a comment too
            security.protocol=SASL_SSL\r
            sasl.mechanisms=PLAIN
            sasl.password=a=b\\c #d

            """,
            file: "client.properties"
        )
        #expect(properties["bootstrap.servers"] == "pkc-1.example.com:9092")
        #expect(properties["security.protocol"] == "SASL_SSL")
        #expect(properties["sasl.password"] == "a=b\\c #d")
        #expect(
            properties.description
                == "bootstrap.servers=pkc-1.example.com:9092 sasl.mechanisms=PLAIN sasl.password=… security.protocol=SASL_SSL"
        )
    }

    @Test(arguments: [
        ("bootstrap.servers", "f, line 1: not a line of the form name=value"),
        ("=x", "f, line 1: not a line of the form name=value"),
        ("a=1\n\na=2", "f, line 3: a is there a second time"),
    ])
    func `a wrong file is told with its line`(text: String, said: String) {
        #expect(throws: KafkaClientError(.configuration, said)) { try KafkaProperties(text, file: "f") }
    }

    @Test(arguments: [
        ("", "bootstrap.servers is missing: host:port of brokers, with commas between"),
        ("bootstrap.servers=a:1\nsasl.jaas.config=secret", "use sasl.username and sasl.password"),
        ("bootstrap.servers=a:1\nssl.truststore.location=/t.jks", "use ssl.ca.location, a PEM file"),
        ("bootstrap.servers=a:1\nfetch.min.byte=1", "\"fetch.min.byte\""),
        ("bootstrap.servers=a:1\nfetch.min.bytes=many", "\"fetch.min.bytes\""),
        ("bootstrap.servers=a:1\nsecurity.protocol=TLS", "\"security.protocol\""),
        ("bootstrap.servers=a:1\nsecurity.protocol=SSL\nssl.ca.location=/none.pem", "ssl.ca.location"),
        ("bootstrap.servers=a:1\nsecurity.protocol=SASL_PLAINTEXT\nsasl.mechanisms=PLAIN", "sasl.username"),
    ])
    func `what can't be used is named`(text: String, said: String) throws {
        let properties = try KafkaProperties(text, file: "f")
        let error = #expect(throws: KafkaClientError.self) { try KafkaConsumer(properties, logger: Self.log) }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains(said) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("secret") != true)
    }
}

@Suite struct PropertyReferenceTests {
    private static func lookUp(_ kind: String, _ name: String) throws(KafkaClientError) -> String {
        guard kind == "env" else { throw KafkaClientError(.configuration, "no such kind") }
        return "<\(name)>"
    }

    @Test(arguments: [
        ("${env:A}", "<A>"), ("x${env:A}y${env:B}", "x<A>y<B>"), ("$", "$"), ("${", "${"), ("${A}", "${A}"),
        ("${A}${env:B}", "${A}<B>"), ("p$${env:A}", "p$<A>"), ("{env:A}", "{env:A}"),
    ])
    func `references in values are replaced, and nothing else`(value: String, expected: String) throws {
        var properties = KafkaProperties()
        properties["sasl.password"] = value
        #expect(try properties.resolved(Self.lookUp)["sasl.password"] == expected)
    }

    @Test func `what can't be looked up is told with the property's name and not its value`() {
        var properties = KafkaProperties()
        properties["sasl.password"] = "secret${vault:x}"
        let error = #expect(throws: KafkaClientError.self) { try properties.resolved(Self.lookUp) }
        #expect(error?.message == "sasl.password: no such kind")
    }
}
