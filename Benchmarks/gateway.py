#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the Kafka gateway beside two proxies that only copy bytes, and beside no proxy, all over loopback.

  gateway.py                       three rounds; what `make bench-gateway` runs
  gateway.py --rounds 1 --only direct,nginx
  gateway.py --seconds 5 --idle 10000

direct          the client talks to the broker
nginx           its stream proxy, a worker a core, as its documents recommend
haproxy         TCP mode, a thread a core
haproxy-splice  the same, with the kernel moving the bytes where it can
martlet         `martlet gateway kafka`, which reads every frame and writes the audit log

gateway_load.c is client and broker: it speaks valid Kafka, one thread a side, and costs less than any of these. The
frames: a Produce of 1 MB and its short answer, a Fetch whose answer has 1 MB, a Produce of 1 KB with an answer of 1 KB.
Throughput is that of 8 connections with 2 large or 16 small requests under way on each, the latency that of one request
at a time on one connection. CPU is the proxy's processes' alone, user and system. Memory is what its processes grow by
when idle connections are opened through it, each after a first exchange.

Client, proxy and broker share the cores of one machine: the figures are for comparing, they are no proxy's ceiling.
"""
import argparse
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

# No compiled copy beside the scripts.
sys.dont_write_bytecode = True
from peers import BENCH, MARTLET, ROOT, describe_machine, first_line, print_table, spread

HOST = "127.0.0.1"
LOAD = BENCH / "gateway-load"
# Connections, and requests under way on each.
THROUGHPUT = {"produce": (8, 2), "fetch": (8, 2), "small": (8, 16)}
LATENCY = ("small", "produce", "fetch")
TITLES = {"produce": "1 MB produce", "fetch": "1 MB fetch", "small": "1 KB"}
BYTES = {"produce": 1 << 20, "fetch": 1 << 20, "small": 2 << 10}

NGINX = """
daemon off;
load_module {modules}/ngx_stream_module.so;
worker_processes auto;
worker_rlimit_nofile {files};
error_log {directory}/error.log;
pid {directory}/pid;
events {{ worker_connections {connections}; multi_accept on; }}
stream {{
    server {{
        listen {host}:{port} reuseport backlog=4096;
        proxy_pass {host}:{broker};
        proxy_buffer_size 64k;
        proxy_timeout 1h;
        tcp_nodelay on;
    }}
}}
"""

HAPROXY = """
global
    maxconn {connections}
    maxpipes 64
    tune.bufsize 65536
defaults
    mode tcp
    timeout connect 5s
    timeout client 1h
    timeout server 1h
    {splice}
listen kafka
    bind {host}:{port} backlog 4096
    maxconn {connections}
    server broker {host}:{broker}
"""


# ---------------------------------------------------------------------------------------------------- processes


def free_port():
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return listener.getsockname()[1]


def file_limit():
    """As many files as this user may open."""
    wanted = 65536
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limits in ((max(wanted, soft), max(wanted, hard)), (hard, hard)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            break
        except (ValueError, OSError):
            continue
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def descendants(process_id):
    """A process and all below it."""
    found = [process_id]
    for task in Path(f"/proc/{process_id}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += descendants(int(child))
    return found


def cpu_seconds(process_id):
    ticks = 0
    for each in descendants(process_id):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_bytes(process_id):
    total = 0
    for each in descendants(process_id):
        total += int(Path(f"/proc/{each}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total


class Broker:
    def __init__(self):
        self.process = subprocess.Popen([LOAD, "broker", HOST, "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Proxy:
    """What stands between client and broker; with the name "direct" nothing does."""

    def __init__(self, name, broker, files):
        self.name, self.process = name, None
        self.port = broker.port
        if name == "direct":
            return
        self.directory = BENCH / f"gateway-{name}"
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        self.port = free_port()
        self.values = dict(
            directory=self.directory, host=HOST, port=self.port, broker=broker.port, files=files,
            connections=files // 2 - 200, modules=nginx_modules(),
            splice="option splice-auto" if name == "haproxy-splice" else "",
        )
        with open(self.directory / "output", "w") as output:
            self.process = subprocess.Popen(self.command(), stdout=output, stderr=subprocess.STDOUT)
        self.wait()

    def command(self):
        configuration = self.directory / "configuration"
        if self.name == "nginx":
            configuration.write_text(NGINX.format(**self.values))
            return ["nginx", "-p", self.directory, "-c", configuration]
        if self.name.startswith("haproxy"):
            configuration.write_text(HAPROXY.format(**self.values))
            return ["haproxy", "-f", configuration]
        return [
            MARTLET, "gateway", "kafka", "--data", self.directory / "data", "--listen", f"{HOST}:{self.port}",
            "--bootstrap-servers", f"{HOST}:{self.values['broker']}", "--nodes", "1-3",
        ]

    def wait(self):
        for _ in range(1000):
            output = (self.directory / "output").read_text()
            if self.process.poll() is not None:
                sys.exit(f"bench: {self.name} ended: {output[-1000:]}")
            if self.name == "martlet":
                if "kafka gateway listening on" in output:
                    return
            else:
                try:
                    socket.create_connection((HOST, self.port), 1).close()
                    return
                except OSError:
                    pass
            time.sleep(0.01)
        sys.exit(f"bench: {self.name} did not start: {output[-1000:]}")

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid) if self.process else 0

    def resident_bytes(self):
        return resident_bytes(self.process.pid) if self.process else 0

    def close(self):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def nginx_modules():
    arguments = subprocess.run(["nginx", "-V"], capture_output=True, text=True).stderr
    found = re.search(r"--modules-path=(\S+)", arguments)
    return found.group(1) if found else "/usr/lib/nginx/modules"


# ---------------------------------------------------------------------------------------------------- measuring


def load(proxy, kind, connections, depth, seconds):
    """One run; the CPU is that between its marks."""
    process = subprocess.Popen(
        [LOAD, "load", HOST, str(proxy.port), kind, str(connections), str(depth), "0.5", str(seconds)],
        stdout=subprocess.PIPE, text=True,
    )
    cpu = {}
    for line in process.stdout:
        if line in ("begin\n", "end\n"):
            cpu[line.strip()] = proxy.cpu_seconds()
        else:
            result = json.loads(line)
    if process.wait() != 0:
        sys.exit(f"bench: the load through {proxy.name} failed")
    result["cpuSeconds"] = cpu["end"] - cpu["begin"]
    result["cpuSecondsPerGigabyte"] = result["cpuSeconds"] / (result["requests"] * BYTES[kind] / 1e9)
    return result


def measure(name, arguments, files):
    broker = Broker()
    proxy = Proxy(name, broker, files)
    try:
        measured = {"throughput": {}, "latency": {}}
        for kind, (connections, depth) in THROUGHPUT.items():
            measured["throughput"][kind] = load(proxy, kind, connections, depth, arguments.seconds)
        for kind in LATENCY:
            measured["latency"][kind] = load(proxy, kind, 1, 1, arguments.seconds)
        if name != "direct" and arguments.idle:
            measured["idle"] = measure_idle(proxy, min(arguments.idle, files // 2 - 500))
        return measured
    finally:
        proxy.close()
        broker.close()


def measure_idle(proxy, count):
    before = proxy.resident_bytes()
    process = subprocess.Popen(
        [LOAD, "idle", HOST, str(proxy.port), str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if process.stdout.readline() != "open\n":
        sys.exit(f"bench: idle connections through {proxy.name} failed")
    after = proxy.resident_bytes()
    process.stdin.close()
    process.wait()
    return dict(connections=count, beforeBytes=before, afterBytes=after)


# ---------------------------------------------------------------------------------------------------- the report


def report(machine, runs):
    print(
        f"\nThe Kafka gateway and others · {machine['date']}\n"
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB, Linux "
        f"{machine['kernel']}, load {machine['load']:.1f} at the start\n"
        f"{machine['swift']} · {machine['nginx']} · {machine['haproxy']}\n"
    )
    rows = [["throughput, MB/s or requests/s", *(TITLES[kind] for kind in THROUGHPUT)]]
    for name, results in runs.items():
        cells = []
        for kind in THROUGHPUT:
            key, form = ("perSecond", "{:,.0f}/s") if kind == "small" else ("megabytesPerSecond", "{:,.0f}")
            cells.append(spread([result["throughput"][kind][key] for result in results], form.format))
        rows.append([name, *cells])
    print_table(rows)
    rows = [["CPU s per GB of the proxy", *(TITLES[kind] for kind in THROUGHPUT)]]
    for name, results in runs.items():
        if name != "direct":
            runs_of = {kind: [result["throughput"][kind] for result in results] for kind in THROUGHPUT}
            cells = [[each["cpuSecondsPerGigabyte"] for each in runs_of[kind]] for kind in THROUGHPUT]
            rows.append([name, *(spread(values, "{:.2f}".format) for values in cells)])
    print()
    print_table(rows)
    rows = [["latency p50 / p99, µs", *(TITLES[kind] for kind in LATENCY)]]
    for name, results in runs.items():
        cells = []
        for kind in LATENCY:
            middle = [result["latency"][kind]["p50Microseconds"] for result in results]
            high = [result["latency"][kind]["p99Microseconds"] for result in results]
            cells.append(f"{spread(middle, '{:,.0f}'.format)} / {spread(high, '{:,.0f}'.format)}")
        rows.append([name, *cells])
    print()
    print_table(rows)
    report_ratios(runs)
    rows = [["idle connections", "number", "MB before", "KB each"]]
    for name, results in runs.items():
        idle = [result["idle"] for result in results if "idle" in result]
        if idle:
            grown = [(each["afterBytes"] - each["beforeBytes"]) / each["connections"] / 1e3 for each in idle]
            before = spread([each["beforeBytes"] / 1e6 for each in idle], "{:,.0f}".format)
            rows.append([name, f"{idle[0]['connections']:,}", before, spread(grown, "{:.1f}".format)])
    if len(rows) > 1:
        print()
        print_table(rows)
    print("\nMedian of all rounds, and the least and the most of them.")


def report_ratios(runs):
    """Each proxy over direct, round by round: the share of the throughput, and what is added to the latency."""
    if "direct" not in runs or len(runs) == 1:
        return
    rows = [["% of direct", *(TITLES[kind] for kind in THROUGHPUT), *(f"+p50 µs, {TITLES[kind]}" for kind in LATENCY)]]
    for name, results in runs.items():
        if name == "direct":
            continue
        pairs = list(zip(results, runs["direct"]))
        shares = [[100 * ours["throughput"][kind]["perSecond"] / bare["throughput"][kind]["perSecond"]
                   for ours, bare in pairs] for kind in THROUGHPUT]
        added = [[ours["latency"][kind]["p50Microseconds"] - bare["latency"][kind]["p50Microseconds"]
                  for ours, bare in pairs] for kind in LATENCY]
        rows.append([name, *(spread(values, "{:.0f}".format) for values in [*shares, *added])])
    print()
    print_table(rows)


def build_load():
    source = Path(__file__).with_name("gateway_load.c")
    if not LOAD.exists() or LOAD.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["cc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", LOAD, source], check=True)


def has_gateway():
    if not MARTLET.exists():
        return False
    return subprocess.run([MARTLET, "gateway", "kafka", "--help"], capture_output=True).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--idle", type=int, default=10_000, help="idle connections; 0 for none")
    parser.add_argument("--only", metavar="NAME,…", help="some of those above")
    arguments = parser.parse_args()
    known = ["direct", "nginx", "haproxy", "haproxy-splice", "martlet"]
    names = arguments.only.split(",") if arguments.only else known
    for name in names:
        if name not in known:
            sys.exit(f"bench: {name} is none of {', '.join(known)}")
    if "martlet" in names and not has_gateway():
        if arguments.only:
            sys.exit(f"bench: {MARTLET} has no gateway; run make bench-gateway")
        print(f"{MARTLET} has no gateway: measuring the others")
        names.remove("martlet")
    BENCH.mkdir(exist_ok=True)
    build_load()
    files = file_limit()
    machine = describe_machine([])
    machine["nginx"] = first_line(["sh", "-c", "nginx -v 2>&1"])
    machine["haproxy"] = first_line(["haproxy", "-v"])
    runs = {name: [] for name in names}
    for number in range(arguments.rounds):
        # The order changes each round, so that none always has the warmer or the quieter machine.
        for name in names if number % 2 == 0 else reversed(names):
            result = measure(name, arguments, files)
            result["load"] = os.getloadavg()[0]
            runs[name].append(result)
            speeds = {kind: each["perSecond"] for kind, each in result["throughput"].items()}
            shown = ", ".join(f"{TITLES[kind]} {speed:,.0f}/s" for kind, speed in speeds.items())
            print(f"round {number + 1}: {name} {shown}, load {result['load']:.1f}", flush=True)
    report(machine, runs)
    stamp = machine["date"][:19].replace(":", "").replace("-", "")
    path = BENCH / f"gateway-{stamp}.json"
    path.write_text(json.dumps(dict(machine=machine, runs=runs), indent=1))
    print(f"Everything measured is in {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
