// SPDX-License-Identifier: Apache-2.0

import Access
import Testing

@Suite struct IdentityTests {
    @Test func `a missing scope is named in the refusal`() {
        let identity = Identity(principal: "token:abc", scopes: .ingest)

        let error = #expect(throws: AccessError.self) { try identity.require(.read) }

        #expect(error?.code == .missingScope)
        #expect(error?.message == #"token:abc has the scopes "ingest", which lack "read""#)
        #expect(error?.code.isAuthenticationFailure == false)
    }

    @Test(arguments: [Scope.ingest, .read, .admin])
    func `loopback may do everything`(scope: Scope) throws {
        try Identity.loopback.require(scope)
    }
}
