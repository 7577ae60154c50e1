// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

extension KafkaConversation {
    /// A request is whole, and unless it is refused all of it was sent on.
    ///
    /// `body`: Of plans that collect it; of others its last part.
    mutating func finishRequest(
        _ request: RequestInProgress,
        _ body: RawSpan,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) {
        switch request.plan {
        case .pass: enqueue(request, .notDecoded)
        case .decode: enqueue(request, decoded(request, body), heldByteCount: body.byteCount)
        case .fetch: finishFetch(request, body)
        case .produce: finishProduce(request, time, &output)
        case .handshake: finishHandshake(request, body, &output)
        case .authenticate:
            let token = Self.token(of: body, version: request.header.apiVersion)
            sasl.sendToken(body.extracting(token), clientID: request.header.clientID, time: request.time)
            enqueue(request, .notDecoded)
        case .token:
            sasl.sendToken(body, clientID: nil, time: request.time)
            enqueue(request, .notDecoded)
        case .refuse(let errorCode): refuse(request, body, errorCode, time, &output)
        }
    }

    private mutating func enqueue(
        _ request: RequestInProgress,
        _ fields: KafkaExchange.Request,
        heldByteCount: Int = 0
    ) {
        var pending = PendingRequest(
            request.header,
            request.kind,
            fields,
            isWanted: request.isWanted,
            time: request.time
        )
        if case .fields = fields { pending.heldByteCount = heldByteCount }
        queue.append(pending)
    }

    private func decoded(_ request: RequestInProgress, _ body: RawSpan) -> KafkaExchange.Request {
        let header = request.header
        guard queue.heldByteCount + body.byteCount <= options.maximumPendingByteCount,
            let fields = try? MessageDecoder().decode(body, header.apiKey, version: header.apiVersion, .request)
        else { return .notDecoded }
        return .fields(fields)
    }

    private mutating func finishFetch(_ request: RequestInProgress, _ body: RawSpan) {
        let version = request.header.apiVersion
        guard let isNew = try? FetchRequestTopics.note(body, version: version, in: &fetchTopics) else {
            return enqueue(request, .notDecoded)
        }
        enqueue(request, isNew ? decoded(request, body) : .nothingNew, heldByteCount: body.byteCount)
    }

    private mutating func finishProduce(
        _ request: RequestInProgress,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) {
        guard var produce = request.produce, let acks = produce.message.acks else {
            // Without its acks nobody knows whether there will be an answer.
            return close(.malformedRequest(.produce, version: request.header.apiVersion), &output)
        }
        let isWhole = produce.finish()
        let fields = produce.message.fields()
        let seen: KafkaExchange.Request = isWhole ? fields.map { .fields($0) } ?? .nothingNew : .notDecoded
        guard acks == 0 else { return enqueue(request, seen, heldByteCount: fields == nil ? 0 : 256) }
        if case .nothingNew = seen { return }
        let pending = PendingRequest(request.header, .produce, seen, isWanted: request.isWanted, time: request.time)
        observe(pending, .notWanted, time, &output)
    }

    // MARK: - SASL

    private mutating func finishHandshake(
        _ request: RequestInProgress,
        _ body: RawSpan,
        _ output: inout ConversationOutput
    ) {
        var reader = KafkaReader()
        let range = (try? reader.stringRange(isCompact: false, from: body)) ?? nil
        let left = sasl.beginHandshake(
            range.flatMap { PrintableText.mechanism(body.extracting($0)) },
            version: request.header.apiVersion,
            clientID: request.header.clientID,
            time: request.time
        )
        if let left { output.observations.append(.authentication(left)) }
        enqueue(request, .notDecoded)
    }

    private static func token(of body: RawSpan, version: Int16) -> Range<Int> {
        var reader = KafkaReader()
        return ((try? reader.bytesRange(isCompact: version >= 2, from: body)) ?? nil) ?? 0..<0
    }

    // MARK: - Refusals

    private mutating func refuse(
        _ request: RequestInProgress,
        _ body: RawSpan,
        _ errorCode: Int16,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) {
        let header = request.header
        let (api, version) = (header.apiKey, header.apiVersion)
        let all = try? MessageDecoder().decode(body, api, version: version, .request, keeping: .everything)
        // Whoever wants no answer to Produce learns of a failure by the connection's end, as from a broker.
        let wantsAnswer = api != .produce || all?["acks"]?.integer != 0
        let fields = decoded(request, body)
        guard wantsAnswer, let answer = RefusalAnswer.make(header, all, errorCode: errorCode) else {
            let pending = PendingRequest(header, .plain, fields, isWanted: request.isWanted, time: request.time)
            observe(pending, .refused(errorCode: errorCode), time, &output)
            return close(.refused(api, version: version, errorCode: errorCode), &output)
        }
        var pending = PendingRequest(
            header,
            .refusal(answer: answer, errorCode: errorCode),
            fields,
            isWanted: request.isWanted,
            time: request.time
        )
        pending.heldByteCount = body.byteCount + answer.count
        queue.append(pending)
        sendRefusals(time, &output)
    }
}
