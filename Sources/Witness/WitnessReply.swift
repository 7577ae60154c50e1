// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// What a witness answers to `add-checkpoint`: what the witness writes, and its client reads (c2sp.org/tlog-witness).
package enum WitnessReply: Equatable, Sendable {
    /// 200: these signatures, of the whole checkpoint. The record is durable.
    case cosigned([NoteSignature])
    /// 409: the newest checkpoint that was cosigned has another size than the request's old one.
    case otherSize(UInt64)
    /// Anything else.
    case refused(Refusal, String)

    package enum Refusal: Sendable, Equatable {
        /// 400: no request, or an old size beyond the checkpoint's.
        case malformed
        /// 403: no key that is known for the origin signed it, or one of them signed something else.
        case notSigned
        /// 404: the log is not known.
        case unknownLog
        /// 422: the proof does not lead from the checkpoint that was cosigned to this one, or this is another of its size.
        case inconsistent
        /// 503: not now.
        case unavailable
        /// Of a client: an answer that the protocol does not have.
        case unknown(status: Int)
    }

    package static let sizeType = "text/x.tlog.size"
    package static let textType = "text/plain; charset=utf-8"

    package var status: Int {
        switch self {
        case .cosigned: 200
        case .otherSize: 409
        case .refused(.malformed, _): 400
        case .refused(.notSigned, _): 403
        case .refused(.unknownLog, _): 404
        case .refused(.inconsistent, _): 422
        case .refused(.unavailable, _): 503
        case .refused(.unknown(let status), _): status
        }
    }

    package var contentType: String {
        if case .otherSize = self { Self.sizeType } else { Self.textType }
    }

    package var body: [UInt8] {
        switch self {
        case .cosigned(let signatures): signatures.flatMap(\.line)
        case .otherSize(let size): Array("\(size)\n".utf8)
        case .refused(_, let why): Array("\(why)\n".utf8)
        }
    }

    /// Reads an answer; what does not keep to the protocol is `unknown`.
    ///
    /// The signatures are not checked.
    package init(status: Int, contentType: String?, body: [UInt8]) {
        let text = Self.harmless(body)
        switch status {
        case 200:
            guard let signatures = try? NoteSignature.parse(lines: body) else {
                self = .refused(.unknown(status: 200), "no signatures: \(text)")
                return
            }
            self = .cosigned(signatures)
        case 409:
            // Only with this type it is the protocol's; a proxy's 409 says nothing of sizes.
            let type = contentType?.prefix { $0 != ";" }.lowercased()
            guard type == Self.sizeType, body.last == UInt8(ascii: "\n"), let size = UInt64(decimal: body.dropLast())
            else {
                self = .refused(.unknown(status: 409), text)
                return
            }
            self = .otherSize(size)
        case 400: self = .refused(.malformed, text)
        case 403: self = .refused(.notSigned, text)
        case 404: self = .refused(.unknownLog, text)
        case 422: self = .refused(.inconsistent, text)
        case 503: self = .refused(.unavailable, text)
        default: self = .refused(.unknown(status: status), text)
        }
    }

    /// The beginning of what somebody else wrote, for messages: printable ASCII of one line.
    private static func harmless(_ body: [UInt8]) -> String {
        let line = body.prefix { $0 != UInt8(ascii: "\n") }.prefix(160)
        return String(decoding: line.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
