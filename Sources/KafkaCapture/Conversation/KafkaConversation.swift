// SPDX-License-Identifier: Apache-2.0

import ByteCoding
package import KafkaProtocol

/// One proxied connection, over bytes: what goes on, what is changed on the way, and what was seen.
///
/// It has no sockets and no clock. Each side's frames may be cut and joined in any way; neither what is sent on nor what is observed
/// depends on it. After `ConversationOutput.close` was set, nothing more is taken or given.
///
/// Bytes of Produce and Fetch are sent on as they come. Held back are: the beginning of a request up to the end of its header;
/// a request that is refused; an answer that holds brokers' addresses or versions, until it is whole.
package struct KafkaConversation {
    let connection: KafkaConnection
    let options: ConversationOptions
    var client = FrameProgress<RequestInProgress>()
    var broker = FrameProgress<AnswerInProgress>()
    var queue = RequestQueue()
    var sasl: SASLStateMachine
    var produceTopics = TopicMemory()
    var fetchTopics = TopicMemory()
    var clientIDs = TextCache()
    var hasAnsweredRequest = false
    let wantsProduce: Bool
    let wantsFetch: Bool
    /// Of `clientIDs`, for the repeated requests that wait.
    var repeatedClientIDVersion = 0
    /// What was said when the request that comes next was asked for.
    var foreseenRefusal: Int16?
    private(set) var isClosed = false
    private var isEnded = false

    package init(_ connection: KafkaConnection, options: ConversationOptions) {
        self.connection = connection
        self.options = options
        wantsProduce = options.captures(.produce)
        wantsFetch = options.captures(.fetch)
        sasl = SASLStateMachine(nameClaim: options.nameClaim)
    }

    /// `time`: Nanoseconds since 1970 (UTC), as in everything that follows.
    package mutating func receiveFromClient(_ bytes: RawSpan, time: Int64, into output: inout ConversationOutput) {
        var place = 0
        while place < bytes.byteCount, !isClosed {
            if client.current != nil {
                place = continueRequest(bytes, at: place, time, &output)
            } else {
                place = passRepeatedRequests(bytes, at: place, time, &output)
                if place < bytes.byteCount { place = beginRequest(bytes, at: place, time, &output) }
            }
        }
        output.awaitsAnswers = awaitsAnswers
    }

    package mutating func receiveFromBroker(_ bytes: RawSpan, time: Int64, into output: inout ConversationOutput) {
        var place = 0
        while place < bytes.byteCount, !isClosed {
            if broker.current != nil {
                place = continueAnswer(bytes, at: place, time, &output)
            } else {
                place = passRepeatedAnswers(bytes, at: place, time, &output)
                if place < bytes.byteCount { place = beginAnswer(bytes, at: place, time, &output) }
            }
        }
        output.awaitsAnswers = awaitsAnswers
    }

    /// The client sends nothing more; what the broker owes is still wanted (`awaitsAnswers`).
    package mutating func clientEnded(time: Int64, into output: inout ConversationOutput) {
        client = FrameProgress()
    }

    /// The broker sends nothing more, or nobody waits for it any longer: the connection is over.
    ///
    /// Requests without an answer are observed as such, a login in the middle as failed; `.ended` is the last observation.
    package mutating func brokerEnded(time: Int64, into output: inout ConversationOutput) {
        guard !isEnded else { return }
        isEnded = true
        isClosed = true
        if let answer = broker.current { observeMissing(answer.request, time, &output) }
        while let request = queue.takeFirst() { observeMissing(request, time, &output) }
        if let login = sasl.end() { output.observations.append(.authentication(login)) }
        output.observations.append(.ended(time: time))
        output.awaitsAnswers = false
        client = FrameProgress()
        broker = FrameProgress()
    }

    package var awaitsAnswers: Bool { !queue.isEmpty || broker.current != nil }

    /// The broker accepted a login, or answered a request that needs one wherever logins are asked for.
    package var isAuthenticated: Bool { sasl.hasAuthenticated || hasAnsweredRequest }

    /// For the time limit of a connection's first request.
    package var hasCompletedFrame: Bool { client.completedCount > 0 }

    /// Bytes held aside for this connection: frames that are not whole, decoded requests, topics' names.
    package var heldByteCount: Int {
        let request = client.current.map { $0.body.count + ($0.produce?.heldByteCount ?? 0) } ?? 0
        return client.head.count + request + broker.head.count + (broker.current?.heldByteCount ?? 0)
            + queue.heldByteCount + queue.count * MemoryLayout<PendingRequest>.stride + produceTopics.byteCount
            + fetchTopics.byteCount
    }

    mutating func close(_ reason: CloseReason, _ output: inout ConversationOutput) {
        guard !isClosed else { return }
        isClosed = true
        output.close = reason
    }

    /// Why a length cannot be right; nil where it can.
    func problem(withLength length: Int32, of side: CloseReason.Side, isFirst: Bool, minimum: Int) -> CloseReason? {
        // A TLS record's first bytes: handshake 0x16 or alert 0x15, then version 3.0 to 3.4 (RFC 8446 §5.1).
        let prefix = UInt32(bitPattern: length) >> 8
        if isFirst, prefix & 0xffff00 == 0x160300 || prefix & 0xffff00 == 0x150300, prefix & 0xff <= 4 {
            return .tls(side)
        }
        guard Int(length) >= minimum else { return .invalidLength(side, Int(length)) }
        return Int(length) > options.maximumFrameByteCount ? .oversizedFrame(side, Int(length)) : nil
    }

    func observeMissing(_ request: PendingRequest, _ time: Int64, _ output: inout ConversationOutput) {
        switch request.kind {
        case .handshake, .authenticate, .token: return
        case .refusal(_, let errorCode): observe(request, .refused(errorCode: errorCode), time, &output)
        case .produce, .fetch:
            if case .nothingNew = request.request { return }
            observe(request, .missing, time, &output)
        case .plain, .endpoints, .versions: observe(request, .missing, time, &output)
        }
    }

    func observe(
        _ request: PendingRequest,
        _ answer: KafkaExchange.Answer,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) {
        guard request.isWanted else { return }
        output.observations.append(
            .exchange(
                KafkaExchange(
                    header: request.header,
                    request: request.request,
                    answer: answer,
                    time: request.time,
                    duration: max(0, time &- request.time)
                )
            )
        )
    }

    /// Sends the answers of our own whose turn it is.
    mutating func sendRefusals(_ time: Int64, _ output: inout ConversationOutput) {
        guard broker.current == nil else { return }
        while case .refusal(let answer, let errorCode)? = queue.first?.kind, let request = queue.takeFirst() {
            output.toClient.addFrame(answer)
            observe(request, .refused(errorCode: errorCode), time, &output)
        }
    }
}
