// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import ByteCoding
import QueryLanguage

@testable import QueryEngine

/// An event and what filters mean for it, the slow way: a tree, and every value of every place.
struct ReferenceEvent: EventValues {
    let bytes: [UInt8]
    let tree: JSONTree
    /// Every scalar's text with its path, in the order of the document.
    let scalars: [(path: String, text: String)]
    private var places: [AuditPath: [JSONText]] = [:]
    private var fields: [AuditField: [String]] = [:]

    private static let paths: [String: AuditPath] = Dictionary(
        uniqueKeysWithValues: AuditPath.allCases.flatMap { path in path.spellings.map { ($0, path) } }
    )

    init?(_ bytes: [UInt8]) {
        guard let tree = JSONTree(bytes) else { return nil }
        self.bytes = bytes
        self.tree = tree
        var scalars: [(path: String, text: String)] = []
        var places: [AuditPath: [JSONText]] = [:]
        Self.visit(tree, "") { path, value in
            if let text = value.scalar { scalars.append((path, text)) }
            if let place = Self.paths[path] { places[place, default: []].append(value.text) }
        }
        self.scalars = scalars
        self.places = places
        for field in AuditField.allCases where field.origin == .event {
            fields[field] = field.values(in: self)
        }
    }

    func first(_ path: AuditPath) -> JSONText? { places[path]?.first }
    func all(_ path: AuditPath) -> [JSONText] { places[path] ?? [] }

    var time: Timestamp? {
        guard let text = first(.time), text.kind.isString else { return nil }
        return Timestamp(text.text)
    }

    private static func visit(_ tree: JSONTree, _ path: String, _ body: (String, JSONTree) -> Void) {
        body(path, tree)
        switch tree {
        case .object(let members):
            for member in members { visit(member.value, path.isEmpty ? member.name : "\(path).\(member.name)", body) }
        case .array(let elements):
            for element in elements { visit(element, "\(path)[]", body) }
        case .string, .plain:
            break
        }
    }

    // MARK: - Filters

    /// What is known of an event beside its bytes.
    struct Context {
        var index: UInt64 = 0
        var received = Timestamp(nanosecondsSinceEpoch: TestLog.received)
        var stream = "audit"
    }

    func passes(_ filter: Filter, _ catalog: Catalog, _ context: Context) -> Bool {
        switch filter {
        case .all: true
        case .and(let parts): parts.reduce(true) { $0 && passes($1, catalog, context) }
        case .or(let parts): parts.reduce(false) { $0 || passes($1, catalog, context) }
        case .not(let part): !passes(part, catalog, context)
        case .freeText(let pattern): scalars.contains { pattern.matches($0.text) }
        case .field(.path(let path), let comparison): values(at: path).contains { comparison.matches($0) }
        case .field(.audit(.time), .exists): time != nil
        case .field(.audit(.time), let comparison): comparison.matches(time ?? context.received)
        case .field(.audit(.received), let comparison): comparison.matches(context.received)
        case .field(.audit(let field), let comparison):
            values(of: field, catalog, context).contains { comparison.matches($0) }
        }
    }

    func values(of field: AuditField, _ catalog: Catalog, _ context: Context) -> [String] {
        let event = AuditEvent(self)
        let classification = catalog.classify(type: event.type, method: event.method, resourceType: event.resourceType)
        switch field {
        case .index: return [String(context.index)]
        case .stream: return [context.stream]
        case .received: return [context.received.description]
        case .family: return [classification.family].compactMap(\.self)
        case .category: return [classification.category].compactMap(\.self)
        case .subcategory: return [classification.subcategory].compactMap(\.self)
        default: return fields[field] ?? []
        }
    }

    /// Scalars with something in them at a path, through arrays that it does not name.
    ///
    /// The tests' events have no text `null`.
    func values(at path: String) -> [String] {
        scalars.filter { scalar in
            scalar.text != "" && scalar.text != "null"
                && (scalar.path == path || !path.contains("[]") && Self.isSame(scalar.path, path))
        }
        .map(\.text)
    }

    /// Whether a path is another one with at most one array behind each name but the first.
    private static func isSame(_ path: String, _ plain: String) -> Bool {
        !path.contains("[][]") && !path.hasPrefix("data[]") && path.replacing("[]", with: "") == plain
    }
}

extension JSONTree {
    fileprivate var text: JSONText {
        switch self {
        case .string(let text): JSONText(kind: .string, text: text)
        case .plain("null"): JSONText(kind: .null, text: "null")
        case .plain("true"): JSONText(kind: .true, text: "true")
        case .plain("false"): JSONText(kind: .false, text: "false")
        case .plain(let text): JSONText(kind: .number, text: text)
        case .array: JSONText(kind: .array, text: "")
        case .object: JSONText(kind: .object, text: "")
        }
    }
}
