// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// What the mapping knows of one API: a row of the table.
struct KafkaAPI: Sendable {
    let key: Int16
    /// Kafka's name of the API; the method is `kafka.` and this, except where `methodName` says otherwise.
    let name: String
    let category: CaptureCategory
    let isModification: Bool

    /// Where the request names what it is about.
    var names: [FieldPath] = []
    /// Where the answer's codes stand.
    ///
    /// A place that a version has not is not met.
    var codes: [FieldPath] = []
    /// What the broker asks its authorizer, in that order, for each place of a code whose names are known.
    var checks: [KafkaCheck] = []
    /// Checks that can be told only when they fail: another right would have been enough, or only some versions ask.
    var refusals: [KafkaCheck] = []
    /// Codes other than 0 that follow the checks alone.
    var after: Set<Int16> = []
    /// What a reader should know of the allowed checks; goes into the event.
    var remark: String?
    var special: Special = .none
    /// What of the request goes into the event.
    var data: Projection = Projection("")
    /// What of the answer goes into the event.
    var result: Projection = Projection("")

    /// APIs that the generic shape does not cover; see `KafkaSpecialCases`.
    enum Special: Sendable {
        case none
        case metadata
        case configurations
        case findCoordinator
        case deleteTopics
        case initProducerID
        case addPartitionsToTransaction
        case createDelegationToken
        /// Produce, Fetch and their like: the first event of each topic, and no check that was allowed.
        case traffic
        /// Heartbeats of the newer groups, which are joins and leaves too.
        case member
    }

    /// As `data.methodName` has it.
    var method: String { "kafka.\(key == 56 ? "AlterIsr" : name)" }
}

extension KafkaAPI {
    /// The row of an API; nil where no event is made of it.
    static func of(_ key: APIKey) -> KafkaAPI? {
        byKey[key.rawValue]
    }

    /// The row of an API or method by name: `CreateTopics`, `kafka.CreateTopics`.
    static func named(_ name: String) -> KafkaAPI? {
        all.first { $0.name == name || $0.method == name }
    }

    static let all = management + lookups + traffic + interbroker

    private static let byKey = Dictionary(all.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
}

extension KafkaAPI {
    /// A row as the tables write it.
    static func row(
        _ key: Int16,
        _ name: String,
        _ category: CaptureCategory,
        reads: Bool = false,
        names: [String] = [],
        codes: [String] = [],
        checks: [KafkaCheck] = [],
        refusals: [KafkaCheck] = [],
        after: Set<Int16> = [],
        remark: String? = nil,
        special: Special = .none,
        data: String = "",
        result: String = ""
    ) -> KafkaAPI {
        KafkaAPI(
            key: key,
            name: name,
            category: category,
            isModification: !reads,
            names: names.map(FieldPath.init),
            codes: codes.map(FieldPath.init),
            checks: checks,
            refusals: refusals,
            after: after,
            remark: remark,
            special: special,
            data: Projection(data),
            result: Projection(result)
        )
    }
}
