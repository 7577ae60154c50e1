// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import FoundationEssentials
import KafkaClient

/// Takes an event apart: its data becomes the value, its attributes become headers (CloudEvents' Kafka protocol binding, §3.2).
///
/// Data that is JSON stays byte for byte as it stands in the event. An attribute that is null is not there.
enum BinaryMode {
    /// The event is in `range` of `bytes`, which begin at `offset` of the batch's values; it was found valid when it was accepted.
    static func apply(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        _ offset: Int,
        to record: inout OutgoingRecord,
        _ batch: inout OutgoingBatch
    ) {
        guard let members = JSONMember.all(in: bytes.span, range) else { return }
        record.value = offset..<offset
        for member in members {
            let name = JSONString.decode(bytes[member.name])
            switch name {
            case "data":
                record.value = member.value.lowerBound + offset..<member.value.upperBound + offset
            case "data_base64":
                let text = text(of: bytes[member.value]) ?? ""
                record.value = batch.label(Data(base64Encoded: text) ?? Data())
                record.isValueInLabels = true
            default:
                guard let value = text(of: bytes[member.value]) else { continue }
                let header = name == "datacontenttype" ? "content-type" : "ce_\(name)"
                batch.addHeader(batch.headerName(header), value.utf8)
            }
        }
    }

    /// A text without its quotes and escapes, anything else as it stands; nil for null.
    private static func text(of value: ArraySlice<UInt8>) -> String? {
        if value.first == UInt8(ascii: "\""), value.count >= 2 {
            return JSONString.decode(value.dropFirst().dropLast())
        }
        return value.elementsEqual("null".utf8) ? nil : String(decoding: value, as: UTF8.self)
    }
}

extension JSONString {
    fileprivate static func decode(_ text: ArraySlice<UInt8>) -> String { decode(Array(text).span) }
}

extension OutgoingBatch {
    /// The place of a header's name, which is there once.
    fileprivate mutating func headerName(_ name: String) -> Int {
        if let place = headerNames.firstIndex(of: name) { return place }
        headerNames.append(name)
        return headerNames.count - 1
    }
}
