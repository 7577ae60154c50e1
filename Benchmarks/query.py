#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Asks Martlet and its peers the questions of WORKLOAD.md, in turn, and prints their times beside each other.

  query.py                          on 1,000,000 events; what `make bench-query` runs
  query.py --large                  on 20,000,000, Martlet and DuckDB alone; what `make bench-large` runs
  query.py --only martlet,duckdb --questions Q4,Q7
  query.py --corpus FILE            another file of NDJSON, whose sum is not checked

martlet           in process: the executable QueryBenchmark, which `make bench-query` builds
martlet-http      POST /v1/query of a running `martlet serve`, on a connection that stays open
duckdb            a table of typed nested columns; records are made again of them
duckdb-lines      a table of 14 columns and the line
clickhouse        chDB, the engine in this process: MergeTree with 14 columns and the line, filters on id and principal
clickhouse-text   the same with a text index on the line
polars            a scan of one Parquet file of 14 columns and the line
victorialogs      over HTTP; when $VL_BIN names the program

Each has its own copy of the corpus, loaded once and kept in .bench. Of each question every engine has its turn: two runs that
are not measured, one when a run takes ten seconds, then seven that are, three when a run takes two seconds. The first and
the last answer are compared with the reference, which truth.py computes from the lines, and the times of a wrong one do not
count. CPU is that of all threads, of a server that of the server and of the client together.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

# No compiled copy beside the scripts.
sys.dont_write_bytecode = True
import peers
import run_peers
from peers import BENCH, MARTLET, OURS, ROOT, VICTORIALOGS, print_table

HTTP = "martlet-http"
NAMES = [OURS, HTTP, "duckdb", "duckdb-lines", "clickhouse", "clickhouse-text", "polars", "victorialogs"]
LARGE = [OURS, HTTP, "duckdb", "duckdb-lines"]
LARGE_EVENTS = 20_000_000
QUESTIONS = [*run_peers.QS, "E"]
EXPORT = "E"

# Bytes for an event on the way to a store of each kind: what it takes, and what loading it needs beside that. Measured on
# the standard corpus and rounded up.
STORE_BYTES = {
    OURS: 100,
    "duckdb": 150,
    "duckdb-lines": 350,
    "clickhouse": 400,
    "clickhouse-text": 600,
    "polars": 350,
    "victorialogs": 300,
}
EVENT_BYTES = 1_200
SPARE_BYTES = 2_000_000_000

# Where `swift build -c release --product QueryBenchmark` puts it.
BUILDS = [".build/release/QueryBenchmark"]


def slow_runs(milliseconds):
    """How often to run what takes so long: unmeasured, and measured."""
    return 1 if milliseconds >= 10_000 else 2, 3 if milliseconds >= 2_000 else 7


# ---------------------------------------------------------------------------------------------------- Martlet's questions


def martlet_queries(parameters):
    """Each question's query and its limit of events, which tables do not have."""
    begin, end = (bound.replace(" ", "T") + "Z" for bound in run_peers.hour_bounds())
    payments = f"resource:*/topic={parameters['q9_prefix']}*"
    return {
        "Q1": ("| count", None),
        "Q2": ("| count by type", None),
        "Q3": ("outcome:denied | top 10 principal", None),
        "Q4": (f"id:{parameters['needle_id']}", 100),
        "Q5": (f"principal:{parameters['rare_principal']}", 100),
        "Q6": (f"method:{parameters['q6_method']} time:[{begin} TO {end}}}", 100),
        "Q7": (f"\"{parameters['needle_ip']}\"", 10_000),
        "Q7n": (f"\"{parameters['absent_ip']}\" | count", None),
        "Q8": ("outcome:(denied OR failure) | count by method every 1h", None),
        "Q9": (payments + " | count", None),
        "Q9r": (payments, 100),
    }


def in_the_form_of_peers(question, rows, ids):
    """A table or the ids of events as `run_peers.check` wants answers."""
    if question in ("Q1", "Q7n", "Q9"):
        return int(rows[0][-1])
    if question in ("Q2", "Q3"):
        return [(str(row[0]), int(row[-1])) for row in rows]
    if question == "Q8":
        return len(rows), sum(int(row[-1]) for row in rows)
    return [{"id": name} for name in ids]


class Failure(Exception):
    """Why there is no figure."""


class Martlet:
    """Asks in process: QueryBenchmark is started for each question and measures itself."""

    def __init__(self, store, truth):
        self.data = store / "data"
        self.queries = martlet_queries(truth["params"])
        named = os.environ.get("QUERY_BENCHMARK")
        places = [Path(named)] if named else [ROOT / path for path in BUILDS]
        self.program = next((path for path in places if path.exists()), None)

    def ask(self, question, warmup, runs):
        query, limit = self.queries[question]
        # A limit of events; tables are wanted whole.
        request = dict(name=question, query=query, order="newest", limit=limit or 1_000_000, warmup=warmup, runs=runs)
        process = subprocess.run([self.program, self.data], input=json.dumps([request]), capture_output=True, text=True)
        if process.returncode != 0:
            raise Failure(f"QueryBenchmark ended with status {process.returncode}: {process.stderr.strip()[-300:]}")
        return json.loads(process.stdout.splitlines()[-1])

    def measure(self, question):
        if self.program is None:
            raise Failure(f"there is no {BUILDS[0]}; run make bench-query")
        probe = self.ask(question, 0, 1)
        self.check(question, probe)
        answer = self.ask(question, *slow_runs(probe["runs"][0]))
        self.check(question, answer)
        return dict(runs_ms=answer["runs"], cpu_ms=answer["cpu_ms"], explain=answer.get("explain"))

    def check(self, question, answer):
        table = answer.get("table") or {}
        found = in_the_form_of_peers(question, table.get("rows", []), answer.get("events", []))
        if not run_peers.check(question, found):
            raise Failure(f"wrong answer: {str(found)[:200]}")

    def export(self, path):
        # Into a file that the shell would open: with --to-file it waits until the disk has it, which no peer does.
        command = [MARTLET, "export", "--data", self.data, "--output", "ndjson", "--quiet"]
        with open(path, "wb") as output:
            _, wall, usage = peers.run_and_wait(command, output=output)
        return dict(wall_s=wall, cpu_s=usage.ru_utime + usage.ru_stime)

    def close(self):
        pass


# ---------------------------------------------------------------------------------------------------- peers, each in a process


class MartletOverHTTP(run_peers.Martlet):
    """A running server, asked as a client of its API does."""

    lacks = {}

    def open(self):
        super().open()
        self.queries = martlet_queries(run_peers.T["params"])

    def run(self, question):
        query, limit = self.queries[question]
        body = json.dumps(dict(query=query) if limit is None else dict(query=query, limit=limit))
        self.h.request("POST", "/v1/query", body=body, headers={"Content-Type": "application/json", "Accept": "application/x-ndjson"})
        response = self.h.getresponse()
        answer = response.read()
        if response.status != 200:
            raise Failure(f"status {response.status}: {answer[:200].decode(errors='replace')}")
        return answer

    def answer(self, question, read):
        import orjson

        # The last line says how it ended.
        lines = [orjson.loads(line) for line in read.splitlines()][:-1]
        rows = [list(line.values()) if isinstance(line, dict) else line for line in lines]
        ids = [line.get("id") or line.get("event", {}).get("id") for line in lines if isinstance(line, dict)]
        return in_the_form_of_peers(question, rows, ids)


class DuckDBTable(run_peers.DuckStruct):
    """The table of ingest.py."""

    def open(self):
        import duckdb

        self.c = duckdb.connect(os.path.join(os.path.dirname(self.dir), "events.duckdb"), read_only=True)
        self.c.execute("SET TimeZone='UTC'")
        self.q = run_peers.struct_sql("events")

    def export(self, out):
        self.c.execute(f"COPY events TO '{out}' (FORMAT json)")


CLASSES = {
    HTTP: MartletOverHTTP,
    "duckdb": DuckDBTable,
    "duckdb-lines": run_peers.DuckCols,
    "clickhouse": run_peers.CHNoText,
    "clickhouse-text": run_peers.CH,
    "polars": run_peers.PolarsParquet,
    "victorialogs": run_peers.VL,
}


def serve(name, store, truth):
    """Opens a peer and answers on standard output what comes on standard input; runs in a process of its own."""
    run_peers.T.update(json.loads(Path(truth).read_text()))
    # Engines print, too.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    peer = None
    for line in sys.stdin:
        question, path = json.loads(line)
        try:
            if peer is None:
                work = os.path.dirname(store) if name == HTTP else store
                opened = CLASSES[name](work, None)
                opened.open()
                peer = opened
            result = export_of(peer, path) if question == EXPORT else measure(peer, question)
        except (Exception, SystemExit) as error:
            kind = "" if isinstance(error, Failure) else f"{type(error).__name__}: "
            result = dict(failure=f"{kind}{' '.join(str(error).split())[:300]}")
        print(json.dumps(result), file=out, flush=True)
    if peer is not None:
        peer.close()
    # Without the destructors of engines, some of which hang.
    os._exit(0)


def measure(peer, question):
    def once():
        start = time.perf_counter()
        answer = peer.run(question)
        return (time.perf_counter() - start) * 1e3, answer

    def check(answer):
        found = peer.answer(question, answer) if hasattr(peer, "answer") else answer
        if not run_peers.check(question, found):
            raise Failure(f"wrong answer: {str(found)[:200]}")

    if peer.server:
        # Idle while others had their turn, it may have been closed by the server; the next request opens it again.
        peer.h.close()
    first, answer = once()
    check(answer)
    warmup, runs = slow_runs(first)
    for _ in range(warmup - 1):
        once()
    times = []
    cpu = run_peers.cpu_now(peer)
    for _ in range(runs):
        elapsed, answer = once()
        times.append(elapsed)
    # The kernel counts a server's in hundredths of a second, so only the sum of all runs says something.
    cpu = (run_peers.cpu_now(peer) - cpu) * 1e3 / runs
    check(answer)
    return dict(runs_ms=times, cpu_ms=[cpu])


def export_of(peer, path):
    try:
        cpu, start = run_peers.cpu_now(peer), time.perf_counter()
        peer.export(path)
    except NotImplementedError:
        raise Failure("has no export") from None
    return dict(wall_s=time.perf_counter() - start, cpu_s=run_peers.cpu_now(peer) - cpu)


class Worker:
    """A peer in a process of its own, which stays until the end."""

    def __init__(self, name, store, truth_path):
        self.name = name
        command = [sys.executable, __file__, "--serve", name, str(store), str(truth_path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question, path=None):
        try:
            self.process.stdin.write(json.dumps([question, path]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Failure("its process has ended")
        result = json.loads(line)
        if "failure" in result:
            raise Failure(result["failure"])
        return result

    def measure(self, question):
        return self.ask(question)

    def export(self, path):
        return self.ask(EXPORT, str(path))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Absent:
    """What could not be loaded: every question has the same reason."""

    def __init__(self, reason):
        self.reason = reason

    def measure(self, question):
        raise Failure(self.reason)

    export = measure

    def close(self):
        pass


# ---------------------------------------------------------------------------------------------------- corpus, reference, stores


def state(path):
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def reference(corpus):
    """The path of the answers that truth.py finds in the lines."""
    path = BENCH / f"truth-{corpus.stem}.json"
    wanted = state(corpus)
    if not path.exists() or json.loads(path.read_text()).get("state") != wanted:
        print(f"Computing the reference answers of {corpus.name}, once", flush=True)
        output = subprocess.run([sys.executable, ROOT / "Benchmarks/truth.py", corpus], check=True, capture_output=True).stdout
        path.write_text(json.dumps(dict(json.loads(output), state=wanted)))
    return path


def version_of(name):
    """What made a store: it is made again by another."""
    if name in (OURS, "victorialogs"):
        return state(MARTLET if name == OURS else Path(VICTORIALOGS))
    # The file that Polars scans is DuckDB's.
    return [peers.package_version("chdb" if name.startswith("clickhouse") else "duckdb")]


def load(name, directory, corpus, events):
    """Loads a corpus, unless the directory has it; says what it took."""
    mark = directory / "loaded.json"
    wanted = dict(corpus=state(corpus), version=version_of(name))
    if mark.exists():
        loaded = json.loads(mark.read_text())
        if loaded["wanted"] == wanted:
            return loaded
    print(f"Loading {name}", flush=True)
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    found = dict(wanted=wanted)
    if name == OURS:
        peers.run_and_wait([MARTLET, "ingest", "--data", directory / "data", "--seal", "--quiet", corpus])
        status = json.loads(peers.first_line([MARTLET, "status", "--data", directory / "data", "--output", "json"]))
        if status["endIndex"] != events or status["journalEvents"]:
            raise Failure(f"has {status['endIndex']} events, {status['journalEvents']} of them in the journal")
    else:
        found.update(peers.load_in_process(name, directory, corpus)[0])
    os.sync()
    # ClickHouse says what the parts that count take; others are on disk for a while.
    found.setdefault("disk_bytes", peers.allocated_bytes(directory))
    mark.write_text(json.dumps(found))
    return found


def served_copy(directory):
    """A copy of Martlet's data for the server, which writes events of its own; what never changes is shared."""
    copy = directory.parent / HTTP / OURS
    shutil.rmtree(copy, ignore_errors=True)

    def link_or_copy(source, target):
        (os.link if source.endswith((".parquet", ".index")) else shutil.copy2)(source, target)

    shutil.copytree(directory / "data", copy / "data", copy_function=link_or_copy, ignore=shutil.ignore_patterns("LOCK"))
    return copy


def open_all(names, corpus, truth_path, truth):
    """Every engine by name, with what loading it took."""
    directory = BENCH / f"query-{corpus.stem}"
    engines, loads = {}, {}
    for name in names:
        try:
            own = OURS if name == HTTP else name
            if own == OURS and not MARTLET.exists():
                raise Failure(f"there is no program {MARTLET}; run make bench-query")
            store = directory / own
            loads[name] = load(own, store, corpus, truth["events"])
            if name == OURS:
                engines[name] = Martlet(store, truth)
            else:
                engines[name] = Worker(name, served_copy(store) if name == HTTP else store, truth_path)
        # run_and_wait ends the program that it is part of; here the others go on.
        except (Failure, SystemExit, OSError, ValueError) as error:
            engines[name] = Absent(str(error))
    return engines, loads


def require_room(corpus, events, names):
    """Ends the program when the disk has no room for the corpus and the stores; says whether an export fits as well."""
    BENCH.mkdir(exist_ok=True)
    directory = BENCH / f"query-{corpus.stem}"
    stores = {OURS if name == HTTP else name for name in names}
    needed = sum(STORE_BYTES[name] * events for name in stores if not (directory / name / "loaded.json").exists())
    needed += (0 if corpus.exists() else EVENT_BYTES * events) + SPARE_BYTES
    free = shutil.disk_usage(BENCH).free
    if needed > free:
        sys.exit(
            f"bench: {events:,} events for {', '.join(sorted(stores))} need {needed / 1e9:.0f} GB below {BENCH}, and "
            f"{free / 1e9:.0f} GB are free"
        )
    fits = needed + EVENT_BYTES * events <= free
    print(f"Needs {needed / 1e9:.1f} GB of the {free / 1e9:.1f} GB that are free below {BENCH.relative_to(ROOT)}", flush=True)
    return None if fits else f"an export needs {EVENT_BYTES * events / 1e9:.0f} GB beside the {needed / 1e9:.0f} GB of the rest"


# ---------------------------------------------------------------------------------------------------- measuring


def measure_export(engine, corpus_sum):
    """Of one unmeasured and up to three measured exports; whether the last had the lines that went in."""
    path = BENCH / "export.ndjson"
    results = []
    for _ in range(4):
        path.unlink(missing_ok=True)
        # What the one before left dirty is written before the clock runs, not during.
        os.sync()
        results.append(engine.export(path))
        if results[-1]["wall_s"] > 30:
            break
    exact = run_peers.linesum(path) == corpus_sum
    path.unlink()
    measured = results[1:] or results
    runs, cpu = ([one[key] * 1e3 for one in measured] for key in ("wall_s", "cpu_s"))
    return dict(runs_ms=runs, cpu_ms=cpu, exact=exact)


def measure_all(engines, questions, corpus, no_export):
    """By question and name: times, or why there are none."""
    results = {}
    corpus_sum = run_peers.linesum(corpus) if EXPORT in questions and not no_export else None
    for number, question in enumerate(questions):
        answers = results[question] = {}
        # The order changes each time, so that none always comes behind the same other.
        for name in list(engines) if number % 2 == 0 else reversed(list(engines)):
            try:
                if question != EXPORT:
                    answers[name] = engines[name].measure(question)
                elif name == HTTP:
                    raise Failure("exports as martlet does")
                elif no_export:
                    raise Failure(no_export)
                else:
                    answers[name] = measure_export(engines[name], corpus_sum)
            except (Failure, SystemExit, OSError, ValueError, KeyError, IndexError) as error:
                answers[name] = dict(failure=str(error) or type(error).__name__)
        told = "  ".join(f"{name} {shown(answers[name], 'median')}" for name in engines)
        print(f"{question}: {told}", flush=True)
    return results


# ---------------------------------------------------------------------------------------------------- the report


def figure(result, kind):
    if "failure" in result:
        return None
    if kind == "CPU":
        return statistics.median(result["cpu_ms"])
    return (min if kind == "least" else statistics.median)(result["runs_ms"])


def shown(result, kind):
    value = figure(result, kind)
    if value is None:
        return "wrong" if result["failure"].startswith("wrong") else "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def ratio_to(ours, others, kind):
    """How many times as long as the fastest of the others, and its name."""
    values = {name: figure(result, kind) for name, result in others.items()}
    values = {name: value for name, value in values.items() if value is not None}
    if not values:
        return "–", "–"
    name = min(values, key=values.get)
    own = None if ours is None else figure(ours, kind)
    return "–" if own is None else f"{own / max(values[name], 1e-6):.2f}", name


def report(machine, results, names, truth, loads):
    versions = " · ".join(f"{name} {version}" for name, version in machine["versions"].items())
    print(
        f"\nQueries of {truth['events']:,} events, {truth['bytes'] / 1e6:,.0f} MB of NDJSON · {machine['date']}\n"
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB, Linux "
        f"{machine['kernel']}, {machine['filesystem']}, load {machine['load']:.1f} at the start\n"
        f"{machine['swift']} · Python {machine['python']} · {versions}"
    )
    others = [name for name in names if not name.startswith(OURS)]
    for kind, title in (
        ("median", "Median of the runs, ms"),
        ("least", "Least of the runs, ms"),
        ("CPU", "CPU of a run, all threads, ms"),
    ):
        rows = [["", *names, "martlet to", "fastest peer"]]
        if HTTP in names and "victorialogs" in names:
            rows[0].append("martlet-http to victorialogs")
        for question, answers in results.items():
            rest = {name: answers[name] for name in others}
            row = [question, *(shown(answers[name], kind) for name in names), *ratio_to(answers.get(OURS), rest, kind)]
            if len(rows[0]) > len(row):
                row.append(ratio_to(answers[HTTP], {"victorialogs": answers["victorialogs"]}, kind)[0])
            rows.append(row)
        print(f"\n{title}\n")
        print_table(rows)
    print("\nmartlet to: times of the fastest peer that answered right; less is better.")
    for name, found in loads.items():
        if name != HTTP:
            print(f"{name}: {found['disk_bytes'] / truth['events']:.1f} B/event on disk")
    exact = [name for name in names if results.get(EXPORT, {}).get(name, {}).get("exact")]
    if EXPORT in results:
        print(f"E gives the lines back byte for byte: {', '.join(exact) or 'none'}")
    reasons = {}
    for question, answers in results.items():
        for name in names:
            if "failure" in answers[name]:
                reasons.setdefault((name, answers[name]["failure"]), []).append(question)
    for (name, reason), questions in reasons.items():
        print(f"No figure of {name} for {', '.join(questions)}: {reason}")


def choose(text, known):
    chosen = text.split(",") if text else known
    for name in chosen:
        if name not in known:
            sys.exit(f"bench: {name} is none of {', '.join(known)}")
    return chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAME,…", help="some of those above")
    parser.add_argument("--questions", metavar="Q1,…", help="some of those of WORKLOAD.md")
    parser.add_argument("--corpus", type=Path, metavar="FILE")
    parser.add_argument("--large", action="store_true", help=f"{LARGE_EVENTS:,} events, generated once")
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        return serve(*arguments.serve)

    known = [name for name in (LARGE if arguments.large else NAMES) if name != "victorialogs" or VICTORIALOGS]
    names = choose(arguments.only, known)
    questions = choose(arguments.questions, QUESTIONS)
    if arguments.large:
        corpus = BENCH / "events-20m.ndjson"
        no_export = require_room(corpus, LARGE_EVENTS, names)
        peers.generated_corpus(corpus, LARGE_EVENTS)
    else:
        corpus = arguments.corpus or peers.standard_corpus()
        no_export = None
    corpus = corpus.absolute()
    truth_path = reference(corpus)
    truth = json.loads(truth_path.read_text())
    run_peers.T.update(truth)
    machine = peers.describe_machine(names)
    engines, loads = open_all(names, corpus, truth_path, truth)
    try:
        results = measure_all(engines, questions, corpus, no_export)
    finally:
        for engine in engines.values():
            engine.close()
    report(machine, results, names, truth, loads)
    stamp = machine["date"][:19].replace(":", "").replace("-", "")
    path = BENCH / f"query-{stamp}.json"
    path.write_text(json.dumps(dict(machine=machine, events=truth["events"], loads=loads, results=results), indent=1))
    print(f"Everything measured is in {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
