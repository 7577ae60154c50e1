// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Foundation
import KafkaProtocol
import Testing

@Suite struct RequestLogParserTests {
    @Test func `every line of a recorded run is told once`() throws {
        let lines = Broker.lines("request.DEBUG.log")
        let output = Broker.requests(lines)
        #expect(output.malformed == [])
        #expect(output.otherCount == 0)

        // A second reading of the same lines.
        let wanted = try lines.map { line in
            let start = try #require(line.firstIndex(of: "{")), end = try #require(line.lastIndex(of: "}"))
            return try #require(
                JSONSerialization.jsonObject(with: Data(line[start...end].utf8)) as? [String: Any]
            )
        }
        let direct = wanted.filter { $0.text("isForwarded") == "0" }
        let key = { (object: [String: Any]) in
            "\(object.text("principal") ?? "") \(object.text("requestHeader.clientId") ?? "") \(object.text("requestHeader.correlationId") ?? "") \(object.text("requestHeader.requestApiKeyName") ?? "")"
        }
        #expect(Set(wanted.map(key)) == Set(direct.map(key)))
        #expect(output.ignoredCount == lines.count - direct.count)
        let objects = try output.objects
        #expect(objects.count == direct.count)
        let told = objects.map { event in
            "\(event.text("data.authenticationInfo.principal") ?? "") \(event.text("data.request.client_id") ?? "") \(event.text("data.request.correlation_id") ?? "")"
        }
        #expect(
            told.sorted() == direct.map { key($0).split(separator: " ").dropLast().joined(separator: " ") }.sorted()
        )
        #expect(Set(objects.compactMap { $0.text("id") }).count == objects.count)
    }

    @Test func `secrets of the recorded run are nowhere`() throws {
        let lines = Broker.lines("request.DEBUG.log")
        let text = String(decoding: Broker.requests(lines).events, as: UTF8.self)
        var secrets: Set<String> = []
        for line in lines {
            for match in line.matches(of: /"(?:salt|saltedPassword|hmac)":"([^"]+)"/) {
                secrets.insert(String(match.output.1))
            }
        }
        #expect(secrets.count == 4 || lines.isEmpty)
        for secret in secrets { #expect(!text.contains(secret.prefix(8))) }
    }

    private static func line(
        _ request: String,
        api: String = "INCREMENTAL_ALTER_CONFIGS",
        key: Int = 44,
        forwarded: Bool = false
    ) -> String {
        #"[2026-11-22 13:24:39,037] DEBUG Completed request:{"isForwarded":\#(forwarded),"requestHeader":{"requestApiKey":\#(key),"requestApiVersion":1,"correlationId":17,"clientId":"c","requestApiKeyName":"\#(api)"},"request":\#(request),"response":{"throttleTimeMs":0,"responses":[{"errorCode":0}]},"connection":"127.0.0.1:29092-10.0.0.7:41272-3","totalTimeMs":32.5,"securityProtocol":"SASL_SSL","principal":"User:a","listener":"L"} (kafka.request.logger)"#
    }

    @Test(arguments: [
        "ssl.keystore.password", "listener.name.internal.scram-sha-256.sasl.jaas.config", "ssl.keystore.key",
        "my.Secret.thing", "sasl.oauthbearer.client.credentials", "some.token",
    ])
    func `values of sensitive configurations are withheld, in any order`(name: String) throws {
        for pair in [
            #""name":"\#(name)","configOperation":0,"value":"hunter2""#, #""value":"hunter2","name":"\#(name)""#,
        ] {
            let output = Broker.requests([Self.line(#"{"resources":[{"configs":[{\#(pair)}]}]}"#)])
            #expect(output.eventCount == 1)
            #expect(!String(decoding: output.events, as: UTF8.self).contains("hunter2"))
        }
    }

    @Test func `a line that cannot be read is set aside without its bodies`() throws {
        for line in [
            String(Self.line(#"{"upsertions":[{"salt":"hunter2""#).prefix(320)) + " (kafka.request.logger)",
            "[2026-11-22 13:24:39,037] DEBUG Completed request:hunter2 (kafka.request.logger)",
        ] {
            let output = Broker.requests([line])
            #expect(output.eventCount == 0)
            #expect(output.malformed.count == 1)
            let kept = String(decoding: output.malformed.flatMap(\.bytes), as: UTF8.self)
            #expect(kept.contains("2026-11-22") && !kept.contains("hunter2"))
        }
    }

    @Test func `the controller's line counts when there is no broker's`() throws {
        #expect(Broker.requests([Self.line("{}", forwarded: true)]).eventCount == 1)
        #expect(Broker.requests([Self.line("{}", forwarded: true), Self.line("{}")]).eventCount == 1)
        #expect(Broker.requests([Self.line("{}"), Self.line("{}", forwarded: true)]).eventCount == 1)
        let twice = [Self.line("{}"), Self.line("{}", forwarded: true), Self.line("{}", forwarded: true)]
        #expect(Broker.requests(twice).eventCount == 2)
        let late = Self.line("{}").replacing("13:24:39", with: "13:24:49")
        #expect(Broker.requests([Self.line("{}", forwarded: true), late]).eventCount == 2)
    }

    @Test func `the text form before 2.8`() throws {
        let line =
            "[2020-11-22 13:24:39,037] DEBUG Completed request:RequestHeader(apiKey=CREATE_TOPICS, apiVersion=3, clientId=a, correlationId=9) -- x, correlationId=5) -- {hmac=hunter2},response:{} from connection 10.0.0.1:9092-10.0.0.7:41272-3;totalTime:1.5,requestQueueTime:0.1,securityProtocol:SASL_SSL,principal:User:CN=a,OU=b,listener:EXTERNAL,clientInformation:ClientInformation(softwareName=x) (kafka.request.logger)"
        let request = try #require(Self.requests([line]).first)
        #expect(
            request.exchange.header
                == RequestHeader(apiKey: APIKey(rawValue: 19), apiVersion: 3, correlationID: 9, clientID: "a")
        )
        #expect(request.principal == "User:CN=a,OU=b")
        #expect(request.listener == "EXTERNAL")
        #expect(request.connection.clientHost == "10.0.0.7")
        #expect(request.connection.clientPort == 41272)
        #expect(request.connection.isEncrypted)
    }

    @Test(arguments: [
        ("10.0.0.1:9092-10.0.0.7:41272-3", "10.0.0.7"),
        ("10.0.0.1:9092-10.0.0.7:41272-2-153", "10.0.0.7"),
        ("10.0.0.1:9092-10.0.0.7:41272", "10.0.0.7"),
        ("[fd00::1]:9092-[fd00::7]:41272-0-1", "fd00::7"),
        ("fd00::1:9092-fd00::7:41272-0-1", "fd00::7"),
    ])
    func `the client's address of every version's name of a connection`(name: String, host: String) throws {
        let line = Self.line("{}").replacing("127.0.0.1:29092-10.0.0.7:41272-3", with: name)

        let requests = try Self.requests([line])

        #expect(requests.map(\.connection.clientHost) == [host])
        #expect(requests.map(\.connection.clientPort) == [41272])
        #expect(requests.map(\.channelID) == [name])
    }

    private static func requests(_ lines: [String]) throws -> [LoggedRequest] {
        let box = Box()
        let output = Broker.output(
            lines,
            RequestLogParser(zone: .utc) { request, output in
                box.requests.append(request)
                output.eventCount += 1
            }
        )
        try #require(output.malformed == [])
        return box.requests
    }

    private final class Box: @unchecked Sendable {
        // SAFETY: written and read by one task.
        var requests: [LoggedRequest] = []
    }

    @Test func `no cut and no random byte crashes the parser or makes what is not JSON`() throws {
        var random = Generator(state: 11)
        for line in Broker.lines("request.DEBUG.log").prefix(60) {
            for _ in 0..<15 {
                var text = Array(line.utf8)
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    text[Int.random(in: 0..<text.count, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
                }
                if Bool.random(using: &random) {
                    text.removeSubrange(Int.random(in: 0..<text.count, using: &random)...)
                }
                _ = try Broker.requests([String(decoding: text, as: UTF8.self)]).objects
            }
        }
        let deep = Self.line(String(repeating: "[", count: 100_000))
        #expect(Broker.requests([deep]).malformed.count == 1)
    }
}
