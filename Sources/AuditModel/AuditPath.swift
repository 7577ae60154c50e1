// SPDX-License-Identifier: Apache-2.0

/// A place in an event where something stands that the one set of fields needs, whatever it is
/// spelled there.
///
/// Records come in three spellings of `data`: the Kafka form (`principal` is a string), the cloud
/// form (`principal` is an object) and snake_case, to which Confluent Platform adds
/// `request.client_id` and `requestMetadata.client_address`. Places that mean the same share one
/// case. A scanner gives each case a slot and puts there the values it meets, in the order of the
/// document.
///
/// Raw values number the slots from 0 without gaps. They are not stored anywhere and may change
/// from version to version.
package enum AuditPath: UInt16, CaseIterable, Sendable {
    // The envelope (CloudEvents 1.0 §3.1).
    case id
    case source
    case type
    case subject
    case time

    // What was asked of which service.
    case serviceName
    case methodName
    case resourceName

    // Who.
    case principalText
    case principalResourceID
    case principalEmail
    case principalUser
    case principalServiceAccount
    case principalIdentityPool
    case principalGroup
    case principalExternalSubject
    case principalInternal

    // By which credential.
    case credentialIdentifier
    case credentialID
    case credentialTokenSubject
    case credentialCertificateName

    // The decision, or how it went.
    case authenticationResult
    case authorizationGranted
    case authorizationResult
    case authorizationResourceType
    case authorizationResourceName
    case resultStatus

    // The target, as the cloud form lists it.
    case cloudResourceType
    case cloudResourceID
    case cloudScopeType
    case cloudScopeID

    // From where.
    case clientAddressIP
    case clientAddressText
    case checkedClientAddress
    case clientID
    case requestClientID
    case requestID
    case connectionID

    /// Dotted paths of the place; `[]` follows the name of an array and stands for each of its
    /// elements.
    ///
    /// No path occurs twice, in one case or in two.
    package var spellings: [String] {
        switch self {
        case .id: ["id"]
        case .source: ["source"]
        case .type: ["type"]
        case .subject: ["subject"]
        case .time: ["time"]
        case .serviceName: ["data.serviceName", "data.service_name"]
        case .methodName: ["data.methodName", "data.method_name"]
        case .resourceName: ["data.resourceName", "data.resource_name"]
        case .principalText: Self.authentication("principal", "principal")
        case .principalResourceID: Self.authentication("principalResourceId", "principal_resource_id")
        case .principalEmail: Self.authentication("principal.email", "principal.email")
        case .principalUser: Self.principal("confluentUser.resourceId", "confluent_user.resource_id")
        case .principalServiceAccount:
            Self.principal("confluentServiceAccount.resourceId", "confluent_service_account.resource_id")
        case .principalIdentityPool: Self.principal("identityPool.resourceId", "identity_pool.resource_id")
        case .principalGroup: Self.principal("group.resourceId", "group.resource_id")
        case .principalExternalSubject: Self.principal("externalAccount.subject", "external_account.subject")
        case .principalInternal: Self.principal("confluentInternal", "confluent_internal")
        case .credentialIdentifier: Self.authentication("metadata.identifier", "metadata.identifier")
        case .credentialID:
            // A delegate acts with the credentials of another; one level of that is seen through.
            Self.authentication(
                "credentials.idSecretCredentials.credentialId",
                "credentials.id_secret_credentials.credential_id"
            )
                + Self.authentication(
                    "credentials.delegateCredentials.delegateCredentials.idSecretCredentials.credentialId",
                    "credentials.delegate_credentials.delegate_credentials.id_secret_credentials.credential_id"
                )
        case .credentialTokenSubject:
            Self.authentication(
                "credentials.idTokenCredentials.subject",
                "credentials.id_token_credentials.subject"
            )
        case .credentialCertificateName:
            Self.authentication(
                "credentials.certificateCredentials.dname.cn",
                "credentials.certificate_credentials.dname.cn"
            )
        case .authenticationResult: Self.authentication("result", "result")
        case .authorizationGranted: Self.authorization("granted", "granted")
        case .authorizationResult: Self.authorization("result", "result")
        case .authorizationResourceType: Self.authorization("resourceType", "resource_type")
        case .authorizationResourceName: Self.authorization("resourceName", "resource_name")
        case .resultStatus: ["data.result.status"]
        case .cloudResourceType: ["data.cloudResources[].resource.type", "data.cloud_resources[].resource.type"]
        case .cloudResourceID:
            ["data.cloudResources[].resource.resourceId", "data.cloud_resources[].resource.resource_id"]
        case .cloudScopeType:
            ["data.cloudResources[].scope.resources[].type", "data.cloud_resources[].scope.resources[].type"]
        case .cloudScopeID:
            [
                "data.cloudResources[].scope.resources[].resourceId",
                "data.cloud_resources[].scope.resources[].resource_id",
            ]
        case .clientAddressIP:
            ["data.clientAddress[].ip", "data.client_address[].ip"]
                + Self.requestMetadata("clientAddress[].ip", "client_address[].ip")
        case .clientAddressText:
            ["data.clientAddress", "data.client_address"] + Self.requestMetadata("clientAddress", "client_address")
        case .checkedClientAddress:
            [
                "data.authorizationInfo.ipfilterAuthorization.clientIp",
                "data.authorizationInfo.ipfilterAuthorization.client_ip",
                "data.authorization_info.ipfilter_authorization.client_ip",
            ]
        case .clientID: Self.requestMetadata("clientId", "client_id")
        case .requestClientID: ["data.request.clientId", "data.request.client_id"]
        case .requestID:
            Self.requestMetadata("requestId", "request_id") + Self.requestMetadata("requestId[]", "request_id[]")
        case .connectionID: Self.requestMetadata("connectionId", "connection_id")
        }
    }

    // MARK: - Spelling the parents

    private static func authentication(_ camelCase: String, _ snakeCase: String) -> [String] {
        ["data.authenticationInfo.\(camelCase)", "data.authentication_info.\(snakeCase)"]
    }

    private static func principal(_ camelCase: String, _ snakeCase: String) -> [String] {
        authentication("principal.\(camelCase)", "principal.\(snakeCase)")
    }

    private static func authorization(_ camelCase: String, _ snakeCase: String) -> [String] {
        ["data.authorizationInfo.\(camelCase)", "data.authorization_info.\(snakeCase)"]
    }

    /// Real Kafka and Platform records mix the two: snake_case members of a camelCase
    /// `requestMetadata`.
    private static func requestMetadata(_ camelCase: String, _ snakeCase: String) -> [String] {
        [
            "data.requestMetadata.\(camelCase)",
            "data.requestMetadata.\(snakeCase)",
            "data.request_metadata.\(snakeCase)",
        ]
    }
}
