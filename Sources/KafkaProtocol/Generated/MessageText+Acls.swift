// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/acls.txt; never edited.

extension MessageText {
    static let acls = """
        api 29 0 3 2
        request
        0 resourceTypeFilter 1 0 3 - - - -
        0 resourceNameFilter s 0 3 0 3 - -
        0 patternTypeFilter 1 1 3 - - - -
        0 principalFilter s 0 3 0 3 - -
        0 hostFilter s 0 3 0 3 - -
        0 operation 1 0 3 - - - -
        0 permissionType 1 0 3 - - - -
        answer
        0 throttleTimeMs 4 0 3 - - - -
        0 errorCode 2 0 3 - - - e
        0 errorMessage s 0 3 0 3 - -
        0 resources ar 0 3 - - - q
        1 resourceType 1 0 3 - - - -
        1 resourceName s 0 3 - - - -
        1 patternType 1 1 3 - - - - default=3
        1 acls ar 0 3 - - - -
        2 principal s 0 3 - - - -
        2 host s 0 3 - - - -
        2 operation 1 0 3 - - - -
        2 permissionType 1 0 3 - - - -
        api 30 0 3 2
        request
        0 creations ar 0 3 - - - -
        1 resourceType 1 0 3 - - - -
        1 resourceName s 0 3 - - - -
        1 resourcePatternType 1 1 3 - - - -
        1 principal s 0 3 - - - -
        1 host s 0 3 - - - -
        1 operation 1 0 3 - - - -
        1 permissionType 1 0 3 - - - -
        answer
        0 throttleTimeMs 4 0 3 - - - -
        0 results ar 0 3 - - - - mirrors=creations
        1 errorCode 2 0 3 - - - e
        1 errorMessage s 0 3 0 3 - -
        api 31 0 3 2
        request
        0 filters ar 0 3 - - - -
        1 resourceTypeFilter 1 0 3 - - - -
        1 resourceNameFilter s 0 3 0 3 - -
        1 patternTypeFilter 1 1 3 - - - -
        1 principalFilter s 0 3 0 3 - -
        1 hostFilter s 0 3 0 3 - -
        1 operation 1 0 3 - - - -
        1 permissionType 1 0 3 - - - -
        answer
        0 throttleTimeMs 4 0 3 - - - -
        0 filterResults ar 0 3 - - - - mirrors=filters
        1 errorCode 2 0 3 - - - e
        1 errorMessage s 0 3 0 3 - -
        1 matchingAcls ar 0 3 - - - -
        2 errorCode 2 0 3 - - - e
        2 errorMessage s 0 3 0 3 - -
        2 resourceType 1 0 3 - - - -
        2 resourceName s 0 3 - - - -
        2 patternType 1 1 3 - - - - default=3
        2 principal s 0 3 - - - -
        2 host s 0 3 - - - -
        2 operation 1 0 3 - - - -
        2 permissionType 1 0 3 - - - -
        """
}
