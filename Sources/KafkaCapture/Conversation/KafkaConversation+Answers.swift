// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

extension KafkaConversation {
    private enum Beginning {
        case needs(Int)
        case answer(AnswerInProgress)
        case close(CloseReason)
    }

    /// Length and correlation id.
    private static let headByteCount = 8

    /// Takes bytes of an answer whose correlation id is not whole; returns where the next bytes are.
    mutating func beginAnswer(
        _ bytes: RawSpan,
        at place: Int,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) -> Int {
        guard broker.head.isEmpty else { return resumeAnswer(bytes, at: place, time, &output) }
        let view = bytes.extracting(place...)
        switch beginning(view) {
        case .needs(let count):
            broker.head.add(view)
            broker.needed = count
            return bytes.byteCount
        case .close(let reason):
            close(reason, &output)
            return bytes.byteCount
        case .answer(let answer):
            let length = answer.left
            if answer.plan == .hold, view.byteCount - 4 >= length {
                let end = place + 4 + length
                finishAnswer(answer.request, bytes.extracting((place + 4)..<end), .range(place..<end), time, &output)
                return end
            }
            if answer.plan != .hold { output.toClient.pass(place..<place + 4) }
            broker.current = answer
            return continueAnswer(bytes, at: place + 4, time, &output)
        }
    }

    private mutating func resumeAnswer(
        _ bytes: RawSpan,
        at place: Int,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) -> Int {
        let added = min(max(0, broker.needed - broker.head.count), bytes.byteCount - place)
        broker.head.add(bytes.extracting(place..<place + added))
        guard broker.head.count >= broker.needed else { return place + added }
        let start = broker.head.bytes
        // SAFETY: every byte of an array of bytes is initialised.
        let begun = unsafe beginning(start.span.bytes)
        switch begun {
        case .needs(let count): broker.needed = max(count, broker.head.count + 1)
        case .close(let reason): close(reason, &output)
        case .answer(let answer):
            let head = broker.head.take()
            if answer.plan != .hold { output.toClient.append(.bytes(Array(head[..<4]))) }
            broker.current = answer
            // SAFETY: every byte of an array of bytes is initialised.
            unsafe feedAnswer(head.span.bytes.extracting(4...), receivedFrom: nil, time, &output)
        }
        return place + added
    }

    mutating func continueAnswer(
        _ bytes: RawSpan,
        at place: Int,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) -> Int {
        guard let answer = broker.current else { return place }
        let end = place + min(answer.left, bytes.byteCount - place)
        feedAnswer(bytes.extracting(place..<end), receivedFrom: place, time, &output)
        return end
    }

    /// Takes the next bytes behind the length, all of them of this answer.
    ///
    /// `start`: Where they stand in what was received; nil for bytes that had been put aside.
    private mutating func feedAnswer(
        _ part: RawSpan,
        receivedFrom start: Int?,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) {
        guard var answer = broker.current.take() else { return }
        answer.left -= part.byteCount
        var passed = part.byteCount
        switch answer.plan {
        case .hold: passed = 0
        case .pass: break
        case .skim: passed = skim(part, &answer)
        }
        Self.pass(part, ..<passed, receivedFrom: start, &output)
        let isWhole = answer.left == 0
        switch answer.plan {
        case .skim:
            answer.body.add(part.extracting(passed...))
            guard isWhole || answer.body.count > CaptureLimits.heldFetchByteCount else { break }
            return finishSkimmed(answer, time, &output)
        case .hold, .pass(copies: true):
            if isWhole, answer.body.isEmpty {
                return finishAnswer(answer.request, part, .passed, time, &output)
            }
            answer.body.add(part)
            guard isWhole else { break }
            let source: AnswerSource = answer.plan == .hold ? .held : .passed
            // SAFETY: every byte of an array of bytes is initialised.
            return unsafe finishAnswer(answer.request, answer.body.bytes.span.bytes, source, time, &output)
        case .pass(copies: false):
            guard isWhole else { break }
            return finishAnswer(answer.request, nil, .passed, time, &output)
        }
        broker.current = answer
    }

    private static func pass(
        _ part: RawSpan,
        _ range: PartialRangeUpTo<Int>,
        receivedFrom start: Int?,
        _ output: inout ConversationOutput
    ) {
        guard range.upperBound > 0 else { return }
        if let start { return output.toClient.pass(start..<start + range.upperBound) }
        var bytes = FrameCollector()
        bytes.add(part.extracting(range))
        output.toClient.append(.bytes(bytes.take()))
    }

    /// Returns how many bytes of the part may be sent on.
    private mutating func skim(_ part: RawSpan, _ answer: inout AnswerInProgress) -> Int {
        let consumed = answer.fetch?.take(part, &fetchTopics) ?? part.byteCount
        return answer.request.header.apiVersion >= 16 ? consumed : part.byteCount
    }

    // MARK: - Headers

    private mutating func beginning(_ bytes: RawSpan) -> Beginning {
        var reader = KafkaReader()
        guard let length = try? reader.integer(Int32.self, from: bytes) else { return .needs(4) }
        let isFirst = broker.completedCount == 0
        let isToken = if case .token? = queue.first?.kind { true } else { false }
        if let reason = problem(withLength: length, of: .broker, isFirst: isFirst, minimum: isToken ? 0 : 4) {
            return .close(reason)
        }
        if isToken, let request = queue.takeFirst() {
            guard length <= SASLLimits.messageByteCount else { return .close(.oversizedFrame(.broker, Int(length))) }
            return .answer(AnswerInProgress(request, .pass(copies: true), left: Int(length)))
        }
        guard let expected = queue.first?.header.correlationID else { return .close(.unexpectedAnswer) }
        guard let found = try? reader.integer(Int32.self, from: bytes) else { return .needs(Self.headByteCount) }
        guard found == expected, let request = queue.takeFirst() else {
            return .close(.unexpectedCorrelationID(expected: expected, found: found))
        }
        return planned(request, length: Int(length))
    }

    private func planned(_ request: PendingRequest, length: Int) -> Beginning {
        let fits = length <= options.maximumObservedByteCount
        let version = request.header.apiVersion
        func begin(_ plan: AnswerInProgress.Plan) -> Beginning {
            .answer(AnswerInProgress(request, plan, left: length))
        }
        switch request.kind {
        case .plain: return begin(.pass(copies: request.isWanted && fits))
        case .handshake, .authenticate: return begin(.pass(copies: fits))
        case .token: return begin(.pass(copies: true))
        case .refusal: return .close(.unexpectedAnswer)
        case .produce where version < 10: return begin(.pass(copies: request.isWanted && fits))
        case .fetch where version < 16 && !request.isWanted: return begin(.pass(copies: false))
        case .fetch where length > CaptureLimits.heldFetchByteCount:
            var keeps = FetchAnswerSkimmer.Keeping.errors
            if case .fields = request.request { keeps = .everything }
            var answer = AnswerInProgress(request, .skim, left: length)
            var skimmer = FetchAnswerSkimmer(version: version, keeps: keeps)
            // The correlation id.
            skimmer.skip = 4
            answer.fetch = SkimStream(skimmer)
            return .answer(answer)
        case .endpoints, .versions, .produce, .fetch:
            guard length <= options.maximumHeldAnswerByteCount else {
                return .close(.oversizedFrame(.broker, length))
            }
            return begin(.hold)
        }
    }
}

/// How a whole answer came to be in memory.
enum AnswerSource {
    /// It lies in what was received, in this range with its length, and nothing of it was sent on.
    case range(Range<Int>)
    /// It was put aside, and nothing of it was sent on.
    case held
    /// All of it was sent on.
    case passed
}
