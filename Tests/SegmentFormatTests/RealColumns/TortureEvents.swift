// SPDX-License-Identifier: Apache-2.0

/// Events made to be told wrong.
enum TortureEvents {
    /// By hand: what each is about stands in it.
    static let written: [String] =
        topLevel + times + outcomes
        + principals.map {
            #"{"type":"a/request","time":"2026-11-20T02:00:00.1Z","data":{"authenticationInfo":\#($0)}}"#
        }
        + resources.map { #"{"time":"2026-11-20T02:00:00.123Z",\#($0)}"# }
        + methods.map { #"{"time":"2026-11-20T02:00:00.123Z","data":{\#($0)}}"# }
        + ["{}", "{ }", "{\t\"data\" : {} }", longLists(16), longLists(17), longLists(30), deep(70)]

    private static let topLevel = [
        #"{"time":"2026-11-20T02:00:00Z","principal":"p","outcome":"o","method":"m","resource":"r","martlet.index":"seven"}"#,
        #"{"time":"2026-11-20T02:00:00Z","principal":5,"outcome":true,"method":null,"resource":{"time":"x"}}"#,
        #"{"\"time\"":"no","\"principal\"":"no","time":"2026-11-20T02:00:00Z","data":{"time":"t","principal":"p"}}"#,
        #"{"prin\u0063ipal":"escaped","martlet.index":"8","martlet":{"index":9}}"#,
        #"{"data":"text"}"#, #"{"data":[1,2,{"methodName":"no"}]}"#, #"{"data.methodName":"no","":"empty"}"#,
    ]

    private static let times = [
        #""2026-11-20T02:00:00.123456789Z""#, #""2026-11-20T02:00:00+02:00""#, #""2026-11-20t02:00:00z""#, #""""#,
        "null", "0", "1795305600000", "-1.5e3", "true", "false", "{}", "[]", #"["2026-11-20T02:00:00Z"]"#,
        #"{"time":"2026-11-20T02:00:00Z"}"#, #""yesterday""#, #""2026-13-20T02:00:00Z""#,
        #""2016-12-31T23:59:60.000Z""#, #""1969-12-31T23:59:59.999999Z""#, #""1960-01-01T00:00:00.001Z""#,
        #""0000-01-01T00:00:00.000Z""#, #""9999-12-31T23:59:59.999Z""#, #""1677-09-21T00:12:43.145Z""#,
        #""2262-04-11T23:47:16.854Z""#, #""2262-04-11T23:47:16.855Z""#,
        #""+999999999-12-31T23:59:59.999999999-18:00""#, #""2026\u002d11-20T02:00:00.5Z""#, #""2026-11-20 02:00:00Z""#,
    ].map { #"{"id":"1","time":\#($0)}"# }

    private static let outcomes: [String] = {
        let types = ["io.confluent.kafka.server/authorization", "x/authentication", "request", "a/access-transparency"]
        let infos = [
            #""authorizationInfo":{"granted":true}"#, #""authorizationInfo":{"granted":false,"result":"ALLOW"}"#,
            #""authorizationInfo":{"granted":null,"result":"DENY"}"#, #""authorization_info":{"granted":"true"}"#,
            #""authorizationInfo":{"granted":1,"result":"ALLOW"}"#, #""result":{"status":"SUCCESS"}"#,
            #""result":{"status":"UNSET"},"authenticationInfo":{"result":"SUCCESS"}"#, #""result":{"status":""}"#,
            #""result":{"status":"NOT_FOUND"},"authorizationInfo":{"granted":true}"#, #""result":{"status":0}"#,
            #""result":{"status":{"code":1}}"#, #""result":{"status":"SUCC\u0045SS"}"#, #""result":[]"#,
            #""authentication_info":{"result":"FAILURE"}"#,
            #""authorizationInfo":{"granted":null},"authorization_info":{"granted":true,"result":"DENY"}"#,
        ]
        return types.flatMap { type in infos.map { #"{"type":"\#(type)","data":{\#($0)}}"# } }
            + infos.map { #"{"data":{\#($0)},"type":"something"}"# } + infos.map { #"{"type":null,"data":{\#($0)}}"# }
    }()

    private static let principals = [
        #"{"principal":"User:alice"}"#, #"{"principal":"u-1abc2d"}"#, #"{"principal":"User:u-1abc2d"}"#,
        #"{"principal":"User:"}"#, #"{"principal":":x"}"#, #"{"principal":"None:UNKNOWN_USER"}"#, #"{"principal":""}"#,
        #"{"principal":"User:CN=a:b, O=\"c\" \u00e9 \\ \/"}"#, #"{"principal":123}"#, #"{"principal":null}"#,
        #"{"principal":"User:123456","principalResourceId":"u-9zz"}"#,
        #"{"principal":"User:123456","principalResourceId":""}"#, #"{"principalResourceId":"sa-1"}"#,
        #"{"principal":{"confluentUser":{"resourceId":"u-77"},"email":"a@example.com"}}"#,
        #"{"principal":{"email":"a@example.com"}}"#, #"{"principal":{"email":""}}"#, #"{"principal":{}}"#,
        #"{"principal":{"confluentServiceAccount":{"resourceId":"User:sa-1"}}}"#,
        #"{"principal":{"confluent_user":{"resource_id":"u-snake"}}}"#, #"{"principal":["User:a"]}"#,
        #"{"principal":{"identityPool":{"resourceId":"pool-1"}}}"#,
        #"{"principal":{"group":{"resourceId":"group-1"}}}"#,
        #"{"principal":{"externalAccount":{"subject":"sub\u0020ject"}}}"#,
        #"{"principal":{"confluentInternal":"staff"}}"#, #"{"principal":{"confluentInternal":true}}"#,
        #"{"principal":{"confluentUser":{"resourceId":"confluent.privileged"}}}"#, #"{"principal":"User:ANONYMOUS"}"#,
    ]

    private static let resources = [
        #""subject":"crn://a/kafka=b/topic=c""#, #""subject":"","data":{"resourceName":""}"#,
        #""subject":"s","data":{"resourceName":""}"#, #""subject":"s","data":{"resourceName":"r"}"#,
        #""subject":"r","data":{"resourceName":"r"}"#, #""data":{"resourceName":"a\"b\\c\u00e9"},"subject":7"#,
        #""data":{"resourceName":"camel","resource_name":"snake"}"#, #""data":{"resource_name":"","resourceName":"c"}"#,
        #""data":{"resourceName":null,"resource_name":5}"#, #""subject":null,"data":{"resourceName":{}}"#,
        #""data":{"resourceName":true},"subject":"s""#,
        #""data":{"cloudResources":[{"resource":{"type":"TOPIC","resourceId":"t"},"scope":{"resources":[{"type":"#
            + #""ORGANIZATION","resourceId":"o"},{"type":"CLOUD_CLUSTER","resourceId":"lkc-1"}]}}]}"#,
        #""data":{"cloud_resources":[{"resource":{"type":"Topic","resource_id":"t"}}]}"#,
        #""subject":"","data":{"cloudResources":[{"resource":{"type":"TOPIC","resourceId":"a/b=c"}}]}"#,
        #""data":{"cloudResources":[{"scope":{"resources":[{"type":"ENVIRONMENT"}]},"resource":{"type":"X"}},{"#
            + #""resource":{"resourceId":"second","type":"Y"}}]}"#,
        #""data":{"cloudResources":{"resource":{"type":"TOPIC","resourceId":"t"}}}"#, #""data":{"cloudResources":[]}"#,
    ]

    private static let methods = [
        #""methodName":"kafka.Produce""#, #""method_name":"kafka.Produce""#, #""methodName":"","method_name":"snake""#,
        #""methodName":"caf\u00e9 \"x\" \n""#, #""methodName":12.50"#, #""methodName":false"#, #""methodName":[1]"#,
        #""method_name":"first","methodName":"second""#, #""methodName":null,"method_name":null"#,
    ]

    /// A list of so many resources: beyond sixteen it is one value.
    static func longLists(_ count: Int) -> String {
        let resources = (0..<count).map { #"{"resource":{"type":"TOPIC","resourceId":"t\#($0)"}}"# }
        return #"{"time":"2026-11-20T02:00:00.5Z","data":{"cloudResources":[\#(resources.joined(separator: ","))]}}"#
    }

    /// An event that goes raw, with everything a model wants to know.
    static func deep(_ depth: Int) -> String {
        #"{"type":"x/request","time":"2026-11-20T02:00:00.25Z","subject":"s\u0041","data":{"methodName":"deep","#
            + #""result":{"status":"SUCCESS"},"authenticationInfo":{"principal":"u-1"},"x":"#
            + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}}"
    }

    /// Events in which places of the model stand in all spellings, in any order, with any values.
    static func random(_ count: Int, seed: UInt64) -> [String] {
        var numbers = SeededNumbers(seed: seed)
        return (0..<count).map { _ in random(&numbers) }
    }

    private static let texts = [
        #""""#, #""a""#, #""crn://x/kafka=y""#, #""User:u-1""#, #""SUCCESS""#, #""ALLOW""#, #""UNSET""#, "1", "true",
        "null", #""q\u0022""#, #""TOPIC""#, #""x/authorization""#, #""2026-11-20T02:00:00.123Z""#, "[]",
    ]

    private static func random(_ numbers: inout SeededNumbers) -> String {
        func value() -> String { texts.randomElement(using: &numbers) ?? "" }
        func object(_ members: [(String, String)]) -> String {
            let chosen = members.shuffled(using: &numbers).filter { _ in Bool.random(using: &numbers) }
            return "{" + chosen.map { #""\#($0)":\#($1)"# }.joined(separator: ",") + "}"
        }
        func id(_ key: String) -> String { object([(key, value())]) }
        func principal(_ isSnake: Bool) -> String {
            guard numbers.next() % 2 == 0 else { return value() }
            return isSnake
                ? object([("confluent_user", id("resource_id")), ("email", value()), ("group", id("resource_id"))])
                : object([("confluentUser", id("resourceId")), ("email", value()), ("externalAccount", id("subject"))])
        }
        func resource() -> String {
            let scopes = "[" + object([("type", value()), ("resourceId", value())]) + "]"
            return object([
                ("resource", object([("type", value()), ("resourceId", value())])),
                ("scope", #"{"resources":\#(scopes)}"#),
            ])
        }
        let data = object([
            ("methodName", value()), ("method_name", value()), ("resourceName", value()), ("resource_name", value()),
            (
                "authenticationInfo",
                object([("principal", principal(false)), ("principalResourceId", value()), ("result", value())])
            ),
            ("authentication_info", object([("principal", principal(true)), ("result", value())])),
            ("authorizationInfo", object([("granted", value()), ("result", value())])),
            ("result", object([("status", value()), ("data", value())])),
            ("cloudResources", "[\(resource()),\(resource())]"),
        ])
        return object([
            ("time", value()), ("type", value()), ("subject", value()), ("id", value()), ("data", data),
        ])
    }
}
