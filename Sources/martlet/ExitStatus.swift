// SPDX-License-Identifier: Apache-2.0

import Access
import ArgumentParser
import AuditCatalog
import AuditStore
import Glibc
import Ingest
import Ledger
import PackExport
import QueryLanguage
import Witness

/// How the program ends; part of what scripts rely on.
enum ExitStatus: Int32 {
    case fine = 0
    /// The question was answered, and the answer is no: nothing found, something rejected.
    case no = 1
    /// The command line was not understood.
    case usage = 2
    case couldNotRun = 3
    /// Something was done, not all.
    case incomplete = 4

    /// Ends the program with what an error means, after saying it.
    static func leave(after error: any Error) -> Never {
        if let failure = CommandFailure(known: error) {
            if !failure.message.isEmpty { Terminal.complain(failure.message) }
            exit(failure.status.rawValue)
        }
        let code = MartletCommand.exitCode(for: error)
        // Help and version are asked for and go to standard output; usage errors are ours to number.
        guard code != .success else { MartletCommand.exit(withError: error) }
        Terminal.writeError(MartletCommand.fullMessage(for: error) + "\n")
        exit(code == .validationFailure ? usage.rawValue : couldNotRun.rawValue)
    }
}

/// An error of a command with the status that it ends with.
struct CommandFailure: Error, CustomStringConvertible {
    let status: ExitStatus
    /// What, where, and what to do; empty when it was said already.
    let message: String

    /// The message alone, as log lines tell it.
    var description: String { message }

    init(_ status: ExitStatus, _ message: String = "") {
        self.status = status
        self.message = message
    }

    /// What an error of the libraries means here; nil for those that the argument parser knows.
    init?(known error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as StoreError: self.init(error)
        case let error as PackExportError: self.init(.couldNotRun, error.message)
        case let refusal as ErasureRefusal:
            self.init([.noTree, .ownEvent].contains(refusal.code) ? .couldNotRun : .no, refusal.message)
        case let error as StreamError: self.init(error.code == .unreadable ? .couldNotRun : .incomplete, error.message)
        case let error as QuarantineError: self.init(.couldNotRun, error.message)
        case let error as CatalogError: self.init(.couldNotRun, "the catalogue can't be used: \(error)")
        case let error as LedgerError: self.init(error.code == .timedOut ? .couldNotRun : .usage, error.message)
        case let error as AccessError: self.init(error.code == .unknownToken ? .no : .couldNotRun, error.message)
        case let error as WitnessError: self.init(error.code == .malformedLogs ? .usage : .couldNotRun, error.message)
        case is CancellationError: self.init(.incomplete, "interrupted")
        default: return nil
        }
    }

    private init(_ error: StoreError) {
        switch error.code {
        case .locked:
            self.init(
                .couldNotRun,
                "\(error.message); ask the server that runs there instead: --server http://127.0.0.1:8080"
            )
        default:
            self.init(.couldNotRun, error.message)
        }
    }
}
