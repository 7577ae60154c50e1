// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

/// Reads the JSON of a request log's line as fields of a message, which have the same names there.
///
/// Secrets are passed over where they stand and never become a value: by the name of their field (salts, hashes, tokens), and by the
/// name of the configuration that they are the value of. Bounded in depth and number of values.
struct LoggedJSON {
    struct Malformed: Error {}

    private let end: Int
    private var index: Int
    private var valueCount = 0

    /// The object that fills a range.
    static func fields(_ bytes: RawSpan, in range: Range<Int>) -> KafkaFields? {
        var reader = Self(index: range.lowerBound, end: range.upperBound)
        guard let value = try? reader.value(bytes, name: "", depth: 0), reader.index == reader.end else { return nil }
        return value.fields
    }

    private init(index: Int, end: Int) {
        self.index = index
        self.end = end
    }

    // MARK: - Values

    private mutating func value(_ bytes: RawSpan, name: String, depth: Int) throws(Malformed) -> KafkaValue {
        valueCount += 1
        guard depth < MappingLimits.requestDepth, valueCount <= MappingLimits.requestValueCount else {
            throw Malformed()
        }
        switch peek(bytes) {
        case UInt8(ascii: "{"):
            return .fields(try object(bytes, depth: depth))
        case UInt8(ascii: "["):
            return .array(try array(bytes, name: name, depth: depth))
        case UInt8(ascii: "\""):
            let range = try string(bytes)
            guard !LoggedSecrets.isSecret(field: name) else { return .withheld }
            return Self.text(Self.decoded(bytes, range), name: name)
        case UInt8(ascii: "t"): return try literal("true", .bool(true), bytes)
        case UInt8(ascii: "f"): return try literal("false", .bool(false), bytes)
        case UInt8(ascii: "n"): return try literal("null", .null, bytes)
        default: return try number(bytes)
        }
    }

    private mutating func object(_ bytes: RawSpan, depth: Int) throws(Malformed) -> KafkaFields {
        index += 1
        var fields: [KafkaFields.Field] = []
        if take(UInt8(ascii: "}"), bytes) { return KafkaFields() }
        repeat {
            skipSpaces(bytes)
            let name = Self.decoded(bytes, try string(bytes))
            guard take(UInt8(ascii: ":"), bytes) else { throw Malformed() }
            skipSpaces(bytes)
            let value = try value(bytes, name: name, depth: depth + 1)
            fields.append(KafkaFields.Field(name: name, value: value))
        } while take(UInt8(ascii: ","), bytes)
        guard take(UInt8(ascii: "}"), bytes) else { throw Malformed() }
        return LoggedSecrets.withheld(KafkaFields(fields))
    }

    private mutating func array(_ bytes: RawSpan, name: String, depth: Int) throws(Malformed) -> [KafkaValue] {
        index += 1
        var elements: [KafkaValue] = []
        if take(UInt8(ascii: "]"), bytes) { return elements }
        repeat {
            skipSpaces(bytes)
            elements.append(try value(bytes, name: name, depth: depth + 1))
        } while take(UInt8(ascii: ","), bytes)
        guard take(UInt8(ascii: "]"), bytes) else { throw Malformed() }
        return elements
    }

    private mutating func number(_ bytes: RawSpan) throws(Malformed) -> KafkaValue {
        let start = index
        while index < end, Self.isOfNumber(bytes.byte(at: index)) { index += 1 }
        let text = bytes.string(start..<index)
        if let integer = Int64(text) { return .integer(integer) }
        guard let float = Double(text) else { throw Malformed() }
        return .float(float)
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".")
            || byte | 0x20 == UInt8(ascii: "e")
    }

    private mutating func literal(
        _ text: StaticString,
        _ value: KafkaValue,
        _ bytes: RawSpan
    ) throws(Malformed) -> KafkaValue {
        guard bytes.holds(text, at: index, end: end) else { throw Malformed() }
        index += text.utf8CodeUnitCount
        return value
    }

    /// An id where one is expected: the log writes it as Kafka's tools do.
    private static func text(_ text: String, name: String) -> KafkaValue {
        guard text.utf8.count == 22, LoggedSecrets.isIdentifier(name), let id = KafkaUUID(text) else {
            return .string(text)
        }
        return .uuid(id)
    }

    // MARK: - Bytes

    private func peek(_ bytes: RawSpan) -> UInt8 { index < end ? bytes.byte(at: index) : 0 }

    private mutating func skipSpaces(_ bytes: RawSpan) {
        while index < end, bytes.byte(at: index) == 0x20 { index += 1 }
    }

    /// Behind spaces.
    private mutating func take(_ byte: UInt8, _ bytes: RawSpan) -> Bool {
        skipSpaces(bytes)
        guard peek(bytes) == byte else { return false }
        index += 1
        return true
    }

    /// The text of a string between its quotes.
    private mutating func string(_ bytes: RawSpan) throws(Malformed) -> Range<Int> {
        guard peek(bytes) == UInt8(ascii: "\"") else { throw Malformed() }
        let start = index + 1
        var place = start
        while place < end {
            let byte = bytes.byte(at: place)
            if byte == UInt8(ascii: "\"") {
                index = place + 1
                return start..<place
            }
            place += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        throw Malformed()
    }

    private static func decoded(_ bytes: RawSpan, _ range: Range<Int>) -> String {
        guard bytes.first(UInt8(ascii: "\\"), in: range) != nil else { return bytes.string(range) }
        return JSONString.decode(Span<UInt8>(_bytes: bytes.extracting(range)))
    }
}

/// Which values of a request log's line are secrets.
enum LoggedSecrets {
    /// Fields of messages: `AlterUserScramCredentials`, the delegation token APIs, SASL, `Envelope`.
    static func isSecret(field name: String) -> Bool {
        switch name {
        case "salt", "saltedPassword", "hmac", "authBytes", "password", "requestData", "responseData",
            "requestPrincipal":
            true
        default: false
        }
    }

    /// Fields that hold an id of 16 bytes.
    static func isIdentifier(_ name: String) -> Bool {
        switch name {
        case "topicId", "topicIds", "directoryId", "directoryIds", "incarnationId", "clientInstanceId",
            "voterDirectoryId",
            "replicaDirectoryId", "defaultDirectoryId", "logDirs":
            true
        default: false
        }
    }

    /// Parts of names of configurations whose values are kept from the log, whether or not Kafka knows them as sensitive.
    private static let words = [
        "password", "passwd", "passphrase", "secret", "jaas", "credential", "private", "token", "hmac", "salt",
        "oauthbearer.client",
    ].map { Array($0.utf8) }

    /// `ssl.keystore.key` is a private key; so may be others that end so.
    static func isSensitive(configuration name: String) -> Bool {
        let name = name.utf8.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
        guard !name.suffix(3).elementsEqual("key".utf8) else { return true }
        return words.contains { word in
            guard name.count >= word.count else { return false }
            return (0...name.count - word.count).contains { start in
                name[start] == word[0] && name[start..<start + word.count].elementsEqual(word)
            }
        }
    }

    /// An object without the value of a configuration that is a secret.
    static func withheld(_ fields: KafkaFields) -> KafkaFields {
        guard fields.all.contains(where: { $0.name == "value" || $0.name == "synonyms" }) else { return fields }
        let name = fields["name"]?.string ?? fields["configName"]?.string
        let isSensitive = fields["isSensitive"]?.bool ?? false || name.map(isSensitive(configuration:)) ?? false
        guard isSensitive else { return fields }
        return KafkaFields(
            fields.all.map { field in
                switch field.name {
                case "value" where field.value != .null: KafkaFields.Field(name: field.name, value: .withheld)
                // Synonyms of a broker's configuration repeat the value.
                case "synonyms": KafkaFields.Field(name: field.name, value: .withheld)
                default: field
                }
            }
        )
    }
}

extension KafkaUUID {
    /// Reads what `description` writes.
    init?(_ text: String) {
        var (high, low, count) = (UInt64(0), UInt64(0), 0)
        for byte in text.utf8 {
            let digit: UInt64
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = UInt64(byte - UInt8(ascii: "A"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = UInt64(byte - UInt8(ascii: "a")) + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt64(byte - UInt8(ascii: "0")) + 52
            case UInt8(ascii: "-"): digit = 62
            case UInt8(ascii: "_"): digit = 63
            default: return nil
            }
            count += 1
            // The last digit has two bits of the id, and four zeros.
            let bits: UInt64 = count == 22 ? 2 : 6
            let value = count == 22 ? digit >> 4 : digit
            high = high << bits | low >> (64 - bits)
            low = low << bits | value
        }
        guard count == 22 else { return nil }
        self.init(high: high, low: low)
    }
}
