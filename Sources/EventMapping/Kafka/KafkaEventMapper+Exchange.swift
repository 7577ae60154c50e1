// SPDX-License-Identifier: Apache-2.0

import AuditModel
import KafkaProtocol

/// An exchange on its way to becoming events.
struct MappedExchange {
    let exchange: KafkaExchange
    let api: KafkaAPI
    let text: ExchangeText
    let category: CaptureCategory
    /// Nil where it was not decoded or has nothing new.
    let request: KafkaFields?
    /// Nil where there is none that was decoded.
    let answer: KafkaFields?
    let codes: [CodedChecks]
    /// When the request came.
    var time: Int64 { exchange.time }
}

extension KafkaEventMapper {
    /// Appends the events of an exchange.
    mutating func map(_ exchange: KafkaExchange, into events: inout [MappedEvent]) {
        guard let api = KafkaAPI.of(exchange.header.apiKey) else { return }
        let principal = principal(of: exchange, into: &events)
        let request: KafkaFields? = if case .fields(let fields) = exchange.request { fields } else { nil }
        let answer: KafkaFields? = if case .fields(let fields) = exchange.answer { fields } else { nil }
        let codes = ExchangeCodes(
            api: api,
            version: exchange.header.apiVersion,
            request: request,
            answer: answer ?? KafkaFields(),
            principal: principal,
            nameOfTopic: cluster.name(of:)
        )
        let mapped = MappedExchange(
            exchange: exchange,
            api: api,
            text: ExchangeText(
                method: api.method,
                apiName: api.name,
                apiVersion: exchange.header.apiVersion,
                correlationID: exchange.header.correlationID,
                clientID: exchange.header.clientID?.bounded,
                requestID: nextRequestID(),
                principal: principal,
                duration: exchange.duration
            ),
            category: category(api, codes, principal),
            request: request,
            answer: answer,
            codes: answer == nil ? [] : codes.all()
        )
        appendChecks(mapped, into: &events)
        appendActs(mapped, into: &events)
        if let answer { learnTopics(mapped, answer, into: &events) }
    }

    /// What brokers do among themselves is theirs, except that what changes the cluster stays management.
    private func category(_ api: KafkaAPI, _ codes: ExchangeCodes, _ principal: String) -> CaptureCategory {
        switch api.category {
        case .produce, .consume, .describe, .heartbeat:
            let isBrokers =
                codes.isFollower || cluster.interbrokerPrincipals.contains(principal)
                || api.special == .addPartitionsToTransaction && codes.version >= 4
            return isBrokers ? .interbroker : api.category
        default: return api.category
        }
    }

    func crn(_ resource: KafkaResource, _ name: ResourceName?) -> CRN {
        guard let type = resource.crnType, let name, !name.text.isEmpty else { return cluster.crn }
        return CRN(
            authority: cluster.crn.authority,
            elements: cluster.crn.elements + [CRN.Element(type: type, name: name.text.bounded)]
        )
    }
}

// MARK: - Checks

extension KafkaEventMapper {
    private mutating func appendChecks(_ mapped: MappedExchange, into events: inout [MappedEvent]) {
        guard !mapped.codes.isEmpty else { return }
        let tellsAllowed = tellsAllowedChecks(mapped)
        var decisions = Decisions()
        for coded in mapped.codes where tellsAllowed || AnswerCodes.refusedResource(coded.code) != nil {
            decisions.add(coded, after: mapped.api.after)
        }
        var allowedCount = 0
        var refusedCount = 0
        for decision in decisions.all {
            if decision.granted {
                guard tellsAllowed, allowedCount < MappingLimits.allowedChecksOfExchange else { continue }
                if append(decision, mapped, into: &events) { allowedCount += 1 }
            } else {
                refusedCount += 1
                guard refusedCount <= MappingLimits.refusedChecksOfExchange else { continue }
                append(decision, mapped, into: &events)
            }
        }
        let leftOut = refusedCount - MappingLimits.refusedChecksOfExchange
        if leftOut > 0, let last = decisions.all.last(where: { !$0.granted }) {
            let check = last.check
            let rest = Decision(
                check: CodedChecks.Named(operation: check.operation, resource: check.resource, name: nil),
                granted: false,
                code: last.code
            )
            append(rest, mapped, remark: "stands for \(leftOut) more refusals of this request", into: &events)
        }
    }

    /// Produce, Fetch and their like say nothing of what they were allowed, and heartbeats only when a member joins or leaves.
    private func tellsAllowedChecks(_ mapped: MappedExchange) -> Bool {
        switch mapped.api.special {
        case .traffic: false
        case .member: !isRoutine(mapped) && mayCapture(.check, mapped)
        default: mayCapture(.check, mapped)
        }
    }

    /// False where no resource could make a difference, so that a look-up of all topics costs little.
    func mayCapture(_ kind: CapturePolicy.Subject.Kind, _ mapped: MappedExchange) -> Bool {
        guard policy.rules.isEmpty else { return true }
        return policy.captures(
            CapturePolicy.Subject(
                kind: kind,
                category: mapped.category,
                method: mapped.api.method,
                principal: mapped.text.principal,
                resources: [cluster.crn]
            )
        )
    }

    /// - Returns: whether the check is captured.
    @discardableResult private mutating func append(
        _ decision: Decision,
        _ mapped: MappedExchange,
        remark: String? = nil,
        into events: inout [MappedEvent]
    ) -> Bool {
        let crn = crn(decision.check.resource, decision.check.name)
        let subject = CapturePolicy.Subject(
            kind: decision.granted ? .check : .refusal,
            category: mapped.category,
            method: mapped.api.method,
            principal: mapped.text.principal,
            resources: [crn]
        )
        guard policy.captures(subject) else { return false }
        let (number, id) = nextID()
        let event = AuthorizationEvent(
            number: number,
            id: id,
            time: mapped.time,
            exchange: mapped.text,
            decision: decision,
            resource: crn.description,
            remark: remark ?? self.remark(decision, mapped)
        )
        let kind = RepeatedChecks.Kind(
            api: mapped.api.key,
            operation: decision.check.operation,
            resource: decision.check.resource,
            name: decision.check.name?.text ?? "",
            granted: decision.granted,
            principal: mapped.text.principal
        )
        if remark != nil || checks.note(kind, event, window: policy.checkWindow) { events.append(event.mapped(text)) }
        return true
    }

    /// What a reader should know of how sure the operation is.
    private func remark(_ decision: Decision, _ mapped: MappedExchange) -> String? {
        if decision.granted { return mapped.api.remark }
        switch (mapped.api.special, decision.check.operation) {
        case (.metadata, .describe) where allowsTopicCreation(mapped):
            return "Describe was refused, or Create for a topic that is not there"
        case (.deleteTopics, .delete):
            return "Delete was refused, or Describe"
        default: return nil
        }
    }

    /// Since version 4 the request says whether the broker may make topics; before, it always may.
    private func allowsTopicCreation(_ mapped: MappedExchange) -> Bool {
        mapped.request?["allowAutoTopicCreation"]?.bool ?? (mapped.exchange.header.apiVersion < 4)
    }

    /// Whether a member only says that it is alive: not when it joins (epoch 0) or leaves (-1, -2).
    func isRoutine(_ mapped: MappedExchange) -> Bool {
        mapped.api.special == .member && (mapped.request?["memberEpoch"]?.integer ?? 1) > 0
    }

    // MARK: - Topics

    /// Learns from an answer which topics there are, and reports those that a look-up made.
    private mutating func learnTopics(
        _ mapped: MappedExchange,
        _ answer: KafkaFields,
        into events: inout [MappedEvent]
    ) {
        let topics = (answer["topics"] ?? answer["responses"])?.elements.lazy.compactMap(\.fields)
        guard let topics else { return }
        switch mapped.api.key {
        case 3:
            let mayCreate = mapped.request.map { _ in allowsTopicCreation(mapped) } ?? false
            for topic in topics {
                guard let name = topic["name"]?.string, let code = topic["errorCode"]?.integer else { continue }
                noteLookup(name, topic["topicId"]?.uuid, code, mayCreate, mapped, into: &events)
            }
        case 75:
            for topic in topics where topic["errorCode"]?.integer == 0 {
                if let name = topic["name"]?.string { cluster.learn(name, id: topic["topicId"]?.uuid) }
            }
        case 19 where mapped.request?["validateOnly"]?.bool != true:
            for topic in topics where topic["errorCode"]?.integer == 0 {
                if let name = topic["name"]?.string { cluster.noteCreated(name, id: topic["topicId"]?.uuid) }
            }
        case 20:
            for topic in topics where topic["errorCode"]?.integer == 0 {
                if let name = topic["name"]?.string ?? topic["topicId"]?.uuid.flatMap(cluster.name(of:)) {
                    cluster.forget(name)
                }
            }
        default: break
        }
    }

    private mutating func noteLookup(
        _ name: String,
        _ id: KafkaUUID?,
        _ code: Int64,
        _ mayCreate: Bool,
        _ mapped: MappedExchange,
        into events: inout [MappedEvent]
    ) {
        guard mayCreate else {
            if code == 0 { cluster.learn(name, id: id) }
            return
        }
        let appearance = cluster.noteLookup(
            name,
            id: id,
            code: Int16(truncatingIfNeeded: code),
            principal: mapped.text.principal,
            time: mapped.time
        )
        if let appearance { appendAutoCreated(name, appearance, mapped, into: &events) }
    }
}
