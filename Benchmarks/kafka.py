#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures reading a topic into the log and writing the log to a topic, over loopback.

  kafka.py                 three rounds; what `make bench-kafka` runs
  kafka.py --rounds 1 --events 200000

ingest file     `martlet ingest FILE`, which both are compared with
ingest kafka    `martlet ingest kafka --until-end` of a topic that has the same events
kcat out        kcat reading the same topic to /dev/null
kcat in         kcat writing the file to a topic, idempotent, acks=all
martlet sink    `martlet serve` writing a sealed log of the same events to a topic, likewise

The broker is librdkafka's mock cluster in a process of its own (kafka_broker.c), or the one that MARTLET_BENCH_KAFKA names, a file of
librdkafka's properties; topics are then made by the broker itself. All records are compressed with zstd, as Martlet does by itself. Broker
and clients share the cores of one machine: the figures are for comparing.
"""
import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

# No compiled copy beside the scripts.
sys.dont_write_bytecode = True
from peers import BENCH, MARTLET, ROOT, Corpus, describe_machine, generated_corpus, print_table, run_and_wait, spread
from peers import standard_corpus

BROKER = BENCH / "kafka-broker"
PARTITIONS = 64
PROPERTIES = "compression.type=zstd\nlinger.ms=5\nenable.idempotence=true\nacks=all\n"


class Broker:
    """Brokers with topics for one round."""

    def __init__(self, directory):
        run = uuid.uuid4().hex[:8]
        self.source, self.kcat, self.sink = (f"bench-{name}-{run}" for name in ("source", "kcat", "sink"))
        self.process = None
        named = os.environ.get("MARTLET_BENCH_KAFKA")
        if named:
            text = Path(named).read_text()
        else:
            command = [BROKER, str(PARTITIONS), self.source, self.kcat, self.sink]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            text = f"bootstrap.servers={self.process.stdout.readline().strip()}\n"
        self.properties = directory / "kafka.properties"
        self.properties.write_text(text + PROPERTIES)
        self.reader = directory / "reader.properties"
        self.reader.write_text(text)

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()


def kcat_in(broker, topic, corpus):
    command = ["kcat", "-P", "-q", "-F", broker.properties, "-t", topic, "-l", str(corpus.path)]
    return run_and_wait(command)[1:]


def kcat_out(broker, events):
    command = ["kcat", "-C", "-q", "-F", broker.reader, "-t", broker.source, "-o", "beginning", "-e"]
    return run_and_wait(command, output=subprocess.DEVNULL)[1:]


def ingest_file(directory, corpus):
    return run_and_wait([MARTLET, "ingest", "--quiet", "--data", directory, corpus.path])[1:]


def ingest_kafka(directory, broker):
    command = [MARTLET, "ingest", "kafka", "--quiet", "--data", directory, "--properties", broker.reader]
    return run_and_wait([*command, "--topic", broker.source, "--until-end", "--log-level", "error"])[1:]


def sink(directory, broker, events):
    """From the moment that the server takes connections until the last record arrived."""
    subprocess.run([MARTLET, "store", "seal", "--data", directory, "--quiet"], check=False, capture_output=True)
    config = directory.parent / "sink.json"
    config.write_text(json.dumps({"kafkaSink": {"topic": broker.sink, "properties": str(broker.properties)}}))
    command = [MARTLET, "serve", "--data", directory, "--port", "0", "--allow-anonymous-loopback", "--config", config]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if line.startswith("listening on "):
                url = line.split()[-1]
                break
        start = time.perf_counter()
        while True:
            with urllib.request.urlopen(f"{url}/v1/status") as answer:
                topic = json.load(answer)["topics"][0]
            if topic["records"] >= events:
                break
            time.sleep(0.02)
        wall = time.perf_counter() - start
    finally:
        server.send_signal(signal.SIGTERM)
        _, _, usage = os.wait4(server.pid, 0)
        server.returncode = 0
    return wall, usage


def stored_events(directory):
    output, _, _ = run_and_wait([MARTLET, "status", "--data", directory, "--output", "json"])
    return json.loads(output)["endIndex"]


def run_round(corpus, results):
    with tempfile.TemporaryDirectory(dir=BENCH) as name:
        directory = Path(name)
        broker = Broker(directory)
        try:
            add(results, "ingest file", corpus, *ingest_file(directory / "file", corpus))
            add(results, "kcat in", corpus, *kcat_in(broker, broker.source, corpus))
            add(results, "ingest kafka", corpus, *ingest_kafka(directory / "kafka", broker))
            found = stored_events(directory / "kafka")
            if found < corpus.events:
                sys.exit(f"bench: {found} events are stored, not {corpus.events}")
            add(results, "kcat out", corpus, *kcat_out(broker, corpus.events))
            add(results, "martlet sink", corpus, *sink(directory / "file", broker, corpus.events))
        finally:
            broker.close()


def add(results, name, corpus, wall, usage):
    rate = corpus.events / wall
    print(f"  {name}: {rate:,.0f} events/s", flush=True)
    results.setdefault(name, []).append((rate, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, help="instead of the standard million")
    options = parser.parse_args()
    BENCH.mkdir(exist_ok=True)
    if not os.environ.get("MARTLET_BENCH_KAFKA"):
        source = ROOT / "Benchmarks/kafka_broker.c"
        subprocess.run(["cc", "-O2", "-Wall", "-Werror", "-o", BROKER, source, "-lrdkafka"], check=True)
    path = generated_corpus(BENCH / f"events-{options.events}.ndjson", options.events) if options.events else standard_corpus()
    corpus = Corpus(path)
    print(json.dumps(describe_machine([])))
    results = {}
    for number in range(options.rounds):
        print(f"round {number + 1}", flush=True)
        run_round(corpus, results)
    rows = [("", "events/s", "MB/s", "CPU s", "peak MB")]
    for name, found in results.items():
        rates = [rate for rate, _, _ in found]
        mega = corpus.byte_count / corpus.events / 1e6
        rows.append((
            name,
            spread(rates, lambda value: f"{value:,.0f}"),
            spread([rate * mega for rate in rates], lambda value: f"{value:,.0f}"),
            spread([cpu for _, cpu, _ in found], lambda value: f"{value:.2f}"),
            spread([peak for _, _, peak in found], lambda value: f"{value:,.0f}"),
        ))
    print_table(rows)
    for name, peer, least in (("ingest kafka", "ingest file", 0.7), ("martlet sink", "kcat in", 0.8)):
        ratios = [own / other for (own, *_), (other, *_) in zip(results[name], results[peer])]
        text = spread(ratios, lambda value: f"{value:.2f}")
        print(f"{name} / {peer}: {text}; no less than {least} is wanted")


if __name__ == "__main__":
    main()
