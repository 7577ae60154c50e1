// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage
import TransparencyLog

/// The secrets that leaves are made with: `log/source-secret` and `log/spans/<number>`, readable by their owner alone.
///
/// Without them no leaf can be made again, so they are durable before a leaf is made with them; see docs/formats/leaf.md.
struct SpanFiles: Sendable {
    private let directory: FilePath
    private let fileSystem: any FileSystem
    private let random: @Sendable () -> UInt64

    private static let keyByteCount = 32

    /// - Parameters:
    ///   - directory: `log` of the data directory; exists.
    ///   - fileSystem: where it is.
    ///   - random: the system's random words.
    init(directory: FilePath, fileSystem: any FileSystem, random: @escaping @Sendable () -> UInt64) {
        self.directory = directory
        self.fileSystem = fileSystem
        self.random = random
    }

    // MARK: - The source secret

    private var sourceSecretPath: FilePath { directory.appending("source-secret") }

    /// The log's source secret, which is made when the log has no leaf yet.
    ///
    /// - Parameter hasLeaves: whether there are leaves that were made with one.
    /// - Returns: the secret, durable.
    /// - Throws: `damaged` when it is missing although there are leaves, or is no secret; `noSpace`, `inputOutput`.
    func sourceSecret(hasLeaves: Bool) throws(StoreError) -> SourceSecret {
        let path = sourceSecretPath
        do {
            if !fileSystem.exists(path) {
                guard !hasLeaves else {
                    throw StoreError(.damaged, "\(path) is missing: no leaf can be made again. Restore it", path: path)
                }
                try fileSystem.replaceAtomically(path, with: randomBytes(), mode: .ownerReadWrite)
            }
            // It may be one whose name a process before this did not live to make durable.
            if !hasLeaves { try fileSystem.syncDirectory(directory) }
            return try SourceSecret(try fileSystem.contents(of: path, maximumByteCount: Self.keyByteCount))
        } catch {
            throw failure(error, path)
        }
    }

    // MARK: - Spans

    private var spans: FilePath { directory.appending("spans") }

    private func path(ofSpan span: UInt64) -> FilePath {
        let digits = String(span)
        return spans.appending(String(repeating: "0", count: 20 - digits.count) + digits)
    }

    /// The secrets of a span.
    ///
    /// - Throws: `damaged` when they are missing or not what was written; `inputOutput`.
    func secrets(ofSpan span: UInt64) throws(StoreError) -> SpanSecrets {
        let path = path(ofSpan: span)
        do {
            guard fileSystem.exists(path) else {
                throw StoreError(
                    .damaged,
                    "\(path) is missing: its leaves cannot be made again. Restore it",
                    path: path
                )
            }
            let bytes = try fileSystem.contents(of: path, maximumByteCount: LeafLimits.maximumSecretsByteCount)
            let secrets = try SpanSecrets(decoding: bytes.span.bytes)
            guard secrets.span == span else {
                throw StoreError(.damaged, "\(path) has the secrets of span \(secrets.span)", path: path)
            }
            return secrets
        } catch {
            throw failure(error, path)
        }
    }

    /// The secrets of a span that may be new, of which then no leaf may have been made.
    ///
    /// - Parameters:
    ///   - span: its number.
    ///   - isNew: whether no leaf of it is in a tree that was published.
    /// - Returns: the secrets, durable.
    /// - Throws: as `secrets(ofSpan:)`; `noSpace`.
    func secrets(ofSpan span: UInt64, isNew: Bool) throws(StoreError) -> SpanSecrets {
        let path = path(ofSpan: span)
        guard isNew else { return try secrets(ofSpan: span) }
        do {
            if fileSystem.exists(path) {
                // Its name may not be durable yet: a process before this ended, or a sync failed.
                try fileSystem.syncDirectory(spans)
                return try secrets(ofSpan: span)
            }
            let secrets = try SpanSecrets(span: span, key: randomBytes())
            try fileSystem.createDirectory(spans)
            try fileSystem.replaceAtomically(path, with: secrets.encoded(), mode: .ownerReadWrite)
            return secrets
        } catch {
            throw failure(error, path)
        }
    }

    /// Whether the salts of a leaf are there.
    ///
    /// - Throws: as `secrets(ofSpan:)`.
    func has(_ index: UInt64) throws(StoreError) -> Bool {
        try secrets(ofSpan: SpanSecrets.span(of: index)).salts(at: index) != nil
    }

    /// Forgets the salts of one leaf for ever.
    ///
    /// - Throws: as `secrets(ofSpan:)`; `noSpace`.
    func forget(_ index: UInt64) throws(StoreError) {
        var secrets = try secrets(ofSpan: SpanSecrets.span(of: index))
        secrets.forget(index)
        try replace(secrets)
    }

    /// Forgets the salts of all leaves below an index; spans of which nothing is left have their files removed.
    ///
    /// - Throws: as `secrets(ofSpan:)`; `noSpace`.
    func forget(below index: UInt64) throws(StoreError) {
        guard fileSystem.exists(spans) else { return }
        let last = SpanSecrets.span(of: index)
        do {
            for name in try fileSystem.names(in: spans) {
                guard let span = UInt64(name), span < last else { continue }
                try fileSystem.remove(spans.appending(name))
            }
            try fileSystem.syncDirectory(spans)
        } catch {
            throw failure(error, spans)
        }
        guard !index.isMultiple(of: SpanSecrets.leafCount), fileSystem.exists(path(ofSpan: last)) else { return }
        var secrets = try secrets(ofSpan: last)
        secrets.forget(below: index)
        try replace(secrets)
    }

    private func replace(_ secrets: SpanSecrets) throws(StoreError) {
        let path = path(ofSpan: secrets.span)
        do {
            if secrets.isEmpty {
                try fileSystem.remove(path)
                try fileSystem.syncDirectory(spans)
            } else {
                try fileSystem.replaceAtomically(path, with: secrets.encoded(), mode: .ownerReadWrite)
            }
        } catch {
            throw failure(error, path)
        }
    }

    // MARK: - Parts

    private func randomBytes() -> [UInt8] {
        (0..<Self.keyByteCount / 8).flatMap { _ in
            let word = random()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
        }
    }

    private func failure(_ error: any Error, _ path: FilePath) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as FileError: StoreError(error)
        case let error as LeafError: StoreError(.damaged, "\(path) is damaged: \(error.message)", path: path)
        default: StoreError(.inputOutput, "\(path): \(error)", path: path)
        }
    }
}
