// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

/// The length and the header of a request, read from its first bytes as they come.
enum RequestHead {
    /// Length, API key, version and correlation id.
    static let fixedByteCount = 12

    enum Reading {
        /// At least so many bytes, counted from the frame's length, are needed.
        case needs(Int)
        /// The header, and how many bytes it took with the length before it.
        case head(RequestHeader, byteCount: Int)
        case malformed(APIKey, Int16)
    }

    /// Reads as far as the bytes go, which begin with the length and are at least `fixedByteCount`.
    ///
    /// `length` is the frame's, as its first four bytes say.
    static func read(_ bytes: RawSpan, length: Int, _ clientIDs: inout TextCache) -> Reading {
        let end = length + 4
        var reader = KafkaReader(at: 4)
        guard let api = try? APIKey(rawValue: reader.integer(from: bytes)),
            let version = try? reader.integer(Int16.self, from: bytes),
            let correlationID = try? reader.integer(Int32.self, from: bytes)
        else { return .needs(fixedByteCount) }
        let whole = bytes.extracting(..<min(end, bytes.byteCount))
        let isKnown = MessageLayouts.versions(of: api) != nil
        var clientID: String?
        do throws(KafkaFormatError) {
            if !(api == .controlledShutdown && version == 0) {
                if let range = try reader.stringRange(isCompact: false, from: whole) {
                    clientID = clientIDs.text(whole.extracting(range))
                }
            }
            if isKnown, MessageLayouts.isFlexible(api, version: version) { try reader.skipTags(in: whole) }
        } catch {
            guard error.problem != .truncated || bytes.byteCount >= end else { return .needs(missing(bytes, end)) }
            guard !isKnown else { return .malformed(api, version) }
            reader = KafkaReader(at: fixedByteCount)
        }
        let header = RequestHeader(apiKey: api, apiVersion: version, correlationID: correlationID, clientID: clientID)
        return .head(header, byteCount: reader.byteOffset)
    }

    /// How many bytes to wait for: the client id whole; then, for tagged fields, which are rare, a byte at a time.
    private static func missing(_ bytes: RawSpan, _ end: Int) -> Int {
        var reader = KafkaReader(at: fixedByteCount)
        guard let length = try? reader.integer(Int16.self, from: bytes) else { return min(end, fixedByteCount + 2) }
        return min(end, max(fixedByteCount + 2 + Int(max(0, length)), bytes.byteCount + 1))
    }
}

/// The text that came last, so that one that repeats costs no allocation.
struct TextCache {
    private var bytes: [UInt8] = []
    private(set) var last: String?
    /// Counts the different texts that came.
    private(set) var version = 0

    mutating func text(_ source: RawSpan) -> String {
        // SAFETY: every byte of an array of bytes is initialised.
        if let last, unsafe source.equals(bytes.span.bytes) { return last }
        let text = source.text(in: 0..<source.byteCount)
        bytes.removeAll(keepingCapacity: true)
        // SAFETY: the buffer is copied inside the closure only.
        unsafe source.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        last = text
        version &+= 1
        return text
    }

    /// Whether it is the text that came last.
    func holds(_ source: RawSpan) -> Bool {
        // SAFETY: every byte of an array of bytes is initialised.
        unsafe last != nil && source.equals(bytes.span.bytes)
    }
}
