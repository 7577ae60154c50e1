# SPDX-License-Identifier: Apache-2.0
"""Reads a topic with librdkafka's Python client and the CloudEvents SDK, and prints each event as a line of JSON.

usage: cloudevents_reader.py BOOTSTRAP TOPIC COUNT
"""

import json
import sys

from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event
from confluent_kafka import Consumer, TopicPartition

bootstrap, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "reader"})
partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
for message in consumer.consume(count, timeout=20):
    if message.error():
        sys.exit(str(message.error()))
    headers = {name: value for name, value in message.headers() or []}
    event = from_kafka_event(KafkaMessage(headers=headers, key=None, value=message.value()))
    attributes = {name: str(value) for name, value in event.get_attributes().items() if value is not None}
    print(json.dumps({"attributes": attributes, "data": event.get_data()}, sort_keys=True, ensure_ascii=False))
