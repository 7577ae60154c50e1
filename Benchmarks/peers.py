#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: the corpus, loading it into the engines beside Martlet, the machine, tables of figures.

  peers.py NAME DIRECTORY CORPUS      loads the corpus into an engine of that name, and prints its measure as JSON

Names: duckdb, and those of SHARED.
"""
import datetime
import hashlib
import importlib
import importlib.metadata
import json
import os
import platform
import re
import resource
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
SHARED = {
    "duckdb-lines": "duckdb_cols",
    "clickhouse": "chdb_notext",
    "clickhouse-text": "chdb_mergetree",
    "polars": "duckdb_parquet",
    "victorialogs": "victorialogs",
}

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


def generated_corpus(path, events):
    """The file with so many events, generated when it is not there."""
    BENCH.mkdir(exist_ok=True)
    if not path.exists():
        print(f"Generating {events:,} events in {path.relative_to(ROOT)}, once", flush=True)
        partial = path.with_suffix(".partial")
        generator = [sys.executable, str(ROOT / "Benchmarks/gen_events.py")]
        subprocess.run([*generator, "--events", str(events), "--seed", "1", "--out", str(partial)], check=True)
        partial.rename(path)
    return path


def standard_corpus():
    """Generates the corpus when it is not there, and checks its sum once."""
    workload = (ROOT / "Benchmarks/WORKLOAD.md").read_text()
    wanted = re.search(r"events-1m\.ndjson`.*`([0-9a-f]{64})`", workload).group(1)
    generated_corpus(STANDARD, STANDARD_EVENTS)
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


# ---------------------------------------------------------------------------------------------------- loading


def run_and_wait(command, environment=None, output=subprocess.PIPE):
    """The standard output of a command that succeeds, its wall seconds and what the kernel counted for it."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output)
    output = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    # wait4 has collected the process; without this, Popen would look for it in vain.
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))} ended with status {process.returncode}")
    return output, wall, usage


def load_in_process(name, directory, corpus):
    """The measure of loading a corpus into a peer, in a process of its own, and what the kernel counted for that."""
    command = [sys.executable, __file__, name, str(directory), str(corpus)]
    output, _, usage = run_and_wait(command)
    return json.loads(output.splitlines()[-1]), usage


def allocated_bytes(directory):
    return sum(path.stat().st_blocks * 512 for path in directory.rglob("*") if path.is_file())


def load(name, directory, corpus):
    """Loads a corpus into a directory and prints the measure; runs in a process of its own."""
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
    is_clickhouse = isinstance(peer, run_peers.CH)
    (peer.insert if is_clickhouse else peer.ingest)()
    result = dict(wall_s=time.perf_counter() - start, cpu_s=time.process_time() - cpu)
    if not is_clickhouse:
        return result
    result["rss_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result["events"] = int(peer.s.query("SELECT count() FROM ev", "TSVRaw").bytes())
    peer.merge()
    return dict(result, disk_bytes=peer.disk_active)


# ---------------------------------------------------------------------------------------------------- the machine


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
    for package, start in (("duckdb", "duckdb"), ("chdb", "clickhouse"), ("polars", "polars")):
        if any(name.startswith(start) for name in names):
            shown[package] = package_version(package)
    if "victorialogs" in names:
        shown["victorialogs"] = first_line([VICTORIALOGS, "-version"])
    return shown


def package_version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


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


# ---------------------------------------------------------------------------------------------------- tables


def spread(values, form):
    """The median, and the least and the most where there are several."""
    median = form(statistics.median(values))
    return median if len(values) == 1 else f"{median} ({form(min(values))}–{form(max(values))})"


def print_table(rows):
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join([row[0].ljust(widths[0]), *numbers]))


if __name__ == "__main__":
    load(*sys.argv[1:])
