// SPDX-License-Identifier: Apache-2.0

import Logging
import Witness

/// Every message of a witness.
enum WitnessTelemetry {
    static func answered(_ reply: WitnessReply, _ witness: CheckpointWitness, _ logger: Logger) {
        switch reply {
        case .cosigned, .otherSize, .refused(.malformed, _), .refused(.unknownLog, _), .refused(.notSigned, _):
            // Anybody may send these.
            logger.debug("answered", metadata: ["http.status": "\(reply.status)"])
        case .refused(.unavailable, _):
            logger.critical(
                "nothing can be signed",
                metadata: ["error": "\(witness.failure?.message ?? "a record cannot be read or written")"]
            )
        case .refused(_, let why):
            logger.warning("a checkpoint does not go on from the one before", metadata: ["reason": "\(why)"])
        }
    }
}
