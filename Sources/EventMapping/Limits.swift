// SPDX-License-Identifier: Apache-2.0

/// Bounds of what becomes of an exchange or a line.
package enum MappingLimits {
    /// Names in one event's list of resources; a request that names more says how many were left out.
    package static let resourcesInEvent = 1000
}
