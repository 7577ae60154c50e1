// SPDX-License-Identifier: Apache-2.0

import ByteCoding
package import KafkaProtocol

/// Makes requests of the lines of a request log, and events of those.
///
/// The logger `kafka.request.logger` writes one line at DEBUG when a request was answered, since 2.8 as JSON. Forwarded requests, which
/// are logged twice, are kept once: see `ForwardedRequests`. Pure: no file, no clock; `now` is told.
///
/// A line may hold secrets in the clear. They are passed over while it is read, and a line that cannot be read is set aside without what
/// follows its stamp.
package struct RequestLogParser: LogLineParser {
    /// Makes the events of a request, each with a line's end, and counts them.
    package typealias Mapping = @Sendable (LoggedRequest, inout LogOutput) -> Void

    private let zone: TimeZoneRule
    private let forwarded: ForwardedRequests
    private let captures: @Sendable (APIKey) -> Bool
    private let map: Mapping
    private var memory = TimeZoneRule.Memory()
    /// The newest stamp of a line of ours.
    private var latestTime = Int64.min
    private var container = ContainerLine()
    private var containerPlace: LogPlace?
    private var held = HeldLines<LoggedRequest>()

    private static let beginning: StaticString = "Completed request:"

    /// - Parameters:
    ///   - zone: of stamps that name none.
    ///   - forwarded: shared by the readers of all logs of the cluster.
    ///   - captures: which requests are wanted at all.
    ///   - map: what becomes of them.
    package init(
        zone: TimeZoneRule,
        forwarded: ForwardedRequests = ForwardedRequests(),
        captures: @escaping @Sendable (APIKey) -> Bool = { _ in true },
        map: @escaping Mapping
    ) {
        self.zone = zone
        self.forwarded = forwarded
        self.captures = captures
        self.map = map
    }

    /// Where the first line stands whose events are not out yet; nil when all are.
    package var heldPlace: LogPlace? { held.firstPlace ?? containerPlace }

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
            line(bytes, range, at: place, containerTime: nil, now: now, &output)
        case .goesOn:
            containerPlace = containerPlace ?? place
        case .tooLong:
            output.malformed.append(
                MalformedLine(
                    byteOffset: place.byteOffset,
                    bytes: [],
                    message: "a line in more pieces than one may have"
                )
            )
            containerPlace = nil
        case .inner(let text, let time):
            let first = containerPlace ?? place
            containerPlace = nil
            unsafe line(text.span.bytes, 0..<text.count, at: first, containerTime: time, now: now, &output)
        }
    }

    /// Lets go of what waits and has waited long enough.
    package mutating func advance(now: Int64, into output: inout LogOutput) {
        release(now: now, into: &output)
    }

    /// Nothing more comes: what is held is decided.
    package mutating func finish(into output: inout LogOutput) {
        release(now: .max, into: &output)
    }

    // MARK: - Lines

    private mutating func line(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        at place: LogPlace,
        containerTime: Int64?,
        now: Int64?,
        _ output: inout LogOutput
    ) {
        let line = LogLine(bytes, in: range)
        guard bytes.holds(Self.beginning, at: line.message.lowerBound, end: line.message.upperBound),
            line.logger.map({ Self.isRequestLogger(bytes, $0) }) ?? (line.layout == .bare)
        else {
            output.otherCount += 1
            return
        }
        let body = line.message.lowerBound + Self.beginning.utf8CodeUnitCount..<line.message.upperBound
        guard let time = containerTime ?? line.stamp?.time(zone, &memory) else {
            malformed(bytes, range, body, at: place, "a request's line without a time", &output)
            return
        }
        latestTime = max(latestTime, time)
        let id = LogEventID(place, line: bytes, range).connectionID
        let isJSON = !body.isEmpty && bytes.byte(at: body.lowerBound) == UInt8(ascii: "{")
        let request =
            isJSON
            ? LoggedJSON.fields(bytes, in: body).flatMap { LoggedRequest(json: $0, end: time, connectionID: id) }
            : LoggedRequest(text: bytes, in: body, end: time, connectionID: id)
        guard let request else {
            malformed(bytes, range, body, at: place, "a request's line that is not as any version writes it", &output)
            return
        }
        take(request, end: time, at: place, now: now, &output)
    }

    /// `kafka.request.logger`; its classes' names in other layouts.
    private static func isRequestLogger(_ bytes: RawSpan, _ logger: Range<Int>) -> Bool {
        bytes.first("request", in: logger) != nil || bytes.first("RequestChannel", in: logger) != nil
            || bytes.holds("logger", at: logger.lowerBound, end: logger.upperBound)
    }

    private mutating func take(
        _ request: LoggedRequest,
        end time: Int64,
        at place: LogPlace,
        now: Int64?,
        _ output: inout LogOutput
    ) {
        guard captures(request.exchange.header.apiKey) else {
            output.ignoredCount += 1
            return
        }
        if request.isForwarded {
            let now = now ?? latestTime
            let (until, overflows) = now.addingReportingOverflow(MappingLimits.forwardingWindow)
            held.append(.waiting(request, until: overflows ? .max : until), at: place)
        } else {
            forwarded.note(request.key, time: time)
            if held.isEmpty {
                map(request, &output)
                return
            }
            var own = LogOutput()
            map(request, &own)
            held.append(.decided(own.events, eventCount: own.eventCount), at: place)
        }
        release(now: now ?? latestTime, into: &output)
    }

    private mutating func release(now: Int64, into output: inout LogOutput) {
        guard !held.isEmpty else { return }
        held.release(now: now, into: &output) { [forwarded, map] request, _, isLast, output in
            if forwarded.take(request.key, time: request.exchange.time + request.exchange.duration) {
                output.ignoredCount += 1
                return true
            }
            guard isLast else { return false }
            map(request, &output)
            return true
        }
    }

    private func malformed(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        _ body: Range<Int>,
        at place: LogPlace,
        _ message: String,
        _ output: inout LogOutput
    ) {
        var piece: [UInt8] = []
        piece.append(bytes, range.lowerBound..<body.lowerBound)
        piece.append(contentsOf: " (\(body.count) bytes withheld)".utf8)
        output.malformed.append(MalformedLine(byteOffset: place.byteOffset, bytes: piece, message: message))
    }
}
