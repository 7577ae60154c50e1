// SPDX-License-Identifier: Apache-2.0

/// Bounds of the gateway as a whole.
package enum GatewayLimits {
    /// Connections at once; each has two sockets.
    package static let connections = 20_000
}
