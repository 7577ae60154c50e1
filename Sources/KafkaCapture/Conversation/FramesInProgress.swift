// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// A request whose header was read and whose body is coming in.
struct RequestInProgress {
    /// What is done with the body.
    enum Plan: Equatable {
        case pass
        case decode
        case fetch
        case produce
        case handshake
        case authenticate
        case token
        /// Collected and not sent on.
        case refuse(Int16)
    }

    let header: RequestHeader
    let kind: PendingRequest.Kind
    let plan: Plan
    let isWanted: Bool
    let time: Int64
    /// Bytes of the body that are still to come.
    var left: Int
    var body = FrameCollector()
    var produce: SkimStream<ProduceRequestSkimmer>?
    var hasNewVersion = false

    init(_ header: RequestHeader, _ kind: PendingRequest.Kind, _ plan: Plan, isWanted: Bool, time: Int64, left: Int) {
        self.header = header
        self.kind = kind
        self.plan = plan
        self.isWanted = isWanted
        self.time = time
        self.left = left
        if plan == .produce { produce = SkimStream(ProduceRequestSkimmer(version: header.apiVersion)) }
    }

    var isRefused: Bool { if case .refuse = plan { true } else { false } }

    /// Whether the body has to be whole in memory.
    var isCollected: Bool { plan != .pass && plan != .produce }
}

/// An answer whose correlation id was read and whose rest is coming in.
struct AnswerInProgress {
    enum Plan: Equatable {
        /// Sent on; copied aside where it is to be decoded.
        case pass(copies: Bool)
        case hold
        /// A large Fetch answer: skimmed while it is sent on, its end held back.
        case skim
    }

    let request: PendingRequest
    let plan: Plan
    var left: Int
    /// From behind the length; of a skimmed answer its end.
    var body = FrameCollector()
    var fetch: SkimStream<FetchAnswerSkimmer>?

    init(_ request: PendingRequest, _ plan: Plan, left: Int) {
        self.request = request
        self.plan = plan
        self.left = left
    }

    var heldByteCount: Int { body.count + (fetch?.heldByteCount ?? 0) }
}

/// Where the frames of one direction stand.
struct FrameProgress<Frame> {
    /// The beginning of a frame that cannot be understood yet.
    var head = FrameCollector()
    /// How many bytes of it are needed.
    var needed = 4
    var current: Frame?
    /// When the first byte of the beginning came.
    var time: Int64 = 0
    var completedCount = 0
}
