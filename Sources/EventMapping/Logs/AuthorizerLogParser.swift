// SPDX-License-Identifier: Apache-2.0

package import AuditModel
import ByteCoding

/// Makes events of the lines of an authorizer log, or of any log of a broker that has such lines in it.
///
/// Lines go in by their order. What comes out is in the same order, see `LogOutput`. Pure: no file, no clock; `now` is told.
///
/// | line | event |
/// |---|---|
/// | `Principal = … is Denied operation = …` | authorization; or `dev.martlet.audit/authorization-rule`, when the wire's event is known |
/// | `Authorization DENIED - user: …` (Strimzi with Keycloak) | authorization |
/// | `Failed authentication with /…` | authentication, without a name |
package struct AuthorizerLogParser: LogLineParser {
    let writer: LogEventWriter
    private let zone: TimeZoneRule
    let correlator: AuthorizationCorrelator?
    private var memory = TimeZoneRule.Memory()
    /// The newest stamp of a line of ours.
    var latestTime = Int64.min
    private var container = ContainerLine()
    /// Where the first piece of a line in pieces stands.
    private var containerPlace: LogPlace?
    private var joined: Joined?
    var held = HeldLines<WaitingCheck>()

    /// The beginning of a message that is not all there.
    private struct Joined: Sendable {
        let place: LogPlace
        var bytes: [UInt8]
        var lineCount = 1
        let containerTime: Int64?
    }

    struct WaitingCheck: Sendable {
        let bytes: [UInt8]
        let check: AuthorizerLine
        let id: LogEventID
        let time: Int64
        let key: AuthorizationCorrelator.Key
    }

    /// - Parameters:
    ///   - cluster: whose log it is.
    ///   - zone: of stamps that name none.
    ///   - correlator: knows the wire's events; nil when there are none.
    package init(cluster: CRN, zone: TimeZoneRule, correlator: AuthorizationCorrelator? = nil) {
        writer = LogEventWriter(cluster: cluster)
        self.zone = zone
        self.correlator = correlator
    }

    /// Where the first line stands whose event is not out yet; nil when all are.
    package var heldPlace: LogPlace? { held.firstPlace ?? joined?.place ?? containerPlace }

    /// Takes the next line, without its end.
    package mutating func read(
        _ bytes: RawSpan,
        in range: Range<Int>,
        at place: LogPlace,
        now: Int64?,
        into output: inout LogOutput
    ) {
        let range = bytes.trimmed(range)
        switch container.content(bytes, in: range) {
        case .plain:
            message(bytes, range, at: place, containerTime: nil, now: now, &output)
        case .goesOn:
            containerPlace = containerPlace ?? place
        case .tooLong:
            output.malformed.append(
                MalformedLine(
                    byteOffset: place.byteOffset,
                    bytes: [],
                    message: "a line in more pieces than a message may have"
                )
            )
            containerPlace = nil
        case .inner(let text, let time):
            let first = containerPlace ?? place
            containerPlace = nil
            unsafe message(text.span.bytes, 0..<text.count, at: first, containerTime: time, now: now, &output)
        }
    }

    /// Lets go of what waits and has waited long enough.
    package mutating func advance(now: Int64, into output: inout LogOutput) {
        release(now: now, into: &output)
    }

    /// Nothing more comes: what is held is decided.
    package mutating func finish(into output: inout LogOutput) {
        endJoined(now: .max, &output)
        release(now: .max, into: &output)
    }

    // MARK: - Messages

    private mutating func message(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        at place: LogPlace,
        containerTime: Int64?,
        now: Int64?,
        _ output: inout LogOutput
    ) {
        let line = LogLine(bytes, in: range)
        if joined != nil {
            if line.stamp == nil, !bytes.holds(AuthorizerLine.beginning, at: range.lowerBound, end: range.upperBound) {
                extendJoined(bytes, range, now: now, &output)
                return
            }
            endJoined(now: now, &output)
        }
        let isComplete = take(
            bytes,
            line,
            range,
            at: place,
            containerTime: containerTime,
            isLast: false,
            now: now,
            &output
        )
        if !isComplete {
            var start: [UInt8] = []
            start.append(bytes, range)
            joined = Joined(place: place, bytes: start, containerTime: containerTime)
        }
    }

    private mutating func extendJoined(_ bytes: RawSpan, _ range: Range<Int>, now: Int64?, _ output: inout LogOutput) {
        guard var joined else { return }
        joined.bytes.append(0x0A)
        joined.bytes.append(bytes, range)
        joined.lineCount += 1
        self.joined = joined
        let isFull =
            joined.lineCount >= MappingLimits.heldLineCount || joined.bytes.count > MappingLimits.heldMessageByteCount
        if takeJoined(joined, isLast: isFull, now: now, &output) { self.joined = nil }
    }

    private mutating func endJoined(now: Int64?, _ output: inout LogOutput) {
        guard let joined else { return }
        self.joined = nil
        _ = takeJoined(joined, isLast: true, now: now, &output)
    }

    private mutating func takeJoined(_ joined: Joined, isLast: Bool, now: Int64?, _ output: inout LogOutput) -> Bool {
        let range = 0..<joined.bytes.count
        let bytes = joined.bytes
        let line = unsafe LogLine(bytes.span.bytes, in: range)
        return unsafe take(
            bytes.span.bytes,
            line,
            range,
            at: joined.place,
            containerTime: joined.containerTime,
            isLast: isLast,
            now: now,
            &output
        )
    }

    /// - Returns: false when more of the message is to come; never when `isLast`.
    private mutating func take(
        _ bytes: RawSpan,
        _ line: LogLine,
        _ range: Range<Int>,
        at place: LogPlace,
        containerTime: Int64?,
        isLast: Bool,
        now: Int64?,
        _ output: inout LogOutput
    ) -> Bool {
        let message = line.message
        if bytes.holds(AuthorizerLine.beginning, at: message.lowerBound, end: message.upperBound),
            line.logger.map({ bytes.first("uthorizer", in: $0) != nil }) ?? true
        {
            let check = AuthorizerLine(bytes, in: message)
            let isWhole =
                switch line.layout {
                case .brackets: line.logger != nil
                case .console: check?.requestName != nil
                case .bare: true
                }
            guard isLast || isWhole && check != nil else { return false }
            guard let check else {
                malformed(bytes, range, at: place, "an authorizer's line that is not as any version writes it", &output)
                return true
            }
            guard let time = time(line, containerTime) else {
                malformed(bytes, range, at: place, "an authorizer's line without a time", &output)
                return true
            }
            take(check, bytes, range, at: place, time: time, now: now, &output)
        } else if let time = time(line, containerTime) {
            takeOther(bytes, line, range, at: place, time: time, &output)
        } else {
            output.otherCount += 1
        }
        return true
    }

    private mutating func takeOther(
        _ bytes: RawSpan,
        _ line: LogLine,
        _ range: Range<Int>,
        at place: LogPlace,
        time: Int64,
        _ output: inout LogOutput
    ) {
        let message = line.message
        let id = LogEventID(place, line: bytes, range)
        var events: [UInt8] = []
        if bytes.holds(KeycloakLine.beginning, at: message.lowerBound, end: message.upperBound),
            isKeycloak(bytes, line.logger), let check = KeycloakLine(bytes, in: message)
        {
            writer.append(check, bytes, id: id, time: time, to: &events)
        } else if line.logger.map({ bytes.first("Selector", in: $0) != nil }) ?? true,
            let failure = FailedAuthenticationLine(bytes, in: message)
        {
            writer.append(failure, bytes, id: id, time: time, to: &events)
        } else {
            output.otherCount += 1
            return
        }
        if held.isEmpty {
            output.events += events
            output.eventCount += 1
        } else {
            held.append(.decided(events, eventCount: 1), at: place)
        }
    }

    /// `…KeycloakRBACAuthorizer.grant`, of which the console's pattern leaves the last word.
    private func isKeycloak(_ bytes: RawSpan, _ logger: Range<Int>?) -> Bool {
        guard let logger else { return true }
        return bytes.first("Keycloak", in: logger) != nil
            || bytes.holds("grant", at: logger.lowerBound, end: logger.upperBound)
            || bytes.holds("deny", at: logger.lowerBound, end: logger.upperBound)
    }

    // MARK: - Parts

    /// The runtime's stamp, which has a zone, else the line's own.
    private mutating func time(_ line: LogLine, _ containerTime: Int64?) -> Int64? {
        guard let time = containerTime ?? line.stamp.map({ $0.time(zone, &memory) }) else { return nil }
        latestTime = max(latestTime, time)
        return time
    }

    private func malformed(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        at place: LogPlace,
        _ message: String,
        _ output: inout LogOutput
    ) {
        var piece: [UInt8] = []
        piece.append(bytes, range)
        output.malformed.append(MalformedLine(byteOffset: place.byteOffset, bytes: piece, message: message))
    }
}
