// SPDX-License-Identifier: Apache-2.0

import KafkaCapture
import KafkaProtocol
import Testing

/// Frames written by hand after the protocol's description.
@Suite struct ConversationTests {
    private static func head(_ api: Int16, _ version: Int16, _ correlation: Int32, flexible: Bool = false) -> [UInt8] {
        big(api) + big(version) + big(correlation) + big(Int16(1)) + [0x63] + (flexible ? [0] : [])
    }

    /// Version 9: transactionalId null, one topic `orders` with one partition of three bytes.
    private static func produce(_ correlation: Int32, acks: Int16, topic: String = "orders") -> [UInt8] {
        head(0, 9, correlation, flexible: true) + [0] + big(acks) + big(Int32(1000)) + [2]
            + [UInt8(topic.utf8.count + 1)] + Array(topic.utf8) + [2] + big(Int32(4)) + [4, 1, 2, 3] + [0, 0, 0]
    }

    /// Heartbeat's answer in version 0.
    private static func heartbeat(_ correlation: Int32) -> (request: [UInt8], answer: [UInt8]) {
        let group = big(Int16(1)) + [0x67]
        return (head(12, 0, correlation) + group + big(Int32(1)) + group, big(correlation) + big(Int16(0)))
    }

    @Test func `a Produce without answer, pipelined, takes no place in the queue`() {
        var driver = Driver()
        let beat = Self.heartbeat(2)

        driver.client(framed(Self.produce(1, acks: 0)) + framed(beat.request) + framed(Self.produce(3, acks: 0)))
        driver.broker(framed(beat.answer))

        #expect(driver.close == nil)
        #expect(driver.toClient == framed(beat.answer))
        #expect(!driver.conversation.awaitsAnswers)
        #expect(driver.exchanges.map(\.header.correlationID) == [1, 2])
        guard case .notWanted = driver.exchanges.first?.answer else {
            Issue.record("an answer to acks=0")
            return
        }
        guard case .fields(let fields) = driver.exchanges[0].request else {
            Issue.record("not decoded")
            return
        }
        #expect(fields["acks"]?.integer == 0)
        #expect(fields["topicData"]?.elements.first?.fields?["name"]?.string == "orders")
    }

    @Test func `only a topic's first Produce is seen, unless there is an error`() {
        var driver = Driver()
        func answer(_ correlation: Int32, _ code: Int16) -> [UInt8] {
            big(correlation) + [0, 2, 7] + Array("orders".utf8) + [2] + big(Int32(4)) + big(code) + big(Int64(0))
                + big(Int64(0)) + big(Int64(0)) + [1, 0, 0, 0] + big(Int32(0)) + [0]
        }

        for (correlation, code) in [(Int32(1), Int16(0)), (2, 0), (3, 29), (4, 0)] {
            driver.client(framed(Self.produce(correlation, acks: -1)))
            driver.broker(framed(answer(correlation, code)))
        }

        #expect(driver.close == nil)
        #expect(driver.exchanges.map(\.header.correlationID) == [1, 3])
    }

    @Test func `refusals wait for the answers before them`() {
        var options = Fixture.options
        options.admits = { $0.correlationID == 2 ? 44 : nil }
        var driver = Driver(options: options)
        let (first, second, third) = (Self.heartbeat(1), Self.heartbeat(2), Self.heartbeat(3))

        driver.client(framed(first.request) + framed(second.request) + framed(third.request))
        #expect(driver.toClient.isEmpty)
        driver.broker(framed(first.answer) + framed(third.answer))

        #expect(driver.toBroker == framed(first.request) + framed(third.request))
        let refusal = framed(big(Int32(2)) + big(Int16(44)))
        #expect(driver.toClient == framed(first.answer) + refusal + framed(third.answer))
        #expect(driver.exchanges.map(\.header.correlationID) == [1, 2, 3])
    }

    @Test func `answers that come after the client left are seen; those that never come are missing`() {
        var driver = Driver()
        let (first, second) = (Self.heartbeat(1), Self.heartbeat(2))
        driver.client(framed(first.request) + framed(second.request))

        driver.conversation.clientEnded(time: 2, into: &driver.output)
        #expect(driver.conversation.awaitsAnswers)
        driver.broker(framed(first.answer))
        driver.end()

        #expect(driver.exchanges.count == 2)
        guard case .fields = driver.exchanges[0].answer, case .missing = driver.exchanges[1].answer else {
            Issue.record("\(driver.exchanges)")
            return
        }
        guard case .ended? = driver.observations.last else {
            Issue.record("no end")
            return
        }
    }

    @Test func `an API that nobody knows passes, and its answer is found by order`() {
        var driver = Driver()
        let request = framed(big(Int16(10_001)) + big(Int16(3)) + big(Int32(9)) + [0xff, 0xff, 1, 2, 3])
        let answer = framed(big(Int32(9)) + [7, 7])

        driver.client(request)
        driver.broker(answer)

        #expect(driver.toBroker == request && driver.toClient == answer)
        #expect(driver.exchanges.count == 1)
    }

    @Test(arguments: [
        ([0x16, 3, 1, 0, 5, 1], CloseReason.tls(.client)),
        ([0xff, 0xff, 0xff, 0xff], .invalidLength(.client, -1)),
        ([0, 0, 0, 0], .invalidLength(.client, 0)),
        ([0, 0, 0, 7, 0, 3, 0, 0], .invalidLength(.client, 7)),
        ([0x47, 0x45, 0x54, 0x20], .oversizedFrame(.client, 0x4745_5420)),
        ([0, 0, 0, 10, 0, 3, 0, 1, 0, 0, 0, 1, 0x7f, 0xff], .malformedRequest(.metadata, version: 1)),
        ([0, 0, 0, 10, 0, 3, 0, 99, 0, 0, 0, 1, 0xff, 0xff, 0], .malformedRequest(.metadata, version: 99)),
    ])
    func `hostile beginnings close the connection`(_ bytes: [UInt8], _ reason: CloseReason) {
        var whole = Driver()
        whole.client(bytes)
        var cut = Driver()
        for byte in bytes { cut.client([byte]) }

        #expect(whole.close == reason)
        #expect(cut.close == reason)
        #expect(whole.toBroker.isEmpty)
    }

    @Test func `an answer with another correlation id is a protocol error`() {
        var driver = Driver()
        driver.client(framed(Self.heartbeat(1).request))
        driver.broker(framed(Self.heartbeat(2).answer))
        #expect(driver.close == .unexpectedCorrelationID(expected: 1, found: 2))
        #expect(driver.toClient.isEmpty)

        var unasked = Driver()
        unasked.broker(framed(Self.heartbeat(1).answer))
        #expect(unasked.close == .unexpectedAnswer)
    }

    @Test func `raw tokens have no header, and may be empty`() {
        var driver = Driver()
        let handshake = framed(Self.head(17, 0, 1) + big(Int16(5)) + Array("PLAIN".utf8))
        let accepted = framed(big(Int32(1)) + big(Int16(0)) + big(Int32(0)))
        let token = framed([0] + Array("alice".utf8) + [0] + Array("hush-hush".utf8))
        let beat = Self.heartbeat(2)

        driver.client(handshake)
        driver.broker(accepted)
        driver.client(token)
        driver.broker(framed([]))
        driver.client(framed(beat.request))
        driver.broker(framed(beat.answer))

        #expect(driver.close == nil)
        #expect(driver.toBroker == handshake + token + framed(beat.request))
        #expect(driver.toClient == accepted + framed([]) + framed(beat.answer))
        #expect(driver.logins.map(\.claimedName) == ["alice"])
        #expect(driver.logins.map(\.verdict) == [.success])
        #expect(!"\(driver.observations)".contains("hush"))
    }

    @Test func `an unsupported mechanism and a login left in the middle are failures`() {
        var refused = Driver()
        refused.client(framed(Self.head(17, 1, 1) + big(Int16(6)) + Array("GSSAPI".utf8)))
        refused.broker(framed(big(Int32(1)) + big(Int16(33)) + big(Int32(0))))
        #expect(refused.logins.map(\.verdict) == [.failure(errorCode: 33, message: nil)])

        var left = Driver()
        left.client(framed(Self.head(17, 1, 1) + big(Int16(5)) + Array("PLAIN".utf8)))
        left.broker(framed(big(Int32(1)) + big(Int16(0)) + big(Int32(0))))
        let token: [UInt8] = [0, 0x62, 0, 0x70]
        left.client(framed(Self.head(36, 1, 2) + big(Int32(4)) + token))
        left.end()
        #expect(left.logins.map(\.verdict) == [.failure(errorCode: nil, message: nil)])
        #expect(left.logins.map(\.claimedName) == ["b"])
    }

    @Test func `of a large Fetch answer the addresses are hidden and reported`() throws {
        let request = framed(
            Self.head(1, 16, 5, flexible: true) + big(Int32(500)) + big(Int32(1)) + big(Int32(1)) + [0]
                + big(Int32(0)) + big(Int32(0)) + [1, 1, 1, 0]
        )
        let count = 100_000
        let varint: [UInt8] = [0xa1, 0x8d, 0x06]  // 100,001
        let partition =
            big(Int32(0)) + big(Int16(0)) + big(Int64(1)) + big(Int64(1)) + big(Int64(0)) + [0] + big(Int32(-1))
            + varint + [UInt8](repeating: 9, count: count) + [0]
        let endpoints: [UInt8] = [2] + big(Int32(3)) + [5] + Array("host".utf8) + big(Int32(9092)) + [0, 0]
        let before =
            big(Int32(5)) + [0] + big(Int32(0)) + big(Int16(0)) + big(Int32(1)) + [2]
            + [UInt8](repeating: 1, count: 16) + [2] + partition + [0]
        let answer = framed(before + [1, 0, UInt8(endpoints.count)] + endpoints)

        for step in [answer.count, 1_000, 7] {
            var driver = Driver()
            driver.client(request)
            for start in stride(from: 0, to: answer.count, by: step) {
                driver.broker(Array(answer[start..<min(answer.count, start + step)]))
            }

            #expect(driver.close == nil)
            #expect(driver.nodes == [NodeEndpoint(nodeID: 3, host: "host", port: 9092)])
            #expect(driver.toClient.count == answer.count)
            #expect(driver.toClient.prefix(before.count + 4) == answer.prefix(before.count + 4))
            #expect(driver.toClient[before.count + 5] == 0x7f)
            #expect(driver.maximumHeld < 2_000)
        }
    }

    @Test func `random pipelines keep their order however they are cut`() {
        for seed in UInt64(1)...40 {
            var generator = SeededGenerator(state: seed)
            var sent: [UInt8] = []
            var answered: [UInt8] = []
            var awaited: [Int32] = []
            for correlation in Int32(1)...60 {
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: sent += framed(Self.produce(correlation, acks: 0, topic: "t\(correlation)"))
                case 1:
                    sent += framed(big(Int16(5_000)) + big(Int16(0)) + big(correlation) + [0xff, 0xff])
                    answered += framed(big(correlation) + [1])
                default:
                    let beat = Self.heartbeat(correlation)
                    sent += framed(beat.request)
                    answered += framed(beat.answer)
                }
                awaited.append(correlation)
            }
            var driver = Driver()
            var left = sent[...]
            while !left.isEmpty {
                let part = left.prefix(Int.random(in: 1...90, using: &generator))
                left = left.dropFirst(part.count)
                driver.client(Array(part))
            }
            left = answered[...]
            while !left.isEmpty {
                let part = left.prefix(Int.random(in: 1...30, using: &generator))
                left = left.dropFirst(part.count)
                driver.broker(Array(part))
            }

            #expect(driver.close == nil, "seed \(seed)")
            #expect(driver.toBroker == sent && driver.toClient == answered, "seed \(seed)")
            #expect(driver.exchanges.map(\.header.correlationID).sorted() == awaited, "seed \(seed)")
            #expect(!driver.conversation.awaitsAnswers)
        }
    }
}
