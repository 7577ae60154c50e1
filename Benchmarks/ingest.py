#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ingests the standard corpus into Martlet and into its peers, in turn, and prints them beside each other.

  ingest.py                         three rounds on 1,000,000 events; what `make bench` runs
  ingest.py --rounds 1 --only martlet,duckdb
  ingest.py --corpus FILE           another file of NDJSON, whose sum is not checked

martlet           durable, sealed, indexed, and in the signed tree: `martlet ingest --seal`
martlet-no-tree   the same without the tree, which shows what the tree costs
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
import json
import os
import shutil
import sys
from pathlib import Path

# No compiled copy beside the scripts.
sys.dont_write_bytecode = True
import peers
from peers import BENCH, MARTLET, OURS, ROOT, VICTORIALOGS, Corpus, allocated_bytes, first_line, print_table, run_and_wait
from peers import describe_machine, spread, standard_corpus


# ---------------------------------------------------------------------------------------------------- one run


def run_martlet(name, directory, corpus):
    store = directory / "data"
    sealing = [] if name == "martlet-journal" else ["--seal"]
    has_tree = name != "martlet-no-tree"
    os.environ["MARTLET_TREE_ENABLED"] = str(has_tree).lower()
    _, wall, usage = run_and_wait([MARTLET, "ingest", "--data", store, *sealing, "--quiet", corpus.path])
    result = dict(wall_s=wall, cpu_s=usage.ru_utime + usage.ru_stime, rss_bytes=usage.ru_maxrss * 1024)
    status = json.loads(first_line([MARTLET, "status", "--data", store, "--output", "json"]))
    if status["endIndex"] != corpus.events or sealing and status["journalEvents"]:
        sys.exit(f"bench: {name} has {status['endIndex']} events, {status['journalEvents']} of them in the journal")
    if has_tree:
        signed = int((store / "log" / "checkpoint").read_text().split("\n")[1])
        if signed != corpus.events:
            sys.exit(f"bench: {name} has signed {signed} events of {corpus.events}")
        tree = [store / "log", store / "signer"]
        result["tree_bytes"] = sum(path.stat().st_size for top in tree for path in top.rglob("*") if path.is_file())
        result["tree_disk_bytes"] = sum(allocated_bytes(top) for top in tree)
    return dict(result, disk_bytes=allocated_bytes(store))


def run_peer(name, directory, corpus):
    result, usage = peers.load_in_process(name, directory, corpus.path)
    if result.pop("events", corpus.events) != corpus.events:
        sys.exit(f"bench: {name} did not load every event")
    return dict(dict(rss_bytes=usage.ru_maxrss * 1024, disk_bytes=allocated_bytes(directory)), **result)


def run(name, corpus):
    directory = BENCH / f"ingest-{name}"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    # What the one before left dirty is written before the clock runs, not during.
    os.sync()
    runner = run_martlet if name.startswith(OURS) else run_peer
    return runner(name, directory, corpus)


# ---------------------------------------------------------------------------------------------------- the report


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
    report_tree(runs, corpus)
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


def report_tree(runs, corpus):
    """What the signed tree costs: its ingest against that without it, round by round, and its files."""
    without = runs.get("martlet-no-tree")
    if OURS not in runs or not without:
        return
    slower = [1 - bare["wall_s"] / ours["wall_s"] for ours, bare in zip(runs[OURS], without)]
    cpu = [ours["cpu_s"] - bare["cpu_s"] for ours, bare in zip(runs[OURS], without)]
    files = runs[OURS][-1]
    print(
        f"\nThe tree takes {spread([100 * share for share in slower], '{:.0f}'.format)} % of the throughput, "
        f"{spread([1e6 * seconds / corpus.events for seconds in cpu], '{:.2f}'.format)} µs of CPU an event, and "
        f"{files['tree_bytes'] / corpus.events:.3f} B an event in files, "
        f"{files['tree_disk_bytes'] / corpus.events:.3f} with the blocks that they take."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", metavar="NAME,…", help="some of those above")
    parser.add_argument("--corpus", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    known = [OURS, "martlet-no-tree", "martlet-journal", "duckdb", "clickhouse", "clickhouse-text", "victorialogs"]
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
