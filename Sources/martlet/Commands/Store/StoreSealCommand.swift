// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore

extension StoreCommand {
    struct Seal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "seal",
            abstract: "Seal everything that is in the journal now.",
            discussion: """
                A server seals by itself, by size and age. This is for a log that is to be copied, or that no server will have \
                for a while. The directory must not be in use.
                  martlet store seal --data DIR
                """
        )

        @Flag(help: "No progress and no summary.")
        var quiet = false

        @OptionGroup var directory: StoreCommand.Directory

        func run() async throws {
            // Before it is opened, because sealing begins as soon as it is.
            let before = try directory.readOnly().snapshot
            let log = try directory.owned("seal", instead: "It seals by itself.")
            do {
                try await seal(log, before.journalEventCount)
            } catch {
                await log.close()
                throw error
            }
            let after = log.store.snapshot
            await log.close()
            guard !quiet else { return }
            let segments = Count.of(after.segments.count, "segment")
            Terminal.writeError(
                before.journalEventCount == 0
                    ? "the journal is empty; the log has \(segments)\n"
                    : "\(Count.of(before.journalEventCount, "event")) of the journal sealed; the log has \(segments)\n"
            )
        }

        private func seal(_ log: LocalAdministration, _ total: Int) async throws {
            var bar = ProgressBar("seal", isShown: !quiet && Terminal.errorIsTerminal)
            defer { bar.finish() }
            let store = log.store
            try await Watched.run {
                try await store.sealAll()
            } tick: {
                let done = max(0, total - store.snapshot.journalEventCount)
                bar.update(fraction: Double(done) / Double(max(1, total)), events: done, byteCount: nil)
            }
        }
    }
}
