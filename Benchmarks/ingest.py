#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ingests the standard corpus into Martlet and into DuckDB, in turn, and prints the two beside each other.

  ingest.py                         three rounds on 1,000,000 events; what `make bench` runs
  ingest.py --rounds 1 --only duckdb

Both load the same NDJSON file, which is in the page cache, into a fresh directory, and are done when a power cut would
lose nothing: Martlet when the command ends, DuckDB (a table of typed nested columns) after its checkpoint.
Times of Martlet are those of the whole process, start included. Of DuckDB, the start of Python and the import are left
out. Peak memory is the process's in both cases, as the kernel counts it (wait4).
"""
import argparse
import datetime
import hashlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".bench"
CORPUS = BENCH / "events-1m.ndjson"
EVENTS = 1_000_000
MARTLET = ROOT / ".build/release/martlet"

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


def prepare_corpus():
    """Generates the corpus when it is not there, checks its sum once, and brings it into the page cache."""
    workload = (ROOT / "Benchmarks/WORKLOAD.md").read_text()
    wanted = re.search(r"events-1m\.ndjson`.*`([0-9a-f]{64})`", workload).group(1)
    BENCH.mkdir(exist_ok=True)
    if not CORPUS.exists():
        print(f"Generating {EVENTS:,} events in {CORPUS.relative_to(ROOT)}, once", flush=True)
        partial = CORPUS.with_suffix(".partial")
        generator = [sys.executable, str(ROOT / "Benchmarks/gen_events.py")]
        subprocess.run([*generator, "--events", str(EVENTS), "--seed", "1", "--out", str(partial)], check=True)
        partial.rename(CORPUS)
    status = CORPUS.stat()
    checked = CORPUS.with_suffix(".checked")
    mark = f"{wanted} {status.st_size} {status.st_mtime_ns}"
    if not checked.exists() or checked.read_text() != mark:
        with CORPUS.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != wanted:
            sys.exit(f"bench: {CORPUS} has the SHA-256 {found} instead of {wanted}; remove it and run again")
        checked.write_text(mark)
    with CORPUS.open("rb", buffering=0) as file:
        buffer = bytearray(1 << 22)
        while file.readinto(buffer):
            pass
    return status.st_size


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


def run_martlet(directory):
    _, wall, usage = run_and_wait([MARTLET, "ingest", "--data", directory, CORPUS, "--quiet"])
    return dict(wall_s=wall, cpu_s=usage.ru_utime + usage.ru_stime, rss_bytes=usage.ru_maxrss * 1024)


def run_duckdb(directory):
    output, _, usage = run_and_wait([sys.executable, __file__, "--load-duckdb", directory])
    result = json.loads(output)
    if result.pop("events") != EVENTS:
        sys.exit("bench: DuckDB did not load every event")
    return dict(result, rss_bytes=usage.ru_maxrss * 1024)


def load_duckdb(directory):
    """Runs in a process of its own and prints its measure."""
    import duckdb

    start, cpu = time.perf_counter(), time.process_time()
    connection = duckdb.connect(f"{directory}/events.duckdb")
    connection.execute("SET TimeZone='UTC'")
    source = f"read_json('{CORPUS}', format='newline_delimited', columns={COLUMNS})"
    connection.execute(f"CREATE TABLE events AS SELECT * FROM {source}")
    connection.execute("CHECKPOINT")
    connection.close()
    result = dict(wall_s=time.perf_counter() - start, cpu_s=time.process_time() - cpu)
    with duckdb.connect(f"{directory}/events.duckdb", read_only=True) as check:
        result["events"] = check.execute("SELECT count(*) FROM events").fetchone()[0]
    print(json.dumps(result))


def run(name, runner):
    directory = BENCH / ("store" if name == "martlet" else name)
    shutil.rmtree(directory, ignore_errors=True)
    if name != "martlet":
        directory.mkdir()
    # What the other one left dirty is written before the clock runs, not during.
    os.sync()
    result = runner(directory)
    result["disk_bytes"] = allocated_bytes(directory)
    return result


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


def describe_machine():
    import duckdb

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
        martlet=first_line(["git", "describe", "--always", "--dirty"]),
        duckdb=duckdb.__version__,
        python=platform.python_version(),
    )


def spread(values, form):
    """The median, and the least and the most where there are several."""
    median = form(statistics.median(values))
    return median if len(values) == 1 else f"{median} ({form(min(values))}–{form(max(values))})"


def report(machine, runs, corpus_bytes):
    print(
        f"\nIngest of {EVENTS:,} events, {corpus_bytes / 1e6:,.0f} MB of NDJSON · {machine['date']}\n"
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB, Linux "
        f"{machine['kernel']}, {machine['filesystem']}, load {machine['load']:.1f} at the start\n"
        f"{machine['swift']} · Martlet {machine['martlet']} · DuckDB {machine['duckdb']}, Python {machine['python']}\n"
    )
    columns = [
        ("events/s", lambda r: EVENTS / r["wall_s"], "{:,.0f}"),
        ("MB/s", lambda r: corpus_bytes / r["wall_s"] / 1e6, "{:,.0f}"),
        ("wall s", lambda r: r["wall_s"], "{:.2f}"),
        ("CPU s", lambda r: r["cpu_s"], "{:.2f}"),
        ("peak MB", lambda r: r["rss_bytes"] / 1e6, "{:,.0f}"),
        ("disk B/event", lambda r: r["disk_bytes"] / EVENTS, "{:,.1f}"),
    ]
    rows = [["", *(title for title, _, _ in columns)]]
    for name, results in runs.items():
        rows.append([name, *(spread([value(r) for r in results], form.format) for _, value, form in columns)])
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.rjust(width) if index else cell.ljust(width) for index, (cell, width) in enumerate(zip(row, widths))))
    print("\nMedian of all rounds, and the least and the most of them.")
    if len(runs) == 2:
        ratios = [d["wall_s"] / m["wall_s"] for m, d in zip(runs["martlet"], runs["duckdb"])]
        print(f"Martlet's events/s to DuckDB's, round by round: {spread(ratios, '{:.2f}'.format)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["martlet", "duckdb"])
    parser.add_argument("--load-duckdb", metavar="DIR", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load_duckdb:
        return load_duckdb(arguments.load_duckdb)

    runners = {"martlet": run_martlet, "duckdb": run_duckdb}
    names = [arguments.only] if arguments.only else list(runners)
    if "martlet" in names and not MARTLET.exists():
        sys.exit("bench: there is no .build/release/martlet; run make bench")
    corpus_bytes = prepare_corpus()
    machine = describe_machine()
    runs = {name: [] for name in names}
    for number in range(arguments.rounds):
        # The order changes each round, so that neither always has the warmer or the fuller machine.
        for name in names if number % 2 == 0 else reversed(names):
            result = run(name, runners[name])
            runs[name].append(result)
            print(f"round {number + 1}: {name} {result['wall_s']:.2f} s, {result['cpu_s']:.2f} s of CPU", flush=True)
    report(machine, runs, corpus_bytes)
    stamp = machine["date"][:19].replace(":", "").replace("-", "")
    path = BENCH / f"ingest-{stamp}.json"
    path.write_text(json.dumps(dict(machine=machine, events=EVENTS, corpus_bytes=corpus_bytes, runs=runs), indent=1))
    print(f"Everything measured is in {path.relative_to(ROOT)}")


main()
