// SPDX-License-Identifier: Apache-2.0

import EvidencePack
import Testing
import TransparencyLog

@Suite struct LineTests {
    @Test func `a proof's line has one text`() throws {
        let log = try SampleLog(erased: [1])

        for index in 0...1 {
            let line = ProofLine(index: UInt64(index), offset: 5, byteCount: 9, opening: log.openings[index])
            let text = Array(line.encoded().dropLast())
            #expect(try ProofLine(parsing: text) == line)
            for place in text.indices {
                for bit in 0..<8 {
                    var changed = text
                    changed[place] ^= 1 << UInt8(bit)
                    guard let read = try? ProofLine(parsing: changed) else { continue }
                    #expect(read.encoded() == changed + [0x0A])
                }
                #expect(throws: PackError.self) { try ProofLine(parsing: Array(text.prefix(place))) }
            }
            #expect(throws: PackError.self) { try ProofLine(parsing: text + [0x20]) }
        }
    }

    @Test func `a line of an erased event says so`() throws {
        let log = try SampleLog(erased: [1])
        let line = ProofLine(index: 1, offset: 0, byteCount: 9, opening: log.openings[1])

        let text = String(decoding: line.encoded(), as: UTF8.self)

        #expect(line.isErased)
        #expect(text.hasPrefix(#"{"index":1,"offset":0,"length":9,"erased":true,"opening":"TUxP"#))
        let lie = Array(text.utf8.dropLast())
        #expect(throws: PackError.self) {
            let changed = String(decoding: lie, as: UTF8.self).split(separator: "true").joined(separator: "false")
            _ = try ProofLine(parsing: Array(changed.utf8))
        }
    }

    @Test func `a hash's line is of the node that is expected`() throws {
        let node = NodeCoordinate(level: 3, index: 12)
        let line = Array(NodeLine(node, .ofEmptyTree).encoded().dropLast())

        #expect(try NodeLine(parsing: line, of: node).hash == .ofEmptyTree)
        #expect(String(decoding: line, as: UTF8.self).hasPrefix("3 12 47DEQpj8"))
        for other in [NodeCoordinate(level: 3, index: 1), NodeCoordinate(level: 2, index: 12)] {
            #expect(throws: PackError.self) { try NodeLine(parsing: line, of: other) }
        }
        for count in line.indices {
            #expect(throws: PackError.self) { try NodeLine(parsing: Array(line.prefix(count)), of: node) }
        }
    }

    @Test func `a cover has the largest subtrees that fit, and every leaf once`() {
        for size in 0..<70 as Range<UInt64> {
            for first in 0...size {
                var cover = TreeCover()
                let before = cover.nodes(upTo: first)
                let behind = cover.nodes(upTo: size)
                var position: UInt64 = 0
                for node in before + behind {
                    #expect(node.firstLeaf == position)
                    position = node.lastLeaf + 1
                    if position == first { #expect(node == before.last) }
                }
                #expect(position == size)
                #expect(Set((before + behind)).count == before.count + behind.count)
            }
        }
        var whole = TreeCover()
        #expect(whole.nodes(upTo: 1 << 62) == [NodeCoordinate(level: 62, index: 0)])
        #expect(whole.nodes(upTo: 5) == [])
    }
}
