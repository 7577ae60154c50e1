// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// What an authorizer wrote about one check, as ranges of the message.
///
/// ```
/// Principal = P is Allowed|Denied operation = OP from host = H on resource = TYPE[:PATTERN]:NAME
///     [ for request = API with resourceRefCount = N [ based on rule RULE]]
/// ```
///
/// Kafka 0.9 to 1.1 end behind the name and have no pattern; 2.0 has the pattern, 2.4 the request, 3.2 on KRaft the rule and
/// `operation` in lower case.
///
/// Principals, groups and transactional ids are free text, in which everything that the line says may be said again. So the end is read
/// from the end, where names are over. The beginning is read at the first place where all of ` is … on resource = TYPE:` stands:
/// anybody may choose a group's name, while a principal had to be given to somebody; with the last place, who is denied could write
/// into the log that he was allowed. A line with several such places says so in `isAmbiguous`.
package struct AuthorizerLine: Equatable, Sendable {
    package enum Rule: Equatable, Sendable {
        case superUser
        /// Nothing matched: what the broker does then was done.
        case byDefault
        case acl(ACL)
    }

    /// The rule that matched.
    package struct ACL: Equatable, Sendable {
        package let resourceName: Range<Int>
        package let patternType: Range<Int>
        package let principal: Range<Int>
        package let host: Range<Int>
        package let operation: Range<Int>
        package let permissionType: Range<Int>
    }

    package let principal: Range<Int>
    package let isAllowed: Bool
    package let operation: Range<Int>
    package let host: Range<Int>
    package let resourceType: Range<Int>
    package let patternType: Range<Int>?
    package let resourceName: Range<Int>
    /// An API's name, or its number where the broker knows none.
    package let requestName: Range<Int>?
    package let resourceReferenceCount: Int?
    /// nil where the line has none.
    package let rule: Rule?
    package let isAmbiguous: Bool
}

extension AuthorizerLine {
    static let beginning: StaticString = "Principal = "

    /// Reads a message that begins with `Principal = `; nil when it is not one, or not all of one.
    init?(_ bytes: RawSpan, in message: Range<Int>) {
        guard bytes.holds(Self.beginning, at: message.lowerBound, end: message.upperBound) else { return nil }
        let tail = Tail(bytes, in: message)
        let start = message.lowerBound + Self.beginning.utf8CodeUnitCount
        guard start <= tail.start, let head = Head(bytes, from: start, end: tail.start) else { return nil }
        principal = start..<head.start
        isAllowed = head.isAllowed
        operation = head.operation
        host = head.host
        resourceType = head.resourceType
        patternType = head.patternType
        resourceName = head.end..<tail.start
        requestName = tail.requestName
        resourceReferenceCount = tail.resourceReferenceCount
        rule = tail.rule
        isAmbiguous = Head(bytes, from: head.end, end: tail.start) != nil
    }
}

/// ` is Allowed operation = READ from host = 127.0.0.1 on resource = Topic:LITERAL:`.
private struct Head {
    let start: Int
    let end: Int
    let isAllowed: Bool
    let operation: Range<Int>
    let host: Range<Int>
    let resourceType: Range<Int>
    let patternType: Range<Int>?

    /// The first from `start` on.
    init?(_ bytes: RawSpan, from start: Int, end: Int) {
        var index = start
        while let place = bytes.first(" is ", in: index..<max(index, end)) {
            if let found = Head(bytes, at: place, end: end) {
                self = found
                return
            }
            index = place + 1
        }
        return nil
    }

    private init?(_ bytes: RawSpan, at place: Int, end: Int) {
        let verdict = place + 4
        let isAllowed = bytes.holds("Allowed ", at: verdict, end: end)
        guard isAllowed || bytes.holds("Denied ", at: verdict, end: end) else { return nil }
        let label = verdict + (isAllowed ? 8 : 7)
        guard bytes.holds("operation = ", at: label, end: end) || bytes.holds("Operation = ", at: label, end: end)
        else { return nil }
        let operation = label + 12..<bytes.endOfWord(from: label + 12, end: end)
        guard !operation.isEmpty, bytes.holds(" from host = ", at: operation.upperBound, end: end) else { return nil }
        let hostStart = operation.upperBound + 13
        let host = hostStart..<bytes.endOfWord(from: hostStart, end: end)
        guard !host.isEmpty, bytes.holds(" on resource = ", at: host.upperBound, end: end) else { return nil }
        let typeStart = host.upperBound + 15
        guard let colon = bytes.first(UInt8(ascii: ":"), in: typeStart..<max(typeStart, end)), colon > typeStart,
            Self.isLetters(bytes, typeStart..<colon)
        else { return nil }
        self.start = place
        self.isAllowed = isAllowed
        self.operation = operation
        self.host = host
        resourceType = typeStart..<colon
        patternType = Self.pattern(bytes, from: colon + 1, end: end)
        self.end = patternType.map { $0.upperBound + 1 } ?? colon + 1
    }

    private static func isLetters(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        for index in range where (bytes.byte(at: index) | 0x20) &- UInt8(ascii: "a") >= 26 { return false }
        return true
    }

    private static func pattern(_ bytes: RawSpan, from start: Int, end: Int) -> Range<Int>? {
        for (name, count) in [("LITERAL:" as StaticString, 7), ("PREFIXED:", 8)]
        where bytes.holds(name, at: start, end: end) { return start..<start + count }
        return nil
    }
}

/// What stands behind the name.
private struct Tail {
    var start: Int
    var requestName: Range<Int>?
    var resourceReferenceCount: Int?
    var rule: AuthorizerLine.Rule?

    init(_ bytes: RawSpan, in message: Range<Int>) {
        start = message.upperBound
        var end = message.upperBound
        if let (rule, place) = Self.rule(bytes, in: message) {
            self.rule = rule
            end = place
        }
        // Only with a request in front of it is it a rule, and not a part of a name.
        guard let place = bytes.last(" for request = ", in: message.lowerBound..<end) else {
            rule = nil
            return
        }
        let name = place + 15..<bytes.endOfWord(from: place + 15, end: end)
        let label: StaticString = " with resourceRefCount = "
        guard !name.isEmpty, bytes.holds(label, at: name.upperBound, end: end),
            let count = bytes.number(in: name.upperBound + label.utf8CodeUnitCount..<end)
        else {
            rule = nil
            return
        }
        start = place
        requestName = name
        resourceReferenceCount = count
    }

    private static func rule(_ bytes: RawSpan, in message: Range<Int>) -> (AuthorizerLine.Rule, start: Int)? {
        let names: [(StaticString, AuthorizerLine.Rule)] = [
            (" based on rule SuperUser", .superUser), (" based on rule DefaultDeny", .byDefault),
            (" based on rule DefaultAllow", .byDefault),
        ]
        for (name, rule) in names {
            let place = message.upperBound - name.utf8CodeUnitCount
            if place >= message.lowerBound, bytes.holds(name, at: place, end: message.upperBound) {
                return (rule, place)
            }
        }
        let label: StaticString = " based on rule MatchingAcl(acl=StandardAcl("
        guard let place = bytes.last(label, in: message),
            bytes.holds("))", at: message.upperBound - 2, end: message.upperBound)
        else { return nil }
        let fields = place + label.utf8CodeUnitCount..<message.upperBound - 2
        return AuthorizerLine.ACL(bytes, in: fields).map { (.acl($0), place) }
    }
}

extension AuthorizerLine.ACL {
    /// Reads `resourceType=…, resourceName=…, patternType=…, principal=…, host=…, operation=…, permissionType=…`, from the end.
    fileprivate init?(_ bytes: RawSpan, in fields: Range<Int>) {
        let start = fields.lowerBound
        guard fields.lowerBound <= fields.upperBound,
            let permission = bytes.last(", permissionType=", in: fields),
            let operation = bytes.last(", operation=", in: start..<permission),
            let host = bytes.last(", host=", in: start..<operation)
        else { return nil }
        // The principal is free text as well, and so is the name before the pattern's type.
        var pattern = bytes.last(", patternType=", in: start..<host)
        while let place = pattern {
            let typeEnd = bytes.endOfWord(from: place + 14, end: host)
            if typeEnd > place + 15, bytes.byte(at: typeEnd - 1) == UInt8(ascii: ","),
                bytes.holds(" principal=", at: typeEnd, end: host),
                let name = bytes.first(", resourceName=", in: start..<place)
            {
                resourceName = name + 15..<place
                patternType = place + 14..<typeEnd - 1
                principal = typeEnd + 11..<host
                self.host = host + 7..<operation
                self.operation = operation + 12..<permission
                permissionType = permission + 17..<fields.upperBound
                return
            }
            pattern = bytes.last(", patternType=", in: start..<place)
        }
        return nil
    }
}
