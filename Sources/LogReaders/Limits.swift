// SPDX-License-Identifier: Apache-2.0

/// Bounds of what is read of a log at once.
package enum LogReaderLimits {
    /// A longer line is set aside; lines of request logs have tens of kilobytes.
    package static let lineByteCount = 1 << 20
}
