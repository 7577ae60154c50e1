// SPDX-License-Identifier: Apache-2.0

/// A value of a Kafka message, as far as it may be known.
///
/// Bytes and record batches are counted and never kept; what the description of the messages marks as secret is not even counted.
package enum KafkaValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// `int8` to `int64` and `uint16`.
    case integer(Int64)
    case float(Double)
    case uuid(KafkaUUID)
    /// Bytes that are no UTF-8 are repaired with U+FFFD.
    case string(String)
    /// That so many bytes were there.
    case byteCount(Int)
    /// That a secret was there.
    case withheld
    case array([KafkaValue])
    case fields(KafkaFields)
}

/// The fields of a message, or of a structure in it, in the order of the wire; tagged fields last.
package struct KafkaFields: Equatable, Sendable {
    package struct Field: Equatable, Sendable {
        /// As Kafka's own descriptions spell it: `topicData`, `errorCode`.
        package let name: String
        package let value: KafkaValue

        package init(name: String, value: KafkaValue) {
            self.name = name
            self.value = value
        }
    }

    package var all: [Field]

    package init(_ all: [Field] = []) {
        self.all = all
    }

    /// The value of a field; nil where the version has none or it was not kept.
    package subscript(name: String) -> KafkaValue? {
        all.first { $0.name == name }?.value
    }
}

extension KafkaValue {
    package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var uuid: KafkaUUID? { if case .uuid(let value) = self { value } else { nil } }
    /// Empty for everything that is no array.
    package var elements: [KafkaValue] { if case .array(let value) = self { value } else { [] } }
    package var fields: KafkaFields? { if case .fields(let value) = self { value } else { nil } }
}

/// A topic's or directory's id: 16 bytes, all zero for none.
package struct KafkaUUID: Hashable, Sendable {
    /// Most significant half first, as on the wire.
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package var isZero: Bool { high == 0 && low == 0 }
}

extension KafkaUUID: CustomStringConvertible {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// As Kafka's tools print it: URL-safe base64 without padding, 22 characters.
    package var description: String {
        var digits: [UInt8] = []
        // 128 bits in groups of six; the last group has two bits, and four zeros behind them.
        for start in stride(from: 0, to: 128, by: 6) {
            let shift = 122 - start
            let group: UInt64
            switch shift {
            case 64...: group = high >> UInt64(shift - 64)
            case 0..<64 where shift > 58: group = high << UInt64(64 - shift) | low >> UInt64(shift)
            case 0..<64: group = low >> UInt64(shift)
            default: group = low << UInt64(-shift)
            }
            digits.append(Self.alphabet[Int(group & 63)])
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
