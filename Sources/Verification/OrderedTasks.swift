// SPDX-License-Identifier: Apache-2.0

/// Work on several cores, whose results are taken in the order of the work.
///
/// Child tasks of the caller's, so this target owns no threads: the work is computing and does not block. `next` and `take`
/// run in the caller's task, one at a time; so reading, which blocks, stays with the caller.
enum OrderedTasks {
    /// Does all pieces.
    ///
    /// At most `concurrency` + 2 are begun and not taken, which bounds what is in memory.
    ///
    /// - Parameters:
    ///   - concurrency: how many may run at once.
    ///   - next: gives the next piece, nil when there is none.
    ///   - work: does one; on any thread.
    ///   - take: is called with what became of each, in order.
    /// - Throws: what `next` throws, `CancellationError`.
    static func run<Piece: Sendable, Output: Sendable>(
        concurrency: Int,
        next: () throws -> Piece?,
        work: @escaping @Sendable (Piece) -> Output,
        take: (Output) -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Output).self) { group in
            var begun = 0
            var taken = 0
            var running = 0
            var results: [Int: Output] = [:]
            var isAtEnd = false
            while true {
                try Task.checkCancellation()
                while !isAtEnd, begun - taken < concurrency + 2 {
                    guard let piece = try next() else {
                        isAtEnd = true
                        break
                    }
                    let place = begun
                    begun += 1
                    running += 1
                    group.addTask { (place, work(piece)) }
                }
                if let result = results.removeValue(forKey: taken) {
                    taken += 1
                    take(result)
                    continue
                }
                guard running > 0, let (place, result) = try await group.next() else { return }
                running -= 1
                results[place] = result
            }
        }
    }
}
