// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat

/// Frames that tests share.
enum Samples {
    static let logID = LogID(high: 0x0706_0504_0302_0100, low: 0x0F0E_0D0C_0B0A_0908)

    static let events = [
        #"{"specversion":"1.0","id":"e1","source":"crn:///kafka=k1","type":"t"}"#,
        #"{ "specversion" : "1.0", "id" : "e2", "source" : "crn:///kafka=k1", "type" : "ü" }"#,
    ]

    static func frame(_ events: [String] = events, submitter: String = "User:alice") -> JournalFrame {
        let frame = JournalFrame(stream: .audit, submitter: submitter, source: "kafka:k1", position: [1, 2, 3])
        for (place, event) in events.enumerated() {
            let bytes = Array(event.utf8)
            frame.append(
                bytes.span.bytes,
                time: 1_795_305_600_000_000_000 + Int64(place),
                keyHash: 0xA0 + UInt64(place),
                flags: place == 1 ? .conflict : []
            )
        }
        frame.finish()
        return frame
    }

    /// The frame as it lies at an offset, with padding.
    static func blocks(_ frame: JournalFrame = frame(), firstIndex: UInt64 = 1234, at fileOffset: Int = 4096) -> [UInt8]
    {
        frame.seal(
            firstIndex: firstIndex,
            received: 1_795_305_601_000_000_000,
            durableByteOffset: min(4096, fileOffset),
            fileOffset: fileOffset,
            logID: logID
        )
        return frame.withUnsafeBlocks { [UInt8]($0) }
    }

    static let fileHeader = JournalFileHeader(
        logID: logID,
        firstIndex: 1234,
        created: 1_795_305_600_500_000_000,
        reservedByteCount: 1 << 26
    )

    static func read(
        _ bytes: [UInt8],
        at fileOffset: Int = 4096,
        logID: LogID = logID
    ) throws(JournalError) -> FrameReader {
        try FrameReader(bytes, logID: logID, fileOffset: fileOffset)
    }

    /// The code of the refusal; nil when the frame is read.
    static func refusal(_ bytes: [UInt8], at fileOffset: Int = 4096, logID: LogID = logID) -> JournalError.Code? {
        do {
            _ = try read(bytes, at: fileOffset, logID: logID)
            return nil
        } catch {
            return error.code
        }
    }

    static func events(of reader: FrameReader) -> [String] {
        reader.ranges().map { String(decoding: reader.bytes[$0], as: UTF8.self) }
    }
}
