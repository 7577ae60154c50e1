# SPDX-License-Identifier: Apache-2.0
"""Drives kcat, Debian's build on its librdkafka."""

import json
import os
import re
import shutil
import subprocess
import sys

from driver import Addresses, Settings, expect, show, step

settings = Settings(["produce-acks-0"])
addresses = Addresses()


class Failed(Exception):
    pass


def kcat(*words, text=None):
    conf = {"client.id": f"kcat-{settings.prefix}", "debug": "broker"}
    if settings.user:
        conf.update({
            "security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": settings.mechanism,
            "sasl.username": settings.user, "sasl.password": settings.password,
        })
    # A file and not words: others can read a program's words.
    lines = "".join(f"{key}={value}\n" for key, value in conf.items())
    descriptor = os.memfd_create("kcat")
    os.write(descriptor, lines.encode())
    done = subprocess.run(
        ["kcat", "-F", f"/proc/self/fd/{descriptor}", "-b", settings.bootstrap, "-m", "10", *words],
        input=text, capture_output=True, text=True, timeout=60, pass_fds=[descriptor],
    )
    os.close(descriptor)
    addresses.read_log(r"Connected to ipv[46]#(\S+:\d+)", done.stderr)
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if line.startswith("% ERROR")]
        raise Failed("; ".join(errors) or done.stderr[-300:])
    return done.stdout


def error_name(error):
    if isinstance(error, Failed):
        found = re.search(r"Broker: ([\w ]+)", str(error))
        return found.group(1) if found else str(error)[:80]
    return None


def metadata(topic=None):
    found = json.loads(kcat("-L", "-J", *(["-t", topic] if topic else [])))
    for broker in found["brokers"]:
        host, _, port = broker["name"].rpartition(":")
        addresses.learn(host, port)
    return {"brokers": len(found["brokers"]), "topics": len(found["topics"])}


def produce(tag, *words):
    topic = settings.name("topic-kcat")
    kcat("-P", "-t", topic, *words, text="\n".join(settings.values(tag)) + "\n")
    metadata(topic)
    return {"topic": topic, "count": settings.messages}


def consume(tag):
    topic = settings.name("topic-kcat")
    values = [value for value in kcat("-C", "-t", topic, "-o", "beginning", "-e", "-q").splitlines()
              if value.startswith(tag)]
    expect(sorted(values) == sorted(settings.values(tag)), f"read {len(values)} of {settings.messages} values")
    return {"topic": topic, "count": len(values)}


def main():
    if shutil.which("kcat") is None:
        sys.exit("kcat_driver: needs kcat")
    work = {
        "metadata": metadata,
        "produce": lambda: produce("plain", "-X", "enable.idempotence=false"),
        "produce-acks-0": lambda: produce("acks0", "-X", "acks=0"),
        "idempotent": lambda: produce("idempotent", "-X", "enable.idempotence=true"),
        "consume": lambda: consume("plain"),
    }
    for name in settings.steps:
        if name in work:
            step(name, work[name], error_name)
    version = subprocess.run(["kcat", "-V"], capture_output=True, text=True).stdout
    show({"client": "kcat " + (re.search(r"Version (\S+)", version) or [""])[0]})
    addresses.report()


main()
