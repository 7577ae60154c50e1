// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog
import Witness

@Suite struct WitnessReplyTests {
    @Test func `what a witness writes its client reads`() throws {
        let log = try SampleLog(size: 5)
        let cosigned = try SampleWitness().start().add(try log.request(from: 0))
        let replies: [WitnessReply] = [
            cosigned, .otherSize(0), .otherSize(.max), .refused(.malformed, "a"), .refused(.notSigned, "b"),
            .refused(.unknownLog, "c"), .refused(.inconsistent, "d"), .refused(.unavailable, "e"),
        ]
        for reply in replies {
            #expect(WitnessReply(status: reply.status, contentType: reply.contentType, body: reply.body) == reply)
        }
    }

    @Test(
        arguments: [
            (409, "text/plain", "5\n"), (409, nil, "5\n"), (409, "text/x.tlog.size", "5"),
            (409, "text/x.tlog.size", "05\n"),
            (409, "text/x.tlog.size", "+5\n"), (409, "text/x.tlog.size", "5\n\n"), (409, "text/x.tlog.size", "5\r\n"),
            (409, "text/x.tlog.size", "18446744073709551616\n"), (200, "text/plain", ""), (200, "text/plain", "fine\n"),
            (200, "text/plain", "— w AAAA\n"), (500, nil, "no"), (302, nil, ""), (201, nil, ""),
        ] as [(Int, String?, String)]
    )
    func `what the protocol does not have says nothing`(status: Int, type: String?, body: String) {
        let reply = WitnessReply(status: status, contentType: type, body: Array(body.utf8))

        guard case .refused(.unknown(status), _) = reply else {
            Issue.record("\(reply)")
            return
        }
    }

    @Test func `the type of a size may have parameters and capitals`() {
        let reply = WitnessReply(status: 409, contentType: "Text/X.tlog.size; charset=utf-8", body: Array("7\n".utf8))

        #expect(reply == .otherSize(7))
    }

    @Test func `what is quoted of a witness is short and harmless`() {
        let body = Array("\u{1B}[2J\(String(repeating: "x", count: 1000))\nmore".utf8)

        guard case .refused(.malformed, let text) = WitnessReply(status: 400, contentType: nil, body: body) else {
            Issue.record("not refused")
            return
        }

        #expect(text.utf8.count == 160)
        #expect(text.hasPrefix("?[2Jx"))
    }
}
