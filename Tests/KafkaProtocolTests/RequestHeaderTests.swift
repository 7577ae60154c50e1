// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol
import Testing

struct RequestHeaderTests {
    @Test(
        arguments: [
            // Metadata 8: no tags.
            ([0, 3, 0, 8, 0, 0, 0, 7, 0, 2, 0x69, 0x64, 0xff], "id", 12),
            // Metadata 9: tags, one of them unknown; the client id's length still has two bytes.
            ([0, 3, 0, 9, 0, 0, 0, 7, 0, 2, 0x69, 0x64, 1, 4, 1, 0xaa, 0xff], "id", 16),
            ([0, 3, 0, 9, 0, 0, 0, 7, 0xff, 0xff, 0], nil, 11),
            // A version of ApiVersions that nobody knows is flexible.
            ([0, 18, 0, 99, 0, 0, 0, 7, 0, 0, 0], "", 11),
            // SaslHandshake never is.
            ([0, 17, 0, 9, 0, 0, 0, 7, 0, 0, 0], "", 10),
            // ControlledShutdown 0 has no client id.
            ([0, 7, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1], nil, 8),
            ([0, 7, 0, 1, 0, 0, 0, 7, 0, 0, 0, 1], "", 10),
            // An API that is not described.
            ([0x27, 0x10, 0, 0, 0, 0, 0, 7, 0, 1, 0x69, 0], "i", nil),
            ([0x27, 0x10, 0, 0, 0, 0, 0, 7], nil, nil),
            ([0x27, 0x10, 0, 0, 0, 0, 0, 7, 0x80, 0], nil, nil),
        ] as [([UInt8], String?, Int?)]
    )
    func `the header of each kind`(frame: [UInt8], clientID: String?, bodyOffset: Int?) throws {
        let (header, offset) = try RequestHeader.read(frame.span.bytes)

        #expect(header.apiKey.rawValue == Int16(frame[0]) << 8 | Int16(frame[1]))
        #expect(header.apiVersion == Int16(frame[3]))
        #expect(header.correlationID == 7)
        #expect(header.clientID == clientID)
        #expect(offset == bodyOffset)
    }

    @Test func `a header that ends too early is an error`() {
        let frame: [UInt8] = [0, 3, 0, 9, 0, 0, 0, 7, 0, 2, 0x69, 0x64, 1, 4, 1, 0xaa]
        for end in frame.indices {
            let part = Array(frame[..<end])
            #expect(throws: KafkaFormatError.self) { try RequestHeader.read(part.span.bytes) }
        }
    }
}
