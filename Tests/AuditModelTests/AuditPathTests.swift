// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Testing

@Suite struct AuditPathTests {
    @Test func `raw values number the slots without gaps`() {
        #expect(AuditPath.allCases.map(\.rawValue) == Array(0..<UInt16(AuditPath.allCases.count)))
    }

    @Test func `no spelling belongs to two places`() {
        let spellings = AuditPath.allCases.flatMap(\.spellings)

        #expect(Set(spellings).count == spellings.count)
    }

    @Test(arguments: AuditPath.allCases)
    func `spellings are dotted names with brackets only behind a name`(_ path: AuditPath) {
        #expect(!path.spellings.isEmpty)
        for spelling in path.spellings {
            for name in spelling.split(separator: ".", omittingEmptySubsequences: false) {
                let bare = name.hasSuffix("[]") ? name.dropLast(2) : name
                #expect(!bare.isEmpty && bare.allSatisfy { $0.isLetter || $0 == "_" }, "\(spelling)")
            }
        }
    }

    @Test(arguments: [
        (AuditPath.methodName, "data.method_name"),
        (.methodName, "data.methodName"),
        (.principalText, "data.authenticationInfo.principal"),
        (.principalUser, "data.authentication_info.principal.confluent_user.resource_id"),
        (.cloudScopeID, "data.cloudResources[].scope.resources[].resourceId"),
        (.cloudResourceID, "data.cloud_resources[].resource.resource_id"),
        (.clientAddressText, "data.requestMetadata.client_address"),
        (.clientAddressIP, "data.requestMetadata.clientAddress[].ip"),
        (.clientAddressIP, "data.clientAddress[].ip"),
        (.requestClientID, "data.request.client_id"),
        (.connectionID, "data.requestMetadata.connection_id"),
        (.requestID, "data.requestMetadata.requestId[]"),
    ])
    func `each form of the record has its spelling`(_ path: AuditPath, _ spelling: String) {
        #expect(path.spellings.contains(spelling))
    }
}
