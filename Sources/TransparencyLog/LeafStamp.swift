// SPDX-License-Identifier: Apache-2.0

/// What the leaves of events have in common that came in one frame: made once, so that a leaf costs three hashes.
package struct LeafStamp: Sendable {
    package let stream: LeafStream

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package let received: Int64

    package let source: OpaqueSource

    private let provenance: Provenance

    /// - Throws: `tooLarge` when a label has more than `LeafLimits.maximumLabelByteCount` bytes.
    package init(
        stream: LeafStream,
        received: Int64,
        submitter: String,
        origin: String,
        position: [UInt8],
        secret: SourceSecret
    ) throws(LeafError) {
        self.stream = stream
        self.received = received
        source = try secret.source(submitter: submitter, origin: origin)
        provenance = try Provenance(submitter: submitter, origin: origin, position: position)
    }

    /// The leaf of one of the events.
    ///
    /// - Parameters:
    ///   - body: the event's bytes.
    ///   - isConflict: whether it is marked as a conflict.
    ///   - salts: those of its index.
    /// - Returns: the leaf, whose hash goes into the tree.
    package func leaf(of body: RawSpan, isConflict: Bool, salts: LeafSalts) -> LogLeaf {
        LogLeaf(
            stream: stream,
            isConflict: isConflict,
            received: received,
            source: source,
            provenance: salts.provenance.commitment(to: provenance),
            body: salts.body.commitment(to: body)
        )
    }
}
