// SPDX-License-Identifier: Apache-2.0

/// Why there is no ledger.
package struct LedgerError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The times are the wrong way round.
        case wrongTimes
        /// There would be more rows than `LedgerLimits.maximumRowCount`.
        case tooManyRows
        /// The deadline passed.
        case timedOut
    }

    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
