// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import KafkaClient

/// Puts the properties of a client of Kafka together.
enum KafkaPropertyFile {
    /// Those of a file, `name=value` a line, over which brokers that are named and other `name=value` win; nothing secret is among these.
    ///
    /// - Throws: `CommandFailure`.
    static func properties(
        file: String?,
        bootstrapServers: String?,
        others: [String] = []
    ) throws -> KafkaProperties {
        do {
            var properties = try file.map { try KafkaProperties(SmallFile.text(of: $0), file: $0) } ?? KafkaProperties()
            for other in others { try add(other, to: &properties) }
            if let bootstrapServers { properties["bootstrap.servers"] = bootstrapServers }
            return try properties.resolved(secret)
        } catch let error as KafkaClientError {
            throw CommandFailure(.usage, error.message)
        }
    }

    private static func add(_ text: String, to properties: inout KafkaProperties) throws {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw CommandFailure(.usage, "\"\(Terminal.harmless(text))\" is not of the form name=value")
        }
        let name = String(text[..<equals])
        let value = String(text[text.index(after: equals)...])
        guard !KafkaProperties.isSecret(name) || value.hasPrefix("${") else {
            throw CommandFailure(
                .usage,
                "\(name) is a secret, which others see on a command line: put it into a file (--properties), or give \(name)='${env:NAME}' or '${file:PATH}'"
            )
        }
        properties[name] = value
    }

    /// What a reference of a property's value stands for.
    private static func secret(_ kind: String, _ name: String) throws(KafkaClientError) -> String {
        switch kind {
        case "env":
            guard let value = ProcessInfo.processInfo.environment[name] else {
                throw KafkaClientError(.configuration, "the environment has no variable \(name)")
            }
            return value
        case "file":
            guard let text = try? SmallFile.text(of: name) else {
                throw KafkaClientError(.configuration, "\(name) can't be read")
            }
            return text.trimmingWhitespace()
        default:
            throw KafkaClientError(.configuration, "${\(kind):…} is neither ${env:NAME} nor ${file:PATH}")
        }
    }
}
