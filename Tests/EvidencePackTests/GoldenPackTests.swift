// SPDX-License-Identifier: Apache-2.0

import EvidencePack
import Foundation
import Testing
import TransparencyLog

/// Packs that earlier versions wrote are verified for ever, and what is written is what was written.
@Suite struct GoldenPackTests {
    private static func path(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/pack/v1/\(name)")
    }

    private static let updates = ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] == "1"

    @Test func `the pack of version 1 is verified, and written again it is the same`() throws {
        let log = try SampleLog(erased: [2])
        let archive = try log.pack().signed().archive
        if Self.updates {
            try Data(archive).write(to: Self.path("three.tar"))
            try Data("\(log.signer.vkey)\n".utf8).write(to: Self.path("log.vkey"))
        }

        let golden = Array(try Data(contentsOf: Self.path("three.tar")))
        let key = try String(contentsOf: Self.path("log.vkey"), encoding: .utf8).dropLast()
        let report = try PackVerifier(.keys([NoteVerifier(vkey: String(key))])).verify(PackBytes(golden))

        #expect(report.findings == [])
        #expect(report.verdict == .verified)
        #expect(report.checkedCount == 2)
        #expect(report.erasedCount == 1)
        #expect(golden == archive)
    }
}
