// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// A code of an answer, and the checks that came before it.
struct CodedChecks: Sendable {
    let code: Int16
    /// What the code is about, as the answer names it.
    let names: NamesOnWay
    /// In the broker's order.
    var checks: [Named]
    /// Checks that show only when they fail.
    var refusals: [Named] = []

    struct Named: Hashable, Sendable {
        let operation: KafkaOperation
        let resource: KafkaResource
        /// Nil where nothing says which of several is meant.
        let name: ResourceName?
    }
}

/// What an exchange says about one check.
struct Decision: Sendable {
    let check: CodedChecks.Named
    var granted: Bool
    /// The code that says so.
    var code: Int16
}

/// The decisions of an exchange, each check once, in the order of the answer.
///
/// **The rule**, which nothing goes around: a refusal's code (29, 30, 31, 53, 65) refuses the first check on such a resource
/// and allows those before it. 0, and a code that the API's row names as following its checks alone, allow all. Any other code
/// decides nothing.
struct Decisions: Sendable {
    private(set) var all: [Decision] = []
    private var places: [CodedChecks.Named: Int] = [:]

    mutating func add(_ coded: CodedChecks, after: Set<Int16>) {
        if let refused = AnswerCodes.refusedResource(coded.code) {
            refuse(refused, coded)
        } else if coded.code == 0 || after.contains(coded.code) {
            for check in coded.checks where check.name != nil { note(check, granted: true, coded.code) }
        }
    }

    private mutating func refuse(_ resource: KafkaResource, _ coded: CodedChecks) {
        // A token for somebody else is refused with the code of tokens, and the check is on the user.
        func isRefused(_ check: CodedChecks.Named) -> Bool {
            check.resource == resource || resource == .delegationToken && check.resource == .user
        }
        guard let place = coded.checks.firstIndex(where: isRefused) else {
            let name = resource == .cluster ? ResourceName(text: KafkaResource.clusterName) : coded.names[resource]
            let check =
                coded.refusals.first(where: isRefused)
                ?? CodedChecks.Named(operation: .unknown, resource: resource, name: name)
            // Refusals without a place of their own come behind the checks.
            if !coded.refusals.isEmpty, resource != .cluster {
                for before in coded.checks where before.name != nil { note(before, granted: true, coded.code) }
            }
            note(check, granted: false, coded.code)
            return
        }
        for before in coded.checks[..<place] where before.name != nil { note(before, granted: true, coded.code) }
        note(coded.checks[place], granted: false, coded.code)
    }

    /// A refusal stands, whatever another partition of the same topic says.
    private mutating func note(_ check: CodedChecks.Named, granted: Bool, _ code: Int16) {
        if let place = places[check] {
            if all[place].granted, !granted {
                all[place].granted = false
                all[place].code = code
            }
            return
        }
        places[check] = all.count
        all.append(Decision(check: check, granted: granted, code: code))
    }
}
