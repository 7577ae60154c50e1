// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Which events have a leaf that is kept because their bytes are gone.
struct ErasedNames {
    private let source: any EvidenceSource
    private var indices: [UInt64] = []
    /// Files that are no kept leaves.
    private(set) var findings: [Finding] = []

    /// - Throws: `EvidenceError`.
    init(_ source: any EvidenceSource) throws(EvidenceError) {
        self.source = source
        try list()
    }

    /// Looks again which there are.
    ///
    /// - Throws: `EvidenceError`.
    mutating func list() throws(EvidenceError) {
        indices = []
        for name in try source.names(in: ErasedEvent.directory) ?? [] {
            if let index = Digits.number(name) {
                indices.append(index)
            } else if !name.hasSuffix(".new") {
                let file = "\(ErasedEvent.directory)/\(Quoted.text(name.utf8))"
                let finding = Finding(.extraFile, file, "no event has this number")
                if !findings.contains(finding) { findings.append(finding) }
            }
        }
        indices.sort()
    }

    /// What is kept of events in a range; of those whose file is none, findings are added.
    ///
    /// - Throws: `EvidenceError`.
    mutating func events(in range: Range<UInt64>) throws(EvidenceError) -> [UInt64: ErasedEvent] {
        var events: [UInt64: ErasedEvent] = [:]
        for index in indices[place(of: range.lowerBound)..<place(of: range.upperBound)] {
            let name = ErasedEvent.name(index)
            let limit = VerificationLimits.maximumTombstoneByteCount
            guard let bytes = try source.contents(of: name, maximumByteCount: limit) else { continue }
            do throws(LeafError) { events[index] = try ErasedEvent(bytes) } catch {
                findings.append(Finding(.damaged, name, index..<index + 1, error.message))
            }
        }
        return events
    }

    /// Behind the last event of the log there is nothing to keep a leaf of.
    mutating func check(endIndex: UInt64) {
        for index in indices[place(of: endIndex)...] {
            findings.append(Finding(.extraFile, ErasedEvent.name(index), "the log has no such event"))
        }
    }

    /// The first index that is not below another.
    private func place(of index: UInt64) -> Int {
        var low = 0
        var high = indices.count
        while low < high {
            let middle = (low + high) / 2
            if indices[middle] < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
