// SPDX-License-Identifier: Apache-2.0

import KafkaCapture
import KafkaProtocol
import Synchronization
import Testing

/// Requests that tell nothing new take a short way when they lie whole in what was received; cut into single bytes, the same traffic
/// takes the long way, and both have to come to the same.
@Suite struct RepeatsTests {
    private static func head(_ api: Int16, _ version: Int16, _ correlation: Int32, _ client: String) -> [UInt8] {
        big(api) + big(version) + big(correlation) + big(Int16(client.utf8.count)) + Array(client.utf8) + [0]
    }

    private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count + 1)] + Array(text.utf8) }

    /// Version 9: one topic with partition 4, three bytes of records.
    private static func produce(_ correlation: Int32, _ topic: String, acks: Int16, client: String) -> [UInt8] {
        head(0, 9, correlation, client) + [0] + big(acks) + big(Int32(1000)) + [2] + text(topic) + [2] + big(Int32(4))
            + [4, 1, 2, 3] + [0, 0, 0]
    }

    private static func produced(_ correlation: Int32, _ topic: String, code: Int16) -> [UInt8] {
        big(correlation) + [0, 2] + text(topic) + [2] + big(Int32(4)) + big(code) + big(Int64(0)) + big(Int64(0))
            + big(Int64(0)) + [1, 0, 0, 0] + big(Int32(0)) + [0]
    }

    /// Version 12: one topic with one partition, no forgotten ones, no rack.
    private static func fetch(_ correlation: Int32, _ topic: String, client: String) -> [UInt8] {
        head(1, 12, correlation, client) + big(Int32(-1)) + big(Int32(500)) + big(Int32(1)) + big(Int32(1_000_000)) + [
            0
        ]
            + big(Int32(0)) + big(Int32(-1)) + [2] + text(topic) + [2] + big(Int32(0)) + big(Int32(-1)) + big(Int64(7))
            + big(Int32(-1)) + big(Int64(-1)) + big(Int32(1_000_000)) + [0, 0] + [1, 1, 0]
    }

    private static func fetched(_ correlation: Int32, _ topic: String, code: Int16, aborted: Int) -> [UInt8] {
        var answer = big(correlation) + [0] + big(Int32(0)) + big(Int16(0)) + big(Int32(0)) + [2] + text(topic) + [2]
        answer += big(Int32(0)) + big(code) + big(Int64(9)) + big(Int64(9)) + big(Int64(0)) + [UInt8(aborted + 1)]
        for _ in 0..<aborted { answer += big(Int64(1)) + big(Int64(2)) + [0] }
        return answer + big(Int32(-1)) + [5, 1, 2, 3, 4] + [0, 0, 0]
    }

    private static func heartbeat(_ correlation: Int32) -> (request: [UInt8], answer: [UInt8]) {
        let head = big(Int16(12)) + big(Int16(0)) + big(correlation) + big(Int16(1)) + [0x63]
        return (
            head + big(Int16(1)) + [0x67] + big(Int32(1)) + big(Int16(1)) + [0x67], big(correlation) + big(Int16(0))
        )
    }

    /// Some traffic, in which new topics, errors, other clients' ids and other requests are rare.
    private static func traffic(_ generator: inout SeededGenerator) -> [(request: [UInt8], answer: [UInt8]?)] {
        (Int32(1)...200).map { correlation in
            func rarely(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }
            let topic =
                rarely(30) ? "new-\(correlation)" : ["orders", "payments"].randomElement(using: &generator) ?? ""
            let client = rarely(20) ? "other" : "client"
            let code: Int16 = rarely(15) ? 29 : 0
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                let beat = heartbeat(correlation)
                return (framed(beat.request), framed(beat.answer))
            case 1: return (framed(produce(correlation, topic, acks: 0, client: client)), nil)
            case 2...5:
                return (
                    framed(produce(correlation, topic, acks: -1, client: client)),
                    framed(produced(correlation, topic, code: code))
                )
            default:
                return (
                    framed(fetch(correlation, topic, client: client)),
                    framed(fetched(correlation, topic, code: code, aborted: rarely(9) ? 2 : 0))
                )
            }
        }
    }

    @Test(arguments: [true, false]) func `the short way comes to what the long way comes to`(isWanted: Bool) {
        for seed in UInt64(1)...30 {
            var generator = SeededGenerator(state: seed)
            let traffic = Self.traffic(&generator)
            var options = Fixture.options
            options.captures = { isWanted || $0 == .heartbeat }
            var (whole, cut) = (Driver(options: options), Driver(options: options))
            var left = traffic[...]
            while !left.isEmpty {
                let part = left.prefix(Int.random(in: 1...20, using: &generator))
                left = left.dropFirst(part.count)
                let requests = part.flatMap(\.request)
                let answers = part.flatMap { $0.answer ?? [] }
                whole.client(requests)
                whole.broker(answers)
                for byte in requests { cut.client([byte]) }
                for byte in answers { cut.broker([byte]) }
            }

            #expect(whole.close == nil && cut.close == nil, "seed \(seed)")
            #expect(whole.toBroker == traffic.flatMap(\.request), "seed \(seed)")
            #expect(whole.toClient == traffic.flatMap { $0.answer ?? [] }, "seed \(seed)")
            #expect(cut.toBroker == whole.toBroker && cut.toClient == whole.toClient, "seed \(seed)")
            // Without an answer a request is seen when it is whole: between others' answers or before them.
            #expect(Self.sorted(whole) == Self.sorted(cut), "seed \(seed)")
            #expect(whole.exchanges.isEmpty == false)
            #expect(!whole.conversation.awaitsAnswers && !cut.conversation.awaitsAnswers)
        }
    }

    private static func sorted(_ driver: Driver) -> [String] {
        driver.exchanges.sorted { $0.header.correlationID < $1.header.correlationID }.map { "\($0)" }
    }

    @Test func `an error's answer tells which client and which request it was, and when that was sent`() {
        var driver = Driver()
        driver.client(framed(Self.produce(1, "orders", acks: -1, client: "client")))
        driver.broker(framed(Self.produced(1, "orders", code: 0)))
        driver.time += 5
        driver.client((Int32(2)...6).flatMap { framed(Self.produce($0, "orders", acks: -1, client: "client")) })
        driver.time += 37
        driver.broker((Int32(2)...6).flatMap { framed(Self.produced($0, "orders", code: $0 == 4 ? 29 : 0)) })

        #expect(driver.exchanges.map(\.header.correlationID) == [1, 4])
        #expect(driver.exchanges.last?.header.clientID == "client")
        #expect(driver.exchanges.last?.header.apiVersion == 9)
        #expect(driver.exchanges.last?.time == 1_000_000_005)
        #expect(driver.exchanges.last?.duration == 37)
    }

    @Test func `of requests that come together the first is asked for, and all are counted`() {
        let refused: Set<Int32> = [20]
        let seen = Mailbox()
        var options = Fixture.options
        options.admits = { header in
            seen.add(header.correlationID)
            return refused.contains(header.correlationID) ? 44 : nil
        }
        var driver = Driver(options: options)
        driver.client(framed(Self.produce(1, "orders", acks: -1, client: "client")))
        driver.broker(framed(Self.produced(1, "orders", code: 0)))
        driver.client((Int32(2)...9).flatMap { framed(Self.produce($0, "orders", acks: -1, client: "client")) })

        #expect(seen.take() == [1, 2])
        #expect(driver.output.repeatedCount == 7)

        driver.client(framed(Self.produce(20, "orders", acks: -1, client: "client")))
        #expect(seen.take() == [20], "a refused request is asked for once")
        driver.broker((Int32(2)...9).flatMap { framed(Self.produced($0, "orders", code: 0)) })
        #expect(driver.exchanges.map(\.header.correlationID) == [1, 20])
        #expect(!driver.conversation.awaitsAnswers)
    }

    @Test func `without an answer every repeated request is missing nothing`() {
        var driver = Driver()
        driver.client(framed(Self.produce(1, "orders", acks: -1, client: "client")))
        driver.broker(framed(Self.produced(1, "orders", code: 0)))
        driver.client((Int32(2)...9).flatMap { framed(Self.produce($0, "orders", acks: -1, client: "client")) })
        #expect(driver.conversation.awaitsAnswers)
        driver.end()

        #expect(driver.exchanges.map(\.header.correlationID) == [1])
    }

    @Test func `an answer out of turn is a protocol error on the short way too`() {
        var driver = Driver()
        driver.client(framed(Self.produce(1, "orders", acks: -1, client: "client")))
        driver.broker(framed(Self.produced(1, "orders", code: 0)))
        driver.client((Int32(2)...3).flatMap { framed(Self.produce($0, "orders", acks: -1, client: "client")) })
        driver.broker(framed(Self.produced(3, "orders", code: 0)))

        #expect(driver.close == .unexpectedCorrelationID(expected: 2, found: 3))
    }
}

/// What a closure was called with.
private final class Mailbox: Sendable {
    private let values = Mutex<[Int32]>([])

    func add(_ value: Int32) { values.withLock { $0.append(value) } }

    func take() -> [Int32] {
        values.withLock { values in
            defer { values = [] }
            return values
        }
    }
}
