// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore
import ManifestFormat
import Synchronization

extension StoreCommand {
    struct Compact: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "compact",
            abstract: "Merge small segments into large ones, until no two neighbours fit one.",
            discussion: """
                Events keep their indices and their bytes; there are fewer files and fewer bytes. A server merges by itself when \
                there are many small ones. The directory must not be in use.
                  martlet store compact --data DIR
                """
        )

        @Flag(help: "No progress and no summary.")
        var quiet = false

        @OptionGroup var directory: StoreCommand.Directory

        func run() async throws {
            let before = try directory.readOnly().snapshot
            let log = try directory.owned("compact", instead: "It merges by itself when there are many small segments.")
            do {
                try await compact(log)
            } catch {
                await log.close()
                throw error
            }
            let after = log.store.snapshot
            await log.close()
            guard !quiet else { return }
            let texts = [before, after].map { snapshot in
                (count: Count.of(snapshot.segments.count, "segment"), bytes: ByteText.short(Self.byteCount(snapshot)))
            }
            Terminal.writeError(
                after.segments.count == before.segments.count
                    ? "nothing to merge: the log has \(texts[0].count)\n"
                    : "\(texts[0].count) of \(texts[0].bytes) became \(texts[1].count) of \(texts[1].bytes)\n"
            )
        }

        private static func byteCount(_ snapshot: StoreSnapshot) -> Int {
            snapshot.segments.reduce(0) { $0 + $1.description.byteCount }
        }

        private func compact(_ log: LocalAdministration) async throws {
            var bar = ProgressBar("compact", isShown: !quiet && Terminal.errorIsTerminal)
            defer { bar.finish() }
            let store = log.store
            let policy = try Settings.ofEnvironment().storeOptions.sealing
            let total = CompactionForecast.eventCount(of: store.snapshot, policy)
            let merged = Merged()
            try await Watched.run {
                try await store.compact { merged.add($0) }
            } tick: {
                let done = merged.eventCount
                bar.update(fraction: min(1, Double(done) / Double(max(1, total))), events: done, byteCount: nil)
            }
        }
    }
}

/// Events that were merged so far.
///
/// `Mutex`: owns the count, which the store's thread adds to.
private final class Merged: Sendable {
    private let count = Mutex(0)

    var eventCount: Int { count.withLock { $0 } }

    func add(_ eventCount: Int) { count.withLock { $0 += eventCount } }
}
