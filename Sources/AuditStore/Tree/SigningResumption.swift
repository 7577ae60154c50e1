// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage
package import TransparencyLog

/// Goes on signing where a log has stopped to, because its directory was copied, or put back to an older state.
///
/// Made first, recorded in the log as an event, and only then carried out.
package struct SigningResumption: Sendable {
    package enum Kind: Sendable, Equatable {
        /// The directory is another one, and the log in it begins with all that was signed: the same name goes on.
        case moved
        /// What was signed is not the beginning of this log: it goes on as another one, under another name.
        case forked
    }

    package let kind: Kind
    /// What was signed last; nil when nothing was.
    package let record: Checkpoint?
    /// The name under which the log signs afterwards.
    package let origin: String
    /// Where the log ends now.
    package let endIndex: UInt64
}

extension LogStore {
    /// What going on to sign would mean; nil when nothing stands in its way.
    ///
    /// Blocks while the tree is made again and compared with what was signed.
    ///
    /// - Throws: `StoreError` for whatever has to be mended first.
    package func signingResumption() throws(StoreError) -> SigningResumption? {
        guard let tree = options.tree else { return nil }
        let keeper = try openForResuming(tree)
        let snapshot = snapshot
        let extends = try keeper.extendsRecord(snapshot)
        let isInPlace = try keeper.isInPlace()
        guard !extends || !isInPlace else { return nil }
        return SigningResumption(
            kind: extends ? .moved : .forked,
            record: keeper.record,
            origin: extends ? keeper.origin : Self.originAfter(keeper.origin),
            endIndex: snapshot.endIndex
        )
    }

    /// Carries it out; the log signs again when it is opened the next time.
    ///
    /// It must have been recorded in the log before.
    ///
    /// - Throws: `StoreError`.
    package func resumeSigning(_ resumption: SigningResumption) throws(StoreError) {
        guard let tree = options.tree else { return }
        let keeper = try openForResuming(tree)
        switch resumption.kind {
        case .moved: try keeper.claimPlace()
        case .forked: try keeper.fork(origin: resumption.origin, floor: snapshot.floorIndex)
        }
    }

    private func openForResuming(_ tree: TreeOptions) throws(StoreError) -> TreeKeeper {
        try TreeKeeper(
            directory: directory,
            fileSystem: fileSystem,
            options: options,
            tree: tree,
            snapshot: snapshot,
            isResuming: true
        )
    }

    /// `name`, `name/2`, `name/3`.
    private static func originAfter(_ origin: String) -> String {
        let parts = origin.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last, last.utf8.count < 10, let number = Int(last) else {
            return origin + "/2"
        }
        return parts.dropLast().joined(separator: "/") + "/\(number + 1)"
    }
}

extension TreeKeeper {
    /// Whether the log begins with everything that was signed.
    ///
    /// - Throws: `inputOutput`; `damaged` for a segment that can't be read.
    func extendsRecord(_ snapshot: StoreSnapshot) throws(StoreError) -> Bool {
        guard contradiction == nil else { return false }
        guard let record else { return true }
        guard record.size <= snapshot.endIndex else { return false }
        do {
            while nextIndex < snapshot.endIndex, nextIndex <= record.size { try catchUp(with: snapshot) }
            return try isComparedWithRecord()
        } catch {
            guard error.code == .forked || isOtherTile(error) else { throw error }
            return false
        }
    }

    /// A tile on disk that is another than the events make is one of another tree.
    private func isOtherTile(_ error: StoreError) -> Bool {
        error.code == .damaged && error.path?.string.contains("/log/tile/") == true
    }
}
