// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import JournalFormat
import SegmentFormat
import Synchronization
import SystemPackage
import TransparencyLog

@testable import AuditStore

/// An event with a secret, and everything that has to be gone with it.
enum Secret {
    /// None of them is part of any other event.
    static let tokens = ["qz81fj", "hunterzx9", "wvault77", "zjudgement"]

    static let event: SampleEvent = {
        var event = SampleEvent(0)
        let (id, password, name, words) = (tokens[0], tokens[1], tokens[2], tokens[3])
        event.bytes = Array(
            #"{"id":"\#(id)","source":"test","type":"t","data":{"password":"\#(password)","\#(name)":1,"text":"a \#(words) b"}}"#
                .utf8
        )
        return event
    }()

    static let tombstone = Array(
        #"{"id":"t1","source":"log","type":"dev.martlet.audit/erased","data":{"reason":"a court"}}"#.utf8
    )

    /// Which of the tokens stand in some bytes, as they are or in a Zstandard frame.
    static func found(in bytes: [UInt8]) -> [String] {
        var texts = [Data(bytes)]
        let data = texts[0]
        var next = data.startIndex
        let magic = Data([0x28, 0xB5, 0x2F, 0xFD])
        while let place = data.range(of: magic, in: next..<data.endIndex) {
            next = place.upperBound
            if let text = decompressed(Array(data[place.lowerBound...])) { texts.append(Data(text)) }
        }
        return tokens.filter { token in texts.contains { $0.range(of: Data(token.utf8)) != nil } }
    }

    /// The contents of the frame that some bytes begin with.
    ///
    /// Pages have one frame each, with its content size; where it ends only the directory of the file says.
    private static func decompressed(_ bytes: [UInt8]) -> [UInt8]? {
        let decompressor = ZstdDecompressor()
        guard let (size, end) = ZstdFrame.sizes(bytes) else { return nil }
        let frame = Array(bytes[..<end])
        return try? decompressor.decompress(frame.span.bytes, byteCount: size)
    }
}

/// How long a Zstandard frame is (RFC 8878 §3.1.1).
private enum ZstdFrame {
    /// - Returns: bytes of its contents, and of the frame; nil when it does not say.
    static func sizes(_ bytes: [UInt8]) -> (content: Int, frame: Int)? {
        guard bytes.count > 5 else { return nil }
        let descriptor = bytes[4]
        let isSingle = descriptor & 0x20 != 0
        var offset = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][Int(descriptor & 3)]
        let sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
        guard sizeBytes > 0, offset + sizeBytes <= bytes.count else { return nil }
        var size = 0
        for place in 0..<sizeBytes { size |= Int(bytes[offset + place]) << (8 * place) }
        if sizeBytes == 2 { size += 256 }
        offset += sizeBytes
        while offset + 3 <= bytes.count {
            let header = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2]) << 16
            let isRunLength = (header >> 1) & 3 == 1
            offset += 3 + (isRunLength ? 1 : header >> 3)
            if header & 1 == 1 {
                offset += descriptor & 4 != 0 ? 4 : 0
                return offset <= bytes.count ? (size, offset) : nil
            }
        }
        return nil
    }
}

extension FileSystem {
    /// All files below a directory.
    func files(below directory: FilePath) -> [FilePath] {
        guard let names = try? names(in: directory) else { return [] }
        return names.flatMap { name in
            let path = directory.appending(name)
            return (try? contents(of: path, maximumByteCount: 1 << 30)) != nil ? [path] : files(below: path)
        }
    }

    /// Where tokens of the secret are.
    func findings(below directory: FilePath) -> [String] {
        files(below: directory).flatMap { path in
            Secret.found(in: (try? contents(of: path, maximumByteCount: 1 << 30)) ?? []).map { "\(path): \($0)" }
        }
    }
}

/// A log of twelve events, of which number 5 is the secret, in a tree.
struct ErasureLog: Sendable {
    static let index: UInt64 = 5
    let fileSystem: SimulatedFileSystem
    let options: StoreOptions

    init(_ fileSystem: SimulatedFileSystem = SimulatedFileSystem()) {
        self.fileSystem = fileSystem
        var options = Samples.options()
        options.sealing.boundary = 4
        options.sealing.eventCount = 8
        let words = TestWords()
        options.random = { words.next() }
        var tree = TreeOptions()
        tree.origin = "log.example/erasure"
        // Nothing is signed between the steps of a test.
        tree.checkpointInterval = 3_600_000_000_000
        options.tree = tree
        self.options = options
    }

    func open() throws(StoreError) -> LogStore {
        try LogStore(directory: Samples.directory, fileSystem: fileSystem, options: options)
    }

    static func events() -> [SampleEvent] {
        (0..<12 as Range<UInt64>).map { $0 == index ? Secret.event : SampleEvent($0) }
    }

    /// A batch of one submitter, with keys as a server makes them.
    static func frame(_ events: [SampleEvent], seed: UInt64) -> JournalFrame {
        let frame = JournalFrame(
            stream: .audit,
            submitter: "User:alice",
            source: "test",
            position: [1, 2],
            capacity: 64
        )
        for event in events {
            let hash = event.keyHash(submitter: "User:alice", seed: seed)
            frame.append(event.bytes.span.bytes, time: nil, keyHash: hash)
        }
        frame.finish()
        return frame
    }

    /// Puts the events in, as two frames, and has them signed.
    func fill(_ store: LogStore) async throws {
        let events = Self.events()
        for part in [events[..<7], events[7...]] {
            _ = try await store.append(Self.frame(Array(part), seed: store.keySeed))
        }
        try await store.tree?.settle()
    }

    /// The hashes of all leaves, as receipts give them.
    func leaves(_ store: LogStore) async throws -> [LogHash] {
        try await store.tree?.settle()
        guard let reader = store.tree?.reader else { return [] }
        return try (0..<reader.view.size).map { index in
            guard let opening = try reader.opening(of: index, withSalts: false) else { return .ofEmptyTree }
            return opening.leaf.hash
        }
    }
}

/// Random words that never repeat.
final class TestWords: Sendable {
    private let generator = Mutex(SeededGenerator(seed: 0xE4A5E))

    func next() -> UInt64 { generator.withLock { $0.next() } }
}
