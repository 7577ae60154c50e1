// SPDX-License-Identifier: Apache-2.0

/// Made-up records in each form that real ones have.
enum Samples {
    static let all = [
        kafkaAuthentication, kafkaAuthorization, cloudRequest, cloudAuthorization, snakeCase, platformOld, platformNew,
        "{}", #"{"id":null,"data":{"authenticationInfo":null,"cloudResources":[]}}"#,
    ]

    static let kafkaAuthentication = #"""
        {"specversion":"1.0","id":"a-1","type":"io.confluent.kafka.server/authentication",
        "source":"crn://confluent.cloud/organization=o-1/environment=env-1/cloud-cluster=lkc-1/kafka=lkc-1",
        "subject":"crn://confluent.cloud/organization=o-1/environment=env-1/cloud-cluster=lkc-1/kafka=lkc-1",
        "time":"2026-11-21T08:15:30.806Z","data":{
        "serviceName":"crn://confluent.cloud/organization=o-1/environment=env-1/cloud-cluster=lkc-1/kafka=lkc-1",
        "methodName":"kafka.Authentication",
        "resourceName":"crn://confluent.cloud/organization=o-1/environment=env-1/cloud-cluster=lkc-1/kafka=lkc-1",
        "authenticationInfo":{"principal":"User:253696","principalResourceId":"u-nnn111",
        "metadata":{"mechanism":"SASL_SSL/PLAIN","identifier":"KEY1234567890"}},
        "clientAddress":[{"ip":"203.0.113.7","port":40123}],
        "requestMetadata":{"connection_id":166976909279400003,"request_id":9007199254740993},
        "result":{"status":"UNAUTHENTICATED","message":"bad password"}}}
        """#

    static let kafkaAuthorization = #"""
        {"id":"a-2","source":"crn://confluent.cloud/kafka=lkc-1","specversion":"1.0",
        "type":"io.confluent.kafka.server/authorization","subject":"crn://confluent.cloud/kafka=lkc-1",
        "time":"2026-11-21T08:15:31.5Z","data":{"serviceName":"crn://confluent.cloud/kafka=lkc-1",
        "methodName":"kafka.CreateTopics","resourceName":"crn://confluent.cloud/kafka=lkc-1/topic=orders",
        "authenticationInfo":{"principal":"User:sa-n33dl1"},"authorizationInfo":{"granted":false,"operation":"Create",
        "resourceType":"Topic","resourceName":"orders","patternType":"LITERAL"},
        "request":{"correlationId":"123","clientId":"admin-42"}}}
        """#

    static let cloudRequest = #"""
        {"datacontenttype":"application/json","data":{"serviceName":"crn://confluent.cloud/",
        "methodName":"CreateConnector","cloudResources":[{"scope":{"resources":[
        {"type":"ORGANIZATION","resourceId":"o-1"},{"type":"ENVIRONMENT","resourceId":"env-1"},
        {"type":"CLOUD_CLUSTER","resourceId":"lkc-1"}]},"resource":{"type":"CONNECTOR","resourceId":"sink 1"}}],
        "authenticationInfo":{"exposure":"CUSTOMER","principal":{"email":"ada@example.com",
        "confluentUser":{"resourceId":"u-nnn111"}},"result":"SUCCESS",
        "credentials":{"idSecretCredentials":{"credentialId":"KEY1234567890"},"mechanism":"HTTP_BASIC"}},
        "requestMetadata":{"requestId":["r-1","r-2"],"clientId":"cli","connectionId":"c-1",
        "clientAddress":[{"ip":"2001:db8::7"},{"ip":"10.0.0.1","port":443}]},
        "request":{"accessType":"MODIFICATION","data":{"name":"sink 1"}},"result":{"status":"SUCCESS"}},
        "specversion":"1.0","id":"a-3","source":"crn://confluent.cloud/","type":"io.confluent.cloud/request",
        "time":"2026-11-21T08:15:32.906895813Z"}
        """#

    static let cloudAuthorization = #"""
        {"id":"a-4","type":"io.confluent.cloud/authorization","time":"+999999999-12-31T23:59:59.999999999-18:00",
        "source":"crn://confluent.cloud/","data":{"methodName":"ip-filter.Authorize",
        "resourceName":"crn://confluent.cloud/organization=o-1",
        "authenticationInfo":{"principal":{"confluentServiceAccount":{"resourceId":"User:sa-1"}}},
        "authorizationInfo":{"result":"DENY","ipfilterAuthorization":{"clientIp":"198.51.100.9",
        "resourceGroup":"MANAGEMENT"}},"result":{"status":"SUCCESS"}}}
        """#

    static let snakeCase = #"""
        {"id":"a-5","type":"io.confluent.flink.server/authorization","kafka.partition":"106","data":{
        "service_name":"crn://confluent.cloud/service=flink","method_name":"flink.Authorize",
        "cloud_resources":[{"scope":{"resources":[{"type":"ORGANIZATION","resource_id":"o-1"},
        {"type":"ENVIRONMENT","resource_id":"env-1"}]},
        "resource":{"type":"FLINK_REGION","resource_id":"aws.eu-central-1"}}],
        "authentication_info":{"exposure":"CUSTOMER","principal":{"identity_pool":{"resource_id":"pool-1"}},
        "credentials":{"id_token_credentials":{"type":"JWT","subject":"svc@idp"}}},
        "authorization_info":{"result":"ALLOW"},
        "request_metadata":{"request_id":"r-9","client_address":[{"ip":"203.0.113.9"}],"connection_id":"c-9"}}}
        """#

    static let platformOld = #"""
        {"data":{"serviceName":"crn:///kafka\u003dSTO","methodName":"kafka.CreateTopics",
        "resourceName":"crn:///kafka\u003dSTO/topic\u003dbar","authenticationInfo":{"principal":"User:producer"},
        "authorizationInfo":{"granted":true,"operation":"Create","resourceType":"Topic","resourceName":"bar"},
        "request":{"correlation_id":"4","client_id":"adminclient-1"},
        "requestMetadata":{"client_address":"/172.27.0.3"}},
        "id":"a-6","source":"crn:///kafka=STO","specversion":"0.3","type":"io.confluent.kafka.server/authorization",
        "time":"2026-11-21T08:15:33.838Z","subject":"crn:///kafka=STO/topic=bar",
        "confluentRouting":{"route":"confluent-audit-log-events"}}
        """#

    static let platformNew = #"""
        {"specversion":"1.0","id":"a-7","source":"crn:///kafka=Eyv","type":"io.confluent.kafka.server/authentication",
        "subject":"crn:///kafka=Eyv","time":"2026-11-21T08:15:34.958333Z","route":"confluent-audit-log-events",
        "data":{"serviceName":"crn:///kafka=Eyv","methodName":"kafka.Authentication",
        "resourceName":"crn:///kafka=Eyv","authenticationInfo":{"principal":"User:alice","metadata":{"mechanism":"SSL",
        "identifier":"CN=alice,O=Example"},"principalResourceId":""},
        "requestMetadata":{"client_address":"/172.21.0.1"},"result":{"status":"SUCCESS","message":""}}}
        """#
}
