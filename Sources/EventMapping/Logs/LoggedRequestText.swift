// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

extension LoggedRequest {
    /// Of the text form, up to 2.7.
    ///
    /// ```
    /// RequestHeader(apiKey=CREATE_TOPICS, apiVersion=3, clientId=x, correlationId=5) -- {…},response:{…}
    ///     from connection L-R-N;totalTime:…,…,securityProtocol:SSL,principal:User:x,listener:EXTERNAL[,clientInformation:…]
    /// ```
    ///
    /// Client ids and principals are free text: the header is read where it begins and ends, what follows from the end. The bodies are
    /// not JSON, and not read: how a request ended is not known.
    init?(text bytes: RawSpan, in range: Range<Int>, end time: Int64, connectionID: String) {
        let (start, end) = (range.lowerBound, range.upperBound)
        guard bytes.holds("RequestHeader(apiKey=", at: start, end: end),
            let version = bytes.first(", apiVersion=", in: start..<end),
            let apiKey = Self.apiKey(named: bytes.string(start + 21..<version)),
            let client = bytes.first(", clientId=", in: version..<end),
            let apiVersion = bytes.number(in: version + 13..<client).flatMap(Int16.init(exactly:)),
            let (correlationID, correlation) = Self.correlation(bytes, in: client..<end),
            let connection = bytes.last(" from connection ", in: correlation..<end),
            let channelEnd = bytes.first(UInt8(ascii: ";"), in: connection + 17..<end),
            let principalStart = bytes.first(",principal:", in: channelEnd..<end),
            let listener = bytes.last(",listener:", in: principalStart..<end)
        else { return nil }
        let principal = bytes.string(principalStart + 11..<listener)
        let channelID = bytes.string(connection + 17..<channelEnd)
        let protocolStart = bytes.last("securityProtocol:", in: channelEnd..<principalStart)
        let securityProtocol = protocolStart.map { bytes.string($0 + 17..<principalStart) }
        let listenerEnd = bytes.first(UInt8(ascii: ","), in: listener + 10..<end) ?? end
        self.init(
            exchange: KafkaExchange(
                header: RequestHeader(
                    apiKey: apiKey,
                    apiVersion: apiVersion,
                    correlationID: correlationID,
                    clientID: bytes.string(client + 11..<correlation)
                ),
                request: .notDecoded,
                answer: .notDecoded,
                time: time,
                duration: 0
            ),
            connection: Self.connection(channelID, id: connectionID, securityProtocol, principal),
            principal: principal,
            isForwarded: false,
            securityProtocol: securityProtocol,
            listener: bytes.string(listener + 10..<listenerEnd),
            softwareName: nil,
            softwareVersion: nil,
            channelID: channelID
        )
    }

    /// The first place where `, correlationId=N) -- ` stands as a whole.
    private static func correlation(_ bytes: RawSpan, in range: Range<Int>) -> (Int32, place: Int)? {
        var start = range.lowerBound
        while let place = bytes.first(", correlationId=", in: start..<range.upperBound) {
            var index = place + 16
            while index < range.upperBound, bytes.byte(at: index) != UInt8(ascii: ")") { index += 1 }
            if bytes.holds(") -- ", at: index, end: range.upperBound) {
                let digits = bytes.string(place + 16..<index)
                if let number = Int32(digits) { return (number, place) }
            }
            start = place + 1
        }
        return nil
    }

    /// `CREATE_TOPICS`, or an unknown key's number.
    static func apiKey(named name: String) -> APIKey? {
        if let number = Int16(name) { return APIKey(rawValue: number) }
        return names.firstIndex(of: Substring(name)).map { APIKey(rawValue: Int16($0)) }
    }

    /// `CreateTopics`; the number of a key that is not known here.
    static func apiName(_ key: APIKey) -> String {
        guard names.indices.contains(Int(key.rawValue)) else { return String(key.rawValue) }
        return names[Int(key.rawValue)].split(separator: "_").map { word in
            word.prefix(1) + word.dropFirst().lowercased()
        }.joined()
    }

    /// Names of the keys from 0 on, as request logs write them.
    private static let names = """
        PRODUCE FETCH LIST_OFFSETS METADATA LEADER_AND_ISR STOP_REPLICA UPDATE_METADATA CONTROLLED_SHUTDOWN
        OFFSET_COMMIT OFFSET_FETCH FIND_COORDINATOR JOIN_GROUP HEARTBEAT LEAVE_GROUP SYNC_GROUP DESCRIBE_GROUPS
        LIST_GROUPS SASL_HANDSHAKE API_VERSIONS CREATE_TOPICS DELETE_TOPICS DELETE_RECORDS INIT_PRODUCER_ID
        OFFSET_FOR_LEADER_EPOCH ADD_PARTITIONS_TO_TXN ADD_OFFSETS_TO_TXN END_TXN WRITE_TXN_MARKERS TXN_OFFSET_COMMIT
        DESCRIBE_ACLS CREATE_ACLS DELETE_ACLS DESCRIBE_CONFIGS ALTER_CONFIGS ALTER_REPLICA_LOG_DIRS
        DESCRIBE_LOG_DIRS SASL_AUTHENTICATE CREATE_PARTITIONS CREATE_DELEGATION_TOKEN RENEW_DELEGATION_TOKEN
        EXPIRE_DELEGATION_TOKEN DESCRIBE_DELEGATION_TOKEN DELETE_GROUPS ELECT_LEADERS INCREMENTAL_ALTER_CONFIGS
        ALTER_PARTITION_REASSIGNMENTS LIST_PARTITION_REASSIGNMENTS OFFSET_DELETE DESCRIBE_CLIENT_QUOTAS
        ALTER_CLIENT_QUOTAS DESCRIBE_USER_SCRAM_CREDENTIALS ALTER_USER_SCRAM_CREDENTIALS VOTE BEGIN_QUORUM_EPOCH
        END_QUORUM_EPOCH DESCRIBE_QUORUM ALTER_PARTITION UPDATE_FEATURES ENVELOPE FETCH_SNAPSHOT DESCRIBE_CLUSTER
        DESCRIBE_PRODUCERS BROKER_REGISTRATION BROKER_HEARTBEAT UNREGISTER_BROKER DESCRIBE_TRANSACTIONS
        LIST_TRANSACTIONS ALLOCATE_PRODUCER_IDS CONSUMER_GROUP_HEARTBEAT CONSUMER_GROUP_DESCRIBE
        CONTROLLER_REGISTRATION GET_TELEMETRY_SUBSCRIPTIONS PUSH_TELEMETRY ASSIGN_REPLICAS_TO_DIRS
        LIST_CONFIG_RESOURCES DESCRIBE_TOPIC_PARTITIONS SHARE_GROUP_HEARTBEAT SHARE_GROUP_DESCRIBE SHARE_FETCH
        SHARE_ACKNOWLEDGE ADD_RAFT_VOTER REMOVE_RAFT_VOTER UPDATE_RAFT_VOTER INITIALIZE_SHARE_GROUP_STATE
        READ_SHARE_GROUP_STATE WRITE_SHARE_GROUP_STATE DELETE_SHARE_GROUP_STATE READ_SHARE_GROUP_STATE_SUMMARY
        STREAMS_GROUP_HEARTBEAT STREAMS_GROUP_DESCRIBE DESCRIBE_SHARE_GROUP_OFFSETS ALTER_SHARE_GROUP_OFFSETS
        DELETE_SHARE_GROUP_OFFSETS
        """.split(whereSeparator: \.isWhitespace)
}
