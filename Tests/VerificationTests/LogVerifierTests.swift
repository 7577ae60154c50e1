// SPDX-License-Identifier: Apache-2.0

import TransparencyLog
import Testing

@testable import Verification

@Suite struct LogVerifierTests {
    @Test(arguments: [0, 1, 2, 22, 255, 256, 257, 511, 512, 513, 1000])
    func `a log is verified, wherever its events are`(count: Int) async throws {
        for segments in [[], [count], [count / 2], [count / 3, count / 2]] where !segments.contains(0) || count == 0 {
            let log = SampleLog(count, segments: count == 0 ? [] : segments)
            let report = try await log.verify()

            #expect(report.outcome == .verified, "\(segments): \(report.findings) \(report.gaps)")
            #expect(report.findings.isEmpty)
            #expect(report.gaps.isEmpty)
            #expect(report.eventCount == UInt64(count))
            #expect(report.byteCount == UInt64(log.events.reduce(0) { $0 + $1.body.count }))
            #expect(report.size == UInt64(count))
            #expect(try report.root == SampleLog.root(log.leafHashes(), UInt64(count)))
            #expect(report.origin == SampleLog.origin)
            #expect(report.newestReceived == log.events.last?.labels.received)
            #expect(report.keyOrigin == .given)
        }
    }
}
