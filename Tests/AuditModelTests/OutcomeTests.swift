// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Testing

@Suite struct OutcomeTests {
    static let check = "io.confluent.kafka.server/authorization"
    static let login = "io.confluent.sg.server/authentication"
    static let act = "io.confluent.cloud/request"

    @Test(arguments: [
        (check, #"{"authorizationInfo":{"granted":true}}"#, Outcome.allowed),
        (check, #"{"authorizationInfo":{"granted":false}}"#, .denied),
        (check, #"{"authorizationInfo":{"result":"ALLOW"}}"#, .allowed),
        (check, #"{"authorizationInfo":{"result":"DENY"}}"#, .denied),
        (check, #"{"authorization_info":{"result":"DENY"}}"#, .denied),
        (check, #"{"authorizationInfo":{"result":"UNSET"}}"#, .unknown),
        (check, #"{"authorizationInfo":{},"result":{"status":"SUCCESS"}}"#, .unknown),
        (login, #"{"result":{"status":"SUCCESS"}}"#, .success),
        (login, #"{"result":{"status":"UNAUTHENTICATED"}}"#, .failure),
        (login, #"{"authenticationInfo":{"result":"SUCCESS"}}"#, .success),
        (login, #"{"authenticationInfo":{"result":"FAILURE"}}"#, .failure),
        (login, #"{"authenticationInfo":{"result":"SUCCESS"},"result":{"status":"UNSET"}}"#, .success),
        (login, #"{"authorizationInfo":{"granted":true}}"#, .unknown),
        (act, #"{"result":{"status":"SUCCESS"}}"#, .success),
        (act, #"{"result":{"status":"PERMISSION_DENIED"}}"#, .failure),
        (act, #"{"result":{"status":"404 NOT_FOUND"}}"#, .failure),
        (act, #"{"result":{"status":"UNSET"}}"#, .unknown),
        (act, #"{"result":{}}"#, .unknown),
        (act, #"{"authorizationInfo":{"granted":false}}"#, .unknown),
        (act, #"{"authorizationInfo":{"result":"ALLOW"},"authenticationInfo":{"result":"SUCCESS"}}"#, .unknown),
        ("io.confluent.cloud/access-transparency", #"{"result":{"status":"SUCCESS"}}"#, .success),
        ("io.confluent.tableflow.server/catalog", #"{"result":{"status":"NOT_FOUND"}}"#, .failure),
        ("new", #"{"authorizationInfo":{"granted":false}}"#, .denied),
    ])
    func `checks and acts keep their own words`(_ type: String, _ data: String, _ expected: Outcome) {
        #expect(AuditEvent(Record(type: type, data: data)).outcome == expected)
    }

    @Test(arguments: [
        (check, AuditAction.authorization),
        (login, .authentication),
        (act, .request),
        ("io.confluent.cloud/access-transparency", .accessTransparency),
        ("io.confluent.tableflow.server/catalog", nil),
        ("authorization", .authorization),
        ("", nil),
        ("/", nil),
    ])
    func `the action is the last part of the type`(_ type: String, _ expected: AuditAction?) {
        #expect(AuditAction(ofType: type) == expected)
    }
}
