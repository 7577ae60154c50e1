// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner

/// What one of Martlet's own events says, as far as a ledger cares.
enum OwnEvent: Equatable, Sendable {
    case started
    case stopped
    case diskFull
    case diskAvailable
    /// The server's own word that it lives.
    case alive
    case gap(OwnGap)
    /// Of a source that was not heard in an hour; with the hour's beginning.
    case silence(LedgerSource, hour: String)
    /// Something that was done while no server had the directory, or may have been.
    case other
}

/// A gap as its event tells it.
struct OwnGap: Equatable, Sendable {
    let source: LedgerSource
    let reason: String
    let from: String?
    let to: String?
    let lost: Int?
    let since: String?
    let until: String?
}

/// Reads Martlet's own events.
struct OwnEventReader: ~Copyable {
    private enum Slot: UInt16, CaseIterable {
        case type, principal, submitter, source, reason, from, to, lost, since, until, hour

        var path: String {
            switch self {
            case .type: "type"
            case .principal: "data.authenticationInfo.principal"
            default: "data.request.data.\(self)"
            }
        }
    }

    private static let paths = PathTable(Slot.allCases.map { ($0.path, $0.rawValue) })
    private static let typePrefix = "dev.martlet.audit/"

    private var scanner = ObjectScanner(paths)

    mutating func read(_ bytes: [UInt8], _ range: Range<Int>) -> OwnEvent {
        guard (try? scanner.scan(bytes.span.bytes, in: range)) != nil else { return .other }
        let hits = scanner.hits
        func text(_ slot: Slot) -> String? {
            hits.first { $0.slot == slot.rawValue }.map { hit in
                hit.kind == .escapedString
                    ? JSONString.decode(Array(bytes[hit.range]).span)
                    : String(decoding: bytes[hit.range], as: UTF8.self)
            }
        }
        guard let type = text(.type), type.hasPrefix(Self.typePrefix) else { return .other }
        let source = text(.source).map { LedgerSource(submitter: text(.submitter) ?? "", source: $0) }
        switch type.dropFirst(Self.typePrefix.count) {
        case "started": return .started
        case "stopped": return .stopped
        case "disk-full": return .diskFull
        case "disk-available": return .diskAvailable
        case "heartbeat":
            guard let source else { return .alive }
            return text(.hour).map { .silence(source, hour: $0) } ?? .alive
        case "gap":
            guard let source else { return .other }
            return .gap(
                OwnGap(
                    source: source,
                    reason: text(.reason) ?? "unspecified",
                    from: text(.from),
                    to: text(.to),
                    lost: text(.lost).flatMap(Int.init),
                    since: text(.since),
                    until: text(.until)
                )
            )
        default:
            return .other
        }
    }
}
