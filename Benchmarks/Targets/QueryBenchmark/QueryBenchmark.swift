// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import Foundation
import NIOPosix
import QueryEngine
import QueryLanguage
import SystemPackage

/// Times queries inside one process, as engines that live in the caller's process are timed.
///
/// Reads a JSON array of queries from standard input and writes one JSON object a line for each.
@main
enum QueryBenchmark {
    struct Task: Decodable {
        let name: String
        let query: String
        var order: String?
        var limit: Int?
        var runs: Int?
        var warmup: Int?
    }

    static func main() async throws {
        guard CommandLine.arguments.count >= 2 else {
            FileHandle.standardError.write(
                Data("usage: QueryBenchmark DATA-DIRECTORY [MEGABYTES] < queries.json\n".utf8)
            )
            exit(2)
        }
        let tasks = try JSONDecoder().decode([Task].self, from: FileHandle.standardInput.readToEnd() ?? Data())
        let threadCount = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let pool = NIOThreadPool(numberOfThreads: threadCount)
        pool.start()
        let log = try ReadOnlyLog(directory: FilePath(CommandLine.arguments[1]))
        let megabytes = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 1024 : 1024
        let engine = Engine(
            catalog: try Catalog.embedded(),
            pool: pool,
            threadCount: threadCount,
            maximumViewByteCount: megabytes << 20
        )
        for task in tasks { try await run(task, engine, log.snapshot) }
        try await pool.shutdownGracefully()
    }

    private static func run(_ task: Task, _ engine: Engine, _ snapshot: StoreSnapshot) async throws {
        let query = try Query.parse(task.query, now: Timestamp(nanosecondsSinceEpoch: 0))
        let order = QueryRequest.Order(rawValue: task.order ?? "newest") ?? .newest
        let request = QueryRequest(query, order: order, limit: task.limit ?? 100, deadline: .seconds(600))
        var answer: [String: Any] = ["name": task.name]
        var times: [Double] = []
        var cpu: [Double] = []
        for run in 0..<(task.warmup ?? 2) + (task.runs ?? 7) {
            let (start, cpuStart) = (ContinuousClock.now, clock())
            let result = try await Self.answer(request, engine, snapshot)
            let duration = ContinuousClock.now - start
            let cpuEnd = clock()
            if run == 0 { answer["first_ms"] = duration.milliseconds }
            answer.merge(try plain(result)) { $1 }
            guard run >= task.warmup ?? 2 else { continue }
            times.append(duration.milliseconds)
            cpu.append(Double(cpuEnd - cpuStart) / Double(CLOCKS_PER_SEC) * 1000)
        }
        answer["runs"] = times
        answer["cpu_ms"] = cpu
        let line = try JSONSerialization.data(withJSONObject: answer, options: [.sortedKeys])
        FileHandle.standardOutput.write(line + Data("\n".utf8))
    }

    private enum Answer {
        case table(QueryTable)
        case events([StoredEvent], QueryOutcome)
    }

    private static func answer(
        _ request: QueryRequest,
        _ engine: Engine,
        _ snapshot: StoreSnapshot
    ) async throws -> Answer {
        if let table = try await engine.table(request, on: snapshot) { return .table(table) }
        var run = engine.start(request, on: snapshot)
        var events: [StoredEvent] = []
        while let next = try await run.next() { events += next }
        return .events(events, run.outcome)
    }

    /// What is written of an answer: of events their ids.
    private static func plain(_ answer: Answer) throws -> [String: Any] {
        struct Event: Decodable { let id: String }
        switch answer {
        case .table(let table):
            let rows = table.rows.map { row in row.map(plain) }
            return [
                "table": ["columns": table.columns.map(\.name), "rows": rows],
                "explain": explain(table.outcome), "partial": table.outcome.partialReason ?? NSNull(),
            ]
        case .events(let events, let outcome):
            let ids = try events.map { try JSONDecoder().decode(Event.self, from: Data($0.bytes)).id }
            return [
                "events": ids, "explain": explain(outcome), "partial": outcome.partialReason ?? NSNull(),
            ]
        }
    }

    private static func plain(_ value: QueryTable.Value) -> Any {
        switch value {
        case .none: NSNull()
        case .text(let text): text
        case .number(let number): number
        case .time(let time): time.description
        }
    }

    private static func explain(_ outcome: QueryOutcome) -> [String: Any] {
        let done = outcome.explanation
        return [
            "segments": done.segmentCount, "outsideBounds": done.segmentsOutsideBounds,
            "withoutValue": done.segmentsWithoutValue, "read": done.segmentsRead, "frames": done.framesRead,
            "rowsExamined": done.rowsExamined, "eventsRebuilt": done.eventsRebuilt, "columnsLoaded": done.columnsLoaded,
            "bytesRead": done.bytesRead, "bytesStored": done.bytesStored,
        ]
    }
}

extension Duration {
    fileprivate var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}
