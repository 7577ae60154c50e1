// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import AuditAPI
import AuditStore
import EvidencePack
import FoundationEssentials
import Ledger
import NIOCore
import NIOPosix
import PackExport
import QueryEngine
import SystemPackage

/// A log that makes packs, wherever it is.
protocol PackAccess: Sendable {
    /// Makes a pack of what a query finds, and hands out its bytes in pieces.
    ///
    /// - Parameters:
    ///   - query: a filter and bounds of time.
    ///   - progress: is told of how many events were found, as far as that is known here, and of bytes written.
    ///   - write: takes the bytes.
    /// - Returns: the pack's manifest.
    /// - Throws: `CommandFailure`; what the log says.
    func writePack(
        _ query: EventQuery,
        progress: @escaping @Sendable (_ events: Int?, _ byteCount: Int?) -> Void,
        to write: ([UInt8]) throws -> Void
    ) async throws -> PackManifest
}

extension ConnectionOptions {
    /// The log that the options name; a directory must not have a server, because its key signs.
    func packAccess() throws -> any PackAccess {
        if let data { return LocalPacks(directory: data) }
        return RemotePacks(client: try serverClient())
    }
}

// MARK: - A server's

private struct RemotePacks: PackAccess {
    let client: ServerClient

    /// What is kept of the beginning, to read the manifest from it.
    private static let headByteCount = 2 * PackLimits.maximumSmallByteCount

    func writePack(
        _ query: EventQuery,
        progress: @escaping @Sendable (_ events: Int?, _ byteCount: Int?) -> Void,
        to write: ([UInt8]) throws -> Void
    ) async throws -> PackManifest {
        // A filter that is wrong is wrong without a server too.
        _ = try TypedQuery.filter(query, now: System.now())
        let body = PackBody(query: query.filter, from: query.from, to: query.to)
        let response = try await client.send(
            .post,
            "/v1/packs",
            headers: [("Content-Type", "application/json")],
            body: Array(try JSONEncoder().encode(body)),
            timeout: .hours(24)
        )
        var head: [UInt8] = []
        var byteCount = 0
        do {
            for try await part in response.body {
                let bytes = Array(part.readableBytesView)
                if head.count < Self.headByteCount { head += bytes }
                byteCount += bytes.count
                try write(bytes)
                progress(nil, byteCount)
            }
        } catch let failure as CommandFailure {
            // What it is written to is at fault.
            throw failure
        } catch {
            throw CommandFailure(.incomplete, "the answer broke off; the server's log says why (\(error))")
        }
        do {
            return try PackManifest(inArchive: PackBytes(head))
        } catch {
            throw CommandFailure(.couldNotRun, "\(client.url) answered something else than a pack: \(error)")
        }
    }
}

// MARK: - A directory's

private struct LocalPacks: PackAccess {
    let directory: String

    func writePack(
        _ query: EventQuery,
        progress: @escaping @Sendable (_ events: Int?, _ byteCount: Int?) -> Void,
        to write: ([UInt8]) throws -> Void
    ) async throws -> PackManifest {
        let now = System.now()
        let log = try LocalAdministration(directory: directory, creates: false)
        do {
            var request = PackRequest(
                filter: try TypedQuery.filter(query, now: now),
                query: PackManifest.Query(text: query.filter, from: query.from, to: query.to),
                principal: log.principal
            )
            request.from = try TypedQuery.time("--from", query.from, now)
            request.to = try TypedQuery.time("--to", query.to, now)
            request.progress = { _, written in progress(written, nil) }
            try await log.store.tree?.settle()
            let packs = PackAdministration(
                log.store,
                log.admission,
                Engine(catalog: try CatalogChoice.load(), pool: .singleton, threadCount: System.coreCount),
                LedgerMaker(pool: .singleton, threadCount: System.coreCount),
                log.events,
                PackOptions(temporaryDirectory: System.temporaryDirectory)
            )
            let pack = try await packs.make(request)
            var byteCount = 0
            while let piece = try pack.nextPiece() {
                try write(piece)
                byteCount += piece.count
                progress(nil, byteCount)
            }
            await log.close()
            return pack.manifest
        } catch {
            await log.close()
            throw error
        }
    }
}

extension System {
    /// `$TMPDIR`, or where files of gigabytes may lie that nobody needs after a crash.
    static var temporaryDirectory: FilePath {
        FilePath(Terminal.environment("TMPDIR") ?? "/var/tmp")
    }
}
