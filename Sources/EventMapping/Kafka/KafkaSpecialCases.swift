// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

/// Where an exchange's codes stand and which checks each of them follows.
struct ExchangeCodes {
    let api: KafkaAPI
    let version: Int16
    /// Nil where it was not decoded.
    let request: KafkaFields?
    let answer: KafkaFields
    /// With its type, for who asks for a token of his own.
    let principal: String
    let nameOfTopic: (KafkaUUID) -> String?

    /// All codes of the answer, in its order.
    func all() -> [CodedChecks] {
        var found: [CodedChecks] = []
        if api.special == .configurations { return configurations() }
        for path in api.codes {
            path.forEach(in: answer, nameOfTopic: nameOfTopic) { names, value in
                guard let code = value?.integer.flatMap(Int16.init(exactly:)) else { return }
                found.append(coded(code, names))
            }
        }
        if api.special == .findCoordinator { addCoordinators(to: &found) }
        return found
    }

    private func coded(_ code: Int16, _ names: NamesOnWay) -> CodedChecks {
        CodedChecks(
            code: code,
            names: names,
            checks: checks(code, names).map { named($0, names) },
            refusals: api.refusals.map { named($0, names) }
        )
    }

    /// The checks in question, which are the row's but for the special cases.
    private func checks(_ code: Int16, _ names: NamesOnWay) -> [KafkaCheck] {
        switch api.special {
        case .none, .metadata, .configurations, .member: return api.checks
        case .traffic: return isFollower ? [.cluster(.clusterAction)] : api.checks
        case .findCoordinator: return [coordinatorCheck]
        case .deleteTopics:
            // Asked by id, a topic that may not be described stays without its name.
            guard code == 29, names[.topic].map({ $0.isID || $0.isResolved }) ?? true else { return api.checks }
            return [.topic(.describe)]
        case .initProducerID:
            // Without a transactional id, IdempotentWrite on the cluster or Write on any topic: only the refusal is certain.
            if request?["transactionalId"]?.string != nil { return [.transaction(.write)] }
            return code == 31 ? [.cluster(.idempotentWrite)] : []
        case .addPartitionsToTransaction:
            // Since version 4 this is a broker's request, and clients' are checked by the partition's leader.
            return version >= 4
                ? [.cluster(.clusterAction)] : [.transaction(.write, "v3AndBelowTransactionalId"), .topic(.write)]
        case .createDelegationToken:
            return isTokenForOther ? [KafkaCheck(operation: .createTokens, resource: .user)] : []
        }
    }

    private func named(_ check: KafkaCheck, _ names: NamesOnWay) -> CodedChecks.Named {
        let name: ResourceName?
        switch check.resource {
        case .cluster: name = ResourceName(text: KafkaResource.clusterName)
        case .user: name = tokenOwner.map { ResourceName(text: $0) }
        default:
            name =
                names[check.resource] ?? check.field.flatMap { request?[$0]?.string }.map { ResourceName(text: $0) }
                ?? (check.resource == .topic ? onlySubscribedTopic : nil)
        }
        return CodedChecks.Named(operation: check.operation, resource: check.resource, name: name)
    }
}

// MARK: - Special cases

extension ExchangeCodes {
    /// A replica fetches with a broker's right; before version 15 in a field of the body, then in a structure.
    var isFollower: Bool {
        guard api.key == 1 else { return false }
        let replica = request?["replicaState"]?.fields?["replicaId"] ?? request?["replicaId"]
        return (replica?.integer ?? -1) >= 0
    }

    private var coordinatorCheck: KafkaCheck {
        switch request?["keyType"]?.integer ?? 0 {
        case 0: .group(.describe, nil)
        case 1: .transaction(.describe, nil)
        default: .cluster(.clusterAction)
        }
    }

    /// FindCoordinator's keys name a group or a transactional id, as the type says; since version 4 the answer has them.
    private func addCoordinators(to found: inout [CodedChecks]) {
        let resource = coordinatorCheck.resource
        var keys = answer["coordinators"]?.elements.map { $0.fields?["key"]?.string } ?? []
        if keys.isEmpty { keys = [request?["key"]?.string] }
        for place in found.indices where place < keys.count {
            guard resource != .cluster, let key = keys[place] else { continue }
            found[place] = coded(found[place].code, NamesOnWay().adding(resource, ResourceName(text: key)))
        }
    }

    /// Each resource has its own type: what belongs to brokers and clients is checked on the cluster.
    ///
    /// A broker looks at its own configurations before anybody is asked, so there an error decides nothing.
    private func configurations() -> [CodedChecks] {
        guard let operation = api.checks.first?.operation else { return [] }
        let list = answer["responses"] ?? answer["results"]
        return (list?.elements ?? []).compactMap { element in
            guard let fields = element.fields, let code = fields["errorCode"]?.integer.flatMap(Int16.init(exactly:))
            else { return nil }
            let resource: KafkaResource
            switch fields["resourceType"]?.integer {
            case 2: resource = .topic
            case 32: resource = .group
            default: resource = .cluster
            }
            let given = resource == .cluster ? KafkaResource.clusterName : fields["resourceName"]?.string
            let name = given.map { ResourceName(text: $0) }
            var names = NamesOnWay()
            if let name, resource != .cluster { names = names.adding(resource, name) }
            let isUndecided = resource == .cluster && code != 0 && AnswerCodes.refusedResource(code) == nil
            let check = CodedChecks.Named(operation: operation, resource: resource, name: name)
            return CodedChecks(code: code, names: names, checks: isUndecided ? [] : [check])
        }
    }

    /// The topic of a refused subscription, where there is but one.
    private var onlySubscribedTopic: ResourceName? {
        let topics = request?["subscribedTopicNames"]?.elements ?? []
        guard topics.count == 1, let name = topics.first?.string else { return nil }
        return ResourceName(text: name)
    }

    /// Whom a token is for, with his type; nil where it is for who asks.
    private var tokenOwner: String? {
        guard let name = request?["ownerPrincipalName"]?.string, !name.isEmpty else { return nil }
        return "\(request?["ownerPrincipalType"]?.string ?? "User"):\(name)"
    }

    private var isTokenForOther: Bool {
        tokenOwner.map { $0 != principal } ?? false
    }
}

// MARK: - What a request is about

extension KafkaAPI {
    /// The resources that a request names, each once, at most `limit`.
    func resources(
        _ request: KafkaFields,
        limit: Int = MappingLimits.resourcesInEvent,
        nameOfTopic: (KafkaUUID) -> String?
    ) -> [CodedChecks.Named] {
        var found: [CodedChecks.Named] = []
        var seen: Set<CodedChecks.Named> = []
        func add(_ resource: KafkaResource, _ name: ResourceName) {
            let named = CodedChecks.Named(operation: .unknown, resource: resource, name: name)
            if found.count < limit, seen.insert(named).inserted { found.append(named) }
        }
        for path in names {
            path.forEach(in: request, nameOfTopic: nameOfTopic) { names, _ in
                if let last = names.all.last { add(last.resource, last.name) }
            }
        }
        guard found.isEmpty else { return found }
        switch special {
        case .configurations:
            for fields in request["resources"]?.elements.compactMap(\.fields) ?? [] {
                guard let name = fields["resourceName"]?.string else { continue }
                switch fields["resourceType"]?.integer {
                case 2: add(.topic, ResourceName(text: name))
                case 32: add(.group, ResourceName(text: name))
                default: add(.cluster, ResourceName(text: KafkaResource.clusterName))
                }
            }
        case .findCoordinator:
            let isTransaction = request["keyType"]?.integer == 1
            guard isTransaction || request["keyType"]?.integer ?? 0 == 0 else { break }
            for key in (request["coordinatorKeys"]?.elements ?? []) + [request["key"]].compactMap({ $0 }) {
                if let text = key.string {
                    add(isTransaction ? .transactionalID : .group, ResourceName(text: text))
                }
            }
        default:
            for (field, resource) in [("groupId", KafkaResource.group), ("transactionalId", .transactionalID)] {
                if let name = request[field]?.string { add(resource, ResourceName(text: name)) }
            }
        }
        return found
    }
}
