# SPDX-License-Identifier: Apache-2.0
"""Drives librdkafka as somebody who may do some things and not others, so that refusals come at every place of a check.

A super user runs the step "grant:NAME" first, and then that user "use".
"""

import time

import confluent_kafka as ck
from confluent_kafka import admin as ka
from driver import Addresses, Settings, show, step

settings = Settings(["grant:NAME", "use"])
addresses = Addresses()
readable, writable, hidden = (settings.name(each) for each in ("readable", "writable", "hidden"))
own_group, watched_group = settings.name("own"), settings.name("watched")


def configuration(**more):
    conf = {"bootstrap.servers": settings.bootstrap, "client.id": f"rights-{settings.prefix}", "log_level": 0}
    if settings.user:
        conf.update({
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": settings.mechanism,
            "sasl.username": settings.user,
            "sasl.password": settings.password,
        })
    conf.update({key.replace("_", "."): value for key, value in more.items()})
    return conf


def error_name(error):
    inner = error.args[0] if getattr(error, "args", None) else None
    return inner.name() if isinstance(inner, ck.KafkaError) else None


def do(name, work):
    return step(name, work, error_name)


def ask(name, call):
    """One admin call; what each of its futures came to."""

    def work():
        answer = call()
        results = {}
        for key, future in answer.items() if isinstance(answer, dict) else [("", answer)]:
            try:
                results[str(key)] = repr(future.result(20))[:100]
            except ck.KafkaException as error:
                results[str(key)] = error_name(error)
        return {"result": results}

    do(name, work)


# MARK: - Rights


def grant(name):
    client = ka.AdminClient(configuration())
    ask("topics", lambda: client.create_topics([ka.NewTopic(each, 1, 1) for each in (readable, writable, hidden)]))
    topic, group, transaction = ka.ResourceType.TOPIC, ka.ResourceType.GROUP, ka.ResourceType.TRANSACTIONAL_ID
    literal, prefixed = ka.ResourcePatternType.LITERAL, ka.ResourcePatternType.PREFIXED
    operation = ka.AclOperation
    rights = [
        (topic, readable, literal, operation.READ),
        (topic, writable, literal, operation.WRITE),
        (topic, settings.name("makable"), prefixed, operation.CREATE),
        (group, own_group, literal, operation.READ),
        (group, watched_group, literal, operation.DESCRIBE),
        (transaction, settings.name("txn"), literal, operation.WRITE),
    ]
    allow = ka.AclPermissionType.ALLOW
    ask("rights", lambda: client.create_acls([
        ka.AclBinding(kind, resource, pattern, f"User:{name}", "*", what, allow)
        for kind, resource, pattern, what in rights
    ]))
    # A right counts on a broker when the metadata has come to it.
    time.sleep(1)


# MARK: - Use


def produce(topic, **more):
    producer = ck.Producer(configuration(**more))
    errors = []
    producer.produce(topic, b"value", on_delivery=lambda error, _: errors.append(error) if error else None)
    producer.flush(15)
    if errors:
        raise ck.KafkaException(errors[0])


def fetch(topic):
    consumer = ck.Consumer(configuration(group_id=own_group, enable_auto_commit=False, enable_partition_eof=True))
    consumer.assign([ck.TopicPartition(topic, 0, 0)])
    try:
        poll(consumer, 10)
    finally:
        consumer.close()


def poll(consumer, seconds):
    """Until the first message, the end of a partition, or a refusal."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message is None:
            continue
        if message.error() is not None and message.error().code() != ck.KafkaError._PARTITION_EOF:
            raise ck.KafkaException(message.error())
        return


def join(group):
    consumer = ck.Consumer(configuration(group_id=group, auto_offset_reset="earliest", enable_partition_eof=True))
    consumer.subscribe([readable])
    try:
        poll(consumer, 15)
    finally:
        consumer.close()


def commit(topics):
    consumer = ck.Consumer(configuration(group_id=own_group, enable_auto_commit=False))
    try:
        offsets = consumer.commit(offsets=[ck.TopicPartition(each, 0, 0) for each in topics], asynchronous=False)
        return {"offsets": [str(each.error) for each in offsets]}
    finally:
        consumer.close()


def transact(topic, group=None):
    producer = ck.Producer(configuration(transactional_id=settings.name("txn")))
    producer.init_transactions(20)
    producer.begin_transaction()
    try:
        producer.produce(topic, b"value")
        producer.flush(15)
        if group:
            members = ck.Consumer(configuration(group_id=group))
            at = [ck.TopicPartition(readable, 0, 0)]
            producer.send_offsets_to_transaction(at, members.consumer_group_metadata(), 15)
        producer.commit_transaction(15)
    except ck.KafkaException:
        producer.abort_transaction(15)
        raise


def use():
    client = ka.AdminClient(configuration())
    names = [readable, writable, hidden, settings.name("missing")]
    do("Metadata of all", lambda: {"topics": len(client.list_topics(timeout=15).topics)})
    ask("DescribeTopics", lambda: client.describe_topics(ck.TopicCollection(names), include_authorized_operations=True))
    ask("DescribeCluster", lambda: client.describe_cluster(include_authorized_operations=True))
    do("Produce", lambda: produce(writable))
    do("Produce, refused", lambda: produce(readable))
    do("Produce, idempotent", lambda: produce(writable, enable_idempotence=True))
    do("Fetch", lambda: fetch(readable))
    do("Fetch, refused", lambda: fetch(writable))
    do("JoinGroup", lambda: join(own_group))
    do("JoinGroup, refused", lambda: join(watched_group))
    do("OffsetCommit", lambda: commit([readable, writable, hidden]))
    do("transaction", lambda: transact(writable))
    do("transaction, refused", lambda: transact(readable))
    do("transaction with offsets", lambda: transact(writable, own_group))
    do("transaction with offsets, refused", lambda: transact(writable, watched_group))
    asked = [ck.TopicPartition(each, 0) for each in (readable, writable, hidden)]
    for group in (own_group, watched_group):
        offsets = [ck.ConsumerGroupTopicPartitions(group, asked)]
        ask("OffsetFetch", lambda: client.list_consumer_group_offsets(offsets))
        ask("OffsetFetch of all", lambda: client.list_consumer_group_offsets([ck.ConsumerGroupTopicPartitions(group)]))
    groups = [own_group, watched_group, settings.name("other")]
    ask("DescribeGroups", lambda: client.describe_consumer_groups(groups, include_authorized_operations=True))
    ask("ListOffsets", lambda: client.list_offsets({each: ka.OffsetSpec.latest() for each in asked}))
    made = [ka.NewTopic(settings.name(each), 1, 1) for each in ("makable-1", "unmakable")]
    ask("CreateTopics", lambda: client.create_topics(made))
    ask("CreatePartitions", lambda: client.create_partitions([ka.NewPartitions(each, 2) for each in names]))
    ask("DeleteRecords", lambda: client.delete_records([ck.TopicPartition(writable, 0, -1)]))
    ask("DeleteTopics", lambda: client.delete_topics([*names, settings.name("makable-1")]))
    resources = [ka.ConfigResource(ka.ResourceType.TOPIC, each) for each in names]
    for resource in resources:
        ask("DescribeConfigs", lambda: client.describe_configs([resource]))
    do("ListGroups", lambda: {"groups": len(client.list_consumer_groups().result(20).valid)})
    ask("DeleteGroups", lambda: client.delete_consumer_groups(groups))


for each in settings.steps:
    grant(each.removeprefix("grant:")) if each.startswith("grant:") else use()
addresses.report()
