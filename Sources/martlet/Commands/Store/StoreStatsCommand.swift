// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore
import FoundationEssentials

extension StoreCommand {
    struct Stats: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stats",
            abstract: "Say what a log holds, and what each column of its segments takes.",
            discussion: """
                Reads the segments' footers only. A column whose values are those of another is not stored twice, and takes 0.
                  martlet store stats --data DIR
                  martlet store stats --data DIR --output json

                Exit status 4: the footer of a segment is damaged, and its columns are left out.
                """
        )

        @Option(help: "table or json.")
        var output = OutputFormat.table

        @OptionGroup var directory: StoreCommand.Directory

        func validate() throws {
            guard output == .table || output == .json else { throw ValidationError("stats writes table or json") }
        }

        func run() async throws {
            var log = MovingLog(try directory.readOnly())
            var sizes: [SegmentSizes] = []
            var damaged: [StoreError] = []
            var segments = log.snapshot.segments[...]
            while let segment = segments.popFirst() {
                do {
                    sizes.append(try segment.sizes())
                } catch {
                    if try log.hasReplaced(segment) {
                        // Merged or deleted meanwhile: begin again with what there is now.
                        (segments, sizes, damaged) = (log.snapshot.segments[...], [], [])
                    } else {
                        damaged.append(error)
                    }
                }
            }
            var statistics = StoreStatistics(log.snapshot, sizes)
            statistics.damaged = damaged.map(\.message)
            if output == .json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                Terminal.write(Array(try encoder.encode(statistics)) + [UInt8(ascii: "\n")])
            } else {
                Terminal.write(Self.summary(statistics))
                if !statistics.columns.isEmpty { Terminal.write("\n" + Self.table(statistics).rendered()) }
            }
            for error in damaged { Terminal.complain(Terminal.harmless(error.message)) }
            if !damaged.isEmpty {
                throw CommandFailure(.incomplete, "martlet store check says what else is damaged")
            }
        }

        private static func summary(_ statistics: StoreStatistics) -> String {
            var text = ""
            func line(_ label: String, _ value: String?) {
                guard let value else { return }
                let padded = label + String(repeating: " ", count: max(1, 16 - label.count))
                text += "\(Colour.quiet.paint(padded))\(Terminal.harmless(value))\n"
            }
            func size(_ size: StoreStatistics.Size) -> String {
                let perEvent = size.bytesPerEvent.map { ", \(ByteText.fixed($0, digits: 1)) an event" } ?? ""
                return "\(ProgressBar.grouped(size.bytes)) bytes\(perEvent)"
            }
            let indices = "index \(statistics.firstIndex) to \(max(statistics.endIndex, 1) - 1)"
            line("events", ProgressBar.grouped(statistics.events) + (statistics.events > 0 ? ", \(indices)" : ""))
            line("oldest", statistics.oldest)
            line("newest", statistics.newest)
            line("first received", statistics.firstReceived)
            line("last received", statistics.lastReceived)
            line("in segments", "\(ProgressBar.grouped(statistics.sealedEvents)) in \(statistics.segments)")
            line("in the journal", ProgressBar.grouped(statistics.journalEvents))
            line("in all", size(statistics.all))
            if statistics.segments > 0 {
                let bytes = statistics.segmentFiles.bytes + statistics.index.bytes
                let factor = ByteText.fixed(Double(statistics.original.bytes) / Double(max(1, bytes)), digits: 1)
                line("  segments", size(statistics.segmentFiles))
                line("  indexes", size(statistics.index))
                line("  journal", size(statistics.journal))
                line("  as they came", "\(size(statistics.original)), \(factor) times what is stored of them")
            }
            return text
        }

        /// Characters of a bar that stands for the largest column.
        private static let barWidth = 20

        private static func table(_ statistics: StoreStatistics) -> Table {
            var table = Table([
                .init(title: "COLUMN", keepsEnd: true), .init(title: "BYTES", isNumber: true, mayBeCut: false),
                .init(title: "AN EVENT", isNumber: true, mayBeCut: false),
                .init(title: "SHARE", isNumber: true, mayBeCut: false),
                .init(title: "", mayBeCut: false),
            ])
            let largest = max(statistics.columns.first?.share ?? 0, 0.0001)
            for column in statistics.columns {
                table.add(
                    [
                        column.name, ProgressBar.grouped(column.bytes),
                        column.bytesPerEvent.map { ByteText.fixed($0, digits: 2) } ?? "",
                        "\(ByteText.fixed(column.share * 100, digits: 1)) %",
                        ByteText.bar(column.share / largest, width: barWidth),
                    ],
                    colours: [nil, nil, nil, nil, .quiet]
                )
            }
            return table
        }
    }
}
