// SPDX-License-Identifier: Apache-2.0
// Written by Tools/kafka-messages/generate from Tools/kafka-messages/messages/configs.txt; never edited.

extension MessageText {
    static let configs = """
        api 32 0 4 4
        request
        0 resources ar 0 4 - - - -
        1 resourceType 1 0 4 - - - -
        1 resourceName s 0 4 - - - -
        1 configurationKeys as 0 4 0 4 - -
        0 includeSynonyms o 1 4 - - - -
        0 includeDocumentation o 3 4 - - - -
        answer
        0 throttleTimeMs 4 0 4 - - - -
        0 results ar 0 4 - - - - mirrors=resources
        1 errorCode 2 0 4 - - - e
        1 errorMessage s 0 4 0 4 - -
        1 resourceType 1 0 4 - - - - key=resourceType
        1 resourceName s 0 4 - - - - key=resourceName
        1 configs ar 0 4 - - - q
        2 name s 0 4 - - - n
        2 value s 0 4 0 4 - v
        2 readOnly o 0 4 - - - -
        2 configSource 1 1 4 - - - - default=-1
        2 isDefault o 0 0 - - - -
        2 isSensitive o 0 4 - - - m
        2 synonyms ar 1 4 - - - -
        3 name s 1 4 - - - n
        3 value s 1 4 1 4 - v
        3 source 1 1 4 - - - -
        2 configType 1 3 4 - - - -
        2 documentation s 3 4 3 4 - -
        api 33 0 2 2
        request
        0 resources ar 0 2 - - - -
        1 resourceType 1 0 2 - - - -
        1 resourceName s 0 2 - - - -
        1 configs ar 0 2 - - - -
        2 name s 0 2 - - - n
        2 value s 0 2 0 2 - v
        0 validateOnly o 0 2 - - - -
        answer
        0 throttleTimeMs 4 0 2 - - - -
        0 responses ar 0 2 - - - - mirrors=resources
        1 errorCode 2 0 2 - - - e
        1 errorMessage s 0 2 0 2 - -
        1 resourceType 1 0 2 - - - - key=resourceType
        1 resourceName s 0 2 - - - - key=resourceName
        api 44 0 1 1
        request
        0 resources ar 0 1 - - - -
        1 resourceType 1 0 1 - - - -
        1 resourceName s 0 1 - - - -
        1 configs ar 0 1 - - - -
        2 name s 0 1 - - - n
        2 configOperation 1 0 1 - - - -
        2 value s 0 1 0 1 - v
        0 validateOnly o 0 1 - - - -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 responses ar 0 1 - - - - mirrors=resources
        1 errorCode 2 0 1 - - - e
        1 errorMessage s 0 1 0 1 - -
        1 resourceType 1 0 1 - - - - key=resourceType
        1 resourceName s 0 1 - - - - key=resourceName
        api 48 0 1 1
        request
        0 components ar 0 1 - - - -
        1 entityType s 0 1 - - - -
        1 matchType 1 0 1 - - - -
        1 match s 0 1 0 1 - -
        0 strict o 0 1 - - - -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 errorCode 2 0 1 - - - e
        0 errorMessage s 0 1 0 1 - -
        0 entries ar 0 1 0 1 - q
        1 entity ar 0 1 - - - -
        2 entityType s 0 1 - - - -
        2 entityName s 0 1 0 1 - -
        1 values ar 0 1 - - - -
        2 key s 0 1 - - - -
        2 value f 0 1 - - - -
        api 49 0 1 1
        request
        0 entries ar 0 1 - - - -
        1 entity ar 0 1 - - - -
        2 entityType s 0 1 - - - -
        2 entityName s 0 1 0 1 - -
        1 ops ar 0 1 - - - -
        2 key s 0 1 - - - -
        2 value f 0 1 - - - -
        2 remove o 0 1 - - - -
        0 validateOnly o 0 1 - - - -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 entries ar 0 1 - - - - mirrors=entries
        1 errorCode 2 0 1 - - - e
        1 errorMessage s 0 1 0 1 - -
        1 entity ar 0 1 - - - - mirrors=entity
        2 entityType s 0 1 - - - - key=entityType
        2 entityName s 0 1 0 1 - - key=entityName
        api 74 0 1 0
        request
        0 resourceTypes a1 1 1 - - - -
        answer
        0 throttleTimeMs 4 0 1 - - - -
        0 errorCode 2 0 1 - - - e
        0 configResources ar 0 1 - - - q
        1 resourceName s 0 1 - - - -
        1 resourceType 1 1 1 - - - - default=16
        """
}
