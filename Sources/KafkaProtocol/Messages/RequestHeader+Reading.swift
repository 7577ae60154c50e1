// SPDX-License-Identifier: Apache-2.0

extension RequestHeader {
    /// Reads a request's header.
    ///
    /// | offset | type | |
    /// |---|---|---|
    /// | 0 | `int16` | API key |
    /// | 2 | `int16` | API version |
    /// | 4 | `int32` | correlation id |
    /// | 8 | nullable string with a length of `int16` | client id, in every version but 0 of ControlledShutdown |
    /// | | tagged fields | in flexible versions |
    ///
    /// The frame begins with the first byte behind the length. Beside the header comes where the body begins. Of an API that is
    /// not described it is nil, for nobody knows which header it has; its client id is what stands where all others have it,
    /// or nil.
    package static func read(
        _ frame: RawSpan
    ) throws(KafkaFormatError) -> (header: RequestHeader, bodyOffset: Int?) {
        var reader = KafkaReader()
        let api = APIKey(rawValue: try reader.integer(from: frame))
        let version = try reader.integer(Int16.self, from: frame)
        let correlationID = try reader.integer(Int32.self, from: frame)
        var clientID: String?
        let isKnown = MessageLayouts.versions(of: api) != nil
        if isKnown {
            if api != .controlledShutdown || version != 0 {
                clientID = try reader.stringRange(isCompact: false, from: frame).map { frame.text(in: $0) }
            }
            if MessageLayouts.isFlexible(api, version: version) { try reader.skipTags(in: frame) }
        } else if let range = try? reader.stringRange(isCompact: false, from: frame) {
            clientID = frame.text(in: range)
        }
        let header = RequestHeader(
            apiKey: api,
            apiVersion: version,
            correlationID: correlationID,
            clientID: clientID
        )
        return (header, isKnown ? reader.byteOffset : nil)
    }
}
