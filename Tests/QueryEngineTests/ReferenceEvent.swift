// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import ByteCoding
import QueryLanguage

@testable import QueryEngine

/// An event and what its fields are, the slow way: a tree, and every value of every place.
struct ReferenceEvent: EventValues {
    /// One name on the way to a value, and how many arrays are gone through behind it.
    struct Step: Hashable {
        /// In bytes, because names that only look the same are different.
        var name: [UInt8]
        var arrayDepth = 0
    }

    struct Scalar {
        let steps: [Step]
        let value: JSONText

        /// With dots, and `[]` for each array.
        var path: String {
            steps.map { String(decoding: $0.name, as: UTF8.self) + String(repeating: "[]", count: $0.arrayDepth) }
                .joined(separator: ".")
        }

        var text: String { value.text }
    }

    /// What was found out already; the catalogue is always the same.
    private final class Memory {
        var fields: [AuditField: [String]] = [:]
        var paths: [String: [String]] = [:]
    }

    let bytes: [UInt8]
    let tree: JSONTree
    /// Every scalar with its path, in the order of the document.
    let scalars: [Scalar]
    private let places: [AuditPath: [JSONText]]
    private let memory = Memory()

    private static let paths: [[Step]: AuditPath] = Dictionary(
        uniqueKeysWithValues: AuditPath.allCases.flatMap { path in path.spellings.map { (steps(of: $0), path) } }
    )

    init?(_ bytes: [UInt8]) {
        guard let tree = JSONTree(bytes) else { return nil }
        self.bytes = bytes
        self.tree = tree
        var scalars: [Scalar] = []
        var places: [AuditPath: [JSONText]] = [:]
        Self.visit(tree, []) { steps, value in
            if value.scalar != nil { scalars.append(Scalar(steps: steps, value: value.text)) }
            if let place = Self.paths[steps] { places[place, default: []].append(value.text) }
        }
        self.scalars = scalars
        self.places = places
    }

    func first(_ path: AuditPath) -> JSONText? { places[path]?.first }
    func all(_ path: AuditPath) -> [JSONText] { places[path] ?? [] }

    var time: Timestamp? {
        guard let text = first(.time), text.kind.isString else { return nil }
        return Timestamp(text.text)
    }

    private static func visit(_ tree: JSONTree, _ steps: [Step], _ body: ([Step], JSONTree) -> Void) {
        body(steps, tree)
        switch tree {
        case .object(let members):
            for member in members { visit(member.value, steps + [Step(name: Array(member.name.utf8))], body) }
        case .array(let elements):
            guard var last = steps.last else { return }
            last.arrayDepth += 1
            for element in elements { visit(element, steps.dropLast() + [last], body) }
        case .string, .plain:
            break
        }
    }

    private static func steps(of path: String) -> [Step] {
        path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { part in
            var step = Step(name: Array(part))
            while step.name.suffix(2) == Array("[]".utf8) {
                step.name.removeLast(2)
                step.arrayDepth += 1
            }
            return step
        }
    }

    // MARK: - Values

    /// What is known of an event beside its bytes.
    struct Context {
        var index: UInt64 = 0
        var received = Timestamp(nanosecondsSinceEpoch: TestLog.received)
        var stream = "audit"
    }

    func passes(_ filter: Filter, _ catalog: Catalog, _ context: Context) -> Bool {
        ReferenceFilter.places(filter, [ReferenceRow(self, context, catalog)]).contains(0)
    }

    func values(of field: AuditField, _ catalog: Catalog, _ context: Context) -> [String] {
        switch field {
        case .index: return [String(context.index)]
        case .stream: return [context.stream]
        case .received: return [context.received.description]
        default: break
        }
        if let known = memory.fields[field] { return known }
        let values = ownValues(of: field, catalog)
        memory.fields[field] = values
        return values
    }

    private func ownValues(of field: AuditField, _ catalog: Catalog) -> [String] {
        switch field {
        case .family, .category, .subcategory:
            let event = AuditEvent(self)
            let found = catalog.classify(type: event.type, method: event.method, resourceType: event.resourceType)
            let value =
                field == .family ? found.family : field == .category ? found.category : found.subcategory
            return value.map { [$0] } ?? []
        default:
            guard let paths = field.directPaths, paths.count == 1 else { return field.values(in: self) }
            return all(paths[0]).compactMap(Self.content)
        }
    }

    private static func content(_ value: JSONText) -> String? {
        value.kind.isScalar && value.kind != .null && !value.text.isEmpty ? value.text : nil
    }

    /// Scalars with something in them at a path, through arrays that it does not name: at most one behind each name but the
    /// first, and behind the second to the seventh only.
    func values(at path: String) -> [String] {
        if let known = memory.paths[path] { return known }
        let asked = Self.steps(of: path)
        let isExact = path.contains("[]")
        let values = scalars.compactMap { scalar -> String? in
            guard scalar.steps.count == asked.count else { return nil }
            for (place, (own, other)) in zip(scalar.steps, asked).enumerated() {
                guard own.name == other.name else { return nil }
                let mostArrays = isExact ? other.arrayDepth : (1...6).contains(place) ? 1 : 0
                guard isExact ? own.arrayDepth == mostArrays : own.arrayDepth <= mostArrays else { return nil }
            }
            return Self.content(scalar.value)
        }
        memory.paths[path] = values
        return values
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

/// An event at its place in the log.
struct ReferenceRow {
    let event: ReferenceEvent
    let context: ReferenceEvent.Context
    private let catalog: Catalog

    init(_ event: ReferenceEvent, _ context: ReferenceEvent.Context, _ catalog: Catalog) {
        self.event = event
        self.context = context
        self.catalog = catalog
    }

    var index: UInt64 { context.index }
    /// By which it is ordered.
    var time: Timestamp { event.time ?? context.received }

    /// All values of a field, the one that is shown first.
    func values(of field: FieldReference) -> [String] {
        switch field {
        case .path(let path): event.values(at: path)
        case .audit(.time): [time.description]
        case .audit(let field): event.values(of: field, catalog, context)
        }
    }
}
