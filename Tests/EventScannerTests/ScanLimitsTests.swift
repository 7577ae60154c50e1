// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner
import Testing

@Suite struct ScanLimitsTests {
    @Test func `64 levels are accepted and 65 are too deep, by the bracket that is one too many`() {
        for (open, close) in [("{\"a\":", "}"), ("[", "]")] {
            func nested(_ depth: Int) -> [UInt8] {
                let inner = String(repeating: open, count: depth - 1) + "1" + String(repeating: close, count: depth - 1)
                return Array("{\"x\":\(inner)}".utf8)
            }
            #expect(scan(nested(64)).isValid)
            #expect(scan(nested(65)).error == ScanError(.tooDeep, at: 5 + 63 * open.utf8.count + 0))
            #expect(scan(nested(5000)).error?.code == .tooDeep)
        }
    }

    @Test func `depth is counted anew for every value`() {
        let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        #expect(scan(Array("{\"a\":\(deep),\"b\":\(deep)}".utf8)).isValid)
    }

    @Test func `an unclosed tower of brackets is too deep, not a full stack`() {
        let tower = Array("{\"a\":".utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(scan(tower).error == ScanError(.tooDeep, at: 5 + 63))
    }

    @Test func `4,096 keys are accepted and one more is not`() {
        func object(_ keyCount: Int) -> String {
            "{" + (0..<keyCount).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
        }
        #expect(scan(Array(object(4096).utf8)).isValid)
        #expect(scan(Array("{\"a\":\(object(4096)),\"b\":\(object(4096))}".utf8)).isValid)
        let tooMany = object(4097)
        let last = tooMany.utf8.count - "k4096\":0}".utf8.count
        #expect(scan(Array(tooMany.utf8)).error == ScanError(.tooManyKeys, at: last))
    }

    @Test func `a duplicate is found among 4,096 keys, wherever it is`() {
        for original in [0, 1, 63, 64, 2048, 4094] {
            let keys = (0..<4095).map { "\"k\($0)\":0" } + ["\"k\(original)\":1"]
            #expect(scan(Array("{\(keys.joined(separator: ","))}".utf8)).error?.code == .duplicateKey)
        }
    }

    @Test func `65,536 values are accepted and one more is not`() {
        func list(_ count: Int) -> [UInt8] {
            // The list itself is a value, too.
            Array("{\"a\":[\(Array(repeating: "0", count: count - 1).joined(separator: ","))]}".utf8)
        }
        #expect(scan(list(65_536), wantsEveryScalar: true).isValid)
        #expect(scan(list(65_537)).error == ScanError(.tooManyValues, at: 6 + 2 * 65_535))
    }

    @Test func `a key of 4,096 bytes is accepted and a longer one is not`() {
        func event(_ byteCount: Int) -> [UInt8] {
            Array("{\"\(String(repeating: "k", count: byteCount))\":0}".utf8)
        }
        #expect(scan(event(4096)).isValid)
        #expect(scan(event(4097)).error == ScanError(.keyTooLong, at: 2))
    }

    @Test func `an event of 1 MiB is accepted and a longer one is not, white space around it aside`() {
        func event(_ byteCount: Int) -> [UInt8] {
            Array("  {\"a\":\"\(String(repeating: "x", count: byteCount - 8))\"}  ".utf8)
        }
        #expect(scan(event(1 << 20)).isValid)
        #expect(scan(event(1 << 20 + 1)).error == ScanError(.tooLong, at: 2 + 1 << 20))
        #expect(scan(event(3 << 20)).error == ScanError(.tooLong, at: 2 + 1 << 20))
    }

    @Test func `a cut is too long wherever it falls, unless an error came before it`() {
        for event in WholeEvent.all {
            for byteCount in 1..<event.count {
                var limits = ScanLimits()
                limits.maximumByteCount = byteCount
                #expect(scan(event, limits: limits).error == ScanError(.tooLong, at: byteCount))
            }
        }
        var limits = ScanLimits()
        limits.maximumByteCount = 8
        #expect(scan(Array(#"{"a":01,"b":2}"#.utf8), limits: limits).error == ScanError(.invalidNumber, at: 5))
    }

    @Test func `limits of nothing and without end do not trap`() {
        var none = ScanLimits()
        none.maximumByteCount = 0
        none.maximumDepth = 0
        none.maximumKeyCount = 0
        none.maximumValueCount = 0
        none.maximumKeyByteCount = 0
        #expect(scan(Array("{}".utf8), limits: none).error == ScanError(.tooLong, at: 0))
        none.maximumByteCount = 100
        #expect(scan(Array("{}".utf8), limits: none).error == ScanError(.tooDeep, at: 0))
        none.maximumDepth = 1
        #expect(scan(Array("{}".utf8), limits: none).isValid)
        #expect(scan(Array(#"{"a":1}"#.utf8), limits: none).error == ScanError(.keyTooLong, at: 2))
        none.maximumKeyByteCount = 1
        #expect(scan(Array(#"{"a":1}"#.utf8), limits: none).error == ScanError(.tooManyKeys, at: 2))
        none.maximumKeyCount = 1
        #expect(scan(Array(#"{"a":1}"#.utf8), limits: none).error == ScanError(.tooManyValues, at: 5))

        var endless = ScanLimits()
        endless.maximumByteCount = .max
        endless.maximumKeyCount = .max
        endless.maximumValueCount = .max
        endless.maximumKeyByteCount = .max
        for event in WholeEvent.all { #expect(scan(event, limits: endless, wantsEveryScalar: true).isValid) }
    }
}
