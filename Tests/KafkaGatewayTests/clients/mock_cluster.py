# SPDX-License-Identifier: Apache-2.0
"""Runs librdkafka's mock cluster until whoever started it ends, and says where it listens.

    {"bootstrap": "127.0.0.1:40001,127.0.0.1:40002", "brokers": {"1": "127.0.0.1:40001", "2": "127.0.0.1:40002"}}
"""

import os
import sys
import time

import confluent_kafka
from driver import show


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    holder = confluent_kafka.Producer({"test.mock.num.brokers": count, "client.id": "mock"})
    brokers = holder.list_topics(timeout=10).brokers
    addresses = {str(broker.id): f"{broker.host}:{broker.port}" for broker in brokers.values()}
    show({"bootstrap": ",".join(sorted(addresses.values())), "brokers": addresses})
    # The test that started this may be killed.
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)


main()
