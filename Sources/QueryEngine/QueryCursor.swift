// SPDX-License-Identifier: Apache-2.0

/// Where the next page of a query's rows begins.
///
/// Holds where the log ended when the first page was asked for, so that what comes in between pages is on none of them, and
/// each row is on exactly one. It stays good for as long as the query is the same; rows that retention deletes meanwhile are
/// left out.
package struct QueryCursor: Hashable, Sendable {
    package let order: QueryRequest.Order
    /// Index behind the last event that any page may have.
    package let endIndex: UInt64
    /// The last row that was handed out, by its time, nanoseconds since 1970, and its index.
    package let time: Int64
    package let index: UInt64

    package init(order: QueryRequest.Order, endIndex: UInt64, time: Int64, index: UInt64) {
        self.order = order
        self.endIndex = endIndex
        self.time = time
        self.index = index
    }

    /// Whether a row comes behind the last one that was handed out.
    func isBehind(time otherTime: Int64, index otherIndex: UInt64) -> Bool {
        guard otherIndex < endIndex else { return false }
        return switch order {
        case .newest: (otherTime, otherIndex) < (time, index)
        case .oldest: (otherTime, otherIndex) > (time, index)
        case .log: otherIndex > index
        }
    }

    /// Whether some part can have such a row.
    func mayHold(_ timeRange: ClosedRange<Int64>, _ indices: Range<UInt64>) -> Bool {
        guard indices.lowerBound < endIndex else { return false }
        return switch order {
        case .newest: timeRange.lowerBound <= time
        case .oldest: timeRange.upperBound >= time
        case .log: indices.upperBound > index + 1
        }
    }
}

extension QueryCursor: LosslessStringConvertible {
    /// Text without characters that a URL has to escape; what it says is no secret.
    package var description: String {
        let numbers = [
            String(endIndex, radix: 36), String(UInt64(bitPattern: time), radix: 36), String(index, radix: 36),
        ]
        return ([String(order.rawValue.prefix(1))] + numbers).joined(separator: "-")
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, text.utf8.count <= 64,
            let order = QueryRequest.Order.allCases.first(where: { $0.rawValue.prefix(1) == parts[0] }),
            let endIndex = UInt64(parts[1], radix: 36), let time = UInt64(parts[2], radix: 36),
            let index = UInt64(parts[3], radix: 36), index < .max
        else { return nil }
        self.init(order: order, endIndex: endIndex, time: Int64(bitPattern: time), index: index)
    }
}
