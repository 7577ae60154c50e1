// SPDX-License-Identifier: Apache-2.0

/// Bounds of what becomes of an exchange or a line.
package enum MappingLimits {
    /// Names in one event's list of resources; a request that names more says how many were left out.
    package static let resourcesInEvent = 1000

    /// Values of a request that one event repeats.
    ///
    /// An event may hold 65,536 values and has some forty of its own; a creation of a hundred topics with ten settings each
    /// takes 2,400. What is left out is counted beside its array.
    static let valuesInData = 4000

    /// UTF-8 bytes of a request that one event repeats, as JSON.
    ///
    /// A sixteenth of the longest event that a log takes by default.
    static let dataByteCount = 65_536

    /// UTF-8 bytes of one name or value; topics have at most 249, and groups, transactions and settings are free text.
    ///
    /// A longer one is cut and says how long it was.
    static let textByteCount = 1024

    /// Levels of structures in a request that are followed; Kafka's go five deep.
    static let dataDepth = 8

    /// Authorization events of one exchange for what was allowed.
    ///
    /// A look-up of all topics checks each; of the rest only what was refused is written.
    static let allowedChecksOfExchange = 1000

    /// Authorization events of one exchange for what was refused.
    ///
    /// Beyond, one more event says how many were refused; a request of 100 MB could name millions.
    static let refusedChecksOfExchange = 10_000

    /// Different checks that a connection remembers in order to count repeats; beyond, repeats get events of their own.
    ///
    /// About 500 bytes each, and most connections have a handful.
    static let repeatedChecks = 1024

    /// The longest name whose repeats are counted; Kafka's topics have at most 249 bytes.
    static let countedNameByteCount = 256

    /// How often a full table of things to be counted is searched for what may go, in nanoseconds.
    static let sweepInterval: Int64 = 1_000_000_000

    /// Different topics whose first event a connection remembers, for each of Produce, Fetch and their like.
    ///
    /// Beyond, the first ones are forgotten and may get another event.
    static let topicsOfConnection = 4096

    /// Different failed logins that are counted at once; beyond, each gets an event of its own.
    static let failureRuns = 4096

    /// Topics whose ids are remembered, at most twice as many for a while.
    ///
    /// Kafka clusters reach some hundred thousand partitions, so fewer topics. About 100 bytes each.
    static let topicNames = 100_000

    /// Topics that were asked for, were not there and might be made by that.
    static let awaitedTopics = 1024

    /// For how long a topic that appears is taken to be made by the request before, in nanoseconds.
    ///
    /// Brokers make topics within seconds; clients ask again every 0.1 s.
    static let awaitedTopicTime: Int64 = 30_000_000_000

    /// Rules of a policy; each event of a captured API is compared with each.
    static let policyRules = 1000
}
