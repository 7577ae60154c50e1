// SPDX-License-Identifier: Apache-2.0

import AuditModel
import DurableFiles
import Ingest
import Logging
import NIOPosix
import SystemPackage

/// The files of a gateway's own: `running` while it does, and `nodes`, so that clients find nodes after a restart where they
/// were before.
struct GatewayFiles: Sendable {
    private static let interval = Duration.seconds(2)
    /// Between notes of how far everything is stored.
    private static let noteInterval = Duration.seconds(30)

    private let marker: RunMarker
    private let nodesPath: FilePath
    private let fileSystem: any FileSystem

    init(_ directory: FilePath, _ fileSystem: any FileSystem) {
        marker = RunMarker(directory, fileSystem)
        nodesPath = directory.appending("nodes")
        self.fileSystem = fileSystem
    }

    /// Begins a run; returns what the last one lost, when it did not end well.
    func begin(_ now: Timestamp, _ options: Recorder.Options) async throws -> Gap? {
        try await onThread { try marker.begin(now, submitter: options.submitter, source: options.source) }
    }

    func end(_ now: Timestamp, lost: Gap?) async throws {
        try await onThread { try marker.end(now, lost: lost) }
    }

    /// Takes back the nodes of the last run; without them, clients ask once more.
    func restore(_ nodes: NodeTable, _ logger: Logger) async {
        do {
            let text = try await onThread { () throws(FileError) -> [UInt8]? in
                guard fileSystem.exists(nodesPath) else { return nil }
                return try fileSystem.contents(of: nodesPath, maximumByteCount: GatewayLimits.nodesFileByteCount)
            }
            if let text { nodes.restore(String(decoding: text, as: UTF8.self)) }
        } catch {
            logger.warning("the nodes of the last run could not be read", metadata: ["error": "\(error)"])
        }
    }

    func save(_ nodes: NodeTable) async {
        guard let text = nodes.takeChanges() else { return }
        try? await onThread {
            try fileSystem.replaceAtomically(nodesPath, with: Array(text.utf8), mode: .ownerReadWrite)
        }
        GatewayTelemetry.nodes(nodes.nodes.count)
    }

    /// Keeps both files up to date until the task is cancelled.
    func keep(_ nodes: NodeTable, _ recorder: Recorder, _ events: SystemEventMaker) async {
        var sinceNote = Duration.zero
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.interval) } catch { return }
            await save(nodes)
            sinceNote += Self.interval
            let now = events.now()
            guard sinceNote >= Self.noteInterval, recorder.waitingByteCount == 0 else { continue }
            sinceNote = .zero
            try? await onThread { try marker.stored(until: now) }
        }
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(work)
    }
}
