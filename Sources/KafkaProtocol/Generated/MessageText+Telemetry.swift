// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/telemetry.txt; never edited.

extension MessageText {
    static let telemetry = """
        api 71 0 0 0
        request
        0 clientInstanceId i 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 clientInstanceId i 0 0 - - - -
        0 subscriptionId 4 0 0 - - - -
        0 acceptedCompressionTypes a1 0 0 - - - q
        0 pushIntervalMs 4 0 0 - - - -
        0 telemetryMaxBytes 4 0 0 - - - -
        0 deltaTemporality o 0 0 - - - -
        0 requestedMetrics as 0 0 - - - q
        api 72 0 0 0
        request
        0 clientInstanceId i 0 0 - - - -
        0 subscriptionId 4 0 0 - - - -
        0 terminating o 0 0 - - - -
        0 compressionType 1 0 0 - - - -
        0 metrics b 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        """
}
