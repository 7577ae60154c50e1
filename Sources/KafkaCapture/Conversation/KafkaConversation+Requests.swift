// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

extension KafkaConversation {
    private enum Beginning {
        case needs(Int)
        /// The request, and how many bytes before its body were used.
        case request(RequestInProgress, byteCount: Int)
        case close(CloseReason)
    }

    /// Takes bytes of a request whose header is not whole; returns where the next bytes are.
    mutating func beginRequest(
        _ bytes: RawSpan,
        at place: Int,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) -> Int {
        guard client.head.isEmpty else { return resumeRequest(bytes, at: place, time, &output) }
        client.time = time
        let view = bytes.extracting(place...)
        switch beginning(view, &output) {
        case .needs(let count):
            client.head.add(view)
            client.needed = count
            return bytes.byteCount
        case .close(let reason):
            close(reason, &output)
            return bytes.byteCount
        case .request(let request, let count):
            if request.hasNewVersion {
                var head = FrameCollector()
                head.add(view.extracting(..<count))
                output.toBroker.append(.bytes(Self.unknownVersion(head.take())))
            } else if !request.isRefused {
                output.toBroker.pass(place..<place + count)
            }
            client.current = request
            // A frame may end with its header.
            return continueRequest(bytes, at: place + count, time, &output)
        }
    }

    /// Adds to the beginning that was put aside.
    private mutating func resumeRequest(
        _ bytes: RawSpan,
        at place: Int,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) -> Int {
        let added = min(max(0, client.needed - client.head.count), bytes.byteCount - place)
        client.head.add(bytes.extracting(place..<place + added))
        guard client.head.count >= client.needed else { return place + added }
        let start = client.head.bytes
        // SAFETY: every byte of an array of bytes is initialised.
        let begun = unsafe beginning(start.span.bytes, &output)
        switch begun {
        case .needs(let count): client.needed = max(count, client.head.count + 1)
        case .close(let reason):
            client.head.erase()
            close(reason, &output)
        case .request(let request, let count):
            let head = client.head.take()
            if !request.isRefused {
                output.toBroker.append(.bytes(request.hasNewVersion ? Self.unknownVersion(head) : head))
            }
            client.current = request
            // SAFETY: every byte of an array of bytes is initialised.
            unsafe feedRequest(head.span.bytes.extracting(count...), time, &output)
        }
        return place + added
    }

    mutating func continueRequest(
        _ bytes: RawSpan,
        at place: Int,
        _ time: Int64,
        _ output: inout ConversationOutput
    ) -> Int {
        guard let request = client.current else { return place }
        let end = place + min(request.left, bytes.byteCount - place)
        if !request.isRefused { output.toBroker.pass(place..<end) }
        feedRequest(bytes.extracting(place..<end), time, &output)
        return end
    }

    /// Takes the next bytes of the body, all of them of this request.
    private mutating func feedRequest(_ part: RawSpan, _ time: Int64, _ output: inout ConversationOutput) {
        guard var request = client.current.take() else { return }
        request.left -= part.byteCount
        _ = request.produce?.take(part, &produceTopics)
        guard request.left == 0 else {
            if request.isCollected { request.body.add(part) }
            return client.current = request
        }
        client.completedCount &+= 1
        guard !request.body.isEmpty else { return finishRequest(request, part, time, &output) }
        request.body.add(part)
        // SAFETY: every byte of an array of bytes is initialised.
        unsafe finishRequest(request, request.body.bytes.span.bytes, time, &output)
        switch request.plan {
        case .authenticate, .token: request.body.erase()
        default: break
        }
    }

    // MARK: - Headers

    private mutating func beginning(_ bytes: RawSpan, _ output: inout ConversationOutput) -> Beginning {
        var reader = KafkaReader()
        guard let length = try? reader.integer(Int32.self, from: bytes) else { return .needs(4) }
        let isFirst = client.completedCount == 0
        var next = sasl.nextFrame(length: Int(length))
        if isFirst, length > 0, next == .request {
            guard bytes.byteCount > 4 else {
                if let reason = problem(withLength: length, of: .client, isFirst: true, minimum: 8) {
                    return .close(reason)
                }
                return .needs(RequestHead.fixedByteCount)
            }
            // The first byte of a GSSAPI token (RFC 2743 §3.1), sent by clients that know no handshake.
            if bytes.byte(at: 4) == 0x60, length >= 8, length < CaptureLimits.elementByteCount {
                sasl.beginWithoutHandshake(time: client.time)
                next = .token
            }
        }
        let minimum = next == .request ? 8 : 0
        if let reason = problem(withLength: length, of: .client, isFirst: isFirst, minimum: minimum) {
            return .close(reason)
        }
        guard next != .token else { return token(Int(length)) }
        guard bytes.byteCount >= RequestHead.fixedByteCount else { return .needs(RequestHead.fixedByteCount) }
        if next == .unclear, !Self.isLikelyRequest(bytes) { return token(Int(length)) }
        switch RequestHead.read(bytes, length: Int(length), &clientIDs) {
        case .needs(let count): return .needs(count)
        case .malformed(let api, let version): return .close(.malformedRequest(api, version: version))
        case .head(let header, let count):
            if next == .unclear { dropTokens() }
            return planned(header, left: Int(length) + 4 - count, byteCount: count, &output)
        }
    }

    private func token(_ length: Int) -> Beginning {
        let header = RequestHeader(apiKey: .saslAuthenticate, apiVersion: -1, correlationID: 0, clientID: nil)
        guard length <= SASLLimits.messageByteCount else { return .close(.oversizedFrame(.client, length)) }
        let request = RequestInProgress(header, .token, .token, isWanted: false, time: client.time, left: length)
        return .request(request, byteCount: 4)
    }

    /// Whether a frame amid tokens of an unknown mechanism begins as a request does.
    private static func isLikelyRequest(_ bytes: RawSpan) -> Bool {
        var reader = KafkaReader(at: 4)
        guard let api = try? reader.integer(Int16.self, from: bytes),
            let version = try? reader.integer(Int16.self, from: bytes)
        else { return false }
        return MessageLayouts.versions(of: APIKey(rawValue: api))?.contains(version) ?? false
    }

    /// The last token of a mechanism may have no answer.
    private mutating func dropTokens() {
        while case .token? = queue.first?.kind { _ = queue.takeFirst() }
    }

    /// So high a version that every broker answers with its own, in the first layout (KIP-511).
    private static func unknownVersion(_ head: [UInt8]) -> [UInt8] {
        var head = head
        head[6] = 0x7f
        head[7] = 0xff
        return head
    }

    // MARK: - Plans

    private mutating func planned(
        _ header: RequestHeader,
        left: Int,
        byteCount: Int,
        _ output: inout ConversationOutput
    ) -> Beginning {
        let api = header.apiKey
        guard queue.count < options.maximumPendingCount else { return .close(.tooManyRequests) }
        switch api {
        case .saslHandshake, .saslAuthenticate, .apiVersions: break
        default: if let login = sasl.sendOther() { output.observations.append(.authentication(login)) }
        }
        let isWanted = api != .saslHandshake && api != .saslAuthenticate && options.captures(api)
        let fits = left <= options.maximumObservedByteCount
        func begin(_ kind: PendingRequest.Kind, _ plan: RequestInProgress.Plan) -> Beginning {
            let request = RequestInProgress(header, kind, plan, isWanted: isWanted, time: client.time, left: left)
            return .request(request, byteCount: byteCount)
        }
        if let errorCode = foreseenRefusal.take() ?? options.admits(header) {
            guard fits else { return .close(.refused(api, version: header.apiVersion, errorCode: errorCode)) }
            return begin(.plain, .refuse(errorCode))
        }
        guard let versions = MessageLayouts.versions(of: api) else { return begin(.plain, .pass) }
        guard versions.contains(header.apiVersion) || api == .apiVersions else {
            guard !AnswerRewriter.holdsEndpoints(api, version: versions.upperBound), api != .produce else {
                return .close(.unknownVersion(api, version: header.apiVersion))
            }
            return begin(.plain, .pass)
        }
        switch api {
        case .produce: return begin(.produce, .produce)
        case .fetch: return begin(.fetch, isWanted && fits ? .fetch : .pass)
        case .saslHandshake: return begin(.handshake, fits ? .handshake : .pass)
        case .saslAuthenticate: return begin(.authenticate, fits ? .authenticate : .pass)
        case .apiVersions:
            guard case .request(var request, let count) = begin(.versions, isWanted && fits ? .decode : .pass) else {
                return .close(.malformedRequest(api, version: header.apiVersion))
            }
            request.hasNewVersion = header.apiVersion > versions.upperBound
            return .request(request, byteCount: count)
        default:
            let holds = AnswerRewriter.holdsEndpoints(api, version: header.apiVersion)
            return begin(holds ? .endpoints : .plain, isWanted && fits ? .decode : .pass)
        }
    }
}
