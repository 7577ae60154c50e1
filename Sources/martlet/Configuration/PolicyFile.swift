// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Yams

/// Files that say what is captured.
enum PolicyFile {
    /// The policy of a file; without one, what is captured when nobody says otherwise.
    static func policy(_ path: String?) throws -> CapturePolicy {
        guard let path else { return CapturePolicy() }
        let node: Node?
        do {
            node = try Yams.compose(yaml: SmallFile.text(of: path))
        } catch let error as YamlError {
            throw CommandFailure(.usage, "\(path) is not YAML: \(error)")
        }
        do throws(PolicyError) {
            return try CapturePolicy(node.map(value) ?? .map([]))
        } catch {
            throw CommandFailure(.usage, "\(path): \(error)")
        }
    }

    private static func value(_ node: Node) -> PolicyValue {
        switch node {
        case .mapping(let mapping): .map(mapping.map { .init($0.key.string ?? "", value($0.value)) })
        case .sequence(let sequence): .array(sequence.map(value))
        default: scalar(node)
        }
    }

    /// As YAML's core schema resolves it: a quoted number is a text.
    private static func scalar(_ node: Node) -> PolicyValue {
        if node.null != nil { return .null }
        if let bool = node.bool { return .bool(bool) }
        if let integer = node.int { return .integer(Int64(integer)) }
        if let float = node.float { return .float(float) }
        return .string(node.string ?? "")
    }
}
