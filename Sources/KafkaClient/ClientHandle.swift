// SPDX-License-Identifier: Apache-2.0

import CRdKafka
import Logging
import NIOPosix
import Synchronization

/// A client of librdkafka's and the one thread that asks it for things.
///
/// librdkafka fetches and sends on threads of its own; what waits for those does so on `thread`, never on a task's.
///
/// SAFETY: librdkafka's handle may be used by any thread. It is destroyed once, by `close` or `deinit`, behind everything on `thread`.
final class ClientHandle: @unchecked Sendable {
    enum Kind { case consumer, producer }

    let client: OpaquePointer
    let notes: ClientNotes
    private let thread: NIOThreadPool
    /// For what has to be asked while the other waits for records.
    private let asker: NIOThreadPool
    private let isClosed = Atomic(false)

    /// `prepare` sets what no property says.
    ///
    /// - Throws: `KafkaClientError.configuration`.
    init(
        _ kind: Kind,
        _ properties: KafkaProperties,
        _ logger: Logger,
        prepare: (OpaquePointer) -> Void = { _ in }
    ) throws(KafkaClientError) {
        let configuration = try properties.configuration()
        prepare(configuration)
        let notes = ClientNotes(logger, isProducer: kind == .producer)
        let opaque = Unmanaged.passRetained(notes)
        rd_kafka_conf_set_opaque(configuration, opaque.toOpaque())
        ClientNotes.listen(to: configuration)
        var reason = [CChar](repeating: 0, count: 512)
        let type = kind == .consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER
        guard let client = rd_kafka_new(type, configuration, &reason, reason.count) else {
            // librdkafka takes the configuration only when it makes a client.
            rd_kafka_conf_destroy(configuration)
            opaque.release()
            throw KafkaClientError(refusal: printable(text(reason)))
        }
        self.client = client
        self.notes = notes
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        asker = NIOThreadPool(numberOfThreads: 1)
        asker.start()
    }

    deinit {
        guard !isClosed.load(ordering: .relaxed) else { return }
        let (client, thread, asker) = (SendablePointer(client), thread, asker)
        // Destroying waits for librdkafka's threads: not on the thread that forgets this last.
        thread.submit { _ in
            Self.destroy(client.pointer)
            thread.shutdownGracefully { _ in }
            asker.shutdownGracefully { _ in }
        }
    }

    /// Does something that may wait for a broker.
    ///
    /// - Throws: what it throws; `KafkaClientError` when this is closed.
    func onThread<Value: Sendable>(_ work: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
        guard !isClosed.load(ordering: .relaxed) else { throw KafkaClientError(.other, "the client is closed") }
        return try await thread.runIfActive { [self] in try work(client) }
    }

    /// Asks brokers something beside what goes on on the thread.
    ///
    /// - Throws: what it throws; `KafkaClientError` when this is closed.
    func asking<Value: Sendable>(_ work: @escaping @Sendable (OpaquePointer) throws -> Value) async throws -> Value {
        guard !isClosed.load(ordering: .relaxed) else { throw KafkaClientError(.other, "the client is closed") }
        return try await asker.runIfActive { [self] in try work(client) }
    }

    /// The cluster's id; nil when no broker says one within the time.
    func clusterID(within limit: Duration) async throws -> String? {
        try await onThread { [self] client in
            let deadline = ContinuousClock.now + limit
            repeat {
                // What is the matter is told by polling.
                rd_kafka_poll(client, 0)
                guard let text = rd_kafka_clusterid(client, 100) else { continue }
                defer { rd_kafka_mem_free(client, text) }
                return String(cString: text)
            } while .now < deadline && !isClosed.load(ordering: .relaxed)
            return nil
        }
    }

    /// Ends the client; nothing may be asked of it afterwards.
    ///
    /// - Parameter last: what has to be done before, on the thread.
    func close(_ last: @escaping @Sendable (OpaquePointer) -> Void = { _ in }) async {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        // Whoever asks is through before the client goes.
        try? await asker.shutdownGracefully()
        try? await thread.runIfActive { [self] in
            last(client)
            Self.destroy(client)
        }
        try? await thread.shutdownGracefully()
    }

    private static func destroy(_ client: OpaquePointer) {
        let opaque = rd_kafka_opaque(client)
        rd_kafka_destroy(client)
        if let opaque { Unmanaged<ClientNotes>.fromOpaque(opaque).release() }
    }
}

/// SAFETY: a pointer that another thread may use.
private struct SendablePointer: @unchecked Sendable {
    let pointer: OpaquePointer
    init(_ pointer: OpaquePointer) { self.pointer = pointer }
}

/// What a client of librdkafka's says by itself: log lines, errors, statistics.
///
/// Log lines come on librdkafka's threads, the others on the thread that polls.
final class ClientNotes: Sendable {
    private let logger: Logger
    private let isProducer: Bool
    private let newest = Mutex<KafkaClientError?>(nil)
    /// OpenSSL's reason for refusing a broker's last certificate, by the broker's name, which librdkafka's error has without the reason.
    private let certificateProblems = Mutex<[String: CertificateProblem]>([:])

    init(_ logger: Logger, isProducer: Bool) {
        self.logger = logger
        self.isProducer = isProducer
    }

    /// The newest error, which tells why something else came too late; nil when something went well since.
    var error: KafkaClientError? { newest.withLock { $0 } }

    func succeeded() { newest.withLock { $0 = nil } }

    static func listen(to configuration: OpaquePointer) {
        rd_kafka_conf_set_log_cb(configuration) { client, level, facility, line in
            guard let client, let line else { return }
            let facility = facility.map { String(cString: $0) } ?? ""
            ClientNotes.of(rd_kafka_opaque(client))?.log(level, facility, String(cString: line))
        }
        rd_kafka_conf_set_error_cb(configuration) { _, code, reason, opaque in
            let reason = reason.map { String(cString: $0) } ?? ""
            guard let notes = ClientNotes.of(opaque) else { return }
            let problems = notes.certificateProblems.withLock { $0 }
            let problem = problems.first { !$0.key.isEmpty && reason.contains($0.key) }?.value
            notes.failed(KafkaClientError(rd_kafka_resp_err_t(code), reason, certificate: problem))
        }
        rd_kafka_conf_set_ssl_cert_verify_cb(configuration) { _, broker, _, code, _, _, _, _, _, opaque in
            guard let code, code.pointee != 0 else { return 1 }
            let broker = broker.map { String(cString: $0) } ?? ""
            ClientNotes.of(opaque)?.certificateProblems.withLock { $0[broker] = CertificateProblem(code.pointee) }
            return 0
        }
        rd_kafka_conf_set_stats_cb(configuration) { _, json, count, opaque in
            guard let json, let notes = ClientNotes.of(opaque) else { return 0 }
            let bytes = UnsafeRawBufferPointer(start: json, count: count)
            KafkaClientTelemetry.statistics(Array(bytes), isProducer: notes.isProducer)
            return 0
        }
    }

    private static func of(_ opaque: UnsafeMutableRawPointer?) -> ClientNotes? {
        opaque.map { Unmanaged<ClientNotes>.fromOpaque($0).takeUnretainedValue() }
    }

    private func failed(_ error: KafkaClientError) {
        KafkaClientTelemetry.failed(error)
        newest.withLock { newest in
            // That all brokers are down follows from what was said before, and says less.
            if newest == nil || error.code != .unreachable { newest = error }
        }
    }

    /// Syslog's levels: 0 is an emergency, 7 is for debugging.
    private func log(_ level: Int32, _ facility: String, _ line: String) {
        // That a property of producers says nothing to a consumer: one file may be for both.
        let isAboutOther = facility == "CONFWARN" && line.contains("will be ignored by this")
        let level: Logger.Level =
            switch isAboutOther ? 7 : level {
            case ...3: .error
            case 4: .warning
            case 5: .notice
            case 6: .info
            default: .debug
            }
        logger.log(level: level, "\(printable(line))", metadata: ["rdkafka.facility": "\(printable(facility))"])
    }
}
