// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// A request that waits for its answer.
struct PendingRequest {
    /// What is done with the answer.
    enum Kind {
        /// Streams on; it is copied aside where it is wanted.
        case plain
        /// Held, rewritten, sent.
        case endpoints
        /// Held, its versions capped, sent.
        case versions
        case produce
        case fetch
        case handshake
        case authenticate
        /// A raw token of SASL without Kafka's headers; so is its answer.
        case token
        /// The answer is ours, and waits for its turn.
        case refusal(answer: [UInt8], errorCode: Int16)
    }

    let header: RequestHeader
    let kind: Kind
    var request: KafkaExchange.Request
    let isWanted: Bool
    let time: Int64
    /// What the decoded request counts for.
    var heldByteCount = 0

    init(_ header: RequestHeader, _ kind: Kind, _ request: KafkaExchange.Request, isWanted: Bool, time: Int64) {
        self.header = header
        self.kind = kind
        self.request = request
        self.isWanted = isWanted
        self.time = time
    }
}

/// The requests that wait for answers, in their order: brokers answer one connection in order.
struct RequestQueue {
    private var items: [PendingRequest?] = []
    /// What is before it was taken already.
    private var start = 0
    private(set) var heldByteCount = 0

    var count: Int { items.count - start }
    var isEmpty: Bool { count == 0 }
    var first: PendingRequest? { start < items.count ? items[start] : nil }

    mutating func append(_ request: PendingRequest) {
        heldByteCount += request.heldByteCount
        items.append(request)
    }

    mutating func takeFirst() -> PendingRequest? {
        guard start < items.count else { return nil }
        var request: PendingRequest?
        swap(&request, &items[start])
        start += 1
        heldByteCount -= request?.heldByteCount ?? 0
        if start == items.count {
            items.removeAll(keepingCapacity: items.count <= 16)
            start = 0
        } else if start > 64, start > items.count / 2 {
            items.removeFirst(start)
            start = 0
        }
        return request
    }
}
