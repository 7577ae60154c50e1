// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Ingest
import Testing

@testable import LogReaders

@Suite struct LogFollowerTests {
    private static func lines(_ numbers: Range<Int>) -> String {
        numbers.map(FollowedLog.line).joined()
    }

    @Test func `a log that is not there yet is followed when it appears`() async throws {
        let log = try FollowedLog()
        try await log.look(3)
        #expect(try log.numbers() == [])

        try log.append(Self.lines(0..<3))
        try await log.lookToTheEnd()

        #expect(try log.numbers() == [0, 1, 2])
        try await log.restart()
    }

    @Test func `a line is read when its end is there, however it is written`() async throws {
        let log = try FollowedLog()
        let line = Array(FollowedLog.line(7).utf8)
        for byte in line {
            #expect(try log.numbers() == [])
            try log.append([byte])
            try await log.look()
        }
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [7])
        try await log.restart()
    }

    @Test func `carriage returns are no part of a line`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<2).replacing("\n", with: "\r\n"))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [0, 1])
        try await log.restart()
    }

    @Test func `a renamed log is read to its end before the next`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<2))
        try await log.lookToTheEnd()
        try log.append(Self.lines(2..<4))
        try log.rename(to: "kafka-authorizer.log.2026-11-22-13")
        try log.append(Self.lines(4..<6))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == Array(0..<6))
        #expect(try log.gaps() == [])
        try await log.restart()
    }

    @Test func `a line whose end never came is read when the log is over`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<1))
        try log.append(String(FollowedLog.line(1).dropLast()))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [0])
        try log.rename(to: "kafka-authorizer.log.1")
        try log.append(Self.lines(2..<3))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [0, 1, 2])
        try await log.restart()
    }

    @Test func `what was rotated and packed while nobody read is caught up in order`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<3))
        try await log.lookToTheEnd()
        try await log.restart()

        try log.append(Self.lines(3..<5))
        // The order of names is not that of time, with numbers that count up.
        try log.rename(to: "kafka-authorizer.log.9")
        try log.pack("kafka-authorizer.log.9")
        for (name, first) in [("kafka-authorizer.log.2", 5), ("kafka-authorizer.log.1", 7)] {
            try log.append(Self.lines(first..<first + 2))
            try log.rename(to: name)
        }
        try log.append(Self.lines(9..<10))
        try await log.lookToTheEnd()

        #expect(try log.numbers() == Array(0..<10))
        #expect(try log.gaps() == [])
        try await log.restart()
    }

    @Test func `a log that is copied and cut is read on in the copy`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<2))
        try await log.lookToTheEnd()
        try log.append(Self.lines(2..<4))
        try log.copyAndCut(to: "kafka-authorizer.log.1")
        // As long as it was, so that its size does not tell.
        try log.append(Self.lines(4..<9))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == Array(0..<9))
        #expect(try log.gaps() == [])
        try await log.restart()
    }

    @Test func `a log that is cut without a copy has a gap and goes on`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<2))
        try await log.lookToTheEnd()
        try log.cut()
        try log.append(Self.lines(2..<8))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == Array(0..<8))
        #expect(try log.gaps() == ["truncated"])
        try await log.restart()
    }

    @Test func `a log that vanished before it was read to its end is a gap`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<2))
        try await log.lookToTheEnd()
        try await log.restart()
        try log.append(Self.lines(2..<4))
        try log.rename(to: "kafka-authorizer.log.1")
        try log.append(Self.lines(4..<6))
        try log.remove("kafka-authorizer.log.1")
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [0, 1, 4, 5])
        #expect(try log.gaps() == ["retention-took"])
        try await log.restart()
    }

    @Test func `a packed log that is damaged is a gap, and what came before is there`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<3))
        try log.rename(to: "kafka-authorizer.log.1")
        try log.pack("kafka-authorizer.log.1")
        let packed = try log.contents(log.sibling("kafka-authorizer.log.1.gz"))
        try log.remove("kafka-authorizer.log.1.gz")
        try log.append(Array(packed.dropLast(12)))
        try log.rename(to: "kafka-authorizer.log.1.gz")
        try log.append(Self.lines(3..<5))
        try await log.look(60)
        #expect(try log.numbers().suffix(2) == [3, 4])
        #expect(try log.gaps() == ["unreadable"])
        try await log.restart()
    }

    @Test func `lines of other loggers are passed over and malformed ones set aside`() async throws {
        let log = try FollowedLog()
        let long = String(repeating: "x", count: LogReaderLimits.lineByteCount + 100)
        let other = "[2026-11-22 13:24:19,000] INFO started (kafka.server.KafkaServer)\n\tat some.Java.Class\n\n"
        let malformed = "[2026-11-22 13:24:20,000] INFO Principal = nonsense (kafka.authorizer.logger)\n"
        try log.append(other + malformed)
        try log.append("[2026-11-22 13:24:20,000] INFO \(long) (kafka.authorizer.logger)\n")
        try log.append(Self.lines(0..<1))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [0])
        let entries = try await log.quarantined()
        #expect(entries.map(\.code) == ["malformedLine", "malformedLine"])
        #expect(entries.map(\.byteOffset).sorted() == [other.utf8.count, other.utf8.count + malformed.utf8.count])
        #expect(entries.allSatisfy { $0.bytes.count < 200 })
        try await log.restart()
    }

    @Test func `a quiet log that is rotated away is no gap`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<1))
        try await log.lookToTheEnd()
        try log.rename(to: "kafka-authorizer.log.1")
        let other = "[2027-01-01 00:00:00,000] INFO nothing (other)\n"
        try log.append(other)
        try await log.lookToTheEnd()
        try await log.restart()
        try log.remove("kafka-authorizer.log.1")
        try log.append(Self.lines(1..<2))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [0, 1])
        #expect(try log.gaps() == [])
        try await log.restart()
    }

    @Test func `lines that wait for the wire are not lost by a restart`() async throws {
        let log = try FollowedLog()
        log.correlator = AuthorizationCorrelator()
        try log.append(Self.lines(0..<3))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [])
        try await log.restart()
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [])
        log.advance(seconds: 3)
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [0, 1, 2])
        try await log.restart()
        log.advance(seconds: 3)
        try await log.lookToTheEnd()
        #expect(try log.numbers() == [0, 1, 2])
        try await log.restart()
    }

    @Test func `as a service it reads until it is stopped, and keeps its place`() async throws {
        let log = try FollowedLog()
        try log.append(Self.lines(0..<4))
        // Opens the store before there are two tasks.
        #expect(try log.numbers() == [])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await log.run() }
            while try log.numbers().count < 4 { await Task.yield() }
            group.cancelAll()
            try await group.waitForAll()
        }
        try await log.restart()
        try log.append(Self.lines(4..<5))
        try await log.lookToTheEnd()
        #expect(try log.numbers() == Array(0..<5))
        try await log.restart()
    }

    /// A writer that does what log4j and logrotate do, in any order, and a reader that is stopped at any time.
    @Test(arguments: 0..<40)
    func `each line is read once, whatever happens to the log`(seed: UInt64) async throws {
        var random = Generator(state: seed)
        let log = try FollowedLog()
        var next = 0
        var rotated = 0
        var unpacked: [String] = []
        var begun = ""
        var copies = false
        for _ in 0..<60 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<4:
                try log.append(begun)
                begun = ""
                let count = Int.random(in: 1...5, using: &random)
                try log.append(Self.lines(next..<next + count))
                next += count
            case 4 where begun.isEmpty:
                let line = FollowedLog.line(next)
                let cut = Int.random(in: 1..<line.count, using: &random)
                try log.append(String(line.prefix(cut)))
                begun = String(line.dropFirst(cut))
                next += 1
            case 5 where next > 0 && begun.isEmpty && !copies:
                rotated += 1
                try log.rename(to: "kafka-authorizer.log.\(rotated)")
                unpacked.append("kafka-authorizer.log.\(rotated)")
                try log.append(Self.lines(next..<next + 1))
                next += 1
            case 6 where next > 0 && begun.isEmpty:
                copies = true
                rotated += 1
                try log.copyAndCut(to: "kafka-authorizer.log.\(rotated)")
                unpacked.append("kafka-authorizer.log.\(rotated)")
                try log.append(Self.lines(next..<next + 1))
                next += 1
                copies = false
            case 7:
                if let name = unpacked.popLast() { try log.pack(name) }
            case 8:
                try await log.restart()
            default:
                try await log.look(Int.random(in: 1...4, using: &random))
            }
        }
        try log.append(begun)
        try await log.lookToTheEnd()
        #expect(try log.numbers() == Array(0..<next), "seed \(seed)")
        #expect(try log.gaps() == [], "seed \(seed)")
        try await log.restart()
    }
}

/// SplitMix64.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
