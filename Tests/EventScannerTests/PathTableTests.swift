// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner
import Testing

@Suite struct PathTableTests {
    @Test func `there are as many slots as the highest says`() {
        #expect(PathTable([]).slotCount == 0)
        #expect(PathTable([("a", 0)]).slotCount == 1)
        #expect(PathTable([("a", 7), ("b", 2)]).slotCount == 8)
    }

    @Test func `hundreds of keys under one object are told apart, whatever the seed`() {
        let names = (0..<600).map { "key\($0)" } + (0..<100).map { "a rather long key with the number \($0)" }
        let event = Array("{\(names.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ","))}".utf8)
        for seed in [0, 1, .max, 0x9E37_79B9_7F4A_7C15, 12_345] as [UInt64] {
            let paths = names.enumerated().map { (path: $1, slot: UInt16($0)) }
            var scanner = ObjectScanner(PathTable(paths, seed: seed))
            guard case .valid(_, let found) = scan(event, with: &scanner) else {
                Issue.record("rejected")
                return
            }
            #expect(found.map(\.slot) == names.indices.map(UInt16.init))
            #expect(found.map { String(decoding: event[$0.range], as: UTF8.self) } == names)
        }
    }

    @Test func `spellings share a slot and prefixes of each other do not mix`() {
        let paths: [(path: String, slot: UInt16)] = [("d.methodName", 1), ("d.method_name", 1), ("d", 2), ("d.m", 3)]
        let bytes = Array(#"{"d":{"m":0,"method_name":1,"methodName":2,"method":3}}"#.utf8)

        guard case .valid(_, let found) = scan(bytes, paths) else {
            Issue.record("rejected")
            return
        }

        #expect(found.map(\.slot) == [2, 3, 1, 1])
    }

    @Test func `without paths nothing is found and everything is checked`() {
        #expect(scan(Array(#"{"a":[{"b":1}]}"#.utf8)) == .valid(object: 0..<15, found: []))
        #expect(scan(Array(#"{"a":[{"b":1,}]}"#.utf8)).error == ScanError(.trailingComma, at: 13))
    }
}
