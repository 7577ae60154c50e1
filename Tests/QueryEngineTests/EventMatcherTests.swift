// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import DurableFiles
import JournalFormat
import QueryLanguage
import Testing

@testable import QueryEngine

@Suite struct EventMatcherTests {
    private static let kafka = #"""
        {"specversion":"1.0","id":"id-1","source":"crn:///kafka=lkc-1","type":"io.confluent.kafka.server/authorization",
        "time":"2026-11-20T12:00:00.5Z","subject":"crn:///kafka=lkc-1/topic=Orders","data":{
        "serviceName":"crn://confluent.cloud/organization=org-1/environment=env-1/kafka=lkc-1","methodName":"kafka.DeleteTopics",
        "resourceName":"crn://confluent.cloud/organization=org-1/environment=env-1/kafka=lkc-1/topic=Orders",
        "authenticationInfo":{"principal":"User:sa-1","metadata":{"identifier":"KEY1"}},
        "authorizationInfo":{"granted":false,"resourceType":"Topic","resourceName":"Orders"},
        "clientAddress":[{"ip":"192.0.2.1","port":1},{"ip":"192.0.2.2"}],
        "requestMetadata":{"request_id":["r-1","r-2"],"connection_id":"c-1","client_id":"caf\u00e9 \"x\""},
        "request":{"data":{"topics":[{"name":"Orders","tags":["a","b"]},{"name":"Pay\u002fments"}],"empty":"","none":null,
        "flag":true,"big":9007199254740993,"nested":[[1]],"object":{}}}}}
        """#

    @Test(arguments: [
        ("id:id-1", true), ("id:ID-1", false), ("id:id-*", true), ("time:>=2026-11-20", true),
        ("time:<2026-11-20", false),
        ("time:[2026-11-20T12:00:00.5Z TO 2026-11-20T12:00:00.5Z]", true), ("received:>=2026-11-20", true),
        ("received:<2026-11-20", false), ("type:*authorization", true), ("service:*kafka=lkc-1", true),
        ("action:authorization", true), ("action:request", false), ("family:*", true), ("category:*", true),
        ("method:kafka.DeleteTopics", true), ("method:kafka.Delete?opics", true), ("principal:User:sa-1", true),
        ("principal:sa-1", true), ("principal:sa-2", false), ("principal.kind:service-account", true),
        ("credential:KEY1", true), ("resource:*topic=Orders", true), ("resource.type:topic", true),
        ("resource.name:Orders", true), ("resource.name:orders", false), ("organization:org-1", true),
        ("environment:env-1", true), ("cluster:lkc-1", true), ("outcome:denied", true), ("outcome:allowed", false),
        ("outcome:failure", false), ("client.ip:192.0.2.1", true), ("client.ip:192.0.2.2", true),
        ("client.ip:192.0.2.3", false), ("client.id:\"café \\\"x\\\"\"", true), ("client.id:caf*", true),
        ("request.id:r-2", true), ("request.id:(r-3 OR r-1)", true), ("connection.id:c-1", true),
        ("source:crn\\:///kafka=lkc-1", true), ("subject:*Orders", true), ("index:0", true), ("index:1", false),
        ("index:[0 TO 5]", true), ("stream:audit", true), ("stream:system", false),
        ("method:/kafka\\.(Create|Delete)Topics/", true), ("method:/kafka/", false), ("method:/KAFKA.*/i", true),
        ("principal:/User:sa-\\d/", true), ("client.id:/caf. \"x\"/", true), ("time:/2026-11-20T.*/", true),
        ("index:/\\d/", true), ("family:/.+/", true), ("ip:192.0.2.0/31", true), ("ip:192.0.2.4/30", false),
    ])
    func `every field is compared`(query: String, holds: Bool) async throws {
        #expect(try await Self.matches(Self.kafka, query) == holds)
    }

    @Test(arguments: [
        ("data.request.data.topics.name:Orders", true), ("data.request.data.topics[].name:Orders", true),
        ("data.request.data.topics.name:Pay/ments", true), ("data.request.data.topics.name:Nothing", false),
        ("data.request.data.topics.tags:b", true), ("data.request.data.topics[].tags[]:b", true),
        ("data.request.data.topics[].tags:b", false), ("data.request.data.empty:*", false),
        ("data.request.data.none:*", false), ("data.request.data.none:null", false),
        ("data.request.data.flag:true", true),
        ("data.request.data.big:9007199254740993", true), ("data.request.data.big:9007199254740992", false),
        ("data.request.data.big:>9007199254740992", true), ("data.request.data.nested:1", false),
        ("data.request.data.nested[][]:1", true), ("data.request.data.object:*", false), ("data.nothing:*", false),
        ("data.clientAddress.port:1", true), ("data.clientAddress[].ip:192.0.2.2", true),
        // Places where the model looks, too: both find them, also in one query.
        ("data.methodName:kafka.DeleteTopics", true),
        ("data.methodName:kafka.DeleteTopics AND method:kafka.DeleteTopics AND category:*", true),
        ("data.clientAddress.ip:192.0.2.1 AND client.ip:192.0.2.2 AND data.clientAddress[].ip:192.0.2.2", true),
        ("data.requestMetadata.request_id:r-1 AND data.requestMetadata.request_id[]:r-2 AND request.id:r-2", true),
        ("data.method_name:kafka.DeleteTopics", false),
        ("data.authenticationInfo.principal:User:sa-1 AND principal:sa-1", true),
        ("data.request.data.topics.name:/Pay\\/m[a-z]+/", true), ("data.clientAddress.ip:192.0.2.2/32", true),
        ("data.clientAddress.ip:10.0.0.0/8", false), ("data.methodName:0.0.0.0/0", false),
    ])
    func `paths go through arrays that they do not name`(query: String, holds: Bool) async throws {
        #expect(try await Self.matches(Self.kafka, query) == holds)
    }

    @Test(arguments: [
        ("orders", true), ("ORDERS", true), ("café", true), ("cafÉ", false), ("\"café \\\"x\\\"\"", true),
        ("pay/ments", true),
        ("9007199254740993", true), ("deletetopics sa-1", true), ("deletetopics sa-9", false), ("NOT sa-9", true),
        ("methodName", false), ("192.0.2.?", true), ("true", true), ("u00e9", false),
    ])
    func `free text is looked for in values, decoded and in either case`(query: String, holds: Bool) async throws {
        #expect(try await Self.matches(Self.kafka, query) == holds)
    }

    @Test func `a time with escapes is a time`() async throws {
        let event = #"{"id":"1","time":"2026\u002d11-20T12:00:00Z"}"#

        #expect(try await Self.matches(event, "time:2026-11-20T12:00:00Z"))
        #expect(try await Self.matches(event, "time:>=2026-11-20 time:<2026-11-21"))
    }

    @Test(arguments: [
        #"{"id":"1"}"#, #"{"id":"1","time":"soon"}"#, #"{"id":"1","time":null}"#, #"{"id":"1","time":5}"#,
    ])
    func `an event without a time is compared by when it was received`(event: String) async throws {
        #expect(try await !Self.matches(event, "time:*"))
        #expect(try await Self.matches(event, "time:>=2026-11-22 time:<2026-11-23"))
        #expect(try await !Self.matches(event, "time:<2026-11-22"))
        #expect(try await Self.matches(event, "NOT time:*"))
    }

    @Test func `a method that is null is none for the catalogue, too`() async throws {
        let event = Self.kafka.replacing(#""kafka.DeleteTopics""#, with: "null")
        let plain = Self.kafka.replacing(#""methodName":"kafka.DeleteTopics","#, with: "")

        for query in ["category:*", "subcategory:*", "family:*", "method:*"] {
            #expect(try await Self.matches(event, query) == Self.matches(plain, query), "\(query)")
        }
    }

    // MARK: - Against the slow way

    /// Filters and mutated events are made from this seed and those behind it.
    private static let seed: UInt64 = 20_261_120

    @Test func `random filters hold for the same events as when they are tried the slow way`() async throws {
        let day = try ExampleDay.events()
        var mutator = EventMutator(seed: Self.seed)
        let trees = try day.map { try #require(JSONTree($0)) }
        let events = day + (0..<500).map { mutator.mutated(trees[$0 % trees.count]) }
        try await withLog { log async throws in
            try await log.add(events, perFrame: 12)
            let catalog = try TestLog.engine.get().catalog
            let references = try events.map { try #require(ReferenceEvent($0)) }
            let runs = try log.runs()
            var generator = FilterGenerator(seed: Self.seed, references, catalog)
            var random = SeededGenerator(seed: Self.seed)
            var matchCount = 0

            for number in 0..<2000 {
                let filter = generator.filter()
                var matcher = EventMatcher(filter, catalog: catalog)
                let run = runs[random.below(runs.count)]
                for place in 0..<run.count {
                    let index = run.firstIndex + UInt64(place)
                    let event = references[Int(index)]
                    let time = matcher.match(EventMatcher.Context(run: run, labels: run.groups[0].labels, place: place))
                    let expected = event.passes(filter, catalog, ReferenceEvent.Context(index: index))
                    guard (time != nil) == expected else {
                        let text = String(decoding: event.bytes, as: UTF8.self)
                        Issue.record("filter \(number) of seed \(Self.seed), \(filter): \(!expected) for \(text)")
                        return
                    }
                    guard let time else { continue }
                    matchCount += 1
                    #expect(time == event.time?.nanosecondsSinceEpoch ?? TestLog.received)
                }
            }

            // Filters that never hold would prove nothing.
            #expect(matchCount > 2000)
        }
    }

    private static func matches(_ event: String, _ query: String) async throws -> Bool {
        let now = Timestamp(nanosecondsSinceEpoch: TestLog.received)
        let filter = try Query.parseFilter(query, now: now)
        let frame = JournalFrame(stream: .audit, submitter: "User:alice", source: "test", capacity: 4096)
        let log = try TestLog()
        let bytes = Array(event.utf8)
        frame.append(bytes.span.bytes, time: nil, keyHash: 1)
        frame.finish()
        _ = try await log.store.append(frame)
        let run = try #require(try log.runs().first)
        await log.store.close()
        var matcher = EventMatcher(filter, catalog: try TestLog.engine.get().catalog)
        return matcher.match(EventMatcher.Context(run: run, labels: run.groups[0].labels, place: 0)) != nil
    }
}
