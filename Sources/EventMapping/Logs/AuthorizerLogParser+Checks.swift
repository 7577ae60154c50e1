// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Checks, and what is known of them from the wire.
extension AuthorizerLogParser {
    mutating func take(
        _ check: AuthorizerLine,
        _ bytes: RawSpan,
        _ range: Range<Int>,
        at place: LogPlace,
        time: Int64,
        now: Int64?,
        _ output: inout LogOutput
    ) {
        // Asked to learn something else: there is no such resource.
        guard check.resourceReferenceCount != 0 else {
            output.ignoredCount += 1
            return
        }
        let id = LogEventID(place, line: bytes, range)
        guard let correlator else {
            writer.append(check, bytes, id: id, time: time, to: &output.events)
            output.eventCount += 1
            return
        }
        if let requestName = check.requestName, correlator.mayKnow(host: bytes.string(check.host)) {
            var line: [UInt8] = []
            line.append(bytes, range)
            let waiting = WaitingCheck(
                bytes: line,
                check: check.moved(by: -range.lowerBound),
                id: id,
                time: time,
                key: key(check, bytes, requestName)
            )
            let now = now ?? latestTime
            let (until, overflows) = now.addingReportingOverflow(MappingLimits.correlationWindow)
            held.append(.waiting(waiting, until: overflows ? .max : until), at: place)
        } else {
            var events: [UInt8] = []
            writer.append(check, bytes, id: id, time: time, to: &events)
            held.append(.decided(events, eventCount: 1), at: place)
        }
        release(now: now ?? latestTime, into: &output)
    }

    private func key(
        _ check: AuthorizerLine,
        _ bytes: RawSpan,
        _ requestName: Range<Int>
    ) -> AuthorizationCorrelator.Key {
        var operation: [UInt8] = []
        writer.appendOperation(bytes, check.operation, to: &operation)
        return AuthorizationCorrelator.Key(
            principal: bytes.string(check.principal),
            operation: String(decoding: operation, as: UTF8.self),
            resourceType: bytes.string(check.resourceType),
            resourceName: bytes.string(check.resourceName),
            apiName: bytes.string(requestName),
            granted: check.isAllowed
        )
    }

    mutating func release(now: Int64, into output: inout LogOutput) {
        guard let correlator else { return }
        held.release(now: now, into: &output) { [writer] waiting, _, isLast, output in
            let related = correlator.eventID(waiting.key, time: waiting.time)
            guard related != nil || isLast else { return false }
            unsafe writer.append(
                waiting.check,
                waiting.bytes.span.bytes,
                id: waiting.id,
                time: waiting.time,
                relatedID: related,
                to: &output.events
            )
            output.eventCount += 1
            return true
        }
    }
}
