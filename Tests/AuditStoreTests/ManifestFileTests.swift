// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import DurableFiles
import JournalFormat
import ManifestFormat
import SystemPackage
import Testing

@testable import AuditStore

@Suite struct ManifestFileTests {
    @Test func `a manifest of another log, of a newer version, or damaged keeps the store from opening`() throws {
        let fileSystem = SimulatedFileSystem()
        let path = Samples.directory.appending("manifest")
        var core = try Samples.filled(fileSystem, commits: 0..<3)
        try core.seal()
        core.close()
        let whole = try fileSystem.contents(of: path, maximumByteCount: 1 << 20)
        let newer = Array("martlet-manifest 2\n".utf8)
        for (contents, code) in [
            (ManifestText.encode(Manifest(logID: LogID(high: 1, low: 2))), .damaged), (newer, .notADataDirectory),
            ([], .damaged),
            ([0xFF, 0], .damaged),
        ] as [([UInt8], StoreError.Code)] {
            try fileSystem.corrupt(path) { $0 = contents }
            let error = #expect(throws: StoreError.self) { try Samples.open(fileSystem) }
            #expect(error?.code == code)
            #expect(error?.path == path)
            #expect(throws: StoreError.self) { try ReadOnlyLog(directory: Samples.directory, fileSystem: fileSystem) }
        }
        try fileSystem.corrupt(path) { $0 = whole }
        #expect(try Samples.open(fileSystem).snapshot.allRecords().count == 3)
    }

    @Test func `positions outlive sealing, restarts, merging and retention`() throws {
        let fileSystem = SimulatedFileSystem()
        var options = Samples.options()
        options.sealing.boundary = 1
        var core = try Samples.open(fileSystem, options)
        func add(_ id: UInt64, _ source: String, _ position: [UInt8], submitter: String = "User:alice") throws {
            let frame = JournalFrame(stream: .audit, submitter: submitter, source: source, position: position)
            let event = SampleEvent(id)
            frame.append(event.bytes.span.bytes, time: nil, keyHash: event.keyHash(submitter: submitter))
            frame.finish()
            _ = try core.commit([frame])[0].get()
        }
        func expect(_ first: [UInt8]?, _ second: [UInt8]?, _ carol: [UInt8]?, _ when: Comment) {
            #expect(core.position(ofSource: "one", submitter: "User:alice") == first, when)
            #expect(core.position(ofSource: "two", submitter: "User:alice") == second, when)
            #expect(core.position(ofSource: "one", submitter: "User:carol") == carol, when)
            #expect(core.position(ofSource: "three", submitter: "User:alice") == nil, when)
        }
        func restart() throws {
            fileSystem.crash(keeping: .nothing)
            core = try Samples.open(fileSystem, options)
        }
        expect(nil, nil, nil, "new")
        try add(1, "one", [1])
        try add(2, "two", [2])
        try add(3, "one", [3], submitter: "User:carol")
        try add(4, "one", [])
        expect([1], [2], [3], "committed")
        try restart()
        expect([1], [2], [3], "from the journal")
        try core.seal()
        core.removeUnused()
        try restart()
        expect([1], [2], [3], "from the manifest")
        try add(5, "one", [5])
        try restart()
        expect([5], [2], [3], "from both")
        try core.seal()
        try core.merge()
        core.removeUnused()
        try restart()
        expect([5], [2], [3], "merged")
        let plan = try #require(
            RetentionPolicy(byteCount: 0).plan(core.snapshot.segments.map(\.description), boundary: 1, now: 0)
        )
        try core.drop(plan)
        core.removeUnused()
        core.close()
        try restart()
        #expect(core.snapshot.floorIndex == 5)
        expect([5], [2], [3], "deleted")
        try add(6, "two", [6])
        expect([5], [6], [3], "and on")
    }
}
