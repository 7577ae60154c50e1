// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import DurableFiles
import EvidencePack
import Foundation
import Ingest
import Ledger
import NIOPosix
import PackExport
import QueryEngine
import QueryLanguage
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

@Suite struct PackMakerTests {
    /// A log with events in segments and in the journal, and what makes packs of it.
    private final class Log: Sendable {
        static let now = Timestamp("2026-11-22T10:00:00Z") ?? .epoch

        let directory: URL
        let store: LogStore
        private let clock: Clock
        private let admission: Admission
        private let quarantine: Quarantine
        private let recorded = Mutex<[PackMaker.Record]>([])

        init() throws {
            directory = FileManager.default.temporaryDirectory.appending(path: "packs-\(UUID().uuidString)")
            // A log whose clock stands still signs once.
            let clock = Clock()
            self.clock = clock
            var options = StoreOptions(now: { clock.next }, random: { UInt64.random(in: .min ... .max) })
            options.journalFileByteCount = 1 << 20
            options.sealing.eventCount = 512
            var tree = TreeOptions()
            tree.checkpointInterval = 1_000_000
            options.tree = tree
            store = try LogStore(directory: FilePath(directory.path), options: options)
            quarantine = try Quarantine(
                directory: FilePath(directory.path),
                fileSystem: RealFileSystem(),
                now: { clock.next }
            )
            let events = SystemEventMaker(now: { Self.now })
            admission = Admission(store: store, quarantine: quarantine, events: events)
        }

        deinit { try? FileManager.default.removeItem(at: directory) }

        var records: [PackMaker.Record] { recorded.withLock { $0 } }

        /// The bytes of an event: every fifth has newlines inside, every tenth is named `wanted`.
        static func event(_ number: Int) -> String {
            let space = number.isMultiple(of: 5) ? "\n " : ""
            let type = number.isMultiple(of: 10) ? "wanted" : "other"
            return
                "{\(space)\"specversion\":\"1.0\",\"id\":\"\(number)\",\"source\":\"s\",\"type\":\"\(type)\"\(space)}"
        }

        /// Appends events, as several batches of several submitters.
        func append(_ numbers: Range<Int>) async throws {
            for first in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 100) {
                let batch = (first..<min(numbers.upperBound, first + 100)).map(Self.event)
                _ = try await admission.accept(
                    Array("[\(batch.joined(separator: ","))]".utf8),
                    .array,
                    from: "User:\(first / 100 % 3)",
                    source: "origin"
                )
            }
        }

        func make(
            _ filter: String,
            options: PackOptions = PackOptions(temporaryDirectory: "/tmp"),
            limit: Int? = nil
        ) async throws -> (pack: MadePack, archive: [UInt8]) {
            let engine = Engine(catalog: try Catalog.embedded(), pool: .singleton, threadCount: 2)
            let maker = PackMaker(
                store: store,
                engine: engine,
                ledger: LedgerMaker(pool: .singleton, threadCount: 2),
                now: { [clock] in Timestamp(nanosecondsSinceEpoch: clock.next) },
                options: options
            ) { [self] record in recorded.withLock { $0.append(record) } }
            var request = PackRequest(
                filter: try Query.parseFilter(filter, now: Self.now),
                query: PackManifest.Query(text: filter, from: nil, to: nil),
                principal: "User:auditor"
            )
            request.limit = limit
            let pack = try await maker.make(request)
            var archive: [UInt8] = []
            while let piece = try pack.nextPiece() { archive += piece }
            return (pack, archive)
        }

        func keys() throws -> PackTrust {
            .keys(try #require(store.tree?.view).verifierKeys.map { try NoteVerifier(vkey: $0) })
        }

        func close() async {
            await store.close()
            await quarantine.close()
        }
    }

    /// Goes on by ten milliseconds each time that it is looked at.
    private final class Clock: Sendable {
        private let time = Mutex(Log.now.nanosecondsSinceEpoch)

        var next: Int64 {
            time.withLock { time in
                time += 10_000_000
                return time
            }
        }
    }

    /// Runs a test with a log of 1,300 events, of which 1,024 are in segments if so wished.
    private static func withLog(isSealed: Bool = true, _ body: (Log) async throws -> Void) async throws {
        let log = try Log()
        do {
            try await log.append(0..<1100)
            if isSealed { try await log.store.sealAll() }
            try await log.append(1100..<1300)
            try await body(log)
        } catch {
            await log.close()
            throw error
        }
        await log.close()
    }

    private static func verify(_ archive: [UInt8], _ log: Log) throws -> PackReport {
        try PackVerifier(try log.keys()).verify(PackBytes(archive))
    }

    // MARK: -

    @Test(arguments: [false, true])
    func `what was asked for is in the pack, byte for byte, and verified`(_ isSealed: Bool) async throws {
        try await Self.withLog(isSealed: isSealed) { log in
            let (pack, archive) = try await log.make("type:wanted")

            let report = try Self.verify(archive, log)
            let expected = stride(from: 0, to: 1300, by: 10).map { Log.event($0) + "\n" }.joined()
            #expect(report.findings == [])
            #expect(report.verdict == .verified)
            #expect(report.checkedCount == 130)
            #expect(archive.count == pack.byteCount)
            #expect(try #require(String(bytes: archive, encoding: .utf8)).contains(expected))
            #expect(pack.manifest.principal == "User:auditor")
            #expect(pack.manifest.query.text == "type:wanted")
            #expect(pack.manifest.firstIndex == 0)
            #expect(pack.manifest.lastIndex == 1290)
            #expect(pack.manifest.endIndex == 1300)
            #expect(pack.manifest.ledger != nil)
            #expect(log.records.map(\.manifest) == [pack.manifest])
            #expect(log.records.first?.sha256 == PackDigest.of(pack.manifest.encoded()).description)
            #expect(try PackManifest(inArchive: PackBytes(archive)) == pack.manifest)
        }
    }

    @Test(arguments: ["index:1299", "index:0", "", "type:nothing", "index:255 OR index:256 OR index:511 OR index:1023"])
    func `few events, all, and none are proven`(_ filter: String) async throws {
        try await Self.withLog { log in
            let (pack, archive) = try await log.make(filter)

            let report = try Self.verify(archive, log)
            #expect(report.findings == [])
            #expect(report.verdict == .verified)
            #expect(report.checkedCount == pack.manifest.eventCount)
        }
    }

    @Test func `one more event than a limit makes the pack incomplete, and it says so`() async throws {
        try await Self.withLog { log in
            var options = PackOptions(temporaryDirectory: "/tmp")
            options.maximumEventCount = 130
            let (whole, _) = try await log.make("type:wanted", options: options)
            options.maximumEventCount = 129
            let (cut, archive) = try await log.make("type:wanted", options: options)
            let (asked, _) = try await log.make("type:wanted", limit: 3)

            #expect(whole.manifest.isComplete)
            #expect(cut.manifest.eventCount == 129)
            #expect(cut.manifest.limits.count == 1)
            #expect(asked.manifest.eventCount == 3)
            #expect(!asked.manifest.isComplete)
            let report = try Self.verify(archive, log)
            #expect(report.findings == [])
            #expect(report.verdict == .incomplete)
        }
    }

    @Test func `more bytes than the limit make the pack incomplete`() async throws {
        try await Self.withLog { log in
            var options = PackOptions(temporaryDirectory: "/tmp")
            options.maximumEventByteCount = 1000
            let (pack, archive) = try await log.make("", options: options)

            #expect(pack.manifest.eventCount > 5)
            #expect(pack.manifest.eventByteCount + pack.manifest.eventCount <= 1000)
            #expect(pack.manifest.limits.count == 1)
            #expect(try Self.verify(archive, log).verdict == .incomplete)
        }
    }

    @Test func `time that is over makes the pack incomplete`() async throws {
        try await Self.withLog { log in
            var options = PackOptions(temporaryDirectory: "/tmp")
            options.deadline = .zero
            let (pack, archive) = try await log.make("", options: options)

            #expect(pack.manifest.eventCount == 0)
            #expect(!pack.manifest.limits.isEmpty)
            #expect(try Self.verify(archive, log).verdict == .incomplete)
        }
    }

    @Test func `a place without room, or none, is an error and no pack`() async throws {
        try await Self.withLog { log in
            await #expect {
                _ = try await log.make("", options: PackOptions(temporaryDirectory: "/nowhere"))
            } throws: {
                ($0 as? PackExportError)?.code == .inputOutput
            }
            #expect(log.records.isEmpty)
        }
    }

    @Test func `tar and Python unpack it as it is`() async throws {
        try await Self.withLog { log in
            let (_, archive) = try await log.make("type:wanted")
            let file = log.directory.appending(path: "case.tar")
            try Data(archive).write(to: file)

            let listed = try Self.run("tar", ["tf", file.path])
            let events = try Self.run("tar", ["xOf", file.path, "events.ndjson"])
            let python = try Self.run(
                "python3",
                ["-c", "import sys,tarfile; print([m.name for m in tarfile.open(sys.argv[1], 'r:')])", file.path]
            )

            #expect(listed.output == PackFile.allCases.map { $0.name + "\n" }.joined())
            #expect(listed.errors == "")
            #expect(events.output == stride(from: 0, to: 1300, by: 10).map { Log.event($0) + "\n" }.joined())
            #expect(python.output == "[" + PackFile.allCases.map { "'\($0.name)'" }.joined(separator: ", ") + "]\n")
        }
    }

    @Test func `the README's commands and the verifier in Python say the same`() async throws {
        try await Self.withLog { log in
            let (_, archive) = try await log.make("type:wanted")
            let directory = log.directory.appending(path: "case")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            let file = directory.appending(path: "case.tar")
            try Data(archive).write(to: file)
            let key = try #require(log.store.tree?.view?.verifierKeys.first)
            let commands = PackDocuments.readme.split(separator: "\n").filter { $0.hasPrefix("    ") }
                .map { $0.dropFirst(4) }
                .filter { !$0.hasPrefix("martlet ") && !$0.hasPrefix("python3 ") }
            #expect(commands.count > 6)
            let script =
                "set -e; cd '\(directory.path)'; tar xf case.tar; KEY='\(key)'\n" + commands.joined(separator: "\n")

            let byHand = try Self.run("bash", ["-c", script])
            let tools = URL(filePath: #filePath).appending(path: "../../../Tools/verify_pack.py").standardizedFileURL
                .path
            let python = try Self.run("python3", ["-B", tools, file.path, "--vkey", key])

            #expect(byHand.status == 0, "\(byHand.errors)")
            #expect(byHand.output.hasSuffix("Signature Verified Successfully\n"))
            #expect(byHand.output.components(separatedBy: ": OK\n").count == PackFile.listed.count + 1)
            #expect(python.status == 0, "\(python.output)\(python.errors)")
            #expect(python.output.hasSuffix("verified\n"))
            var changed = archive
            changed[archive.count / 2] ^= 1
            try Data(changed).write(to: file)
            #expect(try Self.run("python3", ["-B", tools, file.path, "--vkey", key]).status == 1)
        }
    }

    private static func run(
        _ program: String,
        _ arguments: [String]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: bytes, as: UTF8.self),
            String(decoding: complaints, as: UTF8.self)
        )
    }
}
