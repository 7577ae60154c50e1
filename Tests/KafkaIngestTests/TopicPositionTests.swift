// SPDX-License-Identifier: Apache-2.0

import KafkaClient
import Testing

@testable import KafkaIngest

@Suite struct TopicPositionTests {
    @Test(arguments: ["1 0", "1 9223372036854775807", "1 17 eu-1/0a=5 us/1=18446744073709551615"])
    func `a position is what its text says`(_ text: String) throws {
        let position = try #require(TopicPosition(Array(text.utf8)))
        #expect(String(decoding: position.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: ["", "1", "1 ", "1 -1", "1 x", "2 5", "1 5 ", "1 5 a", "1 5 a=", "1 5 a=-1", "1 5 a b=1", "1  5"])
    func `what is no position is none`(_ text: String) { #expect(TopicPosition(Array(text.utf8)) == nil) }

    @Test func `the gateways heard longest ago are left out when there are too many`() throws {
        var gateways = GatewaySequences()
        for number in 0..<2_000 { gateways.set(try #require(GatewayName("gateway-\(number)/12345678")), 7) }
        let bytes = TopicPosition(offset: 5, gateways: gateways).bytes
        #expect(bytes.count <= 4096 && bytes.count > 4_000)
        let again = try #require(TopicPosition(bytes))
        #expect(again.gateways.newestFirst.first?.name.description == "gateway-1999/12345678")
        #expect(again.offset == 5)
    }

    @Test(arguments: ["", "a b", "a=b", "ä", "a\n", String(repeating: "a", count: 101)])
    func `names of gateways can't break what they are written into`(_ text: String) {
        #expect(GatewayName(text) == nil)
    }

    @Test func `the lag is what the brokers have and the log has not`() {
        var marks = StoredMarks()
        let (a, b) = (KafkaPartition("t", 0), KafkaPartition("t", 1))
        marks.begin(a, at: 10)
        marks.begin(b, at: 0)
        #expect(marks.lag([a: 10, b: 0]).records == 0)
        marks.store(b, upTo: 5, stamp: 1_000)
        let (records, since) = marks.lag([a: 13, b: 9])
        #expect(records == 7 && since == 1_000)
        #expect(marks.lag([a: 9, b: 5]).records == 0, "an end may be older than what is stored")
    }
}
