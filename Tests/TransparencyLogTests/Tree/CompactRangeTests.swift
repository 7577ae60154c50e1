// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct CompactRangeTests {
    @Test func `roots are those of the definition`() {
        var range = CompactRange()
        for size in 0...130 {
            #expect(range.root == NaiveTree(size: size).root, "size \(size)")
            #expect(range.size == size && range.hashes.count == size.nonzeroBitCount)
            range.append(LogSamples.leaf(size))
        }
    }

    @Test func `what was kept goes on`() throws {
        var whole = CompactRange()
        for number in 0..<41 { whole.append(LogSamples.leaf(number)) }
        for size in 0..<41 {
            var first = CompactRange()
            for number in 0..<size { first.append(LogSamples.leaf(number)) }
            var second = try CompactRange(size: first.size, hashes: first.hashes)
            #expect(second == first)
            for number in size..<41 { second.append(LogSamples.leaf(number)) }
            #expect(second == whole)
        }
    }

    @Test func `a subtree is as good as its leaves`() throws {
        for (size, level) in [(0, 0), (0, 5), (8, 3), (24, 3), (3, 0), (16, 4), (12, 2), (48, 4)] {
            var byLeaf = CompactRange()
            for number in 0..<size { byLeaf.append(LogSamples.leaf(number)) }
            var atOnce = byLeaf
            let leaves = (size..<size + 1 << level).map { LogSamples.leaf($0) }
            for leaf in leaves { byLeaf.append(leaf) }
            try atOnce.append(subtree: NaiveTree(leaves).root, level: level)
            #expect(atOnce == byLeaf, "\(size), level \(level)")
        }
    }

    @Test(arguments: [(1, 1), (3, 1), (8, 4), (12, 3), (1, 62)])
    func `a subtree stands only where one can be`(size: Int, level: Int) {
        var range = CompactRange()
        for number in 0..<size { range.append(LogSamples.leaf(number)) }
        let before = range
        #expect(LogSamples.refusal { try range.append(subtree: LogSamples.leaf(9), level: level) } == .outOfRange)
        #expect(range == before)
    }

    @Test(arguments: [-1, 63, 64, 100, .min, .max])
    func `there is no such level`(level: Int) {
        var range = CompactRange()
        #expect(LogSamples.refusal { try range.append(subtree: LogSamples.leaf(9), level: level) } == .outOfRange)
    }

    @Test func `the largest tree is full`() throws {
        var range = try CompactRange(size: 1 << 62, hashes: [LogSamples.leaf(0)])
        #expect(LogSamples.refusal { try range.append(subtree: LogSamples.leaf(9), level: 0) } == .tooLarge)
        #expect(LogSamples.refusal { try range.append(subtree: LogSamples.leaf(9), level: 62) } == .tooLarge)
        var empty = CompactRange()
        try empty.append(subtree: LogSamples.leaf(0), level: 62)
        #expect(empty == range)
    }

    @Test func `appending to a full tree traps`() async {
        await #expect(processExitsWith: .failure) {
            var range = try CompactRange(size: 1 << 62, hashes: [.ofEmptyTree])
            range.append(.ofEmptyTree)
        }
    }

    @Test(
        arguments: [
            (0, 1, .wrongProof), (1, 0, .wrongProof), (3, 1, .wrongProof), (3, 3, .wrongProof),
            (1 << 62 + 1, 2, .tooLarge), (.max, 64, .tooLarge),
        ] as [(UInt64, Int, LogError.Code)]
    )
    func `other numbers of hashes are refused`(size: UInt64, count: Int, code: LogError.Code) {
        let hashes = (0..<count).map { LogSamples.leaf($0) }
        #expect(LogSamples.refusal { _ = try CompactRange(size: size, hashes: hashes) } == code)
    }
}
