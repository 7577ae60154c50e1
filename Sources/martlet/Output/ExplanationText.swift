// SPDX-License-Identifier: Apache-2.0

import AuditAPI

/// What a query did, in words.
enum ExplanationText {
    static func lines(_ explanation: Explanation) -> String {
        var lines = [
            "looked into \(part(explanation.segmentsRead, of: explanation.segments, "segment")) and \(part(explanation.framesRead, of: explanation.frames, "frame")) of the journal, in \(duration(explanation.milliseconds))"
        ]
        var leftOut: [String] = []
        if explanation.segmentsOutsideBounds > 0 {
            leftOut.append("\(Count.of(explanation.segmentsOutsideBounds, "segment")) by times and streams")
        }
        if explanation.segmentsWithoutValue > 0 {
            leftOut.append("\(Count.of(explanation.segmentsWithoutValue, "segment")) by index and values")
        }
        if !leftOut.isEmpty { lines.append("left out \(leftOut.joined(separator: ", "))") }
        guard explanation.segments > 0 else { return lines[0] + "\n" }
        lines.append(
            "examined \(Count.of(explanation.rowsExamined, "row")) in columns, put \(Count.of(explanation.eventsRebuilt, "event")) together"
        )
        lines.append(
            "read \(Count.of(explanation.columnsLoaded, "column")), \(ByteText.short(explanation.bytesRead)) of the \(ByteText.short(explanation.bytesStored)) in segments"
        )
        return lines.map { $0 + "\n" }.joined()
    }

    private static func part(_ some: Int, of all: Int, _ thing: String) -> String {
        all == 0 ? "no \(thing)" : "\(ProgressBar.grouped(some)) of \(Count.of(all, thing))"
    }

    private static func duration(_ milliseconds: Double) -> String {
        milliseconds < 1000
            ? "\(ByteText.fixed(milliseconds, digits: 1)) ms" : "\(ByteText.fixed(milliseconds / 1000, digits: 2)) s"
    }
}
