// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// What the salts of 65,536 leaves are made from, and how some of them are forgotten for ever.
///
/// A span has a random key. From it follow 256 bundle keys, one for each 256 leaves, and from a bundle key the salts of
/// each leaf:
///
///     bundle key(n) = HMAC-SHA256(span key, "martlet leaf bundle v1" ‖ 0x00 ‖ n, 8 bytes little-endian)
///     salts(i)      = HMAC-SHA256(bundle key(i / 256), "martlet leaf salts v1" ‖ 0x00 ‖ i, 8 bytes little-endian)
///
/// Who forgets one leaf's salts therefore need not keep 65,535 others: the span key gives way to 255 bundle keys, and one
/// bundle key to 255 leaves' salts. Nothing that is left leads back to what was forgotten.
///
/// The bytes are normative in docs/formats/leaf.md. Whoever stores them replaces the whole file, so that the key before is
/// gone from it; they have to be durable before the first leaf made from them is published.
package struct SpanSecrets: Equatable, Sendable {
    /// Leaves of one span.
    package static let leafCount: UInt64 = 65_536

    /// Bundles of one span.
    static let bundleCount = 256

    /// Leaves of one bundle, as of one tile (c2sp.org/tlog-tiles).
    static let bundleLeafCount: UInt64 = 256

    /// Number of the last span, whose last index is the largest there is.
    static let maximumSpan = UInt64.max / leafCount

    private static let bundleLabel = "martlet leaf bundle v1"

    enum Form: Equatable {
        case whole(key: LogHash)
        case opened([BundleForm])
    }

    enum BundleForm: Equatable {
        case gone
        case whole(key: LogHash)
        case opened([LeafSalts?])
    }

    /// The span's number: index / 65,536.
    package let span: UInt64
    var form: Form

    /// The secrets of a new span; the key is 32 bytes of the system's random numbers, never used before.
    ///
    /// - Throws: `wrongByteCount`; `inconsistent` when there is no such span.
    package init(span: UInt64, key: [UInt8]) throws(LeafError) {
        guard let whole = unsafe LogHash(key.span.bytes) else {
            throw LeafError(.wrongByteCount, "a key of \(key.count) bytes, \(LeafPRF.keyByteCount) are needed")
        }
        try self.init(span: span, form: .whole(key: whole))
    }

    init(span: UInt64, form: Form) throws(LeafError) {
        guard span <= Self.maximumSpan else {
            throw LeafError(.inconsistent, "span \(span), the last one is \(Self.maximumSpan)")
        }
        self.span = span
        self.form = form
    }

    /// The span that an index belongs to.
    package static func span(of index: UInt64) -> UInt64 { index / leafCount }

    /// Nothing is left: the file can go.
    package var isEmpty: Bool {
        guard case .opened(let bundles) = form else { return false }
        return bundles.allSatisfy { $0 == .gone }
    }

    // MARK: - Salts

    /// The secrets of the 256 leaves around an index; nil when they are forgotten, or the index is of another span.
    ///
    /// For leaves in a row: one derivation for all of them.
    package func bundle(around index: UInt64) -> BundleSecrets? {
        guard Self.span(of: index) == span else { return nil }
        let number = index / Self.bundleLeafCount
        switch form {
        case .whole(let key):
            return BundleSecrets(number: number, key: LeafPRF(key, label: Self.bundleLabel).output(number))
        case .opened(let bundles):
            switch bundles[Self.place(ofBundle: number)] {
            case .gone: return nil
            case .whole(let key): return BundleSecrets(number: number, key: key)
            case .opened(let salts): return BundleSecrets(number: number, salts: salts)
            }
        }
    }

    /// The salts of one leaf; nil when they are forgotten, or the index is of another span.
    package func salts(at index: UInt64) -> LeafSalts? {
        bundle(around: index)?.salts(at: index)
    }

    // MARK: - Forgetting

    /// Forgets the salts of one leaf, for ever once the file before is gone; of other spans there is nothing to forget.
    package mutating func forget(_ index: UInt64) {
        guard let bundle = bundle(around: index) else { return }
        let first = bundle.firstIndex
        var salts = (0..<Self.bundleLeafCount).map { bundle.salts(at: first + $0) }
        salts[Int(truncatingIfNeeded: index % Self.bundleLeafCount)] = nil
        replaceBundle(around: index, by: salts.contains { $0 != nil } ? .opened(salts) : .gone)
    }

    /// Forgets the salts of all leaves below an index: what retention removed.
    package mutating func forget(below index: UInt64) {
        guard Self.span(of: index) >= span else { return }
        guard Self.span(of: index) == span else {
            form = .opened(Array(repeating: .gone, count: Self.bundleCount))
            return
        }
        let first = span * Self.leafCount
        var next = first
        while next < index {
            if index - next >= Self.bundleLeafCount {
                replaceBundle(around: next, by: .gone)
                next += Self.bundleLeafCount
            } else {
                forget(next)
                next += 1
            }
        }
    }

    private mutating func replaceBundle(around index: UInt64, by bundle: BundleForm) {
        var bundles = openedBundles()
        bundles[Self.place(ofBundle: index / Self.bundleLeafCount)] = bundle
        form = .opened(bundles)
    }

    private func openedBundles() -> [BundleForm] {
        switch form {
        case .opened(let bundles): return bundles
        case .whole(let key):
            let prf = LeafPRF(key, label: Self.bundleLabel)
            let first = span * UInt64(Self.bundleCount)
            return (0..<UInt64(Self.bundleCount)).map { .whole(key: prf.output(first + $0)) }
        }
    }

    private static func place(ofBundle number: UInt64) -> Int {
        Int(truncatingIfNeeded: number % UInt64(bundleCount))
    }
}

extension SpanSecrets: CustomStringConvertible, CustomReflectable {
    package var description: String { "SpanSecrets(span \(span), redacted)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The secrets of 256 leaves in a row.
package struct BundleSecrets: Sendable {
    private enum Form {
        case prf(LeafPRF)
        case salts([LeafSalts?])
    }

    private static let label = "martlet leaf salts v1"

    private let number: UInt64
    private let form: Form

    init(number: UInt64, key: LogHash) {
        self.number = number
        form = .prf(LeafPRF(key, label: Self.label))
    }

    /// With the salts of all 256 leaves, those that are forgotten left out.
    init(number: UInt64, salts: [LeafSalts?]) {
        self.number = number
        form = .salts(salts)
    }

    /// Index of the bundle's first leaf.
    package var firstIndex: UInt64 { number * SpanSecrets.bundleLeafCount }

    /// The salts of one leaf; nil when they are forgotten, or the index is of another bundle.
    package func salts(at index: UInt64) -> LeafSalts? {
        guard index / SpanSecrets.bundleLeafCount == number else { return nil }
        switch form {
        case .prf(let prf):
            return LeafSalts(prf.output(index))
        case .salts(let salts):
            return salts[Int(truncatingIfNeeded: index % SpanSecrets.bundleLeafCount)]
        }
    }
}

extension BundleSecrets: CustomStringConvertible, CustomReflectable {
    package var description: String { "BundleSecrets(redacted)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
