// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/authentication.txt; never edited.

extension MessageText {
    static let authentication = """
        api 17 0 1 -
        request
        0 mechanism s 0 1 - - - -
        answer
        0 errorCode 2 0 1 - - - e
        0 mechanisms as 0 1 - - - -
        api 36 0 2 2
        request
        0 authBytes b 0 2 - - - s
        answer
        0 errorCode 2 0 2 - - - e
        0 errorMessage s 0 2 0 2 - -
        0 authBytes b 0 2 - - - s
        0 sessionLifetimeMs 8 1 2 - - - -
        api 38 0 3 2
        request
        0 ownerPrincipalType s 3 3 3 3 - -
        0 ownerPrincipalName s 3 3 3 3 - -
        0 renewers ar 0 3 - - - -
        1 principalType s 0 3 - - - -
        1 principalName s 0 3 - - - -
        0 maxLifetimeMs 8 0 3 - - - -
        answer
        0 errorCode 2 0 3 - - - e
        0 principalType s 0 3 - - - -
        0 principalName s 0 3 - - - -
        0 tokenRequesterPrincipalType s 3 3 - - - -
        0 tokenRequesterPrincipalName s 3 3 - - - -
        0 issueTimestampMs 8 0 3 - - - -
        0 expiryTimestampMs 8 0 3 - - - -
        0 maxTimestampMs 8 0 3 - - - -
        0 tokenId s 0 3 - - - -
        0 hmac b 0 3 - - - s
        0 throttleTimeMs 4 0 3 - - - -
        api 39 0 2 2
        request
        0 hmac b 0 2 - - - s
        0 renewPeriodMs 8 0 2 - - - -
        answer
        0 errorCode 2 0 2 - - - e
        0 expiryTimestampMs 8 0 2 - - - -
        0 throttleTimeMs 4 0 2 - - - -
        api 40 0 2 2
        request
        0 hmac b 0 2 - - - s
        0 expiryTimePeriodMs 8 0 2 - - - -
        answer
        0 errorCode 2 0 2 - - - e
        0 expiryTimestampMs 8 0 2 - - - -
        0 throttleTimeMs 4 0 2 - - - -
        api 41 0 3 2
        request
        0 owners ar 0 3 0 3 - -
        1 principalType s 0 3 - - - -
        1 principalName s 0 3 - - - -
        answer
        0 errorCode 2 0 3 - - - e
        0 tokens ar 0 3 - - - -
        1 principalType s 0 3 - - - -
        1 principalName s 0 3 - - - -
        1 tokenRequesterPrincipalType s 3 3 - - - -
        1 tokenRequesterPrincipalName s 3 3 - - - -
        1 issueTimestamp 8 0 3 - - - -
        1 expiryTimestamp 8 0 3 - - - -
        1 maxTimestamp 8 0 3 - - - -
        1 tokenId s 0 3 - - - -
        1 hmac b 0 3 - - - s
        1 renewers ar 0 3 - - - -
        2 principalType s 0 3 - - - -
        2 principalName s 0 3 - - - -
        0 throttleTimeMs 4 0 3 - - - -
        api 50 0 0 0
        request
        0 users ar 0 0 0 0 - -
        1 name s 0 0 - - - -
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 errorCode 2 0 0 - - - e
        0 errorMessage s 0 0 0 0 - -
        0 results ar 0 0 - - - - mirrors=users
        1 user s 0 0 - - - - key=name
        1 errorCode 2 0 0 - - - e
        1 errorMessage s 0 0 0 0 - -
        1 credentialInfos ar 0 0 - - - q
        2 mechanism 1 0 0 - - - -
        2 iterations 4 0 0 - - - -
        api 51 0 0 0
        request
        0 deletions ar 0 0 - - - -
        1 name s 0 0 - - - -
        1 mechanism 1 0 0 - - - -
        0 upsertions ar 0 0 - - - -
        1 name s 0 0 - - - -
        1 mechanism 1 0 0 - - - -
        1 iterations 4 0 0 - - - -
        1 salt b 0 0 - - - s
        1 saltedPassword b 0 0 - - - s
        answer
        0 throttleTimeMs 4 0 0 - - - -
        0 results ar 0 0 - - - - mirrors=deletions,upsertions
        1 user s 0 0 - - - - key=name
        1 errorCode 2 0 0 - - - e
        1 errorMessage s 0 0 0 0 - -
        """
}
