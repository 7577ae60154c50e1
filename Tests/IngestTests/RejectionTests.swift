// SPDX-License-Identifier: Apache-2.0

import EventScanner
import Testing

@testable import Ingest

@Suite struct RejectionTests {
    private static let reasons: [Rejection.Reason] =
        ScanError.Code.allCases.map(Rejection.Reason.scan) + [
            .missingAttribute("id"), .invalidAttribute("id"), .betweenEvents("the array is not closed"),
            .batchTooLarge("too many events"), .noEvents,
        ]

    @Test func `codes are different words`() {
        let codes = Self.reasons.map { Rejection($0, byteOffset: 0).code }

        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { code in code.allSatisfy { $0.isASCII && $0.isLetter || $0 == "8" } })
    }

    @Test func `messages are sentences without a stop, in one line`() {
        for reason in Self.reasons {
            let message = Rejection(reason, byteOffset: 0).message
            #expect(!message.isEmpty && !message.hasSuffix(".") && !message.contains("\n"))
        }
    }

    @Test func `what a server said is passed on`() {
        let rejection = Rejection(.told(code: "duplicateKey", detail: "a key occurs twice"), byteOffset: 7, line: 3)

        #expect(rejection.code == "duplicateKey")
        #expect(rejection.message == "a key occurs twice")
    }
}
