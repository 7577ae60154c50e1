// SPDX-License-Identifier: Apache-2.0

import Glibc
import ManifestFormat
import NIOPosix
import Synchronization

/// The thread that encodes and writes a finished segment and has it count, while the next one is being made.
///
/// One segment at a time, in their order, so that no more than two are in memory. What could not be written is kept and
/// tried again by whoever asks next.
///
/// `Mutex`: owns the segment that is being written and what became of it.
final class SegmentWriter: Sendable {
    private struct State {
        var segment: LiveSegment.Finished?
        var isWriting = false
    }

    private let files: SegmentFiles
    private let adopt: @Sendable (SegmentDescription) throws(StoreError) -> Void
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(State())

    init(_ files: SegmentFiles, adopt: @escaping @Sendable (SegmentDescription) throws(StoreError) -> Void) {
        self.files = files
        self.adopt = adopt
        thread.start()
    }

    /// Begins to write a segment; the one before must be finished.
    func begin(_ segment: LiveSegment.Finished) {
        state.withLock { state in
            precondition(state.segment == nil, "a segment is written when the one before counts")
            state = State(segment: segment, isWriting: true)
        }
        thread.submit { [self] _ in
            // What went wrong shows when `finish` tries again.
            try? write(segment)
            state.withLock { $0.isWriting = false }
        }
    }

    /// Waits until the segment that was begun counts, and tries again what failed.
    ///
    /// - Throws: why it could not be written; it may be called again.
    func finish() throws(StoreError) {
        // A segment takes a hundred milliseconds.
        while state.withLock({ $0.isWriting }) { usleep(500) }
        guard let segment = state.withLock({ $0.segment }) else { return }
        try write(segment)
    }

    private func write(_ segment: LiveSegment.Finished) throws(StoreError) {
        try adopt(files.write(segment))
        state.withLock { $0.segment = nil }
    }

    /// Ends the thread after what it is doing now.
    func close() async {
        try? await thread.shutdownGracefully()
    }
}
