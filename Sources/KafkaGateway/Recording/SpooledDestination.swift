// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
package import Logging
import Ingest
import NIOPosix
import Synchronization
package import SystemPackage

/// A spool in front of a log elsewhere: items count as recorded when they are in the spool, and are delivered in order.
///
/// `Mutex`: the spool, on threads that may wait.
package final class SpooledDestination: RecordDestination {
    private let spool: Mutex<RecordSpool>
    /// Whether the last attempt to deliver failed.
    private let isRefused = Atomic(false)
    private let deliver: @Sendable (RecordedItem) async throws -> Void
    private let retryDelays: [Duration]
    private let lastDelivery: Duration
    private let logger: Logger
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// Opens the spool.
    ///
    /// - Parameters:
    ///   - directory: of the spool alone.
    ///   - fileSystem: with the directory.
    ///   - maximumByteCount: of the spool; beyond it nothing is taken.
    ///   - retryDelays: between attempts to deliver; the last one again and again.
    ///   - lastDelivery: how long `flush` waits.
    ///   - logger: for what fails.
    ///   - deliver: returns when the item is durable where it belongs. May be given an item twice.
    /// - Throws: `FileError`.
    package init(
        _ directory: FilePath,
        _ fileSystem: any FileSystem,
        maximumByteCount: Int = GatewayLimits.spoolByteCount,
        retryDelays: [Duration] = [.milliseconds(100), .seconds(1), .seconds(5), .seconds(15)],
        lastDelivery: Duration = GatewayLimits.lastDelivery,
        logger: Logger,
        deliver: @escaping @Sendable (RecordedItem) async throws -> Void
    ) throws {
        let spool = try RecordSpool(directory, fileSystem, maximumByteCount: maximumByteCount)
        self.spool = Mutex(spool)
        self.deliver = deliver
        self.retryDelays = retryDelays
        self.lastDelivery = lastDelivery
        self.logger = logger
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func record(_ item: RecordedItem) async throws {
        let byteCount = try await onThread { spool in
            try spool.append(item)
            return spool.byteCount
        }
        GatewayTelemetry.spool(byteCount: byteCount)
        signal.yield()
    }

    /// Delivers what is in the spool and what comes, until the task is cancelled.
    package func run() async throws {
        signal.yield()
        for await _ in signals {
            while !Task.isCancelled {
                do {
                    guard try await deliverNext() else { break }
                } catch is CancellationError {
                    return
                } catch {
                    // Of the disk: it may read again what it could not read now, and what waits must not be forgotten.
                    isRefused.store(true, ordering: .relaxed)
                    logger.error("the spool can't be read or written", metadata: ["error": "\(error)"])
                    do { try await Task.sleep(for: retryDelays.last ?? .seconds(1)) } catch { return }
                }
            }
        }
    }

    /// - Returns: false when nothing waits.
    private func deliverNext() async throws -> Bool {
        let (item, damage) = try await onThread { spool in (try spool.next(), spool.takeDamage()) }
        for damage in damage { try await tell(damage) }
        guard let item else { return false }
        guard await offer(item) else { throw CancellationError() }
        let byteCount = try await onThread { spool in
            try spool.acknowledge()
            return spool.byteCount
        }
        GatewayTelemetry.spool(byteCount: byteCount)
        return true
    }

    private func tell(_ damage: RecordSpool.Damage) async throws {
        logger.error(
            "bytes of the spool can't be read; what they were is in a copy",
            metadata: [
                "spool.place": "\(damage.place)", "spool.bytes": "\(damage.byteCount)", "spool.copy": "\(damage.copy)",
            ]
        )
        let gap = Gap(
            submitter: "martlet",
            source: "crn:///martlet=gateway",
            from: damage.place,
            to: nil,
            reason: .unreadable
        )
        guard await offer(.gap(gap)) else { throw CancellationError() }
    }

    /// Waits for what is in the spool to be delivered, but not for somebody who does not take it: the next run delivers the rest.
    package func flush() async {
        let deadline = ContinuousClock.now + lastDelivery
        while !isRefused.load(ordering: .relaxed), .now < deadline, spool.withLock({ $0.byteCount }) > 0 {
            do { try await Task.sleep(for: .milliseconds(10)) } catch { return }
        }
    }

    private func offer(_ item: RecordedItem) async -> Bool {
        var attempt = 0
        while !Task.isCancelled {
            do {
                try await deliver(item)
                isRefused.store(false, ordering: .relaxed)
                if attempt > 0 { logger.notice("the spool is delivered again") }
                return true
            } catch {
                isRefused.store(true, ordering: .relaxed)
                if attempt == 0 {
                    logger.warning("the spool could not be delivered", metadata: ["error": "\(error)"])
                }
            }
            let delay = retryDelays[min(attempt, retryDelays.count - 1)]
            attempt += 1
            do { try await Task.sleep(for: delay) } catch { return false }
        }
        return false
    }

    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable (inout RecordSpool) throws -> Value
    ) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive { [self] in try spool.withLock { try work(&$0) } }
    }
}
