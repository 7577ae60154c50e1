// SPDX-License-Identifier: Apache-2.0

extension AnswerRewriter {
    /// The error of an ApiVersions request in a version that the broker does not know; its answer is that of version 0 (KIP-511).
    private static let unsupportedVersion: Int16 = 35

    /// Takes the versions out of an ApiVersions answer that we could not decode.
    ///
    /// The highest version of each API that is described is lowered to ours where it is above; nothing is raised, and APIs that
    /// are not described stay as they are. Where a broker's lowest version is above ours the range is empty then, and
    /// clients find no version in common, which is better than one that nobody records. The length does not change.
    ///
    /// The answer begins with the first byte behind the length; the version is the one that was asked for.
    package static func capVersions(_ answer: inout [UInt8], version: Int16) throws(KafkaFormatError) {
        // SAFETY: the span is used before the array is changed, and every byte of an array of bytes is initialised.
        let tooHigh: [(offset: Int, highest: Int16)]
        do throws(KafkaFormatError) {
            tooHigh = try unsafe tooHighVersions(in: answer.span.bytes, version: version)
        } catch {
            // A refusal is not needed to be read: the client asks again, and a version above ours is refused there as well.
            // librdkafka's mock cluster writes one with a compact array in it.
            guard unsafe isRefusal(answer.span.bytes) else { throw error }
            return
        }
        for (offset, highest) in tooHigh {
            answer[offset] = UInt8(truncatingIfNeeded: highest >> 8)
            answer[offset + 1] = UInt8(truncatingIfNeeded: highest)
        }
    }

    private static func isRefusal(_ answer: RawSpan) -> Bool {
        var reader = KafkaReader(at: 4)
        return (try? reader.integer(Int16.self, from: answer)) == unsupportedVersion
    }

    /// Where a version is too high, and what has to stand there.
    private static func tooHighVersions(
        in answer: RawSpan,
        version: Int16
    ) throws(KafkaFormatError) -> [(offset: Int, highest: Int16)] {
        // The header is only the correlation id, whatever the version.
        var reader = KafkaReader(at: 4)
        let errorCode = try reader.integer(Int16.self, from: answer)
        let isPlain = errorCode == unsupportedVersion
        guard isPlain || MessageLayouts.versions(of: .apiVersions)?.contains(version) == true else {
            throw KafkaFormatError(.unknownLayout, at: 0)
        }
        let isCompact = !isPlain && MessageLayouts.isFlexible(.apiVersions, version: version)
        let count = try reader.arrayCount(isCompact: isCompact, minimum: isCompact ? 7 : 6, from: answer)
        var found: [(offset: Int, highest: Int16)] = []
        for _ in 0..<(count ?? 0) {
            let api = APIKey(rawValue: try reader.integer(from: answer))
            _ = try reader.integer(Int16.self, from: answer)
            let offset = reader.byteOffset
            let highest = try reader.integer(Int16.self, from: answer)
            if isCompact { try reader.skipTags(in: answer) }
            if let ours = MessageLayouts.versions(of: api)?.upperBound, highest > ours { found.append((offset, ours)) }
        }
        return found
    }
}
