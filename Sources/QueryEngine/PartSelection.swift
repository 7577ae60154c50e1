// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import JournalFormat
import ManifestFormat
import QueryLanguage

/// Which parts of the log can hold a match, from what is known of them without reading them.
struct PartSelection {
    private let times: ClosedRange<Int64>
    private let received: ClosedRange<Int64>
    private let indices: ClosedRange<UInt64>
    private let includesSystem: Bool

    init(_ filter: Filter) {
        times = filter.bounds(of: .time)
        received = filter.bounds(of: .received)
        indices = filter.indexBounds
        includesSystem = filter.fields.contains(.audit(.stream))
    }

    /// Whether a part may hold a match.
    ///
    /// What is known of it is never too narrow.
    func contains(_ part: LogPart) -> Bool {
        guard includesSystem || part.mayHold(.audit) else { return false }
        return part.timeRange.overlaps(times) && part.receivedRange.overlaps(received)
            && part.indices.overlaps(indices)
    }

    /// Whether events of a stream are wanted at all.
    func contains(_ stream: LogStream) -> Bool { stream == .audit || includesSystem }
}

extension Filter {
    /// The times outside of which no event can match, as far as the outermost conjunction tells.
    fileprivate func bounds(of field: AuditField) -> ClosedRange<Int64> {
        switch self {
        case .and(let parts):
            let all = parts.map { $0.bounds(of: field) }
            let lower = all.map(\.lowerBound).max() ?? .min
            let upper = all.map(\.upperBound).min() ?? .max
            // An empty conjunction keeps a point: harmless, as its events are tried one by one.
            return lower <= upper ? lower...upper : lower...lower
        case .field(.audit(field), .range(let lower, let upper)):
            let first = lower?.nanoseconds ?? .min
            let last = upper?.nanoseconds ?? .max
            return first <= last ? first...last : first...first
        default:
            return .min ... .max
        }
    }
}

extension Filter {
    /// The indices outside of which no event can match, as far as the outermost conjunction tells.
    fileprivate var indexBounds: ClosedRange<UInt64> {
        let all: ClosedRange<UInt64> = 0...UInt64.max - 1
        switch self {
        case .and(let parts):
            let bounds = parts.map(\.indexBounds)
            let lower = bounds.map(\.lowerBound).max() ?? all.lowerBound
            let upper = bounds.map(\.upperBound).min() ?? all.upperBound
            // An empty conjunction keeps a point: harmless, as its events are tried one by one.
            return lower <= upper ? lower...upper : lower...lower
        case .field(.audit(.index), .equals(let text)):
            return UInt64(text).map { $0...$0 } ?? all
        case .field(.audit(.index), .range(let lower, let upper)):
            let first = lower?.number ?? all.lowerBound
            let last = upper?.number ?? all.upperBound
            return first <= last ? first...last : first...first
        default:
            return all
        }
    }
}

extension Bound {
    fileprivate var nanoseconds: Int64? {
        if case .time(let time) = value { time.nanosecondsSinceEpoch } else { nil }
    }

    /// A bound on a whole number, taken as inclusive, which is never too narrow.
    fileprivate var number: UInt64? {
        // With a sign, `+5`, it is no number for comparisons, which then go byte by byte.
        guard case .text(let text) = value, text.utf8.first != UInt8(ascii: "+") else { return nil }
        return UInt64(text)
    }
}
