// SPDX-License-Identifier: Apache-2.0

import JournalFormat
package import TransparencyLog

extension TreeReader {
    /// The leaf of an event and what lets its holder compare the two; nil when the log does not have the event.
    ///
    /// - Parameters:
    ///   - index: the event's.
    ///   - withSalts: whether to say what the leaf hides: for those who may read the event.
    /// - Returns: the leaf, and its salts if they are wanted and not forgotten.
    /// - Throws: `damaged`, `inputOutput`.
    package func opening(of index: UInt64, withSalts: Bool) throws(StoreError) -> LeafOpening? {
        guard index >= minimumIndex, index < view.size else { return nil }
        let source = try LeafSource(spans, directory, fileSystem)
        var opening: LeafOpening?
        try snapshot.eachRun(in: index..<index + 1) { (run, places) throws(StoreError) in
            for place in places { opening = try source.opening(of: run, place, withSalts: withSalts) }
        }
        return opening
    }

    /// The receipt of an event: its place in the tree of a signed checkpoint.
    ///
    /// The newest checkpoint with witnesses' signatures is taken when it covers the event, else the newest.
    ///
    /// - Parameters:
    ///   - index: the event's.
    ///   - withSalts: whether the receipt says what the leaf hides: for those who may read the event.
    /// - Returns: nil when no checkpoint covers the event, or it was deleted.
    /// - Throws: `damaged`, `inputOutput`.
    package func receipt(of index: UInt64, withSalts: Bool) throws(StoreError) -> Receipt? {
        guard let opening = try openingAndBundle(of: index, withSalts: withSalts) else { return nil }
        var (note, size) = (view.checkpoint, view.size)
        if let witnessed = view.witnessed, index < witnessed.size { (note, size) = witnessed }
        let hashes = try inclusionProof(of: index, size: size)
        do {
            return try Receipt(index: index, hashes: hashes, extra: opening.encoded(), checkpoint: note)
        } catch {
            throw StoreError(.damaged, "no receipt of event \(index) can be made: \(error.message)")
        }
    }

    /// The opening of a leaf, with its bundle kept for the proof: both take the same pages of a segment.
    private func openingAndBundle(of index: UInt64, withSalts: Bool) throws(StoreError) -> LeafOpening? {
        guard index >= minimumIndex, index < view.size else { return nil }
        let width = UInt64(TreeFrontier.width)
        let bundle = index / width
        let indices = bundle * width..<min(view.size, bundle * width + width)
        let source = try LeafSource(spans, directory, fileSystem)
        var leaves: [LogLeaf] = []
        var opening: LeafOpening?
        try snapshot.eachRun(in: indices) { (run, places) throws(StoreError) in
            try source.leaves(of: run, places, into: &leaves)
            guard run.indices.contains(index) else { return }
            let place = Int(index - run.firstIndex)
            if places.contains(place) { opening = try source.opening(of: run, place, withSalts: withSalts) }
        }
        if leaves.count == indices.count { keep(leaves, ofBundle: bundle) }
        return opening
    }

    /// The bytes of an entry bundle: leaves, each behind its length.
    func entries(ofBundle index: UInt64, width: Int) throws(StoreError) -> [UInt8] {
        let leaves = try leaves(ofBundle: index).prefix(width)
        do {
            return try EntryBundle.encode(leaves: leaves)
        } catch {
            throw StoreError(.damaged, "bundle \(index) cannot be made: \(error.message)")
        }
    }
}

extension LeafSource {
    /// The leaf of one event, with what it hides if that is wanted and not forgotten.
    ///
    /// - Throws: `damaged`, `inputOutput`.
    func opening(of run: EventRun, _ place: Int, withSalts: Bool) throws(StoreError) -> LeafOpening {
        guard let labels = run.labels(ofPlace: place) else {
            throw StoreError(.damaged, "event \(run.firstIndex + UInt64(place)) has no labels")
        }
        let index = run.firstIndex + UInt64(place)
        let bundle = try spans.secrets(ofSpan: SpanSecrets.span(of: index)).bundle(around: index)
        let leaf = try leaf(of: run, place, stamp(labels), bundle)
        // What was erased has a tombstone for its bytes, which the leaf does not commit to.
        let isErased = (run.flags[place] ?? []).contains(.erased)
        return try opening(leaf, index, labels, withSalts && !isErased ? bundle?.salts(at: index) : nil)
    }

    /// A leaf with what it hides, as far as there are salts.
    ///
    /// - Throws: `damaged`.
    func opening(
        _ leaf: LogLeaf,
        _ index: UInt64,
        _ labels: EventRun.Labels,
        _ salts: LeafSalts?
    ) throws(StoreError) -> LeafOpening {
        let sender = salts.map { salts in
            LeafOpening.Sender(
                salt: salts.provenance,
                submitter: labels.submitter,
                origin: labels.source,
                position: labels.position
            )
        }
        do {
            return try LeafOpening(leaf: leaf, bodySalt: salts?.body, sender: sender)
        } catch {
            throw StoreError(.damaged, "the leaf of event \(index) cannot be opened: \(error.message)")
        }
    }
}
