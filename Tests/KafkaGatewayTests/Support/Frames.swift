// SPDX-License-Identifier: Apache-2.0

/// Frames by hand, with their lengths.
enum Frames {
    /// An API that nobody knows: its frames pass untouched.
    static let unknownAPI: Int16 = 12_345
    static let heartbeat: Int16 = 12
    static let deleteTopics: Int16 = 20
    static let metadata: Int16 = 3

    static func frame(_ content: [UInt8]) -> [UInt8] { bytes(Int32(content.count)) + content }

    /// A request of header version 1.
    static func request(_ api: Int16, version: Int16 = 0, _ correlationID: Int32, _ body: [UInt8]) -> [UInt8] {
        frame(bytes(api) + bytes(version) + bytes(correlationID) + string("test") + body)
    }

    /// An answer of header version 0, whose body repeats the request's last bytes.
    static func answer(to request: [UInt8], body: [UInt8]? = nil) -> [UInt8] {
        frame(Array(request[4..<8]) + (body ?? Array(request.suffix(2))))
    }

    static func heartbeatRequest(_ correlationID: Int32) -> [UInt8] {
        request(heartbeat, correlationID, string("group") + bytes(Int32(1)) + string("member"))
    }

    /// DeleteTopics v1 of one topic.
    static func deleteRequest(_ correlationID: Int32, topic: String = "orders") -> [UInt8] {
        request(deleteTopics, version: 1, correlationID, bytes(Int32(1)) + string(topic) + bytes(Int32(1000)))
    }

    static func deleteAnswer(_ correlationID: Int32, topic: String = "orders", errorCode: Int16 = 0) -> [UInt8] {
        frame(bytes(correlationID) + bytes(Int32(0)) + bytes(Int32(1)) + string(topic) + bytes(errorCode))
    }

    /// Metadata v1 of no topics.
    static func metadataRequest(_ correlationID: Int32) -> [UInt8] {
        request(metadata, version: 1, correlationID, bytes(Int32(0)))
    }

    static func metadataAnswer(_ correlationID: Int32, _ brokers: [(id: Int32, host: String, port: Int32)]) -> [UInt8] {
        var body = bytes(Int32(brokers.count))
        for broker in brokers {
            body += bytes(broker.id) + string(broker.host) + bytes(broker.port) + bytes(Int16(-1))
        }
        return frame(bytes(correlationID) + body + bytes(Int32(1)) + bytes(Int32(0)))
    }

    static func correlationID(_ frame: [UInt8]) -> Int32 {
        frame.prefix(4).reduce(0) { $0 << 8 | Int32($1) }
    }

    static func string(_ text: String) -> [UInt8] { bytes(Int16(text.utf8.count)) + Array(text.utf8) }

    static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
