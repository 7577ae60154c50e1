// SPDX-License-Identifier: Apache-2.0

import AuditModel
import DurableFiles
import JournalFormat

/// An event, when and as what it was received, and what ends behind it.
struct LoggedEvent {
    var bytes: [UInt8]
    var stream = LogStream.audit
    /// Nanoseconds since 1970.
    var received = TestLog.received
    var endsFrame = false
    var endsSegment = false
}

/// Makes the events of a log: of the example day as they are, families of events that are alike but for some values, and odd
/// ones of every kind that may come in.
struct OddEvents {
    private var random: SeededGenerator
    private var mutator: EventMutator
    private let day: [[UInt8]]
    private let trees: [JSONTree]
    /// Of the log's own time, for those that are to be received or to happen at the same.
    private var times = ["2026-11-20T12:00:00Z"]

    init(seed: UInt64, day: [[UInt8]], _ trees: [JSONTree]) {
        random = SeededGenerator(seed: seed)
        mutator = EventMutator(seed: ~seed)
        self.day = day
        self.trees = trees
    }

    // MARK: - Logs

    mutating func log(of count: Int, segments: Bool) -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        while events.count < count {
            events += batch().map { LoggedEvent(bytes: $0) }
        }
        for _ in 0..<events.count / 2 { events.swapAt(random.below(events.count), random.below(events.count)) }
        var received = TestLog.received
        var stream = LogStream.audit
        for place in events.indices {
            events[place].stream = stream
            events[place].received = received
            guard random.isOneIn(6) else { continue }
            events[place].endsFrame = true
            events[place].endsSegment = segments && random.isOneIn(4)
            stream = random.isOneIn(8) ? .system : .audit
            received += [0, 1, 1_000_000_000, 3_600_000_000_000][random.below(4)]
        }
        return events
    }

    /// Some events that have to do with each other.
    private mutating func batch() -> [[UInt8]] {
        switch random.below(8) {
        case 0, 1:
            let first = random.below(day.count)
            return Array(day[first..<min(day.count, first + 1 + random.below(8))])
        case 2: return (0..<4).map { _ in mutator.mutated(trees[random.below(trees.count)]) }
        case 3, 4: return family()
        case 5: return [Array(small().utf8)]
        default: return (0..<3).map { _ in written(odd(trees[random.below(trees.count)])) }
        }
    }

    /// Events of one shape, written by one hand.
    private mutating func family() -> [[UInt8]] {
        var tree = trees[random.below(trees.count)]
        if random.isOneIn(2) { tree = odd(tree) }
        let escapes = random.isOneIn(3)
        let space = random.isOneIn(6) ? " " : ""
        return (0..<4 + random.below(20)).map { number in
            var event = tree
            event.set(["id"], .string("f-\(random.below(1000))-\(number)"))
            if event.has(["time"]), !random.isOneIn(4) { event.set(["time"], .string(time())) }
            if event.has(["data", "authorizationInfo", "granted"]) {
                let granted = ["true", "false", "false", "null"][random.below(4)]
                event.set(["data", "authorizationInfo", "granted"], .plain(granted))
            }
            if event.has(["data", "authenticationInfo", "principal"]), random.isOneIn(3) {
                event.set(["data", "authenticationInfo", "principal"], .string(principal()))
            }
            if event.has(["data", "methodName"]), random.isOneIn(4) {
                event.set(
                    ["data", "methodName"],
                    .string(["kafka.Produce", "kafka.Fetch", "mds.Authorize"][random.below(3)])
                )
            }
            if random.isOneIn(3) { event.set(["data", "request", "data"], payload(depth: 2)) }
            if random.isOneIn(5) { event.remove(["data", "resourceName"]) }
            return Array(event.encoded(space: space) { Self.spelled($0, everyEscape: escapes) }.utf8)
        }
    }

    private mutating func small() -> String {
        let time = time()
        return [
            "{}", "{\"id\":\"\"}", "{ \"data\" : null }", "{\"data\":[]}", "{\"data\":{}}", "{\"data\":[{\"a\":1}]}",
            "{\"id\":\"a\",\"time\":\"\(time)\"}", "{\"time\":\"\(time)\",\"data\":{\"a\":{\"b\":[[1],[2,[3]],[]]}}}",
            "{\"id\":7,\"source\":true,\"type\":null,\"subject\":1.0}", "{\"data\":\"text\",\"time\":\"tomorrow\"}",
            "{\"data\":{\"methodName\":[\"a\",\"b\"],\"method_name\":\"c\",\"a.b\":{\"c\":1},\"x[]\":2,\"\":3}}",
            "{\"type\":\"a/request\",\"data\":{\"requestMetadata\":{\"requestId\":[\"r1\",\"\",null,\"r2\"],\"request_id\":\"r3\"}}}",
        ][random.below(12)]
    }

    // MARK: - Oddities

    private mutating func odd(_ tree: JSONTree) -> JSONTree {
        var tree = tree
        for _ in 0..<1 + random.below(5) { tree = changed(tree) }
        return tree
    }

    private mutating func changed(_ tree: JSONTree) -> JSONTree {
        var tree = tree
        let metadata = ["data", "requestMetadata"]
        switch random.below(22) {
        case 0: tree = tree.inSnakeCase(isTop: true)
        case 1: tree = shuffled(tree)
        case 2: tree.remove([["id", "time", "type", "subject", "source", "data", "specversion"][random.below(7)]])
        case 3: tree.set(["time"], oddTime())
        case 4: tree.set(["time"], .string(time()))
        case 5: tree.set(["data", "request", "data"], payload(depth: 3))
        case 6: tree.set(["data", "authenticationInfo", "principal"], principalTree())
        case 7:
            let values: [JSONTree] = [
                .plain("true"), .plain("false"), .plain("null"), .string("true"), .string("false"),
            ]
            tree.set(["data", "authorizationInfo", "granted"], values[random.below(values.count)])
        case 8: tree.remove(["data", "authorizationInfo", "granted"])
        case 9:
            let status = ["SUCCESS", "FAILURE", "UNSET", "", "ALLOW"][random.below(5)]
            tree.set(["data", "result", "status"], .string(status))
        case 10:
            tree.remove(["data", "resourceName"])
            tree.set(["data", "cloudResources"], cloudResources())
        case 11: tree.set(["data", "cloudResources"], cloudResources())
        case 12: tree.remove(["data", "resourceName"])
        case 13: tree.set(metadata + ["requestId"], list { "r-\($0.below(6))" })
        case 14: tree.set(metadata + ["clientAddress"], random.isOneIn(2) ? .string(address()) : addresses())
        case 15: tree.set(metadata + ["client_address"], .string(address()))
        case 16: tree.set(metadata + ["connectionId"], .string("c-\(random.below(3))"))
        case 17: tree.set(["data", "authenticationInfo", "metadata", "identifier"], .string("key-\(random.below(3))"))
        case 18: tree.set(["data", "method_name"], .string("kafka.\(random.below(3))"))
        case 19:
            let names = ["a.b", "x[]", "", "Zoë", "Zoe\u{308}", "with space", "a|b,c:d", "quote\"d", "methodname"]
            tree.set(["data", names[random.below(names.count)]], payload(depth: 1))
        case 20:
            let types = ["request", "authorization", "authentication", "access-transparency", "other", ""]
            tree.set(["type"], .string("io.confluent.kafka.server/\(types[random.below(types.count)])"))
        default: tree.set(["data", "deep", "a", "b", "c", "d", "e", "f", "g"], payload(depth: 2))
        }
        return tree
    }

    private mutating func payload(depth: Int) -> JSONTree {
        switch random.below(depth > 0 ? 9 : 5) {
        case 0, 1: return .string(Self.texts[random.below(Self.texts.count)])
        case 2, 3, 4: return .plain(Self.plain[random.below(Self.plain.count)])
        case 5:
            // Sometimes longer than any that is spread over columns.
            let count = random.isOneIn(8) ? 60 + random.below(300) : random.below(5)
            return .array((0..<count).map { _ in payload(depth: count > 10 ? 0 : depth - 1) })
        default:
            let names = ["role_name", "cleanup.policy", "a", "b", "n", "config", "Zoë", "source_ip"]
            var members: [(name: String, value: JSONTree)] = []
            for name in names where random.isOneIn(3) {
                members.append((name, name == "source_ip" ? .string(address()) : payload(depth: depth - 1)))
            }
            return .object(members)
        }
    }

    private mutating func list(_ text: (inout SeededGenerator) -> String) -> JSONTree {
        .array((0..<random.below(4)).map { _ in random.isOneIn(8) ? .plain("null") : .string(text(&random)) })
    }

    private mutating func addresses() -> JSONTree {
        .array((0..<1 + random.below(3)).map { _ in .object([("ip", .string(address())), ("port", .plain("9092"))]) })
    }

    private mutating func cloudResources() -> JSONTree {
        let kinds = ["ORGANIZATION", "ENVIRONMENT", "CLOUD_CLUSTER", "KAFKA_CLUSTER", "TOPIC", "Topic", "api-key", ""]
        func resource(_ random: inout SeededGenerator) -> JSONTree {
            var members: [(name: String, value: JSONTree)] = []
            if !random.isOneIn(6) { members.append(("type", .string(kinds[random.below(kinds.count)]))) }
            if !random.isOneIn(6) { members.append(("resourceId", .string("lkc-\(random.below(4))"))) }
            return .object(random.isOneIn(3) ? members.reversed() : members)
        }
        return .array(
            (0..<random.below(4)).map { _ in
                var members: [(name: String, value: JSONTree)] = []
                if !random.isOneIn(4) {
                    let scopes = JSONTree.array((0..<random.below(4)).map { _ in resource(&random) })
                    members.append(("scope", .object([("resources", scopes)])))
                }
                if !random.isOneIn(5) { members.append(("resource", resource(&random))) }
                return .object(members)
            }
        )
    }

    private mutating func principal() -> String {
        [
            "User:u-1", "User:sa-1", "User:alice", "u-1", "Group:admins", "User:*", "User:Zoë", "User:Zoe\u{308}",
            "User:zoe@example.com", "",
        ][
            random.below(10)
        ]
    }

    private mutating func principalTree() -> JSONTree {
        switch random.below(5) {
        case 0: return .string(principal())
        case 1: return .plain("null")
        case 2: return .object([("confluentUser", .object([("resourceId", .string("u-\(random.below(3))"))]))])
        case 3:
            return .object([
                ("email", .string("zoe@example.com")),
                ("confluentServiceAccount", .object([("resourceId", .string("sa-\(random.below(3))"))])),
            ])
        default: return .object([("identityPool", .object([("resourceId", .string("pool-1"))]))])
        }
    }

    private mutating func address() -> String {
        [
            "10.1.2.3", "/10.1.2.4:9092", "192.0.2.7", "::ffff:10.1.2.3", "2001:db8::7", "[2001:db8:1::7]:443",
            "host/10.9.9.9",
            "fe80::1%eth0", "010.1.2.3", "unknown", "", "10.1.2.3.4",
        ][random.below(12)]
    }

    private mutating func time() -> String {
        if random.isOneIn(3) { return times[random.below(times.count)] }
        let two = { (number: Int) in (number < 10 ? "0" : "") + String(number) }
        let seconds =
            "2026-11-\(two(17 + random.below(6)))T\(two(random.below(24))):\(two(random.below(60))):\(two(random.below(60)))"
        let time = seconds + ["Z", ".5Z", ".123456Z", ".000000001Z", "+01:00", ".120-23:59", "z"][random.below(7)]
        times.append(time)
        return time
    }

    private mutating func oddTime() -> JSONTree {
        let texts = [
            "", "yesterday", "2026-11-20", "2026-11-20T12:00:00", "2026-13-01T00:00:00Z", "1700-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z", "1600-01-01T00:00:00Z",
            "2026-12-31T23:59:60Z", "2026-11-20 12:00:00Z", "1677-09-21T00:12:44Z", "2262-04-11T23:47:16Z",
        ]
        switch random.below(4) {
        case 0: return .plain(["null", "1795305600", "true"][random.below(3)])
        case 1: return .array([.string("2026-11-20T12:00:00Z")])
        default: return .string(texts[random.below(texts.count)])
        }
    }

    private static let texts = [
        "", "a", "A", "10", "9", "1.0", "1e5", "-0", "007", "null", "true", "Zoë", "Zoe\u{308}", "ZOË", "🐦 bird",
        "line\nend",
        "\"quoted\"", "back\\slash", "tab\there", "crn:///kafka=lkc-1/topic=*", "a*b?c", "a.b.c", "\u{0}", "SUCCESS",
        "/slash/",
        "DeveloperRead", "ResourceOwner", "ſ K", "<>&='", String(repeating: "long ", count: 80),
        "12345678901234567890", "2026-11-20T12:00:00Z", "0a1b2c3d-1111-4222-8333-444455556666",
        "deadbeefdeadbeefdeadbeefdeadbeef",
    ]
    private static let plain = [
        "null", "true", "false", "0", "-0", "1", "1.0", "1.50", "10", "9", "-1.5e3", "1e5", "1E5", "100000",
        "12345678901234567890", "12345678901234567891", "0.10", "604800000", "1795305600000", "9007199254740993",
    ]

    // MARK: - Writing

    private mutating func shuffled(_ tree: JSONTree) -> JSONTree {
        switch tree {
        case .object(var members):
            for place in members.indices { members[place].value = shuffled(members[place].value) }
            members.shuffle(using: &random)
            return .object(members)
        case .array(let elements): return .array(elements.map { shuffled($0) })
        case .string, .plain: return tree
        }
    }

    private mutating func written(_ tree: JSONTree) -> [UInt8] {
        let everyEscape = random.isOneIn(3)
        let space = ["", "", "", " ", "\t", "\r\n  "][random.below(6)]
        return Array(tree.encoded(space: space) { Self.spelled($0, everyEscape: everyEscape) }.utf8)
    }

    /// As writers of JSON do: some escape what might be HTML.
    private static func spelled(_ text: String, everyEscape: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "/" where everyEscape: result += "\\/"
            case "=", "<", ">", "&", "'":
                if everyEscape {
                    result += "\\u00" + String(scalar.value, radix: 16)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            default:
                if scalar.value < 0x20 {
                    result += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}

// MARK: - Changing trees

extension JSONTree {
    func has(_ path: [String]) -> Bool {
        guard let name = path.first else { return true }
        guard case .object(let members) = self, let member = members.first(where: { $0.name == name }) else {
            return false
        }
        return member.value.has(Array(path.dropFirst()))
    }

    /// Puts a value at a path; what is no object on the way becomes one.
    mutating func set(_ path: [String], _ value: JSONTree) {
        guard let name = path.first else {
            self = value
            return
        }
        var members: [(name: String, value: JSONTree)] = []
        if case .object(let old) = self { members = old }
        let rest = Array(path.dropFirst())
        if let place = members.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
            members[place].value.set(rest, value)
        } else {
            var inner = JSONTree.object([])
            inner.set(rest, value)
            members.append((name, inner))
        }
        self = .object(members)
    }

    mutating func remove(_ path: [String]) {
        guard let name = path.first, case .object(var members) = self,
            let place = members.firstIndex(where: { $0.name == name })
        else { return }
        if path.count == 1 {
            members.remove(at: place)
        } else {
            members[place].value.remove(Array(path.dropFirst()))
        }
        self = .object(members)
    }

    /// With the names below `data` in snake case, but for those of payloads and those that are there already.
    func inSnakeCase(isTop: Bool = false) -> JSONTree {
        switch self {
        case .array(let elements): return .array(elements.map { $0.inSnakeCase() })
        case .string, .plain: return self
        case .object(let members):
            var names = Set(members.map(\.name))
            return .object(
                members.map { member in
                    guard !isTop || member.name == "data" else { return member }
                    let snake = member.name.unicodeScalars.reduce(into: "") { name, scalar in
                        if ("A"..."Z").contains(scalar) {
                            name += "_\(scalar)".lowercased()
                        } else {
                            name.unicodeScalars.append(scalar)
                        }
                    }
                    let isFree = names.insert(snake).inserted
                    return (isFree ? snake : member.name, member.value.inSnakeCase())
                }
            )
        }
    }
}
