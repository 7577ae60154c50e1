// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// A leaf, and what lets somebody check it against an event: what a receipt of ours has in `extra`, and a pack for each
/// event.
///
/// Version 1; integers little-endian; normative: docs/formats/receipt.md.
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 4 | magic `MLOP` |
/// | 4 | 1 | version, 1; readers refuse others |
/// | 5 | 1 | flags; 1: body salt, 2: provenance; readers refuse other bits |
/// | 6 | 96 | the leaf |
/// | 102 | 16 | with flag 1: the body salt |
/// | … | 16 | with flag 2: the provenance salt |
/// | … | … | with flag 2: submitter, origin, position, each behind its length in two bytes |
///
/// One value has one encoding. Given out, the salts are no secrets any more.
package struct LeafOpening: Equatable, Sendable {
    package static let version: UInt8 = 1
    private static let magic: UInt32 = 0x504F_4C4D

    /// Who sent an event and from where, as its frame says it, with the salt of the leaf's commitment to that.
    package struct Sender: Equatable, Sendable {
        package let salt: LeafSalt
        package let submitter: String
        package let origin: String
        package let position: [UInt8]

        package init(salt: LeafSalt, submitter: String, origin: String, position: [UInt8]) {
            self.salt = salt
            self.submitter = submitter
            self.origin = origin
            self.position = position
        }

        package static func == (left: Sender, right: Sender) -> Bool {
            left.salt == right.salt && left.submitter.hasSameBytes(as: right.submitter)
                && left.origin.hasSameBytes(as: right.origin) && left.position == right.position
        }
    }

    package let leaf: LogLeaf

    /// Nil when the event is not shown, or erased.
    package let bodySalt: LeafSalt?

    /// Nil when who sent it is not shown.
    package let sender: Sender?

    /// - Throws: `tooLarge` when a label has more than `LeafLimits.maximumLabelByteCount` bytes.
    package init(leaf: LogLeaf, bodySalt: LeafSalt? = nil, sender: Sender? = nil) throws(LogError) {
        for count in [sender?.submitter.utf8.count, sender?.origin.utf8.count, sender?.position.count].compactMap({ $0 }
        ) {
            guard count <= LeafLimits.maximumLabelByteCount else {
                throw LogError(
                    .tooLarge,
                    "a label of \(count) bytes, \(LeafLimits.maximumLabelByteCount) are allowed"
                )
            }
        }
        self.leaf = leaf
        self.bodySalt = bodySalt
        self.sender = sender
    }

    /// Reads an opening that is exactly these bytes; whether it fits its leaf is not looked at.
    ///
    /// - Throws: `malformedOpening`, `tooLarge`.
    package init(parsing bytes: [UInt8]) throws(LogError) {
        var reader = OpeningReader(bytes)
        guard reader.take(4).elementsEqual([0x4D, 0x4C, 0x4F, 0x50]) else {
            throw LogError(.malformedOpening, "no opening begins like this")
        }
        guard let version = reader.take(1).first, version == Self.version else {
            throw LogError(.malformedOpening, "not version \(Self.version) of an opening")
        }
        guard let flags = reader.take(1).first, flags <= 3 else {
            throw LogError(.malformedOpening, "flags that are not of this version")
        }
        let leaf: LogLeaf
        do throws(LeafError) {
            leaf = try unsafe LogLeaf(decoding: Array(reader.take(LogLeaf.byteCount)).span.bytes)
        } catch {
            throw LogError(.malformedOpening, "no leaf: \(error.message)")
        }
        var bodySalt: LeafSalt?
        if flags & 1 != 0 { bodySalt = try reader.salt() }
        var sender: Sender?
        if flags & 2 != 0 {
            sender = Sender(
                salt: try reader.salt(),
                submitter: try reader.text(),
                origin: try reader.text(),
                position: try reader.label()
            )
        }
        guard reader.isAtEnd else { throw LogError(.malformedOpening, "bytes behind the opening") }
        try self.init(leaf: leaf, bodySalt: bodySalt, sender: sender)
    }

    package func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append((bodySalt == nil ? 0 : 1) | (sender == nil ? 0 : 2) as UInt8)
        writer.append(leaf.encoded())
        bodySalt?.append(to: &writer)
        if let sender {
            sender.salt.append(to: &writer)
            for label in [Array(sender.submitter.utf8), Array(sender.origin.utf8), sender.position] {
                writer.append(UInt16(truncatingIfNeeded: label.count))
                writer.append(label)
            }
        }
        return writer.bytes
    }

    /// Checks that the leaf is of an event with exactly these bytes, and of the sender, when one is told.
    ///
    /// - Throws: `incomplete` without the body's salt, `wrongOpening`.
    package func check(event: RawSpan) throws(LogError) {
        guard let bodySalt else { throw LogError(.incomplete, "no salt to check the event with") }
        guard bodySalt.commitment(to: event) == leaf.body else {
            throw LogError(.wrongOpening, "the leaf is of another event, or of other bytes of it")
        }
        if sender != nil { try checkSender() }
    }

    /// Checks that the leaf is of the sender that is told.
    ///
    /// - Throws: `incomplete` without one, `wrongOpening`.
    package func checkSender() throws(LogError) {
        guard let sender else { throw LogError(.incomplete, "nothing is told of the sender") }
        let provenance: Provenance
        do throws(LeafError) {
            provenance = try Provenance(
                submitter: sender.submitter,
                origin: sender.origin,
                position: sender.position
            )
        } catch {
            throw LogError(.tooLarge, error.message)
        }
        guard sender.salt.commitment(to: provenance) == leaf.provenance else {
            throw LogError(.wrongOpening, "the leaf is of another submitter, origin, or position")
        }
    }
}

/// Takes bytes from the front; fewer than asked for where the end comes before.
private struct OpeningReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func salt() throws(LogError) -> LeafSalt {
        guard let salt = unsafe LeafSalt(Array(take(LeafSalt.byteCount)).span.bytes) else {
            throw LogError(.malformedOpening, "the opening ends within a salt")
        }
        return salt
    }

    mutating func label() throws(LogError) -> [UInt8] {
        let length = Array(take(2))
        guard length.count == 2 else { throw LogError(.malformedOpening, "the opening ends before a label") }
        let count = Int(length[0]) | Int(length[1]) << 8
        let label = Array(take(count))
        guard label.count == count else { throw LogError(.malformedOpening, "the opening ends within a label") }
        return label
    }

    mutating func text() throws(LogError) -> String {
        guard let text = String(validating: try label(), as: UTF8.self) else {
            throw LogError(.malformedOpening, "a label is no UTF-8")
        }
        return text
    }
}
