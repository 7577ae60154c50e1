// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Testing

@Suite struct PrincipalTests {
    @Test(arguments: [
        ("User:u-x", Principal.Kind.user, "User:u-x"),
        ("u-x", .user, "User:u-x"),
        ("User:sa-1", .serviceAccount, "User:sa-1"),
        ("User:pool-1", .identityPool, "User:pool-1"),
        ("User:alice", .user, "User:alice"),
        ("User:CN=a:b", .user, "User:CN=a:b"),
        ("User:253696", .user, "User:253696"),
        ("User:ANONYMOUS", .unknown, "User:ANONYMOUS"),
        ("None:UNKNOWN_USER", .unknown, "None:UNKNOWN_USER"),
        ("Group:staff", .group, "Group:staff"),
        ("User:group-1", .group, "Group:group-1"),
        ("Robot:r2", .unknown, "Robot:r2"),
    ])
    func `texts`(_ text: String, _ kind: Principal.Kind, _ description: String) throws {
        let principal = try #require(Principal(text))

        #expect(principal.kind == kind)
        #expect(principal.description == description)
        #expect(Principal(principal.description) == principal)
    }

    @Test(arguments: ["", ":", "User:", ":alice"])
    func `texts that name nobody`(_ text: String) {
        #expect(Principal(text) == nil)
    }

    @Test func `the bare id and the principal are the same`() {
        #expect(Principal("u-x") == Principal("User:u-x"))
    }

    @Test(arguments: [
        (#""User:alice""#, Principal.Kind.user, ["User:alice", "alice"]),
        (#"{"confluentUser":{"resourceId":"u-x"},"email":"a@b.example"}"#, .user, ["User:u-x", "u-x", "a@b.example"]),
        (#"{"confluentUser":{"resourceId":"User:u-x"}}"#, .user, ["User:u-x", "u-x"]),
        (
            #"{"confluentUser":{"resourceId":"confluent.privileged"}}"#, .internal,
            ["User:confluent.privileged", "confluent.privileged"]
        ),
        (#"{"confluentServiceAccount":{"resourceId":"sa-1"}}"#, .serviceAccount, ["User:sa-1", "sa-1"]),
        (#"{"identityPool":{"resourceId":"pool-1"}}"#, .identityPool, ["User:pool-1", "pool-1"]),
        (#"{"group":{"resourceId":"group-1"}}"#, .group, ["Group:group-1", "group-1"]),
        (#"{"externalAccount":{"subject":"Confluent","namespace":[]}}"#, .externalAccount, ["Confluent"]),
        (#"{"confluentInternal":"scheduler"}"#, .internal, ["scheduler"]),
        (#"{"email":"a@b.example"}"#, .user, ["a@b.example"]),
    ])
    func `forms in records`(_ json: String, _ kind: Principal.Kind, _ names: [String]) throws {
        let principal = try #require(
            AuditEvent(Record(data: #"{"authenticationInfo":{"principal":\#(json)}}"#)).principal
        )

        #expect(principal.kind == kind)
        #expect(principal.names == names)
    }

    @Test(arguments: ["null", "{}", #""""#, #"{"confluentUser":{}}"#, "[]"])
    func `records that name nobody`(_ json: String) {
        #expect(AuditEvent(Record(data: #"{"authenticationInfo":{"principal":\#(json)}}"#)).principal == nil)
    }
}
