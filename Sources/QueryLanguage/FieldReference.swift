// SPDX-License-Identifier: Apache-2.0

package import AuditModel

/// What a condition looks at.
package enum FieldReference: Hashable, Sendable {
    /// A field of the one set.
    case audit(AuditField)

    /// Any other value of the record by its dotted path, such as `data.request.data.role_name`.
    ///
    /// `[]` behind a name stands for the elements of an array there.
    case path(String)
}

extension FieldReference: CustomStringConvertible {
    package var description: String {
        switch self {
        case .audit(let field): field.rawValue
        case .path(let path): path
        }
    }
}

extension FieldReference {
    /// Whether values compare as points in time.
    var isTime: Bool {
        if case .audit(let field) = self { field.isTime } else { false }
    }

    /// The short name of `client.ip`, the only name that a field has beside its own.
    private static let shortNameOfClientIP = "ip"

    /// The field of a name; nil for a name that is neither a field nor a path into `data`.
    package init?(name: String) {
        if name == Self.shortNameOfClientIP {
            self = .audit(.clientIP)
            return
        }
        if let field = AuditField(rawValue: name) {
            self = .audit(field)
            return
        }
        let segments = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard segments.count > 1, name.hasPrefix("data."), segments.allSatisfy({ !$0.isEmpty }) else { return nil }
        self = .path(name)
    }
}

// MARK: - Suggestions

/// The right name for a wrong one.
enum NearestName {
    /// The known name that was probably meant: what other systems call so, or the one with the
    /// fewest slips between.
    static func field(for name: String) -> String? {
        let lowercased = name.lowercased()
        if let field = otherWords[lowercased] { return field.rawValue }
        return nearest(to: lowercased, among: AuditField.allCases.map(\.rawValue))
    }

    /// The name with the fewest slips (letters added, dropped, changed, or swapped with the next),
    /// at most one in three.
    static func nearest(to name: String, among names: [String]) -> String? {
        guard name.utf8.count <= QueryLimits.maximumSuggestedNameBytes else { return nil }
        let allowed = max(1, name.utf8.count / 3)
        let best = names.map { ($0, slips(from: Array(name.utf8), to: Array($0.utf8))) }.min { $0.1 < $1.1 }
        return best.flatMap { $0.1 <= allowed ? $0.0 : nil }
    }

    /// Optimal string alignment distance, row by row.
    private static func slips(from left: [UInt8], to right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, own) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column] + (own == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, own == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }

    /// What other systems call our fields.
    ///
    /// They are not aliases, one word per thing, but they are easy to answer.
    private static let otherWords: [String: AuditField] = [
        "user": .principal, "actor": .principal, "who": .principal, "email": .principal,
        "address": .clientIP, "clientip": .clientIP, "client_address": .clientIP,
        "clientaddress": .clientIP, "methodname": .method, "operation": .method, "servicename": .service,
        "resourcename": .resource, "crn": .resource, "topic": .resourceName, "apikey": .credential,
        "api_key": .credential, "key": .credential, "org": .organization, "env": .environment, "result": .outcome,
        "status": .outcome, "granted": .outcome, "timestamp": .time, "date": .time, "offset": .index,
    ]
}
