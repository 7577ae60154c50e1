// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

/// The short way for what nearly all traffic is: Produce and Fetch of topics that the connection has named before, answered without
/// an error.
///
/// It takes a frame only when it lies whole in what was received and tells nothing new, and leaves everything else, untouched, to the
/// long way, which would come to the same result.
extension KafkaConversation {
    /// Sends on the repeated requests that stand here; returns where the first other frame begins.
    mutating func passRepeatedRequests(
        _ bytes: RawSpan,
        at place: Int,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) -> Int {
        guard client.head.isEmpty, client.completedCount > 0, sasl.isIdle else { return place }
        var place = place
        // Room for the events of all of them is held, or not, by the first one.
        var admitted = (produce: false, fetch: false)
        while let found = (try? repeatedRequest(bytes, at: place, time)) ?? nil {
            let request = found.request
            let isAdmitted = request.api == .produce ? admitted.produce : admitted.fetch
            if isAdmitted {
                output.repeatedCount += 1
            } else {
                let header = RequestHeader(
                    apiKey: request.api,
                    apiVersion: request.version,
                    correlationID: request.correlationID,
                    clientID: clientIDs.last
                )
                if let errorCode = options.admits(header) {
                    foreseenRefusal = errorCode
                    break
                }
                if request.api == .produce { admitted.produce = true } else { admitted.fetch = true }
            }
            if found.isAnswered { queue.append(request, clientID: clientIDs.last) }
            client.completedCount &+= 1
            output.toBroker.pass(place..<found.end)
            place = found.end
        }
        return place
    }

    private struct FoundRequest {
        let request: RepeatedRequest
        let end: Int
        let isAnswered: Bool
    }

    /// Nil where there is none, or an error where what stands there is not whole.
    private mutating func repeatedRequest(
        _ bytes: RawSpan,
        at place: Int,
        _ time: Int64
    ) throws(KafkaFormatError) -> FoundRequest? {
        var reader = KafkaReader(at: place)
        let length = Int(try reader.integer(Int32.self, from: bytes))
        let end = place + 4 + length
        guard length >= 14, length <= options.maximumObservedByteCount, end <= bytes.byteCount else { return nil }
        let frame = bytes.extracting(..<end)
        let api = APIKey(rawValue: try reader.integer(Int16.self, from: frame))
        let version = try reader.integer(Int16.self, from: frame)
        let correlationID = try reader.integer(Int32.self, from: frame)
        guard api == .produce || api == .fetch, queue.count < options.maximumPendingCount,
            try isRepeatedClientID(frame, &reader)
        else { return nil }
        var acks: Int16? = 1
        let isWanted = api == .produce ? wantsProduce : wantsFetch
        if api == .produce {
            acks = try RepeatedMessages.acks(frame, &reader, version, &produceTopics, isWanted: isWanted)
        } else if !(try RepeatedMessages.fetch(frame, &reader, version, &fetchTopics, isWanted: isWanted)) {
            acks = nil
        }
        guard let acks else { return nil }
        let request = RepeatedRequest(
            api: api,
            version: version,
            correlationID: correlationID,
            time: time,
            isWanted: isWanted
        )
        return FoundRequest(request: request, end: end, isAnswered: acks != 0)
    }

    /// Reads the client id, and says whether it is that of the requests before it.
    private mutating func isRepeatedClientID(
        _ frame: RawSpan,
        _ reader: inout KafkaReader
    ) throws(KafkaFormatError) -> Bool {
        guard let range = try reader.stringRange(isCompact: false, from: frame),
            clientIDs.holds(frame.extracting(range))
        else { return false }
        if queue.repeatedCount == 0 { repeatedClientIDVersion = clientIDs.version }
        return repeatedClientIDVersion == clientIDs.version
    }

    /// Sends on the answers to repeated requests that stand here and tell of no error; returns where the first other frame begins.
    mutating func passRepeatedAnswers(
        _ bytes: RawSpan,
        at place: Int,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) -> Int {
        guard broker.head.isEmpty, broker.completedCount > 0 else { return place }
        var place = place
        while let request = queue.firstRepeated, let end = (try? Self.end(ofAnswerTo: request, bytes, at: place)) ?? nil
        {
            queue.dropFirstRepeated()
            broker.completedCount &+= 1
            hasAnsweredRequest = true
            output.toClient.pass(place..<end)
            place = end
        }
        sendRefusals(time, &output)
        return place
    }

    /// Nil where another answer stands, or an error where what stands there is not whole.
    private static func end(
        ofAnswerTo request: RepeatedRequest,
        _ bytes: RawSpan,
        at place: Int
    ) throws(KafkaFormatError) -> Int? {
        var reader = KafkaReader(at: place)
        let length = Int(try reader.integer(Int32.self, from: bytes))
        let end = place + 4 + length
        guard length >= 4, length <= CaptureLimits.heldFetchByteCount, end <= bytes.byteCount,
            try reader.integer(Int32.self, from: bytes) == request.correlationID
        else { return nil }
        let body = bytes.extracting(reader.byteOffset..<end)
        let glance =
            request.api == .produce
            ? try AnswerGlance.produce(body, version: request.version)
            : try AnswerGlance.fetch(body, version: request.version)
        return glance == AnswerGlance() ? end : nil
    }
}
