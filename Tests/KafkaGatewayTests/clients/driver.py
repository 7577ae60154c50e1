# SPDX-License-Identifier: Apache-2.0
"""What all drivers of Kafka clients share: the command line, the steps, and the lines that they print.

Every driver prints JSON objects, one a line:

    {"step": "produce", "ok": true, ...}        what it did and what it got
    {"step": "create topic", "ok": false, "error": "TOPIC_AUTHORIZATION_FAILED", "message": ...}
    {"addresses": ["127.0.0.1:9092"], "connected": [...]}   at the end: every broker it learnt of, and connected to

A refusal is a result like another. The exit status is 1 only when the driver itself could not go on.
"""

import argparse
import json
import os
import re
import sys
import time
import traceback

DATA_STEPS = ["metadata", "produce", "idempotent", "consume", "group", "transactions"]


class Settings:
    """Where to connect, as whom, and what to do."""

    def __init__(self, own_steps=()):
        parser = argparse.ArgumentParser()
        parser.add_argument("bootstrap", help="HOST:PORT[,HOST:PORT...]")
        parser.add_argument("--user", help="signs in with SASL; the password is in KAFKA_PASSWORD")
        parser.add_argument("--mechanism", default="PLAIN")
        parser.add_argument("--steps", default=",".join(DATA_STEPS), help=",".join([*DATA_STEPS, *own_steps]))
        parser.add_argument("--prefix", default="driver", help="names of topics, groups and users begin with it")
        parser.add_argument("--messages", type=int, default=20)
        parser.add_argument("--broker-version", help="of clients that can be told it: the protocol that they speak")
        options = parser.parse_args()
        self.bootstrap = options.bootstrap
        self.user = options.user
        self.mechanism = options.mechanism
        self.password = os.environ.get("KAFKA_PASSWORD", "")
        self.steps = options.steps.split(",")
        self.prefix = options.prefix
        self.messages = options.messages
        self.broker_version = options.broker_version

    def name(self, what):
        return f"{self.prefix}-{what}"

    def values(self, tag):
        return [f"{tag} {number}" for number in range(self.messages)]


class Addresses:
    """The brokers that a client learnt of, and those that it connected to."""

    def __init__(self):
        self.learnt = set()
        self.connected = set()

    def learn(self, host, port):
        if host and port is not None and int(port) >= 0:
            self.learnt.add(f"{host}:{port}")

    def read_log(self, pattern, text):
        self.connected.update(re.findall(pattern, text))

    def report(self):
        show({"addresses": sorted(self.learnt), "connected": sorted(self.connected)})


def show(fields):
    print(json.dumps(fields, default=str), flush=True)


def step(name, work, error_name):
    """Does one thing and prints what came of it; gives whether it succeeded.

    `work` returns the fields to print; `error_name` names an exception as Kafka does, or None for one that is no
    answer of a broker.
    """
    start = time.monotonic()
    try:
        fields = {"step": name, "ok": True, **(work() or {})}
    except Exception as error:  # every client has exceptions of its own
        named = error_name(error)
        fields = {"step": name, "ok": False, "error": named or type(error).__name__, "message": str(error)[:300]}
        if named is None:
            traceback.print_exc(file=sys.stderr)
    fields["milliseconds"] = round((time.monotonic() - start) * 1000)
    show(fields)
    return fields["ok"]


def expect(condition, text):
    if not condition:
        raise RuntimeError(text)
