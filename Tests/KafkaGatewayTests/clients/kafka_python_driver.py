# SPDX-License-Identifier: Apache-2.0
"""Drives kafka-python."""

import logging
import re
import time

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ACL, ACLFilter, ACLOperation, ACLPermissionType, NewTopic, ResourcePattern, ResourceType
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import BrokerResponseError
from kafka.structs import OffsetAndMetadata

from driver import Addresses, Settings, expect, show, step

settings = Settings(["produce-acks-0", "read-committed", "admin"])
addresses = Addresses()


class LogReader(logging.Handler):
    def emit(self, record):
        for host, port in re.findall(r"^Connected: .*raddr=\('([^']+)', (\d+)", record.getMessage()):
            addresses.connected.add(f"{host}:{port}")


logging.getLogger("kafka").setLevel(logging.DEBUG)
logging.getLogger("kafka").propagate = False
logging.getLogger("kafka").addHandler(LogReader())


def configuration(**more):
    conf = {
        "bootstrap_servers": settings.bootstrap.split(","),
        "client_id": f"kafka-python-{settings.prefix}",
        "request_timeout_ms": 15000,
        **more,
    }
    if settings.broker_version:
        conf["api_version"] = tuple(int(part) for part in settings.broker_version.split("."))
    if settings.user:
        conf.update({
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": settings.mechanism,
            "sasl_plain_username": settings.user,
            "sasl_plain_password": settings.password,
        })
    return conf


def error_name(error):
    if isinstance(error, BrokerResponseError):
        # TopicAuthorizationFailedError -> TOPIC_AUTHORIZATION_FAILED
        name = type(error).__name__.removesuffix("Error")
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
    return None


def do(name, work):
    return step(name, work, error_name)


def learn(cluster):
    for broker in cluster.brokers():
        addresses.learn(broker.host, broker.port)


# MARK: - Data


def metadata():
    client = KafkaAdminClient(**configuration())
    topics = client.list_topics()
    learn(client._manager.cluster)
    client.close()
    return {"brokers": len(addresses.learnt), "topics": len(topics)}


def produce(topic, tag, **more):
    producer = KafkaProducer(**configuration(**more))
    sent = [producer.send(topic, value=value.encode(), key=str(n).encode())
            for n, value in enumerate(settings.values(tag))]
    producer.flush(20)
    for each in sent:
        each.get(20)
    learn(producer._metadata)
    producer.close()
    return {"topic": topic, "count": len(sent)}


def read(topic, tag, wanted, **more):
    consumer = KafkaConsumer(**configuration(group_id=None, **more))
    partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    expect(partitions, "no such topic")
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    values, deadline = [], time.monotonic() + 20
    while time.monotonic() < deadline and any(consumer.position(each) < ends[each] for each in partitions):
        for records in consumer.poll(500).values():
            values += [record.value.decode() for record in records]
    learn(consumer._client.cluster)
    consumer.close()
    mine = sorted(value for value in values if value.startswith(tag))
    expect(mine == sorted(wanted), f"read {len(mine)} of {len(wanted)} values")
    return {"topic": topic, "count": len(mine)}


def group():
    """One member reads and commits; its successor goes on where it ended."""
    topic, name = settings.name("topic-python"), settings.name("group-python")
    conf = configuration(group_id=name, auto_offset_reset="earliest", enable_auto_commit=False)
    first = KafkaConsumer(topic, **conf)
    deadline, count = time.monotonic() + 30, 0
    while time.monotonic() < deadline and not first.assignment():
        count += sum(len(records) for records in first.poll(200).values())
    shares = first.assignment()
    expect(shares, "no partition was assigned")
    ends = first.end_offsets(list(shares))
    while time.monotonic() < deadline and any(first.position(each) < ends[each] for each in shares):
        count += sum(len(records) for records in first.poll(200).values())
    first.commit()
    learn(first._client.cluster)
    first.close()
    second = KafkaConsumer(**conf)
    offsets = {each: second.committed(each) for each in shares}
    second.close()
    expect(offsets == ends, f"committed {offsets}, not {ends}")
    return {"group": name, "partitions": len(shares), "read": count}


def transactions():
    topic = settings.name("transactions-python")
    producer = KafkaProducer(**configuration(transactional_id=settings.name("txn-python")))
    producer.init_transactions()
    for tag, end in (("committed", producer.commit_transaction), ("aborted", producer.abort_transaction)):
        producer.begin_transaction()
        for value in settings.values(tag):
            producer.send(topic, value.encode())
        producer.flush(20)
        end()
    producer.close()
    return {"topic": topic, "committed": settings.messages, "aborted": settings.messages}


def read_committed():
    topic = settings.name("transactions-python")
    return read(topic, "", settings.values("committed"), isolation_level="read_committed")


# MARK: - Administration


def administrate():
    client = KafkaAdminClient(**configuration())
    topic, name = settings.name("admin-python"), settings.name("group-python")

    def call(what, work):
        do(what, lambda: {"result": repr(work())[:200]})

    def cluster():
        found = client.describe_cluster()
        for broker in found["brokers"]:
            addresses.learn(broker["host"], broker["port"])
        return {"nodes": len(found["brokers"])}

    do("DescribeCluster", cluster)
    call("CreateTopics", lambda: client.create_topics([NewTopic(topic, 2, 1)]))
    call("CreateTopics again", lambda: client.create_topics([NewTopic(topic, 2, 1)]))
    call("CreatePartitions", lambda: client.create_partitions({topic: 3}))
    call("DescribeTopics", lambda: client.describe_topics([topic]))
    resource = ConfigResource(ConfigResourceType.TOPIC, topic, configs={"retention.ms": "7200000"})
    call("AlterConfigs", lambda: client.alter_configs([resource], incremental=False))
    call("IncrementalAlterConfigs", lambda: client.alter_configs([resource], incremental=True))
    call("DescribeConfigs", lambda: client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)]))
    pattern = ResourcePattern(ResourceType.TOPIC, settings.name("acl"))
    acl = ACL("User:carol", "*", ACLOperation.READ, ACLPermissionType.ALLOW, pattern)
    wanted = ACLFilter("User:carol", "*", ACLOperation.ANY, ACLPermissionType.ANY, pattern)
    call("CreateAcls", lambda: client.create_acls([acl]))
    call("DescribeAcls", lambda: client.describe_acls(wanted))
    call("DeleteAcls", lambda: client.delete_acls([wanted]))
    call("ListGroups", lambda: client.list_groups())
    call("DescribeGroups", lambda: client.describe_groups([name]))
    call("ListGroupOffsets", lambda: client.list_group_offsets({name: None}))
    moved = {TopicPartition(settings.name("topic-python"), 0): OffsetAndMetadata(0, "", -1)}
    call("AlterGroupOffsets", lambda: client.alter_group_offsets(name, moved))
    call("DeleteGroups", lambda: client.delete_groups([name]))
    call("DescribeLogDirs", lambda: client.describe_log_dirs())
    call("DescribeQuorum", lambda: client.describe_metadata_quorum())
    call("DeleteTopics", lambda: client.delete_topics([topic]))
    client.close()


def main():
    topic = settings.name("topic-python")
    work = {
        "metadata": metadata,
        "produce": lambda: produce(topic, "plain", enable_idempotence=False),
        "produce-acks-0": lambda: produce(topic, "acks0", acks=0, enable_idempotence=False),
        "idempotent": lambda: produce(topic, "idempotent", enable_idempotence=True),
        "consume": lambda: read(topic, "plain", settings.values("plain")),
        "group": group,
        "transactions": transactions,
        "read-committed": read_committed,
    }
    for name in settings.steps:
        if name == "admin":
            administrate()
        else:
            do(name, work[name])
    show({"client": "kafka-python " + kafka.__version__})
    addresses.report()


main()
