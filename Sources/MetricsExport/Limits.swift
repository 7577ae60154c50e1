// SPDX-License-Identifier: Apache-2.0

/// Bounds of a registry.
///
/// Labels may come from outside, and each new value costs memory for as long as the process runs.
package struct Limits: Sendable {
    /// Names of metrics.
    ///
    /// A metric beyond it is not exported; that is counted.
    package var maximumFamilies = 1_000

    /// Label sets of one metric.
    ///
    /// Further ones share one series labelled `overflow="true"`, so that sums stay right; how often that happens is
    /// counted.
    package var maximumSeriesPerFamily = 500

    /// Bytes of UTF-8 of a label's value; a longer one is cut at a character.
    package var maximumLabelValueBytes = 200

    package init() {}
}
