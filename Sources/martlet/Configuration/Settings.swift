// SPDX-License-Identifier: Apache-2.0

import Configuration
import Yams

/// The values of all settings and where each comes from.
///
/// A flag wins over the environment, the environment over the file, the file over the default. Everything is read as
/// text and checked by the setting, so that an error is the same wherever the value stands.
struct Settings: Sendable {
    /// A value and its origin.
    struct Value: Sendable {
        let text: String
        /// `--port`, `$MARTLET_HTTP_PORT`, `martlet.yaml`, or `default`.
        let origin: String
    }

    private var values: [String: Value] = [:]

    /// What is wrong, one sentence each; nothing may be run while there is something.
    private(set) var faults: [String] = []

    /// Reads flags, given by key with their names, the environment's variables that begin with `MARTLET_`, and a file.
    init(flags: [String: (flag: String, value: String)], file: String?, environment: [String: String]) throws {
        let fromFile = try file.map { try Self.flattened(SmallFile.text(of: $0), path: $0) } ?? [:]
        let sources: [(origin: (Setting) -> String, reader: ConfigReader)] = [
            ({ flags[$0.key]?.flag ?? "" }, Self.reader(flags.mapValues(\.value))),
            (
                { "$" + $0.environmentVariable },
                ConfigReader(
                    provider: EnvironmentVariablesProvider(environmentVariables: environment)
                        .prefixKeys(with: "martlet")
                )
            ),
            ({ _ in file ?? "" }, Self.reader(fromFile)),
        ]
        for setting in Setting.all {
            let found = sources.lazy.compactMap { source in
                source.reader.string(forKey: ConfigKey(setting.key)).map {
                    Value(text: $0, origin: source.origin(setting))
                }
            }.first
            guard let value = found ?? setting.fallback.map({ Value(text: $0, origin: "default") }) else { continue }
            values[setting.key] = value
            if let fault = setting.fault(of: value.text) {
                faults.append("\(setting.key) = \"\(value.text)\" (\(value.origin)): \(fault)")
            }
        }
        let known = Set(Setting.all.map(\.key))
        for key in fromFile.keys.sorted() where !known.contains(key) {
            faults.append("\(key) (\(file ?? "")): there is no such setting; martlet config check lists them")
        }
    }

    func value(of setting: Setting) -> Value? { values[setting.key] }

    /// The text of a setting that has a value.
    func text(_ setting: Setting) -> String? { values[setting.key]?.text }

    /// The number of a checked setting.
    func integer(_ setting: Setting) -> Int { text(setting).flatMap(Int.init) ?? 0 }

    func boolean(_ setting: Setting) -> Bool { text(setting) == "true" }

    private static func reader(_ values: [String: String]) -> ConfigReader {
        let pairs = values.map {
            (AbsoluteConfigKey(ConfigKey($0.key)), ConfigValue(.string($0.value), isSecret: false))
        }
        return ConfigReader(provider: InMemoryProvider(values: Dictionary(uniqueKeysWithValues: pairs)))
    }

    // MARK: - File

    /// The scalars of a YAML or JSON document by their dotted keys.
    private static func flattened(_ text: String, path: String) throws -> [String: String] {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw CommandFailure(.usage, "\(path) is not YAML: \(error)")
        }
        var values: [String: String] = [:]
        if let node { try flatten(node, "", path, into: &values) }
        return values
    }

    private static func flatten(_ node: Node, _ key: String, _ path: String, into values: inout [String: String]) throws
    {
        switch node {
        case .scalar(let scalar) where !key.isEmpty:
            values[key] = scalar.string
        case .scalar(let scalar) where scalar.string.isEmpty:
            break
        case .mapping(let mapping):
            for (name, value) in mapping {
                guard let name = name.string else { throw CommandFailure(.usage, "\(path): a key is no text") }
                try flatten(value, key.isEmpty ? name : "\(key).\(name)", path, into: &values)
            }
        default:
            throw CommandFailure(
                .usage,
                "\(path): \(key.isEmpty ? "the document" : key) is neither a value nor a group of keys"
            )
        }
    }
}
