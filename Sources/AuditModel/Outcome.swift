// SPDX-License-Identifier: Apache-2.0

/// How an event ended: of an act `success` or `failure`, of a check `allowed` or `denied`.
///
/// The two never mix. That a check allowed something does not say that it was done, and an act that
/// failed was not necessarily forbidden.
package enum Outcome: String, CaseIterable, Sendable {
    case success
    case failure
    case allowed
    case denied
    case unknown
}

/// What kind of thing an event reports: the last part of its type.
package enum AuditAction: String, CaseIterable, Sendable {
    case authentication
    case authorization
    case request
    case accessTransparency = "access-transparency"

    /// The action in a type such as `io.confluent.kafka.server/authorization`; nil for types that
    /// name none of ours.
    package init?(ofType type: String) {
        let last =
            type.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? type.utf8[...]
        self.init(rawValue: String(Substring(last)))
    }
}

extension Outcome {
    /// The outcome of the event whose values these are.
    ///
    /// | action | success / allowed | failure / denied |
    /// |---|---|---|
    /// | authorization | `authorizationInfo.granted` true, else `.result` ALLOW | false, else DENY |
    /// | authentication | `result.status`, else `authenticationInfo.result`: SUCCESS | any other |
    /// | request, access-transparency | `result.status` SUCCESS | any other |
    ///
    /// `UNSET` is the protobuf default and counts as absent. An event of an unknown type is an act
    /// when it has a status, and else a check when it has a decision.
    static func of(_ values: some EventValues, action: AuditAction?) -> Outcome {
        switch action {
        case .authorization:
            decision(values) ?? .unknown
        case .authentication:
            result(values.text(.resultStatus)) ?? result(values.text(.authenticationResult)) ?? .unknown
        case .request, .accessTransparency:
            result(values.text(.resultStatus)) ?? .unknown
        case nil:
            result(values.text(.resultStatus)) ?? decision(values) ?? .unknown
        }
    }

    private static func decision(_ values: some EventValues) -> Outcome? {
        switch values.text(.authorizationGranted) {
        case "true": return .allowed
        case "false": return .denied
        default: break
        }
        switch values.text(.authorizationResult) {
        case "ALLOW": return .allowed
        case "DENY": return .denied
        default: return nil
        }
    }

    private static func result(_ status: String?) -> Outcome? {
        switch status {
        case nil, "UNSET": nil
        case "SUCCESS": .success
        default: .failure
        }
    }
}
