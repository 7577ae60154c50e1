// SPDX-License-Identifier: Apache-2.0

/// Reads the text that Tools/kafka-messages/generate wrote.
///
/// The generator checked it; a line that is no field is a mistake of ours, and stops the program at the first message.
struct MessageTextParser {
    struct Field {
        let depth: Int
        let name: UInt16
        let kind: LayoutNode.Kind
        let marks: LayoutNode.Marks
        let versions: ClosedRange<Int16>
        let nullable: ClosedRange<Int16>?
        let tag: Int16
        let hint: Int16
    }

    struct API {
        let key: Int16
        let versions: ClosedRange<Int16>
        let firstFlexibleVersion: Int16?
        var request: [Field] = []
        var answer: [Field] = []
    }

    private(set) var names: [String] = []
    private(set) var hints: [LayoutHint] = []
    private(set) var apis: [API] = []
    private var nameNumbers: [Substring: UInt16] = [:]

    mutating func read(_ text: String) {
        var isAnswer = false
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            switch words[0] {
            case "api":
                let (first, last) = (Self.number(words[2]), Self.number(words[3]))
                let flexible = Int16(words[4])
                apis.append(API(key: Self.number(words[1]), versions: first...last, firstFlexibleVersion: flexible))
            case "request": isAnswer = false
            case "answer": isAnswer = true
            default:
                let field = field(words)
                if isAnswer {
                    apis[apis.count - 1].answer.append(field)
                } else {
                    apis[apis.count - 1].request.append(field)
                }
            }
        }
    }

    private mutating func field(_ words: [Substring]) -> Field {
        var type = words[2]
        var marks: LayoutNode.Marks = []
        if type.first == "a" {
            type.removeFirst()
            marks.insert(.isArray)
        }
        for letter in words[8] where letter != "-" { marks.insert(Self.mark(letter)) }
        let tag: Int16 = words[7] == "-" ? -1 : Self.number(words[7])
        return Field(
            depth: Int(Self.number(words[0])),
            name: number(of: words[1]),
            kind: Self.kind(type),
            marks: marks,
            versions: Self.number(words[3])...Self.number(words[4]),
            nullable: words[5] == "-" ? nil : Self.number(words[5])...Self.number(words[6]),
            tag: tag,
            hint: hint(words[9...])
        )
    }

    private mutating func number(of name: Substring) -> UInt16 {
        if let number = nameNumbers[name] { return number }
        let number = UInt16(names.count)
        names.append(String(name))
        nameNumbers[name] = number
        return number
    }

    private mutating func hint(_ words: ArraySlice<Substring>) -> Int16 {
        guard !words.isEmpty else { return -1 }
        var hint = LayoutHint()
        for word in words {
            let parts = word.split(separator: "=")
            switch parts[0] {
            case "mirrors": hint.mirrors = parts[1].split(separator: ",").map { $0.split(separator: ".") }
            case "key": hint.key = String(parts[1])
            case "default": hint.standard = Int64(parts[1]) ?? 0
            default: preconditionFailure("generated text: no such hint")
            }
        }
        hints.append(hint)
        return Int16(hints.count - 1)
    }

    private static func number(_ word: Substring) -> Int16 {
        // SAFETY: generated text, not input.
        guard let number = Int16(word) else { preconditionFailure("generated text: \(word) is no number") }
        return number
    }

    private static func kind(_ letter: Substring) -> LayoutNode.Kind {
        switch letter {
        case "o": .bool
        case "1": .int8
        case "2": .int16
        case "u": .uint16
        case "4": .int32
        case "8": .int64
        case "f": .float64
        case "i": .uuid
        case "s": .string
        case "b": .bytes
        case "r": .structure
        // SAFETY: generated text, not input.
        default: preconditionFailure("generated text: \(letter) is no type")
        }
    }

    private static func mark(_ letter: Character) -> LayoutNode.Marks {
        switch letter {
        case "q": .isQuiet
        case "s": .isSecret
        case "v": .isSecretByName
        case "n": .decidesSecrecy
        case "m": .makesSecret
        case "d": .isDroppedUnmapped
        case "e": .isErrorCode
        case "N": [.isNode, .holdsEndpoint]
        case "H": [.isHost, .holdsEndpoint]
        case "P": [.isPort, .holdsEndpoint]
        case "K": .isEndpointKind
        // SAFETY: generated text, not input.
        default: preconditionFailure("generated text: \(letter) is no mark")
        }
    }
}
