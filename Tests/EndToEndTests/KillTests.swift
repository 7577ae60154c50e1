// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing

extension EndToEnd {
    /// What SIGKILL can show: that a process may end anywhere.
    ///
    /// What a power cut does is for the simulated files to show.
    @Suite struct KillTests {
        private static let seed = environment["MARTLET_SEED"].flatMap(UInt64.init) ?? .random(in: 0..<1_000_000)
        private static let killCount = environment["MARTLET_KILLS"].flatMap(Int.init) ?? (isLong ? 200 : 12)

        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        @Test func `no kill loses an acknowledged event or stores one twice`() async throws {
            var generator = SeededGenerator(seed: Self.seed)
            let campaign = Campaign()
            let producers = (0..<4).map { Producer(number: $0, seed: Self.seed, campaign: campaign) }
            let work = producers.map { producer in
                Task.detached { try await onThread { try producer.run() } }
            }
            var port = 0
            var startDurations: [Duration] = []
            var endedWhileStarting = 0
            /// What somebody kept of the log before each kill: it may never be contradicted.
            var checkpoints: [String] = []

            for kill in 0..<Self.killCount {
                // Every tenth time the server is also killed while it starts, three times in a row.
                if kill % 10 == 9 {
                    for _ in 0..<3 {
                        let errors = try Scratch()
                        let child = try RunningServer.spawn(data: data, port: port, errorFile: errors)
                        try await Task.sleep(for: .milliseconds(Int.random(in: 0...80, using: &generator)))
                        child.signal(SIGKILL)
                        _ = await child.wait()
                        endedWhileStarting += 1
                    }
                }
                let server = try await RunningServer(data: data, port: port)
                startDurations.append(server.startDuration)
                port = server.port
                campaign.port.withLock { $0 = port }
                try await Task.sleep(for: .milliseconds(Int.random(in: 2...300, using: &generator)))
                if let note = try? await server.request("GET", "/checkpoint"), note.status == 200 {
                    checkpoints += ["--seen", try scratch.file("checkpoint-\(kill)", note.body)]
                }
                await server.kill()
            }
            campaign.isEnding.withLock { $0 = true }
            let server = try await RunningServer(data: data, port: port)
            startDurations.append(server.startDuration)
            for producer in work { try await producer.value }

            let acknowledged = campaign.acknowledged.withLock { $0 }
            let stored = try await Self.rows(of: server)
            let seed: Comment = "seed \(Self.seed)"
            try #require(acknowledged.count > 10 * Self.killCount, seed)
            var lost = 0
            var changed = 0
            for (name, index) in acknowledged {
                switch stored[index] {
                case nil: lost += 1
                case Producer.event(name, seed: Self.seed): break
                default: changed += 1
                }
            }
            #expect(lost == 0, seed)
            #expect(changed == 0, seed)
            // Every event was acknowledged in the end, so that what is there beyond them was stored twice.
            #expect(stored.count == acknowledged.count, seed)
            #expect(Set(stored.values).count == stored.count, seed)
            let vkeys = try await server.request("GET", "/v1/log").decoded(Keys.self).verifierKeys
            let trust = checkpoints + ["--vkey", try #require(vkeys.first)]
            #expect(checkpoints.count > Self.killCount, seed)
            let ready = startDurations.map(\.milliseconds).sorted()
            #expect(try #require(ready.last) < 5000, seed)
            await server.stop()
            // Every checkpoint is the beginning of the tree, and every event is in it.
            let verdict = try await run(EndToEnd.binary.path, ["verify", data, "--quiet"] + trust)
            #expect(verdict.status == 0, "seed \(Self.seed): \(verdict.text)\(verdict.error)")
            Self.tell(
                """
                \(Self.killCount) kills under load and \(endedWhileStarting) while starting, seed \(Self.seed): \
                \(acknowledged.count) events acknowledged, \(campaign.retries.withLock { $0 }) batches sent again, \
                \(campaign.repeats.withLock { $0 }) events recognised; \(lost) lost, \(changed) changed, \
                \(stored.count - acknowledged.count) stored twice; ready after \(ready[ready.count / 2]) ms (median), \
                \(ready[ready.count - 1]) ms (longest)
                """
            )
        }

        @Test func `an ingest that is killed goes on where it was, and stores nothing twice`() async throws {
            var generator = SeededGenerator(seed: Self.seed &+ 1)
            let events = Sample.events(0..<30_000)
            let path = try scratch.file("events.ndjson", NDJSON.joined(events))
            var kills = 0

            for _ in 0..<(EndToEnd.isLong ? 60 : 6) {
                let child = try ChildProcess(
                    EndToEnd.binary.path,
                    ["ingest", path, "--data", data, "--quiet"],
                    environment: cleanEnvironment(),
                    output: scratch.path("output"),
                    error: scratch.path("error")
                )
                try await Task.sleep(for: .milliseconds(Int.random(in: 2...250, using: &generator)))
                child.signal(SIGKILL)
                if await child.wait() == .killed(signal: SIGKILL) { kills += 1 }
            }
            try await martlet("ingest", path, "--data", data, expecting: 0)

            #expect(kills > 0)
            let stored = try await martlet("query", "--all", "--output", "ndjson", "--data", data)
            #expect(difference(stored.lines, events) == nil, "seed \(Self.seed)")
        }

        // MARK: - Parts

        private struct Keys: Decodable { let verifierKeys: [String] }

        private static func rows(of server: RunningServer) async throws -> [Int: [UInt8]] {
            let response = try await server.request("GET", "/v1/events?order=log")
            var rows: [Int: [UInt8]] = [:]
            // A row a line: its index comes first, and the event last. Inside a string a quote has a backslash before it.
            let mark = Array("},\"event\":".utf8)
            for line in NDJSON.lines(of: response.body) where line.starts(with: "{\"index\":".utf8) {
                let digits = line.dropFirst(9).prefix { $0 != UInt8(ascii: ",") }
                guard let index = Int(String(decoding: digits, as: UTF8.self)),
                    let event = line.firstRange(of: mark), let end = line.lastIndex(of: UInt8(ascii: "}"))
                else { continue }
                #expect(rows.updateValue(Array(line[event.upperBound..<end]), forKey: index) == nil)
            }
            return rows
        }

        /// The campaign's figures, for whoever runs it; nothing else tells the seed of a run that went well.
        private static func tell(_ text: String) {
            FileHandle.standardError.write(Data((text + "\n").utf8))
        }
    }
}

/// What the producers of a campaign share.
private final class Campaign: Sendable {
    /// Where the server is, or was; 0 before the first.
    let port = Mutex(0)
    let isEnding = Mutex(false)
    /// The index of each event that was acknowledged, by its name.
    let acknowledged = Mutex([String: Int]())
    let retries = Mutex(0)
    let repeats = Mutex(0)
}

/// A sender as there are many: it sends a batch until it is acknowledged, with the same ids.
private struct Producer: Sendable {
    let number: Int
    let seed: UInt64
    let campaign: Campaign

    /// The bytes of the event with a name; the same whenever it is asked.
    static func event(_ name: String, seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: name.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) })
        let note = String(repeating: "n", count: Int.random(in: 0...400, using: &generator))
        return Sample.event(name, note: note + String(generator.next()))
    }

    /// Sends until the campaign ends and the last batch is acknowledged.
    ///
    /// Blocks.
    func run() throws {
        var generator = SeededGenerator(seed: seed &+ UInt64(number) << 32)
        var connection: HTTPConnection?
        var sequence = 0
        let deadline = ContinuousClock.now + .seconds(900)
        while !campaign.isEnding.withLock({ $0 }) {
            // One producer sends structured events, one batches, the others lines.
            let count = number == 0 ? 1 : Int.random(in: 1...20, using: &generator)
            let names = (sequence..<sequence + count).map { "\(number)-\($0)" }
            sequence += count
            let request = request(names.map { Self.event($0, seed: seed) })
            var attempts = 0
            while true {
                if let answer = try? exchange(request, &connection) {
                    try note(answer, of: names)
                    break
                }
                connection = nil
                attempts += 1
                guard ContinuousClock.now < deadline else { throw Overdue(what: "an answer", limit: .seconds(900)) }
                // The server is gone; it comes back at the same port.
                usleep(5000)
            }
            if attempts > 0 { campaign.retries.withLock { $0 += 1 } }
        }
    }

    private func request(_ events: [[UInt8]]) -> HTTPRequest {
        let (type, body): (String, [UInt8]) =
            switch number {
            case 0: ("application/cloudevents+json", events[0])
            case 1:
                (
                    "application/cloudevents-batch+json",
                    Array("[".utf8) + events.joined(separator: ",".utf8) + Array("]".utf8)
                )
            default: ("application/x-ndjson", NDJSON.joined(events))
            }
        return HTTPRequest("POST", "/v1/events", headers: [("Content-Type", type)], body: body)
    }

    private func exchange(_ request: HTTPRequest, _ connection: inout HTTPConnection?) throws -> HTTPResponse {
        let open = try connection ?? HTTPConnection(port: campaign.port.withLock { $0 })
        connection = open
        return try open.exchange(request)
    }

    private func note(_ response: HTTPResponse, of names: [String]) throws {
        try #require(response.status == 200, "\(response.text)")
        let answer = try response.decoded(Acknowledgement.self)
        try #require(answer.accepted + answer.repeated.count == names.count)
        try #require(answer.conflicts.isEmpty)
        let indices = answer.indices(of: names.count)
        campaign.repeats.withLock { $0 += answer.repeated.count }
        campaign.acknowledged.withLock { acknowledged in
            for (name, index) in zip(names, indices) { acknowledged[name] = index }
        }
    }
}
