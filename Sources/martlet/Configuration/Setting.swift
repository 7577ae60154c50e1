// SPDX-License-Identifier: Apache-2.0

/// Something that can be configured: its key in files, from which the environment variable follows, its default, what it
/// means, and what may stand there.
struct Setting: Sendable {
    enum Kind: Sendable {
        case text
        case integer(ClosedRange<Int>)
        case boolean
        case choice([String])
        /// A length of time up to a longest, in nanoseconds, or a word for none.
        case duration(none: String?, atMost: Int64 = .max)
        /// A number of bytes, or a word for no bound.
        case bytes(ClosedRange<Int>, none: String?)
    }

    let key: String
    let kind: Kind
    let fallback: String?
    let meaning: String

    /// `http.port` is `MARTLET_HTTP_PORT`, `log.level` is `MARTLET_LOG_LEVEL`, and a capital begins a new word.
    var environmentVariable: String {
        var name = "MARTLET_"
        for character in key {
            if character == "." {
                name += "_"
            } else {
                if character.isUppercase { name += "_" }
                name += character.uppercased()
            }
        }
        return name
    }

    /// What is wrong with a value; nil when it may stand there.
    func fault(of value: String) -> String? {
        switch kind {
        case .text:
            value.isEmpty ? "it is empty" : nil
        case .integer(let range):
            Int(value).map(range.contains) == true
                ? nil : "it is a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean:
            value == "true" || value == "false" ? nil : "it is true or false"
        case .choice(let choices):
            choices.contains(value) ? nil : "it is one of \(choices.joined(separator: ", "))"
        case .duration(let none, let longest):
            value == none || Quantity.nanoseconds(value).map { $0 <= longest } == true
                ? nil
                : """
                it is a number with s, m, h, d, w or y, such as \(longest == .max ? "90d" : "60s")\
                \(none.map { ", or \($0)" } ?? "")\(longest == .max ? "" : ", of at most \(longest / 1_000_000_000)s")
                """
        case .bytes(let range, let none):
            value == none || Quantity.bytes(value).map(range.contains) == true
                ? nil
                : """
                it is a number of bytes, or one with KB, MB, GB, TB, KiB, MiB, GiB or TiB\(none.map { ", or \($0)" } ?? ""), \
                from \(range.lowerBound)\(range.upperBound == .max ? "" : " to \(range.upperBound)")
                """
        }
    }
}

extension Setting {
    static let data = Setting(
        key: "data.directory",
        kind: .text,
        fallback: nil,
        meaning: "where the log is kept; made when missing"
    )
    static let host = Setting(
        key: "http.host",
        kind: .text,
        fallback: "127.0.0.1",
        meaning: "address to listen on; off this machine tokens are needed"
    )
    static let port = Setting(
        key: "http.port",
        kind: .integer(0...65_535),
        fallback: "8080",
        meaning: "TCP port to listen on; 0 for one that is free"
    )
    static let allowsAnonymousLoopback = Setting(
        key: "access.allowAnonymousLoopback",
        kind: .boolean,
        fallback: "false",
        meaning: "let programs on this machine in without a token, as \"loopback\" with all scopes"
    )
    static let maximumEventBytes = Setting(
        key: "ingest.maximumEventBytes",
        kind: .integer(1024...16 << 20),
        fallback: "1048576",
        meaning: "bytes of one event; longer ones are rejected"
    )
    static let journalFileBytes = Setting(
        key: "store.journalFileBytes",
        kind: .integer(1 << 20...1 << 30),
        fallback: "67108864",
        meaning: "bytes of one journal file, reserved when it is begun"
    )
    static let repeatWindow = Setting(
        key: "store.repeatWindow",
        kind: .choice((10...24).map { String(1 << $0) }),
        fallback: "1048576",
        meaning:
            "repeated events are recognised among at least so many of the newest, a power of two; 32 bytes of memory each"
    )
    static let segmentEvents = Setting(
        key: "store.segmentEvents",
        kind: .integer(1024...1 << 20),
        fallback: "131072",
        meaning: "events of a full segment; while one is made it takes about 200 bytes of memory for each"
    )
    static let sealAfter = Setting(
        key: "store.sealAfter",
        kind: .duration(none: nil),
        fallback: "1h",
        meaning: "how long events stay in the journal, as they came, before they are sealed even if they are few"
    )
    static let memory = Setting(
        key: "store.memory",
        kind: .bytes(64 << 20...1 << 40, none: nil),
        fallback: "512MiB",
        meaning: "memory that batches on their way, and segments that are open, share"
    )
    static let retentionAge = Setting(
        key: "retention.age",
        kind: .duration(none: "forever"),
        fallback: "forever",
        meaning: "how long events are kept after they were received; whole segments are deleted"
    )
    static let retentionSize = Setting(
        key: "retention.size",
        kind: .bytes(1 << 20...Int.max, none: "unlimited"),
        fallback: "unlimited",
        meaning: "how large all segments may get before the oldest is deleted"
    )
    static let erasure = Setting(
        key: "store.erasure",
        kind: .boolean,
        fallback: "false",
        meaning: "allow martlet erase: administrators may erase what an event says; its leaf and a tombstone stay"
    )
    static let heartbeat = Setting(
        key: "log.heartbeat",
        // Half of the silence behind which a ledger no longer believes that the server was up.
        kind: .duration(none: "0", atMost: 300_000_000_000),
        fallback: "60s",
        meaning:
            "how long a log may be silent before it writes that it lives; 0 for never, and then its ledger is unknown"
    )
    static let catalogFile = Setting(
        key: "catalog.file",
        kind: .text,
        fallback: nil,
        meaning: "a corrected catalogue in place of the one inside the program"
    )
    static let treeEnabled = Setting(
        key: "tree.enabled",
        kind: .boolean,
        fallback: "true",
        meaning: "keep a signed tree over all events, which proves what is in the log"
    )
    static let treeOrigin = Setting(
        key: "tree.origin",
        kind: .text,
        fallback: nil,
        meaning: "name under which the log signs, a URL without its scheme; fixed when the log is made"
    )
    static let treeSigner = Setting(
        key: "tree.signer",
        kind: .text,
        fallback: nil,
        meaning:
            "directory of the signing keys; on another volume and in other backups than the data it notices rollbacks"
    )
    static let treePublic = Setting(
        key: "tree.public",
        kind: .boolean,
        fallback: "false",
        meaning: "give checkpoints and tiles to everybody, without a token"
    )
    static let treeWitnesses = Setting(
        key: "tree.witnesses",
        kind: .text,
        fallback: nil,
        meaning: "file of witnesses that cosign checkpoints, and how many are enough: witness, group and quorum lines"
    )
    static let treeWitnessInterval = Setting(
        key: "tree.witnessInterval",
        kind: .duration(none: nil),
        fallback: "5s",
        meaning: "how long at least between two checkpoints that are sent to the witnesses"
    )
    static let logLevel = Setting(
        key: "log.level",
        kind: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
        fallback: "info",
        meaning: "least severe messages to log"
    )
    static let logFormat = Setting(
        key: "log.format",
        kind: .choice(["text", "json"]),
        fallback: "text",
        meaning: "form of log messages on standard error"
    )

    /// All of them, in the order in which they are explained.
    static let all =
        server + kafkaGateway + brokerLogs + kafkaSource + kafkaSink

    private static let server = [
        data, host, port, allowsAnonymousLoopback, maximumEventBytes, journalFileBytes, repeatWindow, segmentEvents,
        sealAfter, memory, retentionAge, retentionSize, erasure, heartbeat, treeEnabled, treeOrigin, treeSigner,
        treePublic,
        treeWitnesses, treeWitnessInterval, catalogFile, logLevel, logFormat,
    ]
}
