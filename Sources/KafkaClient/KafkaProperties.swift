// SPDX-License-Identifier: Apache-2.0

import CRdKafka

/// What is configured of a client, by librdkafka's names; its CONFIGURATION.md has all of them.
package struct KafkaProperties: Sendable, CustomStringConvertible {
    private var values: [String: String] = [:]

    package init() {}

    /// Reads a properties file: `name=value` a line, `#` and `!` begin comments.
    ///
    /// The values have no escapes: a backslash is a backslash, as passwords have them.
    ///
    /// Errors name the file as `file` says.
    ///
    /// - Throws: `KafkaClientError.configuration` with the line's number, and nothing of its value.
    package init(_ text: String, file: String) throws(KafkaClientError) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.trimmed
            guard !line.isEmpty, line.first != "#", line.first != "!" else { continue }
            guard let equals = line.firstIndex(of: "="), equals > line.startIndex else {
                throw Self.wrong("\(file), line \(index + 1): not a line of the form name=value")
            }
            let name = String(line[..<equals].trimmed)
            guard values[name] == nil else {
                throw Self.wrong("\(file), line \(index + 1): \(printable(name)) is there a second time")
            }
            values[name] = String(line[line.index(after: equals)...].trimmed)
        }
    }

    package subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The names and values, without the values of secrets.
    package var description: String {
        values.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(Self.isSecret($0.key) ? "…" : printable($0.value))" }
            .joined(separator: " ")
    }

    /// The other's values where it has any.
    package func overridden(by other: Self) -> Self {
        var merged = self
        merged.values.merge(other.values) { $1 }
        return merged
    }

    /// The properties with `${kind:name}` in values replaced by what `lookUp` says it stands for.
    ///
    /// - Throws: `KafkaClientError.configuration`, with the property's name.
    package func resolved(
        _ lookUp: (_ kind: String, _ name: String) throws(KafkaClientError) -> String
    ) throws(KafkaClientError) -> Self {
        var resolved = self
        for (name, value) in values {
            do throws(KafkaClientError) {
                resolved.values[name] = try Self.resolved(value, lookUp)
            } catch {
                throw Self.wrong("\(printable(name)): \(error.message)")
            }
        }
        return resolved
    }

    private static func resolved(
        _ value: String,
        _ lookUp: (_ kind: String, _ name: String) throws(KafkaClientError) -> String
    ) throws(KafkaClientError) -> String {
        var (result, rest) = ("", value[...])
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            let reference = rest[start.upperBound..<end]
            guard let colon = reference.firstIndex(of: ":") else {
                result += rest[...end]
                rest = rest[rest.index(after: end)...]
                continue
            }
            result += rest[..<start.lowerBound]
            result += try lookUp(String(reference[..<colon]), String(reference[reference.index(after: colon)...]))
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    // MARK: - librdkafka's form

    /// Nothing, when librdkafka takes all of them.
    ///
    /// - Throws: `KafkaClientError.configuration`.
    package func check() throws(KafkaClientError) { rd_kafka_conf_destroy(try configuration()) }

    /// The configuration of a client, which whoever gets it has to destroy or give to a client.
    ///
    /// - Throws: `KafkaClientError.configuration`, which names the property; never a secret's value.
    func configuration() throws(KafkaClientError) -> OpaquePointer {
        guard let servers = values["bootstrap.servers"] ?? values["metadata.broker.list"], !servers.isEmpty else {
            throw Self.wrong("bootstrap.servers is missing: host:port of brokers, with commas between")
        }
        guard let configuration = rd_kafka_conf_new() else { throw Self.wrong("out of memory") }
        do throws(KafkaClientError) {
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                try Self.set(name, value, of: configuration)
            }
        } catch {
            rd_kafka_conf_destroy(configuration)
            throw error
        }
        return configuration
    }

    private static func set(
        _ name: String,
        _ value: String,
        of configuration: OpaquePointer
    ) throws(KafkaClientError) {
        var reason = [CChar](repeating: 0, count: 512)
        guard rd_kafka_conf_set(configuration, name, value, &reason, reason.count) != RD_KAFKA_CONF_OK else { return }
        if let advice = advice[name] {
            throw wrong("\(printable(name)) is a property of Java's clients: use \(advice)")
        }
        if isSecret(name) { throw wrong("\(name) has a value that can't be used") }
        throw wrong(printable(text(reason)))
    }

    /// Properties of Java's clients that people bring along, and what says the same here.
    private static let advice = [
        "sasl.jaas.config": "sasl.username and sasl.password",
        "ssl.truststore.location": "ssl.ca.location, a PEM file",
        "ssl.truststore.password": "ssl.ca.location, a PEM file without a password",
        "ssl.truststore.type": "ssl.ca.location, a PEM file",
        "ssl.keystore.type":
            "ssl.keystore.location for PKCS#12, or ssl.certificate.location and ssl.key.location for PEM",
    ]

    /// Whether a property's value must not be seen in errors, logs and on command lines.
    package static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.contains("password") || name.contains("secret") || name.hasSuffix("key.pem")
            || name == "sasl.oauthbearer.config" || name == "sasl.jaas.config"
    }

    private static func wrong(_ message: String) -> KafkaClientError { KafkaClientError(.configuration, message) }
}

/// A C string of librdkafka's error buffers.
func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
