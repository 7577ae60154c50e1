// SPDX-License-Identifier: Apache-2.0

import Foundation
import KafkaGateway
import NIOCore
import Testing

@Suite struct IdleTests {
    /// 10,000 connections under 200 MB is what is promised; both ends of each are in this process too, and count here.
    @Test func `idle connections need little memory`() async throws {
        let isLong = ProcessInfo.processInfo.environment["MARTLET_LONG"] == "1"
        let count = isLong ? 10_000 : 500
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(limit.rlim_max > count * 4 + 500, "not enough descriptors")
        let broker = try await FakeBroker(keepsBytes: false)
        try await GatewayHarness([broker]).run { port in
            let before = Memory.residentByteCount
            var clients: [TestPeer] = []
            while clients.count < count {
                try await withThrowingTaskGroup(of: TestPeer.self) { group in
                    for number in 0..<100 as Range<Int32> {
                        group.addTask {
                            let client = try await TestPeer.connect(port)
                            try await client.send(Frames.heartbeatRequest(number))
                            _ = try await client.takeFrame()
                            return client
                        }
                    }
                    for try await client in group { clients.append(client) }
                }
            }
            let each = (Memory.residentByteCount - before) / count
            // Four sockets a connection here, two of them the gateway's. Only alone in the process it can be measured.
            if isLong { #expect(each < 40 << 10, "\(each) bytes a connection") }
            #expect(broker.connectionCount == count)
            for client in clients {
                try await client.send(Frames.heartbeatRequest(9))
                #expect(Frames.correlationID(Array(try await client.takeFrame().dropFirst(4))) == 9)
                await client.close()
            }
        }
        await broker.close()
    }
}
