// SPDX-License-Identifier: Apache-2.0

/// What a request says of itself before its body.
package struct RequestHeader: Equatable, Sendable {
    package let apiKey: APIKey
    package let apiVersion: Int16
    package let correlationID: Int32
    /// Free text of the client's; nil where it sent none.
    package let clientID: String?

    package init(apiKey: APIKey, apiVersion: Int16, correlationID: Int32, clientID: String?) {
        self.apiKey = apiKey
        self.apiVersion = apiVersion
        self.correlationID = correlationID
        self.clientID = clientID
    }
}

/// The number of an API: what a request asks for.
package struct APIKey: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int16

    package init(rawValue: Int16) {
        self.rawValue = rawValue
    }
}
