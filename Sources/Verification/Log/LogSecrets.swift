// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The secrets that leaves of some spans are made with.
struct LogSecrets: Sendable {
    static let sourceName = "log/source-secret"
    static let directory = "log/spans"

    static func name(_ span: UInt64) -> String { "\(directory)/\(Digits.text(span))" }

    let source: SourceSecret?
    /// One or two for a piece of work.
    var spans: [SpanSecrets] = []

    func span(of index: UInt64) -> SpanSecrets? {
        let number = SpanSecrets.span(of: index)
        return spans.first { $0.span == number }
    }

    /// Whether all is there that the leaf of an index is made with.
    func isComplete(at index: UInt64) -> Bool { source != nil && span(of: index) != nil }
}

/// Reads secrets, each file once.
struct SecretsReader {
    private let evidence: any EvidenceSource
    private let source: SourceSecret?
    /// The newest spans that were asked for; nil for what could not be read, which was told.
    private var known: [(number: UInt64, secrets: SpanSecrets?)] = []

    private(set) var findings: [Finding] = []
    private(set) var unreadable: [EvidenceError] = []

    /// Spans of the largest segments, and some more.
    private static let keptCount = 8

    init(_ evidence: any EvidenceSource) {
        self.evidence = evidence
        do throws(EvidenceError) {
            let limit = VerificationLimits.maximumSmallFileByteCount
            guard let bytes = try evidence.contents(of: LogSecrets.sourceName, maximumByteCount: limit) else {
                findings.append(Finding(.missing, LogSecrets.sourceName, "no leaf can be made without the secret"))
                source = nil
                return
            }
            let made = try? SourceSecret(bytes)
            if made == nil { findings.append(Finding(.damaged, LogSecrets.sourceName, "it has not 32 bytes")) }
            source = made
        } catch {
            unreadable.append(error)
            source = nil
        }
    }

    /// The secrets of the spans that some leaves are in.
    mutating func secrets(of indices: Range<UInt64>) -> LogSecrets {
        var secrets = LogSecrets(source: source)
        guard let last = indices.last else { return secrets }
        for number in SpanSecrets.span(of: indices.lowerBound)...SpanSecrets.span(of: last) {
            if let span = span(number) { secrets.spans.append(span) }
        }
        return secrets
    }

    /// Reads what the leaves of a segment are made with, as far as it is kept at once.
    mutating func load(_ indices: Range<UInt64>) {
        guard let last = indices.last else { return }
        let first = SpanSecrets.span(of: indices.lowerBound)
        for number in first...min(SpanSecrets.span(of: last), first + UInt64(Self.keptCount / 2)) { _ = span(number) }
    }

    private mutating func span(_ number: UInt64) -> SpanSecrets? {
        if let found = known.first(where: { $0.number == number }) { return found.secrets }
        let read = read(number)
        if known.count >= Self.keptCount { known.removeFirst() }
        known.append((number, read))
        return read
    }

    private mutating func read(_ number: UInt64) -> SpanSecrets? {
        let name = LogSecrets.name(number)
        let first = number * SpanSecrets.leafCount
        let indices = first..<first + SpanSecrets.leafCount
        do throws(EvidenceError) {
            guard let bytes = try evidence.contents(of: name, maximumByteCount: LeafLimits.maximumSecretsByteCount)
            else {
                findings.append(Finding(.missing, name, indices, "no leaf of the span can be made without its secrets"))
                return nil
            }
            do throws(LeafError) {
                let secrets = try SpanSecrets(decoding: unsafe bytes.span.bytes)
                guard secrets.span != number else { return secrets }
                findings.append(Finding(.damaged, name, indices, "these are the secrets of span \(secrets.span)"))
            } catch { findings.append(Finding(.damaged, name, indices, error.message)) }
        } catch { unreadable.append(error) }
        return nil
    }

    /// What was found since this was asked last.
    mutating func takeFindings() -> (findings: [Finding], unreadable: [EvidenceError]) {
        defer { (findings, unreadable) = ([], []) }
        return (findings, unreadable)
    }
}
