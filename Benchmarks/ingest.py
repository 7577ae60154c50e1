#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ingests the standard corpus into Martlet and into its peers, in turn, and prints them beside each other.

  ingest.py                         three rounds on 1,000,000 events; what `make bench` runs
  ingest.py --rounds 1 --only martlet,duckdb
  ingest.py --corpus FILE           another file of NDJSON, whose sum is not checked

martlet           durable, sealed and indexed: `martlet ingest --seal`
martlet-journal   durable: `martlet ingest`, which leaves in the journal what does not fill a segment
duckdb            a table of typed nested columns, and a checkpoint
clickhouse        chDB, the engine in this process: MergeTree with 14 columns and the line, filters on id and principal
clickhouse-text   the same with a text index on the line
victorialogs      fed over HTTP; when $VL_BIN names the program

All load the same NDJSON file, which is in the page cache, into a fresh directory, and are done when a power cut would
lose nothing. Times of Martlet and VictoriaLogs are those of the whole process, start included, of the others without
the start of Python and the import. ClickHouse is done when its INSERT has returned, with every part synced; the merge
into one part that its size on disk is measured after is not counted. CPU of VictoriaLogs is the server's, without the
client's. Peak memory is that of the process that has the engine in it, as the kernel counts it.
"""
import argparse
import datetime
import hashlib
import importlib
import importlib.metadata
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".bench"
STANDARD = BENCH / "events-1m.ndjson"
STANDARD_EVENTS = 1_000_000
MARTLET = Path(os.environ.get("MARTLET_BIN", ROOT / ".build/release/martlet"))
VICTORIALOGS = os.environ.get("VL_BIN")

OURS = "martlet"
# Names of the peers whose loading is that of run_peers.py.
SHARED = {"clickhouse": "chdb_notext", "clickhouse-text": "chdb_mergetree", "victorialogs": "victorialogs"}

# Every field of the corpus by its type. What is an object in some events and a string in others is kept as JSON.
COLUMNS = (
    "{id:'UUID',source:'VARCHAR',specversion:'VARCHAR',type:'VARCHAR',datacontenttype:'VARCHAR',subject:'VARCHAR',"
    "time:'TIMESTAMP',data:'STRUCT(serviceName VARCHAR, methodName VARCHAR, resourceName VARCHAR, "
    "authenticationInfo STRUCT(principal JSON, identity VARCHAR, metadata STRUCT(mechanism VARCHAR, identifier VARCHAR), "
    "exposure VARCHAR, result VARCHAR, credentials JSON), "
    "authorizationInfo STRUCT(granted BOOLEAN, operation VARCHAR, resourceType VARCHAR, resourceName VARCHAR, "
    "patternType VARCHAR, actingPrincipal VARCHAR, assignedPrincipals VARCHAR[], rbacAuthorization JSON, "
    "aclAuthorization JSON), "
    "requestMetadata STRUCT(requestId JSON, clientAddress STRUCT(ip VARCHAR, port BIGINT)[], clientId VARCHAR, "
    "connectionId VARCHAR), request JSON, result STRUCT(status VARCHAR, message VARCHAR, data JSON), "
    "cloudResources JSON)'}"
)


# ---------------------------------------------------------------------------------------------------- the corpus


class Corpus:
    """A file of NDJSON, in the page cache."""

    def __init__(self, path):
        self.path = path.resolve()
        self.byte_count = self.events = 0
        buffer = bytearray(1 << 22)
        with self.path.open("rb", buffering=0) as file:
            while count := file.readinto(buffer):
                self.byte_count += count
                self.events += buffer.count(b"\n", 0, count)


def standard_corpus():
    """Generates the corpus when it is not there, and checks its sum once."""
    workload = (ROOT / "Benchmarks/WORKLOAD.md").read_text()
    wanted = re.search(r"events-1m\.ndjson`.*`([0-9a-f]{64})`", workload).group(1)
    BENCH.mkdir(exist_ok=True)
    if not STANDARD.exists():
        print(f"Generating {STANDARD_EVENTS:,} events in {STANDARD.relative_to(ROOT)}, once", flush=True)
        partial = STANDARD.with_suffix(".partial")
        generator = [sys.executable, str(ROOT / "Benchmarks/gen_events.py")]
        subprocess.run([*generator, "--events", str(STANDARD_EVENTS), "--seed", "1", "--out", str(partial)], check=True)
        partial.rename(STANDARD)
    status = STANDARD.stat()
    checked = STANDARD.with_suffix(".checked")
    mark = f"{wanted} {status.st_size} {status.st_mtime_ns}"
    if not checked.exists() or checked.read_text() != mark:
        with STANDARD.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != wanted:
            sys.exit(f"bench: {STANDARD} has the SHA-256 {found} instead of {wanted}; remove it and run again")
        checked.write_text(mark)
    return STANDARD


# ---------------------------------------------------------------------------------------------------- one run


def run_and_wait(command, environment=None):
    """The standard output of a command that succeeds, its wall seconds and what the kernel counted for it."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    # wait4 has collected the process; without this, Popen would look for it in vain.
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))} ended with status {process.returncode}")
    return output, wall, usage


def allocated_bytes(directory):
    return sum(path.stat().st_blocks * 512 for path in directory.rglob("*") if path.is_file())


def run_martlet(name, directory, corpus):
    store = directory / "data"
    sealing = ["--seal"] if name == OURS else []
    _, wall, usage = run_and_wait([MARTLET, "ingest", "--data", store, *sealing, "--quiet", corpus.path])
    result = dict(wall_s=wall, cpu_s=usage.ru_utime + usage.ru_stime, rss_bytes=usage.ru_maxrss * 1024)
    status = json.loads(first_line([MARTLET, "status", "--data", store, "--output", "json"]))
    if status["endIndex"] != corpus.events or sealing and status["journalEvents"]:
        sys.exit(f"bench: {name} has {status['endIndex']} events, {status['journalEvents']} of them in the journal")
    return dict(result, disk_bytes=allocated_bytes(store))


def run_peer(name, directory, corpus):
    load = [sys.executable, __file__, "--load", name, str(directory), "--corpus", str(corpus.path)]
    output, _, usage = run_and_wait(load)
    result = json.loads(output.splitlines()[-1])
    if result.pop("events", corpus.events) != corpus.events:
        sys.exit(f"bench: {name} did not load every event")
    return dict(dict(rss_bytes=usage.ru_maxrss * 1024, disk_bytes=allocated_bytes(directory)), **result)


def load(name, directory, corpus):
    """Runs in a process of its own and prints its measure."""
    result = load_duckdb(directory, corpus) if name == "duckdb" else load_shared(name, directory, corpus)
    print(json.dumps(result))


def load_duckdb(directory, corpus):
    import duckdb

    start, cpu = time.perf_counter(), time.process_time()
    connection = duckdb.connect(f"{directory}/events.duckdb")
    connection.execute("SET TimeZone='UTC'")
    source = f"read_json('{corpus}', format='newline_delimited', columns={COLUMNS})"
    connection.execute(f"CREATE TABLE events AS SELECT * FROM {source}")
    connection.execute("CHECKPOINT")
    connection.close()
    result = dict(wall_s=time.perf_counter() - start, cpu_s=time.process_time() - cpu)
    with duckdb.connect(f"{directory}/events.duckdb", read_only=True) as check:
        result["events"] = check.execute("SELECT count(*) FROM events").fetchone()[0]
    return result


def load_shared(name, directory, corpus):
    # No compiled copy beside the scripts.
    sys.dont_write_bytecode = True
    import run_peers

    peer = run_peers.PEERS[SHARED[name]](directory, corpus)
    peer.prepare()
    for module in peer.mods:
        importlib.import_module(module)
    peer.t0, start, cpu = time.time(), time.perf_counter(), time.process_time()
    if peer.server:
        peer.ingest()
        wall, children = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        return dict(wall_s=wall, cpu_s=children.ru_utime + children.ru_stime, rss_bytes=peer.procstat[1])
    peer.insert()
    result = dict(wall_s=time.perf_counter() - start, cpu_s=time.process_time() - cpu)
    result["rss_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result["events"] = int(peer.s.query("SELECT count() FROM ev", "TSVRaw").bytes())
    peer.merge()
    return dict(result, disk_bytes=peer.disk_active)


def run(name, corpus):
    directory = BENCH / f"ingest-{name}"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    # What the one before left dirty is written before the clock runs, not during.
    os.sync()
    runner = run_martlet if name.startswith(OURS) else run_peer
    return runner(name, directory, corpus)


# ---------------------------------------------------------------------------------------------------- the report


def first_line(command):
    try:
        text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return text.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "unknown"


def cpu_model():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def versions(names):
    shown = {}
    if any(name.startswith(OURS) for name in names):
        shown["martlet"] = first_line(["git", "describe", "--always", "--dirty"])
    if "duckdb" in names:
        shown["duckdb"] = importlib.metadata.version("duckdb")
    if any(name.startswith("clickhouse") for name in names):
        shown["chdb"] = importlib.metadata.version("chdb")
    if "victorialogs" in names:
        shown["victorialogs"] = first_line([VICTORIALOGS, "-version"])
    return shown


def describe_machine(names):
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    filesystem = first_line(["stat", "--file-system", "--format=%T", str(BENCH)])
    return dict(
        date=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        cpu=cpu_model(),
        cores=len(os.sched_getaffinity(0)),
        memory_bytes=memory,
        kernel=platform.release(),
        filesystem=filesystem,
        load=os.getloadavg()[0],
        swift=first_line(["swift", "--version"]),
        python=platform.python_version(),
        versions=versions(names),
    )


def spread(values, form):
    """The median, and the least and the most where there are several."""
    median = form(statistics.median(values))
    return median if len(values) == 1 else f"{median} ({form(min(values))}–{form(max(values))})"


def measures(corpus):
    """What is shown of a run: title, value and form."""
    return [
        ("events/s", lambda run: corpus.events / run["wall_s"], "{:,.0f}"),
        ("MB/s", lambda run: corpus.byte_count / run["wall_s"] / 1e6, "{:,.0f}"),
        ("wall s", lambda run: run["wall_s"], "{:.2f}"),
        ("CPU s", lambda run: run["cpu_s"], "{:.2f}"),
        ("peak MB", lambda run: run["rss_bytes"] / 1e6, "{:,.0f}"),
        ("disk B/event", lambda run: run["disk_bytes"] / corpus.events, "{:,.1f}"),
    ]


def print_table(rows):
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join([row[0].ljust(widths[0]), *numbers]))


def report(machine, runs, corpus):
    shown = " · ".join(f"{name} {version}" for name, version in machine["versions"].items())
    print(
        f"\nIngest of {corpus.events:,} events, {corpus.byte_count / 1e6:,.0f} MB of NDJSON · {machine['date']}\n"
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB, Linux "
        f"{machine['kernel']}, {machine['filesystem']}, load {machine['load']:.1f} at the start\n"
        f"{machine['swift']} · Python {machine['python']} · {shown}\n"
    )
    columns = measures(corpus)
    rows = [["", *(title for title, _, _ in columns)]]
    for name, results in runs.items():
        rows.append([name, *(spread([value(result) for result in results], form.format) for _, value, form in columns)])
    print_table(rows)
    print("\nMedian of all rounds, and the least and the most of them.")
    if OURS not in runs or len(runs) == 1:
        return
    chosen = [column for column in columns if column[0] not in ("MB/s", "wall s")]
    print("\nmartlet to the others, round by round. Of events/s more is better, of the rest less.\n")
    rows = [["martlet to", *(title for title, _, _ in chosen)]]
    for name, results in runs.items():
        if name != OURS:
            pairs = list(zip(runs[OURS], results))
            ratios = [[value(ours) / value(other) for ours, other in pairs] for _, value, _ in chosen]
            rows.append([name, *(spread(values, "{:.2f}".format) for values in ratios)])
    print_table(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", metavar="NAME,…", help="some of those above")
    parser.add_argument("--corpus", type=Path, metavar="FILE")
    parser.add_argument("--load", nargs=2, metavar=("NAME", "DIR"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load:
        return load(*arguments.load, str(arguments.corpus))

    known = [OURS, "martlet-journal", "duckdb", *SHARED]
    if not VICTORIALOGS:
        known.remove("victorialogs")
    names = arguments.only.split(",") if arguments.only else known
    for name in names:
        if name not in known:
            sys.exit(f"bench: {name} is none of {', '.join(known)}")
    if any(name.startswith(OURS) for name in names) and not MARTLET.exists():
        sys.exit(f"bench: there is no {MARTLET}; run make bench")
    corpus = Corpus(arguments.corpus or standard_corpus())
    machine = describe_machine(names)
    runs = {name: [] for name in names}
    for number in range(arguments.rounds):
        # The order changes each round, so that none always has the warmer or the fuller machine.
        for name in names if number % 2 == 0 else reversed(names):
            result = run(name, corpus)
            runs[name].append(result)
            print(f"round {number + 1}: {name} {result['wall_s']:.2f} s, {result['cpu_s']:.2f} s of CPU", flush=True)
    report(machine, runs, corpus)
    stamp = machine["date"][:19].replace(":", "").replace("-", "")
    path = BENCH / f"ingest-{stamp}.json"
    measured = dict(machine=machine, events=corpus.events, corpus_bytes=corpus.byte_count, runs=runs)
    path.write_text(json.dumps(measured, indent=1))
    print(f"Everything measured is in {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
