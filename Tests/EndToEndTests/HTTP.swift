// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A request, to the byte as it is sent: nothing is added that a test did not ask for, but the host and the length.
struct HTTPRequest: Sendable {
    let bytes: [UInt8]

    init(_ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil) {
        var head = "\(method) \(path) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.0.lowercased() == "host" }) { head += "Host: 127.0.0.1\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        bytes = Array(head.utf8) + [13, 10] + (body ?? [])
    }
}

struct HTTPResponse: Sendable {
    let status: Int
    /// By lower-case name.
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }
}

/// A connection to a server on this machine.
///
/// Calls block, at most half a minute.
///
/// Our own, because tests send what no client library would, and must know which bytes the server has seen.
final class HTTPConnection {
    enum Failure: Error {
        case notConnected(errno: Int32)
        /// The peer ended the connection, or was silent too long.
        case broken
        case notHTTP(String)
    }

    private let descriptor: Int32
    private var window: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.notConnected(errno: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Sends a request and reads the answer to it.
    func exchange(_ request: HTTPRequest) throws -> HTTPResponse {
        try send(request.bytes)
        return try receive()
    }

    func send(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor,
                    buffer.baseAddress.map { $0 + done },
                    bytes.count - done,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { throw Failure.broken }
            done += count
        }
    }

    /// Reads one answer, by its length, its chunks, or to the connection's end.
    func receive() throws -> HTTPResponse {
        let head = String(decoding: try bytes(through: "\r\n\r\n"), as: UTF8.self)
        // A Character may be a CR and an LF together.
        let lines = head.split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure.notHTTP(head)
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw Failure.notHTTP(head) }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = value
        }
        return HTTPResponse(status: status, headers: headers, body: try body(headers))
    }

    /// Reads on until the text is there, and gives everything before it and the text.
    func bytes(through text: String) throws -> [UInt8] {
        let end = Array(text.utf8)
        var searched = 0
        while true {
            if let range = window[searched...].firstRange(of: end) {
                defer { window.removeFirst(range.upperBound) }
                return Array(window[..<range.upperBound])
            }
            searched = max(0, window.count - end.count)
            guard try fill() else { throw Failure.broken }
        }
    }

    private func body(_ headers: [String: String]) throws -> [UInt8] {
        if headers["transfer-encoding"] == "chunked" {
            var body: [UInt8] = []
            while true {
                let size = String(decoding: try bytes(through: "\r\n").dropLast(2), as: UTF8.self)
                guard let count = Int(size, radix: 16) else { throw Failure.notHTTP(size) }
                body += try take(count + 2).dropLast(2)
                if count == 0 { return body }
            }
        }
        if let count = headers["content-length"].flatMap({ Int($0) }) { return try take(count) }
        while try fill() {}
        return try take(window.count)
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while window.count < count {
            guard try fill() else { throw Failure.broken }
        }
        defer { window.removeFirst(count) }
        return Array(window[..<count])
    }

    /// Reads more; false at the connection's end.
    private func fill() throws -> Bool {
        var received = 0
        window += [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            received = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            count = max(0, received)
        }
        guard received >= 0 else { throw Failure.broken }
        return received > 0
    }
}
