// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// What a verification found.
package struct VerificationReport: Sendable {
    package enum Outcome: String, Sendable {
        /// Everything that was signed is there, as it was signed.
        case verified
        /// Something is not as it was signed.
        case tampered
        /// Nothing wrong was found, and something could not be checked that had to be.
        case incomplete
    }

    /// Whose keys the signatures were checked with.
    package enum KeyOrigin: String, Sendable {
        /// The caller's.
        case given
        /// Those of the directory itself: they prove that nothing changed since it was signed by whoever holds the key, and
        /// nothing more.
        case directory
        case none
    }

    package var outcome: Outcome {
        findingCount > 0 ? .tampered : gaps.contains(where: \.isSerious) ? .incomplete : .verified
    }

    /// In the order in which they were found, at most `VerificationLimits.maximumFindingCount`.
    package internal(set) var findings: [Finding] = []
    package internal(set) var findingCount = 0

    /// What was not checked.
    package internal(set) var gaps: [VerificationGap] = []

    /// Events that were read and whose leaves were made again, or of a plain log its entries.
    package internal(set) var eventCount: UInt64 = 0

    /// Their bytes.
    package internal(set) var byteCount: UInt64 = 0

    /// Whose bytes were erased, the first thousand.
    package internal(set) var erased: [UInt64] = []
    package internal(set) var erasedCount: UInt64 = 0

    // MARK: - The newest checkpoint

    /// As the checkpoint says; nil without one.
    package internal(set) var origin: String?
    package internal(set) var size: UInt64 = 0
    package internal(set) var root: LogHash?

    /// When the newest event that it covers was received, nanoseconds since 1970; nil when there is none.
    package internal(set) var newestReceived: Int64?

    package internal(set) var keyOrigin = KeyOrigin.none

    /// Older checkpoints that were compared with the tree and whose signatures fit.
    package internal(set) var olderCheckpointCount = 0

    // MARK: - Witnesses

    /// Names of the policy's witnesses whose cosignatures of the newest checkpoint fit.
    package internal(set) var witnesses: [String] = []

    /// The largest size of which as many witnesses as the policy asks for have seen the tree, and when the last of them did,
    /// seconds since 1970; nil without a policy, or when none is.
    package internal(set) var witnessed: (size: UInt64, seconds: Int64?)?

    mutating func add(_ finding: Finding) {
        findingCount += 1
        if findings.count < VerificationLimits.maximumFindingCount { findings.append(finding) }
    }

    mutating func add(_ gap: VerificationGap) { if !gaps.contains(gap) { gaps.append(gap) } }

    /// What could not be read: missing and misplaced files are findings, the rest nobody can judge.
    mutating func add(_ error: EvidenceError, indices: Range<UInt64>? = nil) {
        switch error.code {
        case .missing: add(Finding(.missing, error.name, indices, error.message))
        case .notAFile: add(Finding(.notAFile, error.name, indices, error.message))
        case .tooLarge: add(Finding(.damaged, error.name, indices, error.message))
        case .unreadable, .notALog: add(VerificationGap(.unreadable, error.name, indices, error.message))
        }
    }
}

/// How far a verification is.
package struct VerificationProgress: Sendable {
    package var eventCount: UInt64
    package var byteCount: UInt64
    /// 0 to 1.
    package var fraction: Double
}
