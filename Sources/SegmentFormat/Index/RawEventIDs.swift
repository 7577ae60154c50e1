// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventReading
import EventScanner

/// Reads the ids of events that are stored as they came and so have no value in the column of ids.
struct RawEventIDs: ~Copyable {
    private static let slot: UInt16 = 0
    private var scanner = ObjectScanner(
        PathTable(AuditPath.id.spellings.map { (path: $0, slot: RawEventIDs.slot) }),
        limits: .unbounded
    )

    /// The decoded text of the id of `bytes[range]`; nil when there is none, or it is no scalar, or this is no event.
    mutating func id(of bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
        guard (try? unsafe scanner.scan(bytes.span.bytes, in: range)) != nil, let hit = scanner.first(Self.slot),
            hit.kind.isScalar
        else { return nil }
        return Array(bytes.text(of: hit).text.utf8)
    }
}
