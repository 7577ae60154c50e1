// SPDX-License-Identifier: Apache-2.0

import NIOPosix

/// Work that blocks, on threads that may wait: several pieces at once, results in the order of the pieces.
///
/// At most `countInFlight` pieces are begun and not taken, so a slow taker slows the work and nothing piles up.
enum OrderedWork {
    /// Enough that no core waits for the taker or for the slowest piece.
    static let countInFlight = System.coreCount + 2

    /// Does all pieces.
    ///
    /// - Parameters:
    ///   - pieces: what is to be done.
    ///   - countInFlight: how many may be begun and not taken.
    ///   - work: does one; on any thread.
    ///   - take: is called with each piece and what became of it, in order, one at a time; an error ends it all.
    /// - Throws: what `take` throws, `CancellationError`.
    static func run<Piece: Sendable, Output: Sendable>(
        on pieces: some Sequence<Piece>,
        countInFlight: Int = Self.countInFlight,
        _ work: @escaping @Sendable (Piece) throws -> Output,
        take: (Piece, Result<Output, any Error>) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Result<Output, any Error>).self) { group in
            var iterator = pieces.makeIterator()
            // The pieces that are begun and not taken, first come first.
            var begun: [Piece] = []
            var results: [Int: Result<Output, any Error>] = [:]
            var next = 0
            while true {
                try Task.checkCancellation()
                while begun.count < max(1, countInFlight), let piece = iterator.next() {
                    let place = next + begun.count
                    begun.append(piece)
                    group.addTask {
                        do {
                            return (place, .success(try await NIOThreadPool.singleton.runIfActive { try work(piece) }))
                        } catch {
                            return (place, .failure(error))
                        }
                    }
                }
                guard let piece = begun.first else { return }
                while results[next] == nil, let (place, result) = try await group.next() { results[place] = result }
                guard let result = results.removeValue(forKey: next) else { return }
                begun.removeFirst()
                next += 1
                try await take(piece, result)
            }
        }
    }
}
