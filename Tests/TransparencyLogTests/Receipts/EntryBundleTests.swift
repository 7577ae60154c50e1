// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct EntryBundleTests {
    @Test func `the bundle of the sample log is that of other implementations`() throws {
        let bytes = try EntryBundle.encode(LogSamples.entries)
        #expect(bytes.count == 65_566)
        // SHA-256 of the bundle is be7092e2fa92f9eb327f2418a0c9a9fb6dd117ccfac6cd4fd008b8fef6e40259; this is it with a zero
        // byte in front, which is what can be had here.
        #expect("\(Samples.leafHash(bytes))" == "749374cc7576d0201d9547f965d554609e12ded3a29b5bd1721450c0b62254b2")

        let bundle = try EntryBundle(parsing: bytes, width: 5)
        #expect((0..<5).map { bundle.entry(at: $0) } == LogSamples.entries)
        #expect((0..<5).map { bundle.leafHash(at: $0) } == LogSamples.leafHashes)
        #expect("\(HashTile.root(of: (0..<5).map { bundle.leafHash(at: $0) }))" == LogSamples.roots[5])
    }

    @Test func `leaves of ours have 98 bytes each`() throws {
        let leaves = try (0..<256 as Range<UInt64>).map { try Samples.leaf(at: $0).leaf }
        let bytes = try EntryBundle.encode(leaves: leaves)
        #expect(bytes.count == 25_088)
        #expect(bytes == (try EntryBundle.encode(leaves.map { $0.encoded() })))
        let bundle = try EntryBundle(parsing: bytes, width: 256)
        for (place, leaf) in leaves.enumerated() {
            #expect(try bundle.leaf(at: place) == leaf && bundle.leafHash(at: place) == leaf.hash)
        }
    }

    @Test func `an entry that is no leaf is none`() throws {
        let bundle = try EntryBundle(parsing: EntryBundle.encode(LogSamples.entries), width: 5)
        for place in 0..<5 { #expect(throws: LeafError.self) { try bundle.leaf(at: place) } }
    }

    @Test(
        arguments: [
            ([], 0), ([], 1), ([0, 0], 0), ([0, 0], 2), ([0], 1), ([0, 1], 1), ([0, 2, 9], 1), ([0, 0, 0], 1),
            ([0, 1, 9, 0], 1), ([0, 1, 9, 0, 0], 1), ([0xFF, 0xFF], 1), ([0, 0], 257), ([0, 0], -1), ([1, 0, 9], 1),
        ] as [([UInt8], Int)]
    )
    func `other bytes are no bundle`(bytes: [UInt8], width: Int) {
        #expect(LogSamples.refusal { _ = try EntryBundle(parsing: bytes, width: width) } == .malformedTile)
    }

    @Test func `the 257th entry is refused`() {
        let bytes = [UInt8](repeating: 0, count: 2 * 257)
        #expect(LogSamples.refusal { _ = try EntryBundle(parsing: bytes, width: 256) } == .malformedTile)
        #expect(LogSamples.refusal { _ = try EntryBundle(parsing: bytes, width: 257) } == .malformedTile)
        let entries = [[UInt8]](repeating: [], count: 257)
        #expect(LogSamples.refusal { _ = try EntryBundle.encode(entries) } == .malformedTile)
        #expect(LogSamples.refusal { _ = try EntryBundle.encode([[UInt8]]()) } == .malformedTile)
        let large = [[UInt8](repeating: 0, count: 65_536)]
        #expect(LogSamples.refusal { _ = try EntryBundle.encode(large) } == .tooLarge)
    }

    @Test func `every damage to entries is another tree`() throws {
        let entries = (0..<20).map { [UInt8](repeating: UInt8($0), count: $0) }
        let root = try Self.root(EntryBundle.encode(entries), width: 20)
        for place in 0..<20 {
            var other = entries
            other[place].append(0)
            #expect(try Self.root(EntryBundle.encode(other), width: 20) != root)
            other = entries
            other.remove(at: place)
            #expect(try Self.root(EntryBundle.encode(other), width: 19) != root)
            other = entries
            other.insert([1], at: place)
            #expect(try Self.root(EntryBundle.encode(other), width: 21) != root)
            guard place > 0 else { continue }
            other = entries
            other.swapAt(place - 1, place)
            #expect(try Self.root(EntryBundle.encode(other), width: 20) != root)
        }
    }

    @Test func `every flipped bit is refused, or another tree`() throws {
        let bytes = try EntryBundle.encode([[1, 2, 3], [], [4], [0, 0]])
        let root = try Self.root(bytes, width: 4)
        for bit in 0..<(8 * bytes.count) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect((try? Self.root(flipped, width: 4)) != root)
        }
        for count in 0..<bytes.count {
            #expect(LogSamples.refusal { _ = try EntryBundle(parsing: Array(bytes.prefix(count)), width: 4) } != nil)
        }
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `damaged bundles are refused, or others`(seed: UInt64) throws {
        let samples = [try EntryBundle.encode([[1, 2, 3], [], [0, 4], [0, 0]])]
        let result = Mutations.check(samples, seed: seed) { bytes in
            let bundle = try EntryBundle(parsing: bytes, width: 4)
            return try EntryBundle.encode((0..<bundle.count).map { bundle.entry(at: $0) })
        }
        #expect(result.failure == nil && result.readCount > 50)
    }

    private static func root(_ bytes: [UInt8], width: Int) throws -> LogHash {
        let bundle = try EntryBundle(parsing: bytes, width: width)
        return HashTile.root(of: (0..<bundle.count).map { bundle.leafHash(at: $0) })
    }
}
