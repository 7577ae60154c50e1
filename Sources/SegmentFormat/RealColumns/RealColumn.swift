// SPDX-License-Identifier: Apache-2.0

import AuditModel

/// A column of the model's fields: what an event says, whatever its own spelling is.
///
/// Each is exactly what `AuditEvent` says of the event. The raw value is the column's name in the file.
package enum RealColumn: String, CaseIterable, Sendable {
    case time
    case outcome
    case principal
    case method
    case resource

    /// The field of the model.
    var field: AuditField {
        switch self {
        case .time: .time
        case .outcome: .outcome
        case .principal: .principal
        case .method: .method
        case .resource: .resource
        }
    }

    /// The places of an event that the field depends on; it depends on nothing else.
    var paths: [AuditPath] { field.paths }

    /// The places of which the first text is the field as it stands there; what follows matters only without one.
    ///
    /// Nothing for fields that are never taken over as they stand.
    var namingPaths: [AuditPath] {
        switch self {
        case .time, .outcome, .principal: []
        case .method: Self.methodPaths
        case .resource: Self.resourcePaths
        }
    }

    private static let methodPaths = AuditField.method.directPaths ?? [.methodName]
    private static let resourcePaths: [AuditPath] = [.resourceName, .subject]

    /// Whether a row may have no value.
    var isOptional: Bool {
        switch self {
        case .time, .outcome: false
        case .principal, .method, .resource: true
        }
    }

    /// The path of the events' own time while it is not the column `time`.
    static let quotedTimePath = "\"time\""
}
