// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// What Strimzi's authorizer for Keycloak wrote about one check, as ranges of the message.
///
/// ```
/// Authorization GRANTED - user is a superuser: P, cluster: C, operation: OP, resource: TYPE:NAME
/// Authorization GRANTED [by ACL ]- cluster: C, user: P, operation: OP, resource: TYPE:NAME
/// Authorization DENIED [due to …][by ACL ]- user: P, cluster: C, operation: OP, resource: TYPE:NAME[,]
/// ```
///
/// What follows on lines without a stamp (scopes, permissions) is not needed.
struct KeycloakLine: Equatable {
    let isAllowed: Bool
    let isSuperUser: Bool
    let principal: Range<Int>
    let operation: Range<Int>
    let resourceType: Range<Int>
    let resourceName: Range<Int>

    static let beginning: StaticString = "Authorization "

    init?(_ bytes: RawSpan, in message: Range<Int>) {
        let end = Self.end(bytes, message)
        let start = message.lowerBound
        isAllowed = bytes.holds("Authorization GRANTED", at: start, end: end)
        guard isAllowed || bytes.holds("Authorization DENIED", at: start, end: end),
            let dash = bytes.first(" - ", in: start..<end),
            let resource = bytes.last(", resource: ", in: dash..<end),
            let operation = bytes.last(", operation: ", in: dash..<resource)
        else { return nil }
        let facts = dash + 3
        isSuperUser = bytes.holds("user is a superuser: ", at: facts, end: operation)
        if isSuperUser || bytes.holds("user: ", at: facts, end: operation) {
            guard let cluster = bytes.last(", cluster: ", in: facts..<operation) else { return nil }
            principal = facts + (isSuperUser ? 21 : 6)..<cluster
        } else {
            guard bytes.holds("cluster: ", at: facts, end: operation),
                let user = bytes.first(", user: ", in: facts..<operation)
            else { return nil }
            principal = user + 8..<operation
        }
        self.operation = operation + 13..<resource
        guard let colon = bytes.first(UInt8(ascii: ":"), in: resource + 12..<end), !self.operation.isEmpty,
            !principal.isEmpty
        else { return nil }
        resourceType = resource + 12..<colon
        resourceName = colon + 1..<end
    }

    /// Without what leads over to the next line.
    private static func end(_ bytes: RawSpan, _ message: Range<Int>) -> Int {
        let lineEnd = bytes.first(0x0A, in: message) ?? message.upperBound
        guard lineEnd > message.lowerBound, bytes.byte(at: lineEnd - 1) == UInt8(ascii: ",") else { return lineEnd }
        return lineEnd - 1
    }
}
