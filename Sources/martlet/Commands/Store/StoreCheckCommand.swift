// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore

extension StoreCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Read everything and say what is damaged; nothing is changed.",
            discussion: """
                All bytes of all segments are compared with the checksums in the manifest, both checksums of all frames of the \
                journal with their bytes, and every event is put together again. A server may be running.
                  martlet store check --data DIR

                A damaged part is named with its file, byte and column. Put that file back from a copy; until then queries leave \
                its events out and say so.

                Exit status: 0 all is whole, 1 something is damaged, 3 the check could not run.
                """
        )

        @Flag(help: "No progress and no summary; what is damaged is still told.")
        var quiet = false

        @OptionGroup var directory: StoreCommand.Directory

        func run() async throws {
            var bar = ProgressBar("check", isShown: !quiet && Terminal.errorIsTerminal)
            var check = StoreCheck(try directory.readOnly())
            do {
                try await check.run { progress in
                    bar.update(fraction: progress.fraction, events: progress.eventCount, byteCount: progress.byteCount)
                } damaged: { finding in
                    bar.finish()
                    Terminal.write(Self.line(finding))
                }
            } catch {
                bar.finish()
                throw error
            }
            bar.finish()
            if !quiet { Terminal.writeError(Self.summary(check)) }
            guard check.findingCount == 0 else {
                throw CommandFailure(
                    .no,
                    """
                    \(Count.of(check.findingCount, "damaged place")): copy the directory away, then put the named files back \
                    from a backup
                    """
                )
            }
        }

        private static func summary(_ check: StoreCheck) -> String {
            let frames = "\(Count.of(check.frameCount, "frame")) of the journal"
            let files = "\(Count.of(check.segmentCount, "segment")), \(frames)"
            let events = "\(Count.of(check.eventCount, "event")) read, \(ByteText.short(check.byteCount))"
            return "\(files): \(events)\(check.findingCount == 0 ? ", all whole" : "")\n"
        }

        private static func line(_ finding: StoreCheck.Finding) -> String {
            var words = [Colour.bad.paint("damaged"), Terminal.harmless(finding.file)]
            if let bytes = finding.bytes {
                let (first, last) = (bytes.lowerBound, bytes.upperBound - 1)
                words.append(last > first ? "bytes \(first) to \(last)" : "byte \(first)")
            }
            if let column = finding.column { words.append("column \(Terminal.harmless(column))") }
            words.append("events \(finding.indices.lowerBound) to \(finding.indices.upperBound - 1)")
            words.append(Terminal.harmless(finding.message))
            return words.joined(separator: "  ") + "\n"
        }
    }
}
