# SPDX-License-Identifier: Apache-2.0
"""Drives librdkafka through confluent-kafka."""

import logging
import time

import confluent_kafka as ck
from confluent_kafka import admin as ka
from driver import Addresses, Settings, expect, show, step

MORE_STEPS = ["produce-acks-0", "read-committed", "admin", "acls", "scram", "configs", "groups"]
settings = Settings(MORE_STEPS)
addresses = Addresses()


class LogReader(logging.Handler):
    def emit(self, record):
        addresses.read_log(r"Connected to ipv[46]#(\S+:\d+)", record.getMessage())


logger = logging.getLogger("librdkafka")
logger.setLevel(logging.DEBUG)
logger.propagate = False
logger.addHandler(LogReader())


def configuration(**more):
    conf = {
        "bootstrap.servers": settings.bootstrap,
        "client.id": f"librdkafka-{settings.prefix}",
        "debug": "broker",
        "socket.timeout.ms": 10000,
        "topic.metadata.refresh.interval.ms": 1000,
    }
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


def result(futures, timeout=20):
    """Waits for what an admin call promised; gives the names and their values."""
    return {str(key): future.result(timeout) for key, future in futures.items()}


# MARK: - Data


def metadata():
    client = ka.AdminClient(configuration(), logger=logger)
    found = client.list_topics(timeout=15)
    for broker in found.brokers.values():
        addresses.learn(broker.host, broker.port)
    return {"brokers": len(found.brokers), "topics": len(found.topics)}


def produce(topic, tag, **more):
    producer = ck.Producer(configuration(**more), logger=logger)
    failures = []

    def delivered(error, _):
        if error is not None:
            failures.append(error)

    for number, value in enumerate(settings.values(tag)):
        producer.produce(topic, key=str(number), value=value, on_delivery=delivered)
    left = producer.flush(20)
    if failures:
        raise ck.KafkaException(failures[0])
    expect(left == 0, f"{left} messages were not acknowledged")
    found = producer.list_topics(topic, timeout=15)
    for broker in found.brokers.values():
        addresses.learn(broker.host, broker.port)
    return {"topic": topic, "count": settings.messages}


def read(topic, tag, wanted, **more):
    """Reads all partitions from their beginning; gives the values that begin with the tag."""
    consumer = ck.Consumer(
        configuration(group_id=settings.name("reader"), enable_auto_commit=False, enable_partition_eof=True, **more),
        logger=logger,
    )
    found = consumer.list_topics(topic, timeout=15).topics[topic]
    if found.error is not None:
        raise ck.KafkaException(found.error)
    consumer.assign([ck.TopicPartition(topic, number, ck.OFFSET_BEGINNING) for number in found.partitions])
    values, ended, deadline = [], set(), time.monotonic() + 20
    while time.monotonic() < deadline and len(ended) < len(found.partitions):
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error() is None:
            values.append(message.value().decode())
        elif message.error().code() == ck.KafkaError._PARTITION_EOF:
            ended.add(message.partition())
        else:
            raise ck.KafkaException(message.error())
    consumer.close()
    mine = sorted(value for value in values if value.startswith(tag))
    expect(mine == sorted(wanted), f"read {len(mine)} of {len(wanted)} values")
    return {"topic": topic, "count": len(mine)}


def group():
    """Two members share a topic; one leaves, the other takes over and commits; a third goes on behind the commit."""
    topic, name = settings.name("topic"), settings.name("group")
    conf = configuration(
        group_id=name, auto_offset_reset="earliest", enable_auto_commit=False,
        session_timeout_ms=6000, heartbeat_interval_ms=500,
    )
    members = [ck.Consumer(conf, logger=logger) for _ in range(2)]
    for member in members:
        member.subscribe([topic])
    seen, deadline = set(), time.monotonic() + 30

    def poll(consumers):
        for consumer in consumers:
            message = consumer.poll(0.2)
            if message is not None:
                if message.error() is not None:
                    raise ck.KafkaException(message.error())
                seen.add((message.partition(), message.offset()))

    while time.monotonic() < deadline and not all(member.assignment() for member in members):
        poll(members)
    shares = [len(member.assignment()) for member in members]
    expect(all(shares), f"the members have {shares} partitions")
    members[1].close()
    while time.monotonic() < deadline and len(members[0].assignment()) < sum(shares):
        poll(members[:1])
    expect(len(members[0].assignment()) == sum(shares), "the partitions were not taken over")
    ends = [members[0].get_watermark_offsets(each, timeout=10)[1] for each in members[0].assignment()]
    while time.monotonic() < deadline and len(seen) < sum(ends):
        poll(members[:1])
    expect(len(seen) == sum(ends), f"read {len(seen)} of {sum(ends)} messages")
    committed = members[0].commit(asynchronous=False)
    members[0].close()
    offsets = {str(each.partition): each.offset for each in committed if each.offset >= 0}
    expect(offsets, "nothing was committed")
    successor = ck.Consumer(conf, logger=logger)
    again = successor.committed([ck.TopicPartition(topic, int(number)) for number in offsets], timeout=10)
    successor.close()
    expect({str(each.partition): each.offset for each in again} == offsets, "other offsets than those committed")
    return {"group": name, "shares": shares, "read": len(seen), "committed": offsets}


def transactions():
    topic = settings.name("transactions")
    producer = ck.Producer(configuration(transactional_id=settings.name("txn")), logger=logger)
    producer.init_transactions(20)
    for tag, end in (("committed", producer.commit_transaction), ("aborted", producer.abort_transaction)):
        producer.begin_transaction()
        for value in settings.values(tag):
            producer.produce(topic, value=value)
        producer.flush(20)
        end(20)
    return {"topic": topic, "committed": settings.messages, "aborted": settings.messages}


def read_committed():
    topic = settings.name("transactions")
    return read(topic, "", settings.values("committed"), isolation_level="read_committed")


# MARK: - Administration


def show_admin(name, call):
    """One admin call: its futures' values, as text."""

    def work():
        answer = call()
        values = result(answer) if isinstance(answer, dict) else {"": answer.result(20)}
        return {"result": {key: repr(value)[:200] for key, value in values.items()}}

    return do(name, work)


def administrate(client):
    topic = settings.name("admin")
    show_admin("CreateTopics validate", lambda: client.create_topics([ka.NewTopic(topic, 2, 1)], validate_only=True))
    configured = ka.NewTopic(topic, 2, 1, config={"retention.ms": "3600000"})
    show_admin("CreateTopics", lambda: client.create_topics([configured]))
    show_admin("CreateTopics again", lambda: client.create_topics([ka.NewTopic(topic, 2, 1)]))
    show_admin("CreatePartitions", lambda: client.create_partitions([ka.NewPartitions(topic, 3)]))
    show_admin("DescribeTopics", lambda: client.describe_topics(ck.TopicCollection([topic])))

    def cluster():
        found = client.describe_cluster().result(20)
        for node in found.nodes:
            addresses.learn(node.host, node.port)
        return {"cluster": found.cluster_id, "nodes": len(found.nodes), "controller": found.controller.id}

    do("DescribeCluster", cluster)
    do("produce to it", lambda: produce(topic, "admin"))
    partition = ck.TopicPartition(topic, 0)
    show_admin("ListOffsets", lambda: client.list_offsets({partition: ka.OffsetSpec.latest()}))
    show_admin("DeleteRecords", lambda: client.delete_records([ck.TopicPartition(topic, 0, -1)]))
    show_admin("ElectLeaders", lambda: client.elect_leaders(ck.ElectionType.PREFERRED, [partition]))
    show_admin("DeleteTopics", lambda: client.delete_topics([topic]))


def configs(client):
    topic = settings.name("topic")
    resource = lambda: ka.ConfigResource(ka.ResourceType.TOPIC, topic)
    show_admin("DescribeConfigs", lambda: client.describe_configs([resource()]))

    def incremental():
        entry = ka.ConfigEntry("retention.ms", "7200000", incremental_operation=ka.AlterConfigOpType.SET)
        changed = ka.ConfigResource(ka.ResourceType.TOPIC, topic, incremental_configs=[entry])
        return client.incremental_alter_configs([changed])

    show_admin("IncrementalAlterConfigs", incremental)
    broker = ka.ConfigResource(ka.ResourceType.BROKER, "1")
    show_admin("DescribeConfigs of a broker", lambda: client.describe_configs([broker]))


def acls(client):
    binding = ka.AclBinding(
        ka.ResourceType.TOPIC, settings.name("acl"), ka.ResourcePatternType.PREFIXED, "User:carol", "*",
        ka.AclOperation.READ, ka.AclPermissionType.ALLOW,
    )
    wanted = ka.AclBindingFilter(
        ka.ResourceType.TOPIC, settings.name("acl"), ka.ResourcePatternType.PREFIXED, None, None,
        ka.AclOperation.ANY, ka.AclPermissionType.ANY,
    )
    show_admin("CreateAcls", lambda: client.create_acls([binding]))
    show_admin("DescribeAcls", lambda: client.describe_acls(wanted))
    show_admin("DeleteAcls", lambda: client.delete_acls([wanted]))


def scram(client):
    user = settings.name("user")
    info = ka.ScramCredentialInfo(ka.ScramMechanism.SCRAM_SHA_256, 4096)
    upsert = ka.UserScramCredentialUpsertion(user, info, b"never-in-an-event")
    delete = ka.UserScramCredentialDeletion(user, ka.ScramMechanism.SCRAM_SHA_256)
    show_admin("AlterUserScramCredentials", lambda: client.alter_user_scram_credentials([upsert]))
    show_admin("DescribeUserScramCredentials", lambda: client.describe_user_scram_credentials([user]))
    show_admin("AlterUserScramCredentials delete", lambda: client.alter_user_scram_credentials([delete]))


def groups(client):
    name, topic = settings.name("group"), settings.name("topic")

    def listed():
        found = client.list_consumer_groups().result(20)
        return {"groups": sorted(each.group_id for each in found.valid), "errors": [str(e) for e in found.errors]}

    do("ListGroups", listed)
    show_admin("DescribeGroups", lambda: client.describe_consumer_groups([name]))
    asked = [ck.ConsumerGroupTopicPartitions(name)]
    show_admin("ListConsumerGroupOffsets", lambda: client.list_consumer_group_offsets(asked))
    reset = [ck.ConsumerGroupTopicPartitions(name, [ck.TopicPartition(topic, 0, 0)])]
    show_admin("AlterConsumerGroupOffsets", lambda: client.alter_consumer_group_offsets(reset))
    show_admin("DeleteGroups", lambda: client.delete_consumer_groups([name]))


def main():
    topic = settings.name("topic")
    data = {
        "metadata": lambda: do("metadata", metadata),
        "produce": lambda: do("produce", lambda: produce(topic, "plain")),
        "produce-acks-0": lambda: do("produce-acks-0", lambda: produce(topic, "acks0", acks=0)),
        "idempotent": lambda: do("idempotent", lambda: produce(topic, "idempotent", enable_idempotence=True)),
        "consume": lambda: do("consume", lambda: read(topic, "plain", settings.values("plain"))),
        "group": lambda: do("group", group),
        "transactions": lambda: do("transactions", transactions),
        # The mock cluster keeps what was aborted.
        "read-committed": lambda: do("read-committed", read_committed),
    }
    administration = {
        "admin": administrate, "acls": acls, "scram": scram, "configs": configs, "groups": groups,
    }
    for name in settings.steps:
        if name in data:
            data[name]()
        else:
            administration[name](ka.AdminClient(configuration(), logger=logger))
    show({"client": "librdkafka " + ck.libversion()[0]})
    addresses.report()


main()
