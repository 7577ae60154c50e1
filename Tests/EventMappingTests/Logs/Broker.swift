// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Foundation
import Testing

/// Logs of a real broker, and what lines become.
enum Broker {
    static let cluster = CRN(authority: "", elements: [CRN.Element(type: "kafka", name: "test")])

    /// A file of the recorded run beside this package; nil where there is none.
    static func recorded(_ name: String) -> [UInt8]? {
        let folder = URL(filePath: #filePath).appending(path: "../../../../../shared/fixtures/kafka-3.9").standardized
        return (try? Data(contentsOf: folder.appending(path: name))).map(Array.init)
    }

    static func lines(_ name: String) -> [String] {
        (recorded(name).map { String(decoding: $0, as: UTF8.self) } ?? "").split(separator: "\n").map(String.init)
    }

    /// What a parser makes of lines, at its end.
    static func output(_ lines: [String], _ parser: some LogLineParser) -> LogOutput {
        var parser = parser
        var output = LogOutput()
        var offset: UInt64 = 0
        let log = LogIdentity(high: 1, low: 2)
        for line in lines {
            let bytes = Array(line.utf8)
            let place = LogPlace(log: log, byteOffset: offset)
            parser.read(bytes.span.bytes, in: 0..<bytes.count, at: place, now: nil, into: &output)
            offset += UInt64(bytes.count + 1)
        }
        parser.finish(into: &output)
        return output
    }

    static func authorizer(_ lines: [String], zone: TimeZoneRule = .utc) -> LogOutput {
        output(lines, AuthorizerLogParser(cluster: cluster, zone: zone))
    }

    static func requests(_ lines: [String]) -> LogOutput {
        let writer = LoggedRequestWriter(cluster: cluster)
        return output(lines, RequestLogParser(zone: .utc) { writer.append($0, to: &$1) })
    }
}

extension LogOutput {
    /// The events as Foundation reads them.
    var objects: [[String: Any]] {
        get throws {
            try events.split(separator: 0x0A).map { line in
                try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            }
        }
    }
}

extension [String: Any] {
    /// The text at a dotted path; `true` and numbers as text.
    func text(_ path: String) -> String? {
        var value: Any? = self
        for key in path.split(separator: ".") { value = (value as? [String: Any])?[String(key)] }
        switch value {
        case let text as String: return text
        case let number as NSNumber: return number.stringValue
        default: return nil
        }
    }
}
