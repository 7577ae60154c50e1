// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

/// The promises of the decoder of Kafka's messages, and of what is made of decoded ones, that must hold for any bytes at all.
///
/// An input is the API's key, its version, and 0 for a request or 1 for an answer, a byte each; then the message behind its header.
package enum MessageFuzz {
    /// Values that one message may become here, so that the bound is reached by small inputs.
    private static let valueCount = 10_000
    private static let errorCode: Int16 = 44

    /// Returns: Whether the message was decoded.
    @discardableResult
    package static func check(_ input: [UInt8]) throws(BrokenPromise) -> Bool {
        guard input.count >= 3 else { return false }
        let (api, version) = (APIKey(rawValue: Int16(input[0])), Int16(Int8(bitPattern: input[1])))
        let direction: MessageDirection = input[2] & 1 == 0 ? .request : .answer
        let body = Array(input[3...])
        let decoder = MessageDecoder(maximumValueCount: valueCount)
        let all = unsafe try? decoder.decode(body.span.bytes, api, version: version, direction, keeping: .everything)
        let audited = unsafe try? decoder.decode(body.span.bytes, api, version: version, direction)
        try require(all == nil || audited != nil, "what is decoded whole is not decoded in part")
        if let all { try require(count(.fields(all)) <= valueCount + 1, "more values than there may be") }
        if let all, let audited { try require(count(.fields(audited)) <= count(.fields(all)), "a part is more") }
        switch direction {
        case .request: try refuse(RequestHeader(apiKey: api, apiVersion: version, correlationID: 7, clientID: nil), all)
        case .answer: try rewrite(body, api, version)
        }
        return all != nil
    }

    private static func count(_ value: KafkaValue) -> Int {
        switch value {
        case .array(let elements): elements.reduce(1) { $0 + count($1) }
        case .fields(let fields): fields.all.reduce(1) { $0 + count($1.value) }
        default: 1
        }
    }

    // MARK: - Refusals

    /// A refusal is an answer that can be decoded, to the last byte, and says the code.
    private static func refuse(_ header: RequestHeader, _ request: KafkaFields?) throws(BrokenPromise) {
        guard let answer = RefusalAnswer.make(header, request, errorCode: errorCode) else { return }
        let isTagged = MessageLayouts.hasTaggedAnswerHeader(header.apiKey, version: header.apiVersion)
        let body = Array(answer.dropFirst(isTagged ? 5 : 4))
        guard
            let fields = unsafe try? MessageDecoder().decode(
                body.span.bytes,
                header.apiKey,
                version: header.apiVersion,
                .answer,
                keeping: .everything
            )
        else { throw BrokenPromise("a refusal that nobody can read") }
        try require(says(.fields(fields)), "a refusal that says nothing")
    }

    private static func says(_ value: KafkaValue) -> Bool {
        switch value {
        case .array(let elements): elements.contains(where: says)
        case .fields(let fields):
            fields.all.contains {
                // `errorCode`, `partitionErrorCode`.
                $0.name.hasSuffix("rrorCode") && $0.value.integer == Int64(errorCode) || says($0.value)
            }
        default: false
        }
    }

    // MARK: - Rewriting

    /// No address but the gateway's is in an answer that was rewritten.
    private static func rewrite(_ body: [UInt8], _ api: APIKey, _ version: Int16) throws(BrokenPromise) {
        let isTagged = MessageLayouts.hasTaggedAnswerHeader(api, version: version)
        var answer: [UInt8] = [0, 0, 0, 7] + (isTagged ? [0] : []) + body
        if let once = unsafe try? AnswerRewriter.rewrite(answer.span.bytes, api, version: version, mapping: gateway) {
            guard
                let twice = unsafe try? AnswerRewriter.rewrite(
                    once.answer.span.bytes,
                    api,
                    version: version,
                    mapping: gateway
                )
            else { throw BrokenPromise("a rewritten answer cannot be read") }
            try require(twice.nodes.allSatisfy { $0 == gateway($0) }, "an address is left")
            try require(twice.answer == once.answer, "rewritten twice, something else comes of it")
        }
        guard api == .apiVersions else { return }
        let byteCount = answer.count
        try? AnswerRewriter.capVersions(&answer, version: version)
        try require(answer.count == byteCount, "capped versions have another length")
    }

    private static func gateway(_ endpoint: NodeEndpoint) -> NodeEndpoint? {
        endpoint.port == 1 ? nil : NodeEndpoint(nodeID: endpoint.nodeID, host: "gateway", port: 9)
    }

    private static func require(_ promise: Bool, _ broken: String) throws(BrokenPromise) {
        if !promise { throw BrokenPromise(broken) }
    }
}
