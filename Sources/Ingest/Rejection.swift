// SPDX-License-Identifier: Apache-2.0

package import EventScanner

/// Why something that was handed in is not an event, and where.
///
/// One sender's mistake: told to that sender, counted, kept in the quarantine when it came from a stream.
package struct Rejection: Error, Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        /// The bytes are not one JSON object as RFC 8259 has it.
        case scan(ScanError.Code)
        /// CloudEvents 1.0 §3.1: `id`, `source`, `specversion` and `type` are required.
        case missingAttribute(String)
        /// An attribute that has to be a string with something in it is not.
        case invalidAttribute(String)
        /// Between the events of an array or a sequence stands something else.
        case betweenEvents(String)
        /// More bytes or events than one request may have.
        case batchTooLarge(String)
        /// No event in the request.
        case noEvents
        /// What a server said of something that was sent to it: its code and its sentence.
        case told(code: String, detail: String)
    }

    package let reason: Reason

    /// Offset of the offending byte in what was handed in.
    package var byteOffset: Int

    /// Line, from 1; for events that are not lines, which event it is.
    package var line: Int

    package init(_ reason: Reason, byteOffset: Int, line: Int = 1) {
        self.reason = reason
        self.byteOffset = byteOffset
        self.line = line
    }

    /// One word for programs.
    ///
    /// Part of the API: names are only added.
    package var code: String {
        switch reason {
        case .scan(let code): code.rawValue
        case .missingAttribute: "missingAttribute"
        case .invalidAttribute: "invalidAttribute"
        case .betweenEvents: "betweenEvents"
        case .batchTooLarge: "batchTooLarge"
        case .noEvents: "noEvents"
        case .told(let code, _): code
        }
    }

    /// One sentence for people, without the place.
    package var message: String {
        switch reason {
        case .scan(let code): ScanError(code, at: 0).message
        case .missingAttribute(let name): "the attribute \"\(name)\" is missing; CloudEvents require it"
        case .invalidAttribute(let name): "the attribute \"\(name)\" has to be a string that is not empty"
        case .betweenEvents(let what): what
        case .batchTooLarge(let what): what
        case .noEvents: "there is no event in it"
        case .told(_, let detail): detail
        }
    }
}
