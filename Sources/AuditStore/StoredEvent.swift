// SPDX-License-Identifier: Apache-2.0

package import JournalFormat

/// An event as it came in, and what was written down beside it.
package struct StoredEvent: Sendable {
    package let index: UInt64
    /// Nanoseconds since 1970.
    package let received: Int64
    package let stream: LogStream
    package let submitter: String
    package let source: String
    package let flags: EventFlags
    package let bytes: [UInt8]

    package init(
        index: UInt64,
        received: Int64,
        stream: LogStream,
        submitter: String,
        source: String,
        flags: EventFlags,
        bytes: [UInt8]
    ) {
        self.index = index
        self.received = received
        self.stream = stream
        self.submitter = submitter
        self.source = source
        self.flags = flags
        self.bytes = bytes
    }

    package init(_ frame: FrameReader, place: Int, range: Range<Int>) {
        index = frame.header.firstIndex + UInt64(place)
        received = frame.header.received
        stream = frame.header.stream
        submitter = frame.header.submitter
        source = frame.header.source
        flags = frame.entry(place).flags
        bytes = Array(frame.bytes[range])
    }
}
