// SPDX-License-Identifier: Apache-2.0

/// Reads the lines of a policy, one after the other.
struct TrustPolicyParser {
    /// A witness or a group, under its name.
    struct Named {
        var witness: Int?
        var threshold = 0
        var members: [Int] = []
        var isMember = false
    }

    private(set) var logs: [TrustPolicy.Log] = []
    private(set) var witnesses: [TrustPolicy.Witness] = []
    private(set) var groups: [Named] = []

    /// The quorum line, when there was one; its place is nil for `none`.
    private(set) var quorum: (place: Int?, Void)?

    private let lines: [ArraySlice<UInt8>]
    private var places: [[UInt8]: Int] = [:]
    private var groupCount = 0

    init(_ bytes: [UInt8]) throws(LogError) {
        guard bytes.count <= LogLimits.maximumPolicyByteCount else {
            throw LogError(
                .tooLarge,
                "a policy of \(bytes.count) bytes, \(LogLimits.maximumPolicyByteCount) are allowed"
            )
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == NoteText.newline }) else {
            throw LogError(.malformedPolicy, "control characters in the policy")
        }
        guard let lines = NoteText.lines(bytes[...]) else {
            throw LogError(.malformedPolicy, "the last line of the policy does not end")
        }
        self.lines = lines
    }

    mutating func parse() throws(LogError) {
        for (number, line) in lines.enumerated() {
            let items = line.split { $0 == 0x20 || $0 == 0x09 }
            guard let keyword = items.first, keyword.first != UInt8(ascii: "#") else { continue }
            do throws(LogError) {
                switch String(decoding: keyword, as: UTF8.self) {
                case "log" where (2...3).contains(items.count): try parseLog(items)
                case "witness" where (3...4).contains(items.count): try parseWitness(items)
                case "group" where items.count >= 4: try parseGroup(items)
                case "quorum" where items.count == 2: try parseQuorum(items)
                default: throw LogError(.malformedPolicy, "no line of a policy: \(NoteText.quoted(line))")
                }
            } catch {
                throw LogError(error.code, "line \(number + 1): \(error.message)")
            }
        }
        guard quorum != nil else { throw LogError(.malformedPolicy, "no quorum") }
    }

    /// `log <vkey> [<url>]`.
    private mutating func parseLog(_ items: [ArraySlice<UInt8>]) throws(LogError) {
        let verifier = try key(items[1], kind: .ed25519, known: logs.map(\.verifier))
        logs.append(TrustPolicy.Log(verifier: verifier, url: try url(items, at: 2)))
    }

    /// `witness <name> <vkey> [<url>]`.
    private mutating func parseWitness(_ items: [ArraySlice<UInt8>]) throws(LogError) {
        let verifier = try key(items[2], kind: .cosignature, known: witnesses.map(\.verifier))
        try define(items[1], Named(witness: witnesses.count))
        witnesses.append(
            TrustPolicy.Witness(name: Array(items[1]), verifier: verifier, url: try url(items, at: 3))
        )
    }

    /// `group <name> all|any|<k> <name>…`.
    private mutating func parseGroup(_ items: [ArraySlice<UInt8>]) throws(LogError) {
        guard groupCount < LogLimits.maximumPolicyNameCount else { throw tooMany }
        groupCount += 1
        var members: [Int] = []
        for item in items[3...] {
            let place = try place(of: item)
            // In one group only: else a witness would count twice.
            guard !groups[place].isMember else {
                throw LogError(.malformedPolicy, "\(NoteText.quoted(item)) is in a group already")
            }
            groups[place].isMember = true
            members.append(place)
        }
        let threshold: Int
        if items[2].elementsEqual("all".utf8) {
            threshold = members.count
        } else if items[2].elementsEqual("any".utf8) {
            threshold = 1
        } else {
            guard let number = UInt64(decimal: items[2]), number >= 1, number <= members.count else {
                throw LogError(.malformedPolicy, "no threshold of \(members.count): \(NoteText.quoted(items[2]))")
            }
            threshold = Int(truncatingIfNeeded: number)
        }
        try define(items[1], Named(threshold: threshold, members: members))
    }

    /// `quorum <name>|none`.
    private mutating func parseQuorum(_ items: [ArraySlice<UInt8>]) throws(LogError) {
        guard quorum == nil else { throw LogError(.malformedPolicy, "a second quorum") }
        quorum = items[1].elementsEqual("none".utf8) ? (nil, ()) : (try place(of: items[1]), ())
    }

    // MARK: - Parts

    private var tooMany: LogError {
        LogError(.tooLarge, "more than \(LogLimits.maximumPolicyNameCount) logs, witnesses, or groups")
    }

    private mutating func define(_ name: ArraySlice<UInt8>, _ named: Named) throws(LogError) {
        guard !name.elementsEqual("none".utf8), places.updateValue(groups.count, forKey: Array(name)) == nil else {
            throw LogError(.malformedPolicy, "the name \(NoteText.quoted(name)) is taken")
        }
        groups.append(named)
    }

    private func place(of name: ArraySlice<UInt8>) throws(LogError) -> Int {
        guard let place = places[Array(name)] else {
            throw LogError(.malformedPolicy, "no witness or group before this line is \(NoteText.quoted(name))")
        }
        return place
    }

    private func key(
        _ item: ArraySlice<UInt8>,
        kind: NoteKeyKind,
        known: [NoteVerifier]
    ) throws(LogError) -> NoteVerifier {
        guard known.count < LogLimits.maximumPolicyNameCount else { throw tooMany }
        guard let text = String(validating: item, as: UTF8.self) else {
            throw LogError(.malformedKey, "a key that is no UTF-8")
        }
        let verifier = try NoteVerifier(vkey: text)
        guard verifier.kind == kind else {
            throw LogError(.unsupportedKey, "the key \(verifier.name) is of type \(verifier.kind.rawValue) here")
        }
        guard !known.contains(where: { $0.publicKey == verifier.publicKey }) else {
            throw LogError(.ambiguousKey, "the key \(verifier.name) is there already")
        }
        return verifier
    }

    private func url(_ items: [ArraySlice<UInt8>], at place: Int) throws(LogError) -> String? {
        guard items.count > place else { return nil }
        guard let url = String(validating: items[place], as: UTF8.self) else {
            throw LogError(.malformedPolicy, "a URL that is no UTF-8")
        }
        return url
    }
}
