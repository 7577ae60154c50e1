// SPDX-License-Identifier: Apache-2.0

/// Upper bounds of histograms' buckets.
///
/// They are fixed, so that buckets of several machines and weeks can be added up.
enum Buckets {
    /// From a group commit on fast storage (100 µs) to a query that its client gave up on.
    static let seconds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    /// Sizes of batches and of bodies: powers of four from one to a gigabyte.
    static let quantities: [Double] = (0...15).map { Double(1 << (2 * $0)) }

    /// Ascending, finite and without repetition, whatever a caller configured.
    static func normalized(_ bounds: [Double]) -> [Double] {
        Set(bounds.filter(\.isFinite)).sorted()
    }
}
