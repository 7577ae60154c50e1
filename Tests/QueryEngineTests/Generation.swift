// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import DurableFiles
import QueryLanguage

/// Makes events that are a little different from given ones: other values, other spellings of the same text, other white
/// space.
struct EventMutator {
    private var random: SeededGenerator
    private static let texts = [
        "", "a", "User:u-1", "crn:///kafka=lkc-1/topic=*", "\"quoted\"", "back\\slash", "line\nend", "Zoë", "🐦",
        "SUCCESS",
        "\u{0}", "sa-orders", "DENY", "192.0.2.7", "/192.0.2.7:80", "2026-11-20T12:00:00Z", "yesterday", "FALSE",
    ]
    private static let plain = ["null", "true", "false", "0", "-1.5e3", "9007199254740993", "0.10"]

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func mutated(_ tree: JSONTree) -> [UInt8] {
        var tree = tree
        for _ in 0..<1 + random.below(4) { tree = mutate(tree, depth: 0) }
        let space = ["", "", " ", "\n\t"][random.below(4)]
        let escapes = random.isOneIn(2)
        let text = tree.encoded(space: space) { spelled($0, escapes: escapes) }
        return Array(text.utf8)
    }

    private mutating func mutate(_ tree: JSONTree, depth: Int) -> JSONTree {
        switch tree {
        case .object(var members):
            // The envelope keeps its members: without them it is no event.
            if depth > 1, random.isOneIn(12), !members.isEmpty {
                members.remove(at: random.below(members.count))
                return .object(members)
            }
            if depth > 0, random.isOneIn(12) {
                return .object(members + [("extra\(random.below(1000))-\(members.count)", scalar())])
            }
            guard !members.isEmpty else { return tree }
            let place = random.below(members.count)
            let isFixed = depth == 0 && ["specversion", "id", "source"].contains(members[place].name)
            if !isFixed { members[place].value = mutate(members[place].value, depth: depth + 1) }
            return .object(members)
        case .array(var elements):
            if random.isOneIn(6) { return .array(elements + elements) }
            guard !elements.isEmpty else { return .array([scalar()]) }
            let place = random.below(elements.count)
            elements[place] = mutate(elements[place], depth: depth + 1)
            return .array(elements)
        case .string, .plain:
            switch random.below(6) {
            case 0: return .array([tree, scalar()])
            case 1: return .object([("inside", tree)])
            default: return scalar()
            }
        }
    }

    private mutating func scalar() -> JSONTree {
        random.isOneIn(3)
            ? .plain(Self.plain[random.below(Self.plain.count)]) : .string(Self.texts[random.below(Self.texts.count)])
    }

    private mutating func spelled(_ text: String, escapes: Bool) -> String {
        var result = ""
        for unit in text.utf16 {
            let mustBeEscaped = unit < 0x20 || unit == 0x22 || unit == 0x5C || unit > 0x7E
            guard mustBeEscaped || escapes && random.isOneIn(8) else {
                result.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: unit)))
                continue
            }
            let digits = String(unit, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return result
    }
}

/// Makes filters, most of them of values that some event has.
struct FilterGenerator {
    private var random: SeededGenerator
    private let events: [ReferenceEvent]
    private let catalog: Catalog

    init(seed: UInt64, _ events: [ReferenceEvent], _ catalog: Catalog) {
        random = SeededGenerator(seed: seed)
        self.events = events
        self.catalog = catalog
    }

    mutating func filter(depth: Int = 3) -> Filter {
        switch random.below(depth > 0 ? 8 : 5) {
        case 0...3: field()
        case 4: .freeText(TextPattern(containing: pieces(of: anyText()), ignoresCase: true))
        case 5: .and([filter(depth: depth - 1), filter(depth: depth - 1)])
        case 6: .or([filter(depth: depth - 1), filter(depth: depth - 1), filter(depth: depth - 1)])
        default: .not(filter(depth: depth - 1))
        }
    }

    /// A condition on `time`, on both sides, one, or a point.
    mutating func timeCondition() -> Filter {
        let bound = { (random: inout SeededGenerator, events: [ReferenceEvent]) -> Bound? in
            guard !random.isOneIn(4), let time = events[random.below(events.count)].time else { return nil }
            return Bound(.time(time), isInclusive: random.isOneIn(2))
        }
        let lower = bound(&random, events)
        return .field(.audit(.time), .range(lower: lower, upper: bound(&random, events)))
    }

    private mutating func field() -> Filter {
        let event = events[random.below(events.count)]
        if random.isOneIn(6) { return timeCondition() }
        if random.isOneIn(2), !event.scalars.isEmpty {
            let scalar = event.scalars[random.below(event.scalars.count)]
            let (path, text) = (scalar.path, scalar.text)
            guard path.hasPrefix("data.") else { return .all }
            return .field(.path(random.isOneIn(3) ? path : path.replacing("[]", with: "")), comparison(with: text))
        }
        let field = AuditField.allCases[random.below(AuditField.allCases.count)]
        guard !field.isTime else {
            let bound = Bound(.time(Timestamp(nanosecondsSinceEpoch: TestLog.received)), isInclusive: random.isOneIn(2))
            return .field(.audit(field), .range(lower: bound, upper: nil))
        }
        let values = event.values(of: field, catalog, ReferenceEvent.Context())
        guard !values.isEmpty else { return .field(.audit(field), .exists) }
        return .field(.audit(field), comparison(with: values[random.below(values.count)]))
    }

    private mutating func comparison(with text: String) -> Comparison {
        switch random.below(6) {
        case 0, 1: .equals(text)
        case 2: .pattern(TextPattern(pieces(of: text) + [.anyText]))
        case 3: .pattern(TextPattern(containing: pieces(of: text), ignoresCase: random.isOneIn(2)))
        case 4: .range(lower: Bound(.text(text), isInclusive: random.isOneIn(2)), upper: nil)
        default: .exists
        }
    }

    private mutating func anyText() -> String {
        let scalars = events[random.below(events.count)].scalars
        return scalars.isEmpty ? "a" : scalars[random.below(scalars.count)].text
    }

    /// The beginning of a text, some of its letters in the other case and some open.
    private mutating func pieces(of text: String) -> [TextPattern.Element] {
        let length = 1 + random.below(max(1, text.unicodeScalars.count))
        return text.unicodeScalars.prefix(length).flatMap { scalar -> [TextPattern.Element] in
            if random.isOneIn(20) { return [.anyCharacter] }
            if random.isOneIn(40) { return [.anyText] }
            return String(scalar).utf8.map(TextPattern.Element.byte)
        }
    }
}
