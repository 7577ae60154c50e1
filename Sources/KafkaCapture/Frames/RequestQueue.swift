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

/// A Produce or Fetch request that told nothing new: of nearly all requests no more is kept than this.
struct RepeatedRequest {
    let api: APIKey
    let version: Int16
    let correlationID: Int32
    let time: Int64
    let isWanted: Bool

    fileprivate func pending(_ clientID: String?) -> PendingRequest {
        PendingRequest(
            RequestHeader(apiKey: api, apiVersion: version, correlationID: correlationID, clientID: clientID),
            api == .produce ? .produce : .fetch,
            .nothingNew,
            isWanted: isWanted,
            time: time
        )
    }
}

/// The requests that wait for answers, in their order: brokers answer one connection in order.
struct RequestQueue {
    private enum Place {
        case repeated(RepeatedRequest)
        /// The next one of `pending`.
        case pending
    }

    private var places = FirstInFirstOut<Place>()
    private var pending = FirstInFirstOut<PendingRequest>()
    private(set) var heldByteCount = 0
    /// How many are repeated ones.
    private(set) var repeatedCount = 0
    /// Whose all the repeated ones are: clients have one id.
    private var repeatedClientID: String?

    var count: Int { places.count }
    var isEmpty: Bool { places.isEmpty }

    var first: PendingRequest? {
        switch places.first {
        case nil: nil
        case .repeated(let request): request.pending(repeatedClientID)
        case .pending: pending.first
        }
    }

    /// The first one, when it is a repeated one.
    var firstRepeated: RepeatedRequest? {
        if case .repeated(let request)? = places.first { request } else { nil }
    }

    mutating func append(_ request: PendingRequest) {
        heldByteCount += request.heldByteCount
        pending.append(request)
        places.append(.pending)
    }

    /// Adds a repeated request.
    ///
    /// `clientID`: That of all repeated requests that wait.
    mutating func append(_ request: RepeatedRequest, clientID: String?) {
        if repeatedCount == 0 { repeatedClientID = clientID }
        repeatedCount += 1
        places.append(.repeated(request))
    }

    mutating func takeFirst() -> PendingRequest? {
        switch places.takeFirst() {
        case nil: return nil
        case .repeated(let request):
            repeatedCount -= 1
            return request.pending(repeatedClientID)
        case .pending:
            guard let request = pending.takeFirst() else { return nil }
            heldByteCount -= request.heldByteCount
            return request
        }
    }

    /// Takes away the first one, which is a repeated one.
    mutating func dropFirstRepeated() {
        guard case .repeated? = places.first else { return }
        _ = places.takeFirst()
        repeatedCount -= 1
    }
}

/// Elements that leave in the order they came in.
private struct FirstInFirstOut<Element> {
    private var items: [Element?] = []
    /// What is before it was taken already.
    private var start = 0

    var count: Int { items.count - start }
    var isEmpty: Bool { count == 0 }
    var first: Element? { start < items.count ? items[start] : nil }

    mutating func append(_ element: Element) {
        items.append(element)
    }

    mutating func takeFirst() -> Element? {
        guard start < items.count else { return nil }
        let element = items[start].take()
        start += 1
        if start == items.count {
            items.removeAll(keepingCapacity: items.count * MemoryLayout<Element?>.stride <= 2_048)
            start = 0
        } else if start > 64, start > items.count / 2 {
            items.removeFirst(start)
            start = 0
        }
        return element
    }
}
