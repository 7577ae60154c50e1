// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

extension KafkaConversation {
    /// An answer is whole.
    ///
    /// `frame`: From the correlation id on; nil where nobody wants it.
    mutating func finishAnswer(
        _ request: PendingRequest,
        _ frame: RawSpan?,
        _ source: AnswerSource,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) {
        broker.completedCount &+= 1
        switch request.kind {
        case .handshake, .authenticate, .token: answerLogin(request, frame, time, &output)
        case .versions: answerVersions(request, frame, source, &output)
        default: hasAnsweredRequest = true
        }
        guard !isClosed else { return }
        switch request.kind {
        case .produce, .fetch: answerRecords(request, frame, source, time, &output)
        case .endpoints: if let frame { rewrite(request, frame, &output) }
        default: break
        }
        guard !isClosed else { return }
        switch request.kind {
        case .plain, .endpoints, .versions: observe(request, decoded(request, frame), time, &output)
        default: break
        }
        sendRefusals(time, &output)
    }

    private func decoded(_ request: PendingRequest, _ frame: RawSpan?) -> KafkaExchange.Answer {
        let header = request.header
        guard let frame, request.isWanted, frame.byteCount <= options.maximumObservedByteCount else {
            return .notDecoded
        }
        var reader = KafkaReader(at: 4)
        if MessageLayouts.hasTaggedAnswerHeader(header.apiKey, version: header.apiVersion) {
            guard (try? reader.skipTags(in: frame)) != nil else { return .notDecoded }
        }
        guard reader.byteOffset <= frame.byteCount,
            let fields = try? MessageDecoder().decode(
                frame.extracting(reader.byteOffset...),
                header.apiKey,
                version: header.apiVersion,
                .answer
            )
        else { return .notDecoded }
        return .fields(fields)
    }

    // MARK: - Changed answers

    private mutating func rewrite(_ request: PendingRequest, _ frame: RawSpan, _ output: inout ConversationOutput) {
        let (api, version) = (request.header.apiKey, request.header.apiVersion)
        do throws(KafkaFormatError) {
            let rewritten = try AnswerRewriter.rewrite(frame, api, version: version, mapping: options.mapping)
            output.toClient.addFrame(rewritten.answer)
            output.nodes += rewritten.nodes
            output.unmapped += rewritten.unmapped
        } catch {
            close(.undecodableAnswer(api, version: version), &output)
        }
    }

    private mutating func answerVersions(
        _ request: PendingRequest,
        _ frame: RawSpan?,
        _ source: AnswerSource,
        _ output: inout ConversationOutput
    ) {
        guard let frame else { return }
        var copy = FrameCollector()
        copy.add(frame)
        var answer = copy.take()
        do throws(KafkaFormatError) {
            try AnswerRewriter.capVersions(&answer, version: request.header.apiVersion)
            output.toClient.addFrame(answer)
        } catch {
            close(.undecodableAnswer(.apiVersions, version: request.header.apiVersion), &output)
        }
    }

    /// Sends on what was held back and need not be changed.
    private func pass(_ frame: RawSpan, _ source: AnswerSource, _ output: inout ConversationOutput) {
        switch source {
        case .range(let range): output.toClient.pass(range)
        case .passed: break
        case .held:
            var copy = FrameCollector()
            copy.add(frame)
            output.toClient.addFrame(copy.take())
        }
    }

    // MARK: - Produce and Fetch

    private mutating func answerRecords(
        _ request: PendingRequest,
        _ frame: RawSpan?,
        _ source: AnswerSource,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) {
        let (api, version) = (request.header.apiKey, request.header.apiVersion)
        var glance: AnswerGlance?
        if let frame {
            let body = frame.extracting(4...)
            glance =
                api == .produce
                ? try? AnswerGlance.produce(body, version: version) : try? AnswerGlance.fetch(body, version: version)
            if let glance, !glance.hasEndpoints {
                pass(frame, source, &output)
            } else if AnswerRewriter.holdsEndpoints(api, version: version) {
                rewrite(request, frame, &output)
            } else {
                pass(frame, source, &output)
            }
        }
        if case .nothingNew = request.request, let glance, !glance.hasError { return }
        if case .nothingNew = request.request, frame == nil { return }
        observe(request, decoded(request, frame), time, &output)
    }

    /// A large Fetch answer is whole, or its end is too long to be held.
    mutating func finishSkimmed(
        _ answer: AnswerInProgress,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) {
        var answer = answer
        let request = answer.request
        let version = request.header.apiVersion
        let isWhole = answer.left == 0 && answer.fetch?.finish() == true
        if version >= 16 {
            var tail = answer.body.take()
            guard isWhole, let nodes = try? FetchTail.hideEndpoints(&tail) else {
                return close(.undecodableAnswer(.fetch, version: version), &output)
            }
            output.nodes += nodes
            if !tail.isEmpty { output.toClient.append(.bytes(tail)) }
        }
        broker.completedCount &+= 1
        hasAnsweredRequest = true
        let fields = answer.fetch?.message.fields()
        let hasError = answer.fetch?.message.hasError ?? false
        if case .nothingNew = request.request, isWhole, !hasError {
        } else {
            observe(request, isWhole ? fields.map { .fields($0) } ?? .notDecoded : .notDecoded, time, &output)
        }
        sendRefusals(time, &output)
    }

    // MARK: - SASL

    private mutating func answerLogin(
        _ request: PendingRequest,
        _ frame: RawSpan?,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) {
        guard let frame else { return }
        var reader = KafkaReader(at: 4)
        let login: SASLExchange?
        switch request.kind {
        case .handshake:
            guard let errorCode = try? reader.integer(Int16.self, from: frame) else { return }
            login = sasl.answerHandshake(errorCode: errorCode)
        case .token:
            login = sasl.answerToken(frame, errorCode: 0, message: nil, lifetime: nil, time: time)
        default:
            login = answerAuthenticate(frame, version: request.header.apiVersion, time)
        }
        if let login { output.observations.append(.authentication(login)) }
    }

    /// errorCode `int16`, errorMessage nullable string, authBytes, sessionLifetimeMs `int64` (1+); version 2 is flexible.
    private mutating func answerAuthenticate(_ frame: RawSpan, version: Int16, _ time: Int64) -> SASLExchange? {
        let isCompact = version >= 2
        var reader = KafkaReader(at: 4)
        do throws(KafkaFormatError) {
            if isCompact { try reader.skipTags(in: frame) }
            let errorCode = try reader.integer(Int16.self, from: frame)
            let message = try reader.stringRange(isCompact: isCompact, from: frame)
            let token = try reader.bytesRange(isCompact: isCompact, from: frame) ?? 0..<0
            let lifetime = version >= 1 ? try reader.integer(Int64.self, from: frame) : nil
            return sasl.answerToken(
                frame.extracting(token),
                errorCode: errorCode,
                message: message.flatMap {
                    PrintableText.text(
                        frame.extracting($0),
                        maximumByteCount: SASLLimits.errorMessageByteCount
                    )
                },
                lifetime: lifetime,
                time: time
            )
        } catch {
            return nil
        }
    }
}
