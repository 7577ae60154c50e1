// SPDX-License-Identifier: Apache-2.0

import AuditStore
import NIOPosix
import TransparencyLog
import Witness

/// Has one witness cosign one checkpoint.
struct WitnessExchange: Sendable {
    enum Outcome: Sendable {
        /// At least one cosignature, checked.
        case cosigned([NoteSignature])
        /// None this time; the next checkpoint is another try.
        case failed(String)
        /// Somebody else has sent it a newer checkpoint of the log meanwhile.
        case overtaken(UInt64)
        /// It says that what it has seen of the log is not of this tree, and what it shows for that.
        case refused(String, evidence: SignedNote?)
    }

    /// How often the old size is corrected: somebody else may send checkpoints too.
    private static let maximumTryCount = 3

    let witness: WitnessPolicy.Witness
    let client: WitnessClient
    let reader: TreeReader
    /// The checkpoint with the log's own signatures.
    let note: SignedNote
    /// Size of the log at this moment, which may be beyond the checkpoint's.
    let currentSize: @Sendable () -> UInt64

    /// Sends it, from the size at which the witness is believed to be.
    ///
    /// - Throws: `CancellationError`.
    func run(from known: UInt64) async throws -> Outcome {
        let size = reader.view.size
        var old = known <= size ? known : 0
        do {
            for _ in 0..<Self.maximumTryCount {
                guard let proof = try await proof(from: old) else {
                    return .failed("there is no proof from the \(old) events that it has seen: they were deleted")
                }
                switch try await client.add(try AddCheckpointRequest(old: old, proof: proof, checkpoint: note)) {
                case .cosigned(let signatures):
                    let valid = signatures.filter { (try? witness.verifier.check($0, of: note.text)) != nil }
                    return valid.isEmpty ? .failed("its answer has no cosignature by its key") : .cosigned(valid)
                case .otherSize(let other) where other <= size:
                    guard other != old else { return .failed("it asks for a proof from \(other), and got it") }
                    old = other
                case .otherSize(let other) where other <= currentSize():
                    return .overtaken(other)
                case .otherSize(let other):
                    return await refused("it has seen \(other) events, and there are \(currentSize())")
                case .refused(.inconsistent, let text):
                    return await refused("from \(old) to \(size) events: \(text)")
                case .refused(.unknownLog, _):
                    return .failed(
                        "it does not know this log: give its keeper the line \"log \(reader.view.verifierKeys[0])\""
                    )
                case .refused(.notSigned, let text):
                    return .failed("it knows no key that the log signs with: \(text)")
                case .refused(.malformed, let text), .refused(.unavailable, let text):
                    return .failed(text)
                case .refused(.unknown(let status), let text):
                    return .failed("it answered \(status): \(text)")
                }
            }
            return .failed("it has another size each time that it is asked")
        } catch let silence as WitnessSilence {
            return .failed(silence.reason)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .failed("\(error)")
        }
    }

    /// Reading blocks, and may read a tile or events.
    private func proof(from old: UInt64) async throws -> [LogHash]? {
        let size = reader.view.size
        guard old > 0, old < size else { return [] }
        return try await NIOThreadPool.singleton.runIfActive { [reader] in
            try reader.consistencyProof(from: old, to: size)
        }
    }

    /// What the witness has for what it says: the checkpoint that it cosigned.
    private func refused(_ reason: String) async -> Outcome {
        .refused(reason, evidence: try? await client.latest(of: reader.view.origin))
    }
}
