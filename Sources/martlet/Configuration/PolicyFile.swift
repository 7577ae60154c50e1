// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Yams

/// Files that say what is captured, and where events go.
enum PolicyFile {
    /// The policy of a file; without one, what is captured when nobody says otherwise.
    static func policy(_ path: String?) throws -> CapturePolicy {
        guard let path else { return CapturePolicy() }
        let whole = try document(path)
        do throws(PolicyError) {
            return try CapturePolicy(whole)
        } catch {
            throw CommandFailure(.usage, "\(path): \(error)")
        }
    }

    /// The routes of a file.
    static func routes(_ path: String) throws -> EventRoutes {
        let whole = try document(path)
        do throws(PolicyError) {
            return try EventRoutes(whole)
        } catch {
            throw CommandFailure(.usage, "\(path): \(error)")
        }
    }

    private static func document(_ path: String) throws -> PolicyValue {
        let node: Node?
        do {
            let text = try SmallFile.text(of: path)
            guard !text.utf8.contains(0) else { throw CommandFailure(.usage, "\(path) is no text file") }
            node = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw CommandFailure(.usage, "\(path) is not YAML: \(error)")
        }
        var budget = maximumValueCount
        let whole: PolicyValue? = if let node { value(node, &budget) } else { .map([]) }
        guard let whole else {
            throw CommandFailure(
                .usage,
                "\(path) has more than \(maximumValueCount) values; aliases count as what they stand for"
            )
        }
        return whole
    }

    /// A policy of a thousand rules has some ten thousand; aliases of aliases can have any number.
    private static let maximumValueCount = 100_000

    /// nil when there are more values than the budget has left.
    private static func value(_ node: Node, _ budget: inout Int) -> PolicyValue? {
        budget -= 1
        guard budget >= 0 else { return nil }
        switch node {
        case .mapping(let mapping):
            var members: [PolicyValue.Member] = []
            for (key, inner) in mapping {
                guard let inner = value(inner, &budget) else { return nil }
                members.append(.init(key.string ?? "", inner))
            }
            return .map(members)
        case .sequence(let sequence):
            var elements: [PolicyValue] = []
            for inner in sequence {
                guard let inner = value(inner, &budget) else { return nil }
                elements.append(inner)
            }
            return .array(elements)
        default: return scalar(node)
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
