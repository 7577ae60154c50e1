// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Recognises events that are like one that was validated before, by comparing their text instead of parsing it.
///
/// A service's events are the same text over and over, with other values in it: a million of the corpus have 28 skeletons.
/// An event that is one of them, byte for byte, but for strings of plain ASCII and numbers by the standard, is valid because
/// the learned one is, has the same keys, and no key twice. Everything else has to be parsed: nothing is ever refused here.
package struct EventSkeletons: Sendable {
    /// Skeletons that are kept; services of one kind have some thirty.
    private static let maximumCount = 256
    /// Bytes of text of all skeletons together.
    private static let maximumLiteralByteCount = 1 << 20

    /// Strings of the event itself that can be asked for, by their keys.
    private let keys: [[UInt8]]
    /// How many of them, the first ones, a skeleton must have to be learned.
    private let requiredCount: Int
    private let limits: SegmentLimits

    private var trie: ShapeTrie
    /// For each skeleton and key the number of the value, -1 where there is none.
    private var ordinals: [Int16] = []
    private var count = 0
    private var values: [ValueRange]
    private var matched = 0

    /// - Parameters:
    ///   - keys: keys of the event itself whose strings are wanted.
    ///   - requiredCount: how many of them, the first ones, every event must have.
    package init(keys: [String], requiredCount: Int) {
        self.keys = keys.map { Array($0.utf8) }
        self.requiredCount = requiredCount
        var limits = SegmentLimits()
        // Every string and number is a value of its own, wherever it stands.
        limits.payloadPaths = []
        limits.maximumElementCount = limits.maximumLeafCount
        self.limits = limits
        trie = ShapeTrie(maximumElementCount: limits.maximumElementCount)
        values = Array(repeating: ValueRange(), count: limits.maximumLeafCount)
    }

    /// Takes note of an event that was parsed and found valid.
    package mutating func learn(_ bytes: RawSpan, _ range: Range<Int>) {
        guard count < Self.maximumCount, bytes.byteCount <= UInt32.max,
            trie.literalByteCount + range.count <= Self.maximumLiteralByteCount
        else { return }
        var scanner = LeafScanner(limits)
        guard scanner.scan(bytes, range), scanner.leaves.allSatisfy({ $0.form == .string || $0.form == .number }) else {
            return
        }
        let found = keys.map { key in
            scanner.leaves.firstIndex { leaf in
                let step = scanner.steps[Int(leaf.step)]
                guard leaf.form == .string, step.parent == LeafScanner.noParent, !step.isElement else { return false }
                return unsafe bytes.extracting(step.key.range).equals(key.span.bytes)
            }
        }
        guard found.prefix(requiredCount).allSatisfy({ $0 != nil }) else { return }
        guard trie.insert(bytes, range, leaves: scanner.leaves, skeleton: count) == nil else { return }
        ordinals += found.map { $0.map { Int16(truncatingIfNeeded: $0) } ?? -1 }
        count += 1
    }

    /// Whether `bytes[range]` is like an event that was learned; then `value` tells its values.
    ///
    /// What stands around the range may be loaded and never counts.
    package mutating func match(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard count > 0, bytes.byteCount <= UInt32.max else { return false }
        matched = trie.match(bytes, range, isStrict: true, into: &values)
        return matched != ShapeTrie.noSkeleton
    }

    /// Where the string of a key stands in the event that matched last, without its quotes; nil when the event has none.
    package func value(ofKey key: Int) -> Range<Int>? {
        let ordinal = ordinals[matched * keys.count + key]
        return ordinal < 0 ? nil : values[Int(ordinal)].range
    }
}
