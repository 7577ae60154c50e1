// SPDX-License-Identifier: Apache-2.0

import AuditModel
import KafkaProtocol

extension KafkaEventMapper {
    /// Appends the request events of an exchange.
    mutating func appendActs(_ mapped: MappedExchange, into events: inout [MappedEvent]) {
        guard mayCapture(.act, mapped) else { return }
        switch mapped.api.special {
        case .traffic: appendTraffic(mapped, into: &events)
        case .member where isRoutine(mapped): break
        default:
            // The first try of a member that has no id yet; the second one is the act.
            if mapped.api.key == 11, mapped.codes.first?.code == 79 { break }
            // Who changes a thousand things must not hide one behind them; of look-ups the first thousand do.
            let limit = mapped.category == .management ? Int.max : MappingLimits.resourcesInEvent
            let resources =
                mapped.request.map { mapped.api.resources($0, limit: limit, nameOfTopic: cluster.name(of:)) } ?? []
            let result = result(mapped, mapped.codes)
            let hasAll = append(mapped, resources, result: result, into: &events) { _ in }
            if !hasAll { appendNames(resources, mapped, result, into: &events) }
        }
    }

    /// Appends events with all names of a request whose own event has no room for them, some 60 KB in each.
    private mutating func appendNames(
        _ resources: [CodedChecks.Named],
        _ mapped: MappedExchange,
        _ result: RequestResult,
        into events: inout [MappedEvent]
    ) {
        let subject = CapturePolicy.Subject(
            kind: .act,
            category: mapped.category,
            method: mapped.api.method,
            principal: mapped.text.principal,
            resources: resources.map { crn($0.resource, $0.name) }
        )
        guard policy.captures(subject) else { return }
        var rest = resources[...]
        while !rest.isEmpty {
            var json = JSONBytes(capacity: 1 << 16)
            json.open()
            json.open("names", array: true)
            while let next = rest.first, json.bytes.count < MappingLimits.dataByteCount - MappingLimits.textByteCount {
                json.string(nil, next.name?.text.bounded ?? "")
                rest = rest.dropFirst()
            }
            json.close(array: true)
            json.number("namesToCome", Int64(rest.count))
            json.close()
            let event = RequestEvent(
                id: nextID().id,
                time: mapped.time,
                exchange: mapped.text,
                resource: cluster.crnText,
                isModification: mapped.api.isModification,
                data: json.bytes,
                result: result,
                answer: nil,
                isDryRun: mapped.request?["validateOnly"]?.bool == true,
                remark: "names of the same request that its first event has no room for"
            )
            events.append(event.mapped(text, mapped.category))
        }
    }

    /// One event about some resources: the event's own resource is the only one of them, or the cluster.
    ///
    /// - Returns: whether it, or the policy, leaves none of the request's names out.
    @discardableResult private mutating func append(
        _ mapped: MappedExchange,
        _ resources: [CodedChecks.Named],
        result: RequestResult,
        into events: inout [MappedEvent],
        extra: (inout JSONBytes) -> Void
    ) -> Bool {
        let crns = resources.map { crn($0.resource, $0.name) }
        let subject = CapturePolicy.Subject(
            kind: .act,
            category: mapped.category,
            method: mapped.api.method,
            principal: mapped.text.principal,
            resources: crns.isEmpty ? [cluster.crn] : crns
        )
        guard policy.captures(subject) else { return true }
        let names = cluster.name(of:)
        var hasAll = resources.count <= MappingLimits.resourcesInEvent
        let data = mapped.request.map { fields in
            var writer = ProjectionWriter(nameOfTopic: names)
            defer { hasAll = hasAll && !writer.isFull }
            return writer.object(fields, mapped.api.data, extra: extra)
        }
        var answer: [UInt8]?
        if let fields = mapped.answer, !mapped.api.result.isEmpty {
            var writer = ProjectionWriter(nameOfTopic: names)
            answer = writer.object(fields, mapped.api.result) { _ in }
        }
        let event = RequestEvent(
            id: nextID().id,
            time: mapped.time,
            exchange: mapped.text,
            resource: crns.count == 1 ? crns[0].description : cluster.crnText,
            isModification: mapped.api.isModification,
            data: data,
            result: result,
            answer: answer,
            isDryRun: mapped.request?["validateOnly"]?.bool == true,
            remark: mapped.request == nil ? "the request was not decoded" : nil
        )
        events.append(event.mapped(text, mapped.category))
        return hasAll
    }

    /// How an exchange, or the part of it with these codes, ended.
    private func result(_ mapped: MappedExchange, _ codes: [CodedChecks]) -> RequestResult {
        switch mapped.exchange.answer {
        case .fields: RequestResult(codes)
        case .notWanted:
            RequestResult(.unknown, "the client asked for no answer: whether the broker did it is not known")
        case .missing:
            RequestResult(.unknown, "the connection ended before the answer: whether the broker did it is not known")
        case .notDecoded: RequestResult(.unknown, "the answer was not decoded")
        case .refused(let code): RequestResult(refused: code)
        }
    }

    // MARK: - Produce, Fetch and their like

    /// One event for each topic that this connection had not named before.
    private mutating func appendTraffic(_ mapped: MappedExchange, into events: inout [MappedEvent]) {
        guard let request = mapped.request else {
            // Not decoded: which topics is not known, but that there was one more is.
            if case .notDecoded = mapped.exchange.request {
                append(mapped, [], result: result(mapped, mapped.codes), into: &events) { _ in }
            }
            return
        }
        let resources = mapped.api.resources(request, nameOfTopic: cluster.name(of:)).filter { resource in
            resource.resource == .topic && resource.name.map { isFirst($0.text, mapped.api) } ?? false
        }
        guard !resources.isEmpty else { return }
        let codesByTopic = Dictionary(grouping: mapped.codes) { $0.names[.topic] }
        for resource in resources {
            guard let name = resource.name else { continue }
            let codes = codesByTopic[nil, default: []] + codesByTopic[name, default: []]
            var result = result(mapped, codes)
            if codes.isEmpty, result.status == .success {
                result = RequestResult(.unknown, "the answer says nothing of this topic")
            }
            append(mapped, [resource], result: result, into: &events) { json in
                json.string("topic", name.text.bounded)
                if name.isID { json.string("unresolved", "the topic's id; no answer has told its name") }
            }
        }
    }

    private mutating func isFirst(_ topic: String, _ api: KafkaAPI) -> Bool {
        if topicsSeen[api.key]?.count ?? 0 >= MappingLimits.topicsOfConnection { topicsSeen[api.key] = [] }
        return topicsSeen[api.key, default: []].insert(topic.hashValue).inserted
    }

    // MARK: - Topics made by looking

    /// The event of a topic that a look-up made: no request for it is on the wire, the broker makes it itself.
    mutating func appendAutoCreated(
        _ name: String,
        _ appearance: TopicAppearance,
        _ mapped: MappedExchange,
        into events: inout [MappedEvent]
    ) {
        let crn = crn(.topic, ResourceName(text: name))
        let method = "kafka.CreateTopics"
        let subject = CapturePolicy.Subject(
            kind: .act,
            category: .management,
            method: method,
            principal: mapped.text.principal,
            resources: [crn]
        )
        guard policy.captures(subject) else { return }
        let result: RequestResult
        let remark: String
        switch appearance {
        case .appearing:
            result = RequestResult(.unknown, "the topic has no leader yet")
            remark =
                "inferred: the look-up lets the broker make topics, and this one, not seen before, has no leader yet"
        case .appeared:
            result = RequestResult(.success, "")
            remark =
                "inferred: a look-up that lets the broker make topics found none of this name, and then it was there"
        }
        let original = mapped.text
        let event = RequestEvent(
            id: nextID().id,
            time: mapped.time,
            exchange: ExchangeText(
                method: method,
                apiName: "CreateTopics",
                apiVersion: original.apiVersion,
                correlationID: original.correlationID,
                clientID: original.clientID,
                requestID: original.requestID,
                principal: original.principal,
                duration: original.duration
            ),
            resource: crn.description,
            isModification: true,
            data: autoCreatedData(name),
            result: result,
            answer: nil,
            isDryRun: false,
            remark: remark
        )
        events.append(event.mapped(text, .management))
    }

    private func autoCreatedData(_ name: String) -> [UInt8] {
        var json = JSONBytes(capacity: 128)
        json.open()
        json.bool("autoCreated", true)
        json.string("by", "Metadata")
        json.string("topic", name.bounded)
        json.close()
        return json.bytes
    }
}
