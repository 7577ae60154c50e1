// SPDX-License-Identifier: Apache-2.0

import EvidencePack
import Testing
import TransparencyLog

@Suite struct PackManifestTests {
    private static func manifest() throws -> PackManifest {
        var manifest = try SampleLog().pack().signed().manifest
        manifest.limits = ["one \"limit\"", "another\\"]
        manifest.partialReasons = ["\u{1F}é\n"]
        manifest.ledgerReason = nil
        manifest.ledger = PackManifest.Ledger(
            from: "2026-11-23T00:00:00Z",
            to: "2026-11-23T01:00:00Z",
            state: "gap",
            complete: 1,
            gap: 2,
            unknown: .max
        )
        return manifest
    }

    @Test func `what is written is read as the same`() throws {
        for manifest in [try Self.manifest(), try SampleLog().pack([]).manifest] {
            #expect(try PackManifest(parsing: manifest.encoded()).encoded() == manifest.encoded())
        }
    }

    @Test func `every beginning is refused, and bytes behind the end`() throws {
        let bytes = try Self.manifest().encoded()

        for count in bytes.indices {
            #expect(throws: PackError.self) { try PackManifest(parsing: Array(bytes.prefix(count))) }
        }
        #expect(throws: PackError.self) { try PackManifest(parsing: bytes + [0x0A]) }
    }

    @Test func `every flipped bit gives another manifest or none, never a second text of the same`() throws {
        let manifest = try Self.manifest()
        let bytes = manifest.encoded()

        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                guard let read = try? PackManifest(parsing: changed) else { continue }
                #expect(read.encoded() == changed)
            }
        }
    }

    /// Texts that a reader of JSON would take for the same.
    @Test(arguments: [
        ("\"events\": 3", "\"events\": 03"), ("\"events\": 3", "\"events\": 3.0"), ("\"events\": 3", "\"events\":  3"),
        ("outcome", "\\u006futcome"), ("complete\": false", "complete\": true"),
        ("\"README.md\"", "\"README\\u002emd\""),
        ("\"startIndex\": 0", "\"startIndex\": 18446744073709551616"), ("auditor", "\u{7F}\\/"),
    ])
    func `another spelling is refused`(_ old: String, _ new: String) throws {
        let text = String(decoding: try Self.manifest().encoded(), as: UTF8.self)
        let changed = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false).joined(separator: new)

        #expect(changed != text)
        #expect(throws: PackError.self) { try PackManifest(parsing: Array(changed.utf8)) }
    }

    @Test func `a statement is never read as a checkpoint`() throws {
        let text = PackStatement.text(origin: "7", manifest: [])

        #expect(throws: LogError.self) { try Checkpoint(parsing: text) }
    }
}
