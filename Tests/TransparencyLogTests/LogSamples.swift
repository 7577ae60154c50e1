// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import TransparencyLog

/// A small log with its keys, computed by three other implementations: Python, golang.org/x/mod, and Tessera's fsck.
enum LogSamples {
    static let logSkey = "PRIVATE+KEY+audit.example/test+7249d966+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    static let logVkey = "audit.example/test+7249d966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    static let witnessVkey = "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
    static let cosignedAt: Int64 = 1_700_000_000

    static let entries: [[UInt8]] = [
        Array(#"{"seq":0}"#.utf8), [], [0xE2, 0x82, 0xAC], Array(#"{"seq":3}"#.utf8),
        [UInt8](repeating: UInt8(ascii: "x"), count: 65_535),
    ]

    /// Of the trees of 0, 1, … 5 entries.
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "a402b0e36f5aae85457360fcf00a2545b87dd47f310553e7b0d32d6d0ac4400d",
        "2415c2e3e1117577941f4a86f8698d7b8dc89989db76ec9363fb6a096519519b",
        "2b1386c1f0990d5557afbcb39449373e8f404bd394297dc9ee1f7615fea5ed4b",
        "5ee6967acc0834aaefc3cd81a70439cf0a5b8ab8c13f04158145764802f1baad",
        "31ca6404de2866a50f285b516bafd0634b41c75d6bb9ebdc4d3189d21e0b0a59",
    ]

    static let checkpoint = """
        audit.example/test
        5
        McpkBN4oZqUPKFtRa6/QY0tBx11ruevcTTGJ0h4LClk=

        — audit.example/test cknZZvU6G2BKO4bv5b8cbgEUiA2S7+08QTwayE39mT0CI56pSnTMwa2hyPDn/nQQSi5FC0yK93w5kmfAQddoQDpongo=
        — witness.example/w1 IDJKvgAAAABlU/EA1k8WoIiMGgbHpTS1LNvnKjA4wULC1oPJIu1prRYKTnOa4hLHfi2jJm5bTsAYGXajHHeDZc0SpdEc/24w5ivFCw==

        """

    static let checkpointText = checkpointBytes.prefix(66).map { $0 }
    static let checkpointBytes = Array(checkpoint.utf8)

    /// Of the entry at index 2 in the tree of 5.
    static let inclusion = [
        "28xC11lrPWKfGGHR4gl7l7VGLsyueJ38+Zf+qbBpCJk=",
        "JBXC4+ERdXeUH0qG+GmNe43ImYnbduyTY/tqCWUZUZs=",
        "0TUNnTA62d7dyykhou4naxsaBDccGEBfN5ZsxaJ2Ab4=",
    ]

    /// From the tree of 3 to that of 5.
    static let consistency = ["8pV0JpmTF8OzNIwPg4xabWpHJGlkVMHDCIOwp9L/M+M="] + inclusion

    static var logSeed: [UInt8] { Array(0..<32) }
    static var witnessSeed: [UInt8] { Array(32..<64) }

    static func log() throws -> NoteSigner { try NoteSigner(skey: logSkey) }

    static func witness() throws -> NoteSigner {
        try NoteSigner(name: "witness.example/w1", seed: witnessSeed, kind: .cosignature)
    }

    static var leafHashes: [LogHash] { entries.map { Samples.leafHash($0) } }

    /// Which error something throws; nil when it throws none.
    static func refusal(_ body: () throws -> Void) -> LogError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? LogError)?.code
        }
    }

    struct NoHash: Error {}

    static func hash(_ base64: String) throws -> LogHash {
        guard let hash = LogHash(base64: base64.utf8) else { throw NoHash() }
        return hash
    }

    /// A hash that is that of nothing: its number in its first bytes.
    static func leaf(_ number: Int) -> LogHash { Samples.leafHash(Array("leaf \(number)".utf8)) }
}

/// The tree as RFC 6962 defines it, word by word: slow, and nothing else.
struct NaiveTree: NodeSource {
    let leaves: [LogHash]

    init(_ leaves: [LogHash]) { self.leaves = leaves }

    init(size: Int) { leaves = (0..<size).map { LogSamples.leaf($0) } }

    var root: LogHash { Self.root(leaves[...]) }

    /// §2.1: MTH(D[n]).
    static func root(_ leaves: ArraySlice<LogHash>) -> LogHash {
        guard leaves.count > 1 else { return leaves.first ?? .ofEmptyTree }
        let split = leaves.startIndex + half(leaves.count)
        return .ofNode(root(leaves[..<split]), root(leaves[split...]))
    }

    /// §2.1.1: PATH(m, D[n]).
    static func path(_ index: Int, _ leaves: ArraySlice<LogHash>) -> [LogHash] {
        guard leaves.count > 1 else { return [] }
        let count = half(leaves.count)
        let split = leaves.startIndex + count
        return index < count
            ? path(index, leaves[..<split]) + [root(leaves[split...])]
            : path(index - count, leaves[split...]) + [root(leaves[..<split])]
    }

    /// §2.1.2: SUBPROOF(m, D[n], b).
    static func subproof(_ size: Int, _ leaves: ArraySlice<LogHash>, _ isWhole: Bool) -> [LogHash] {
        guard size < leaves.count else { return isWhole ? [] : [root(leaves)] }
        let count = half(leaves.count)
        let split = leaves.startIndex + count
        return size <= count
            ? subproof(size, leaves[..<split], isWhole) + [root(leaves[split...])]
            : subproof(size - count, leaves[split...], false) + [root(leaves[..<split])]
    }

    /// The largest power of two below the count.
    private static func half(_ count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }

    struct Outside: Error {}

    func hash(of node: NodeCoordinate) throws -> LogHash {
        guard node.lastLeaf < leaves.count else { throw Outside() }
        return Self.root(leaves[Int(node.firstLeaf)...Int(node.lastLeaf)])
    }
}
