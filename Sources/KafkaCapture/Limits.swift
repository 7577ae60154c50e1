// SPDX-License-Identifier: Apache-2.0

/// Bounds of what one connection may make the gateway hold.
package enum CaptureLimits {
    /// `socket.request.max.bytes` of a broker, unless configured otherwise.
    package static let frameByteCount = 104_857_600
}
