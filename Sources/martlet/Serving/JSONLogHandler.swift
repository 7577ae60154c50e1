// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import Logging

/// Writes log messages as JSON, one a line, on standard error.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line: [UInt8] = []
        func member(_ name: String, _ value: String) {
            line.append(line.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
            JSONString.encode(name, into: &line)
            line.append(UInt8(ascii: ":"))
            JSONString.encode(value, into: &line)
        }
        member("time", System.now().description)
        member("level", event.level.rawValue)
        member("message", event.message.description)
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { member(key, value.description) }
        line.append(contentsOf: "}\n".utf8)
        Terminal.writeError(String(decoding: line, as: UTF8.self))
    }
}
