// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore
import DurableFiles
import ManifestFormat
import SystemPackage

extension StoreCommand {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Copy all segments as Parquet files, which any engine reads and which can be brought back.",
            discussion: """
                Checksums are compared on the way, and segments.txt beside the copies says what their bytes have to be. A file \
                that is there already is never overwritten: if it has the same bytes it counts as copied, so that a copy can be \
                brought up to date.
                  martlet store export --data DIR --parquet COPY
                  duckdb -c "SELECT method, count(*) FROM 'COPY/*.parquet' GROUP BY 1 ORDER BY 2 DESC"
                  martlet store import --data OTHER COPY

                What is still in the journal is sealed first if no server runs on the directory. Beside a server it is not \
                copied, and its number is told.

                Exit status: 0 all segments are there, 4 one is damaged or another file is in its place.
                """
        )

        @Option(
            help: ArgumentHelp("Where the copies go; made when missing.", valueName: "dir"),
            completion: .directory
        )
        var parquet: String

        @Flag(help: "No progress and no summary; what is missing is still told.")
        var quiet = false

        @OptionGroup var directory: StoreCommand.Directory

        /// What became of the segments.
        private struct Report {
            var copied = 0
            var present = 0
            var byteCount = 0
            var eventCount = 0
            var failures = 0
        }

        func run() async throws {
            // Fails in words where there is no log.
            _ = try directory.readOnly()
            let isOurs = try await sealIfOurs()
            var log = MovingLog(try directory.readOnly())
            do {
                try RealFileSystem().createDirectory(FilePath(parquet))
            } catch {
                throw CommandFailure(.couldNotRun, error.message)
            }
            var bar = ProgressBar("export", isShown: !quiet && Terminal.errorIsTerminal)
            let report: Report
            do {
                report = try copyAll(of: &log, &bar)
            } catch {
                bar.finish()
                throw error
            }
            bar.finish()
            if !quiet { Self.summarize(report, bar.elapsedSeconds) }
            let left = log.snapshot.journalEventCount
            if left > 0, !isOurs {
                Terminal.complain(
                    """
                    \(Count.of(left, "event")) still in the journal of a running server, and not in the copy; it seals them by \
                    itself, or stop it and run this again
                    """
                )
            }
            if report.failures > 0 { throw CommandFailure(.incomplete, "this is not everything") }
        }

        /// Seals the journal's events, unless somebody else has the directory.
        private func sealIfOurs() async throws -> Bool {
            let log: LocalAdministration
            do {
                log = try LocalAdministration(directory: try directory.path(), creates: false)
            } catch let error as StoreError where error.code == .locked {
                return false
            }
            do {
                try await log.store.sealAll()
            } catch {
                await log.close()
                throw error
            }
            await log.close()
            return true
        }

        private static func summarize(_ report: Report, _ seconds: Double) {
            var text = "\(Count.of(report.copied, "segment")) copied"
            if report.present > 0 { text += ", \(ProgressBar.grouped(report.present)) there already" }
            text += ": \(Count.of(report.eventCount, "event")) in \(Count.of(report.byteCount, "byte"))"
            Terminal.writeError("\(text) (\(ByteText.short(Int(Double(report.byteCount) / max(seconds, 0.001))))/s)\n")
        }

        // MARK: - Copying

        private func copyAll(of log: inout MovingLog, _ bar: inout ProgressBar) throws -> Report {
            var report = Report()
            var listing = try Self.listing(in: parquet)
            let total = log.snapshot.segments.reduce(0) { $0 + $1.description.byteCount }
            var nextIndex = log.snapshot.floorIndex
            while let segment = log.snapshot.segments.first(where: { $0.description.indices.upperBound > nextIndex }) {
                let description = segment.description
                let name = Self.name(of: segment)
                do {
                    let (isNew, checksum) = try copy(segment, to: "\(parquet)/\(name)")
                    report.copied += isNew ? 1 : 0
                    report.present += isNew ? 0 : 1
                    report.byteCount += description.byteCount
                    report.eventCount += description.eventCount
                    listing.entries[name] = .init(checksum: checksum, byteCount: description.byteCount)
                } catch let error as StoreError {
                    if try log.hasReplaced(segment) { continue }
                    bar.finish()
                    Terminal.complain(
                        """
                        events \(description.firstIndex) to \(description.indices.upperBound - 1) are not in the copy: \
                        \(Terminal.harmless(error.message))
                        """
                    )
                    report.failures += 1
                } catch let error as NotTheSame {
                    bar.finish()
                    Terminal.complain(
                        """
                        \(Terminal.harmless(error.path)) is there already and is not this segment; nothing is overwritten, \
                        choose another directory
                        """
                    )
                    report.failures += 1
                }
                nextIndex = description.indices.upperBound
                bar.update(
                    fraction: min(1, Double(report.byteCount) / Double(max(1, total))),
                    events: report.eventCount,
                    byteCount: report.byteCount
                )
            }
            if !listing.entries.isEmpty { try Self.write(listing, in: parquet) }
            return report
        }

        /// The name of a copy: the segment's own without its day, as the indices say enough.
        private static func name(of segment: SealedSegment) -> String { segment.path.lastComponent?.string ?? "" }

        /// Something else has the name that a copy would get.
        private struct NotTheSame: Error {
            let path: String
        }

        private func copy(_ segment: SealedSegment, to path: String) throws -> (isNew: Bool, checksum: UInt32) {
            guard !RealFileSystem().exists(FilePath(path)) else {
                let checksum = try segment.copy { _ in }
                guard let found = try? SegmentCopy(FilePath(path)), found.checksum == checksum,
                    found.byteCount == segment.description.byteCount
                else { throw NotTheSame(path: path) }
                return (false, checksum)
            }
            let file = try OutputFile(path)
            let checksum = try segment.copy { try file.write($0) }
            try file.finish()
            return (true, checksum)
        }

        // MARK: - Listing

        /// Enough for a hundred thousand segments.
        private static let maximumListingByteCount = 16 << 20

        static func listing(in directory: String) throws -> SegmentListing {
            let path = FilePath(directory).appending(SegmentListing.fileName)
            guard RealFileSystem().exists(path) else { return SegmentListing() }
            do {
                let bytes = try RealFileSystem().contents(of: path, maximumByteCount: maximumListingByteCount)
                return SegmentListing(String(decoding: bytes, as: UTF8.self))
            } catch {
                throw CommandFailure(.couldNotRun, error.message)
            }
        }

        private static func write(_ listing: SegmentListing, in directory: String) throws {
            do {
                try RealFileSystem().replaceAtomically(
                    FilePath(directory).appending(SegmentListing.fileName),
                    with: Array(listing.text.utf8),
                    mode: .ownerReadWrite
                )
            } catch {
                throw CommandFailure(.couldNotRun, error.message)
            }
        }
    }
}
