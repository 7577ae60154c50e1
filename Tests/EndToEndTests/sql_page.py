#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the SQL of docs/sql.md in DuckDB and ClickHouse (chDB) and compares the answers, for SQLPageTests.

  sql_page.py PAGE DATA EVENTS…                   EVENTS: the NDJSON files that are in DATA, all of it sealed
  sql_page.py --martlet PROGRAM PAGE DATA EVENTS… what this program answers to the queries of the page as well

Prints a line for each question, "ok" or what differs, and exits with 1 when anything does. What is right is worked out here from
the events, without the segments and without any code of Martlet's.
"""
import argparse
import collections
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone

import orjson

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Bounds of 64 bits of nanoseconds, in whole milliseconds.
LEAST, MOST = -9223372036855, 9223372036854
DATA = "'data/"
PATTERN = "'data/segments/*/*.parquet'"


# ---------------------------------------------------------------------------------------------------- the page


class Page:
    """Setup and questions of docs/sql.md."""

    def __init__(self, path):
        # Engine, its words behind the language, and the SQL.
        self.setup = []
        # The command that prints a pattern of the manifest's segments.
        self.shell = None
        # Heading of the question, with its blocks by language.
        self.questions = {}
        heading = section = None
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for part in re.finditer(r"^(?:(#+) ([^\n]*)|```(\S*)([^\n]*)\n(.*?)^```)$", text, re.MULTILINE | re.DOTALL):
            level, title, language, words, block = part.groups()
            if level:
                section = title if level == "##" else section
                heading = title
            elif section == "Questions":
                self.questions.setdefault(heading, {})[f"{language}{words}"] = block.strip()
            elif language == "sql":
                self.setup.append((words.split(), block))
            elif language == "sh":
                self.shell = block
        for heading, blocks in self.questions.items():
            if set(blocks) != {"sh", "sql"}:
                sys.exit(f"{path}: {heading} has the blocks {sorted(blocks)}, expected sh and sql")

    def statements(self, engine, *words):
        """Those of the blocks for an engine, each of them one statement."""
        for own, block in self.setup:
            if own == [engine, *words]:
                yield from (one.strip() for one in re.split(r";$", block, flags=re.MULTILINE) if one.strip())

    def martlet(self, heading):
        """The query of a question."""
        program, command, query = shlex.split(self.questions[heading]["sh"])
        if (program, command) != ("martlet", "query"):
            sys.exit(f"{heading}: its command is {program} {command}")
        return query


# ---------------------------------------------------------------------------------------------------- what is right


def places(event, *paths):
    """What stands at the first of the paths that the event has; each element of an array."""
    for path in paths:
        found = [event]
        for key in path.split("."):
            found = [one[key] for one in found if isinstance(one, dict) and key in one]
            found = [inner for one in found for inner in (one if isinstance(one, list) else [one])]
        if found:
            return found
    return []


def either(*names):
    """Paths in both spellings, of all their parts or of the last alone."""
    for name in names:
        parts = name.split(".")
        snake = [re.sub(r"(?<=[a-z])([A-Z])", lambda letter: "_" + letter.group().lower(), part) for part in parts]
        yield from dict.fromkeys((name, ".".join(parts[:-1] + snake[-1:]), ".".join(snake)))


def first(event, *names):
    texts = [one for one in places(event, *either(*names)) if not isinstance(one, (dict, list))]
    return texts[0] if texts else None


def milliseconds(text):
    """Since 1970, rounded down, and brought within what 64 bits of nanoseconds hold."""
    # Years of more than four digits have a sign (ISO 8601); the example has Java's latest time, +999999999.
    if text[0] in "+-":
        return MOST if text[0] == "+" else LEAST
    moment = datetime.fromisoformat(re.sub(r"(\.\d{3})\d*", r"\1", text))
    return min(max((moment - EPOCH) // timedelta(milliseconds=1), LEAST), MOST)


def outcome(event):
    status = first(event, "data.result.status")
    authentication = first(event, "data.authenticationInfo.result")
    granted = first(event, "data.authorizationInfo.granted")
    decision = first(event, "data.authorizationInfo.result")
    status, authentication = (None if one == "UNSET" else one for one in (status, authentication))
    match event["type"].rsplit("/", 1)[-1]:
        case "authorization":
            status = None
        case "authentication":
            status, granted, decision = status or authentication, None, None
        case "request" | "access-transparency":
            granted = decision = None
    if status is not None:
        return "success" if status == "SUCCESS" else "failure"
    if granted is None:
        granted = {"ALLOW": True, "DENY": False}.get(decision)
    return "unknown" if granted is None else "allowed" if granted else "denied"


def principal(event):
    info = "data.authenticationInfo."
    for form in ("confluentUser", "confluentServiceAccount", "identityPool", "group"):
        name = first(event, f"{info}principal.{form}.resourceId")
        if name is not None:
            return ("Group:" if form == "group" else "User:") + name.removeprefix("User:")
    other = first(event, info + "principal.externalAccount.subject") or first(event, info + "principal.confluentInternal")
    text = other or first(event, info + "principalResourceId") or first(event, info + "principal")
    if text is None:
        return first(event, info + "principal.email")
    return text if other or ":" in text else f"User:{text}"


def resource(event):
    """As the event has it; one that would have to be made of those that it lists is not needed here."""
    return first(event, "data.resourceName", "subject")


def address(event):
    for name in ("data.clientAddress.ip", "data.requestMetadata.clientAddress.ip"):
        if (found := first(event, name)) is not None:
            return without_port(found)
    checked = "data.authorizationInfo.ipfilterAuthorization.clientIp"
    found = first(event, "data.clientAddress", "data.requestMetadata.clientAddress") or first(event, checked)
    return None if found is None else without_port(found)


def without_port(text):
    text = text.rsplit("/", 1)[-1]
    if text.startswith("["):
        return text[1 : text.index("]")]
    return text.split(":")[0] if text.count(":") == 1 else text


class Event:
    def __init__(self, event):
        self.id, self.type = event["id"], event["type"]
        self.time = milliseconds(event["time"])
        self.outcome, self.principal, self.resource = outcome(event), principal(event), resource(event)
        self.method, self.address = first(event, "data.methodName"), address(event)
        self.operation = first(event, "data.authorizationInfo.operation")


def counts(values, most_first=True):
    """Rows of values and their count, the values in ascending order where counts are equal."""
    rows = [(*(key if isinstance(key, tuple) else (key,)), count) for key, count in collections.Counter(values).items()]
    return sorted(rows, key=lambda row: (-row[-1] if most_first else row[-1], *row[:-1]))


def expected_answers(events):
    denied = [event for event in events if event.outcome == "denied"]
    failed = [event for event in events if event.outcome in ("denied", "failure")]
    payments = [event for event in events if event.principal == "User:sa-payments"]
    times = collections.defaultdict(list)
    for event in events:
        times[event.method].append(event.time)
    newest = sorted(enumerate(payments), key=lambda one: (one[1].time, one[0]), reverse=True)
    return {
        "Events by type": counts(event.type for event in events),
        "Principals that were denied most": counts(event.principal for event in denied if event.principal)[:10],
        "The events of an id": [
            (event.time, event.outcome, event.principal, event.method, event.resource)
            for event in events
            if event.id == "cf4534cb-c64c-41ee-9c4e-c70aa531426e"
        ],
        "Failures by hour and method": sorted(
            counts((event.time // 3600000 * 3600000, event.method) for event in failed)
        ),
        "Events of resources by a pattern": [
            (sum(event.resource is not None and "/topic=payments." in event.resource for event in events),)
        ],
        "The newest events of a principal": [
            (event.time, event.outcome, event.method, event.resource) for _, event in newest[:20]
        ],
        "Rare methods": counts((event.method for event in events), most_first=False)[:10],
        "Addresses of a principal": sorted({(event.address,) for event in payments if event.address}),
        "First and last time of each method": sorted(
            (method, min(those), max(those), len(those)) for method, those in times.items()
        ),
        "What was done from an address": counts(
            (event.principal, event.outcome) for event in events if event.address == "203.0.113.66"
        ),
        "By a value that has no field": counts(event.operation for event in denied if event.operation),
    }


# ---------------------------------------------------------------------------------------------------- engines


class DuckDB:
    def __init__(self, page, directory):
        import duckdb

        self.connection = duckdb.connect()
        self.directory = directory
        for statement in page.statements("duckdb"):
            self.run(statement)

    def run(self, statement):
        return self.connection.execute(statement.replace(DATA, f"'{self.directory}/"))

    def rows(self, query):
        relation = self.run(f"SELECT * FROM ({query})")
        # Times as milliseconds: Python's need another package.
        shown = [
            f'epoch_ms("{name}")' if str(kind).startswith("TIMESTAMP") else f'"{name}"'
            for name, kind, *_ in relation.description
        ]
        return self.run(f"SELECT {', '.join(shown)} FROM ({query})").fetchall()


class ClickHouse:
    def __init__(self, page, directory, pattern=None):
        from chdb import session

        self.session = session.Session()
        self.directory = directory
        for statement in page.statements("clickhouse"):
            if pattern and PATTERN in statement:
                statement = statement.replace(PATTERN, f"'{pattern}'")
            self.run(statement)

    def run(self, statement, form="JSONCompact"):
        answer = self.session.query(statement.replace(DATA, f"'{self.directory}/"), form)
        if answer.has_error():
            raise RuntimeError(answer.error_message())
        return answer.bytes()

    def rows(self, query):
        answer = orjson.loads(self.run(query))
        # Numbers of 64 bits come as text, and so do times.
        forms = [
            int if "Int" in meta["type"] else clickhouse_milliseconds if "DateTime" in meta["type"] else lambda text: text
            for meta in answer["meta"]
        ]
        return [tuple(form(value) for form, value in zip(forms, row)) for row in answer["data"]]


def clickhouse_milliseconds(text):
    return milliseconds(text.replace(" ", "T") + "Z")


ENGINES = {"duckdb": DuckDB, "clickhouse": ClickHouse}


def martlet_rows(program, data, query):
    """What Martlet answers to a query, as rows of values; not only the first hundred."""
    command = [program, "query", "--data", data, "--output", "json", "--limit", "10000", query]
    done = subprocess.run(command, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"status {done.returncode}: {done.stderr.decode()[:300]}")
    rows = []
    for row in orjson.loads(done.stdout):
        # Rows of events have their place beside the fields.
        row.pop("index", None)
        rows.append(tuple(martlet_value(value) for value in row.values()))
    return rows


def martlet_value(value):
    is_time = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value)
    return milliseconds(value) if is_time else value


# ---------------------------------------------------------------------------------------------------- comparing


def difference(found, expected):
    if found == expected:
        return None
    place = next((at for at, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]), None)
    if place is None:
        return f"{len(found)} rows, expected {len(expected)}"
    return f"row {place} is {found[place]!r}, expected {expected[place]!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--martlet", metavar="PROGRAM", help="asks this program the page's queries, too")
    parser.add_argument("page")
    parser.add_argument("data", nargs="?")
    parser.add_argument("events", nargs="*")
    arguments = parser.parse_args()
    page = Page(arguments.page)
    events = []
    for path in arguments.events:
        with open(path, "rb") as file:
            events += [Event(orjson.loads(line)) for line in file if line.strip()]
    expected = expected_answers(events)
    wrong = 0

    def say(what, problem):
        nonlocal wrong
        wrong += problem is not None
        print(f"{what}: {problem or 'ok'}", flush=True)

    directory = os.path.abspath(arguments.data)
    engines = {name: engine(page, directory) for name, engine in ENGINES.items()}
    # A question without an answer here, or without one on the page, would go unnoticed otherwise.
    say("questions", difference(sorted(page.questions), sorted(expected)))

    def ask(note=""):
        for heading, blocks in page.questions.items():
            for name, engine in engines.items():
                try:
                    found = engine.rows(blocks["sql"].rstrip().rstrip(";"))
                    problem = difference(found, expected.get(heading, []))
                    if not found:
                        problem = "no row, so it proves nothing"
                except Exception as error:
                    problem = f"{type(error).__name__}: {str(error)[:400]!r}"
                say(f"{heading}, {name}{note}", problem)

    ask()
    for heading in page.questions if arguments.martlet else []:
        try:
            # In any order where the query asks for none.
            rows = martlet_rows(arguments.martlet, directory, page.martlet(heading))
            problem = difference(sorted(rows, key=repr), sorted(expected[heading], key=repr))
        except Exception as error:
            problem = f"{type(error).__name__}: {str(error)[:400]!r}"
        say(f"{heading}, martlet", problem)
    with tempfile.TemporaryDirectory() as scratch:
        # A segment that no manifest names, as while segments are merged: a pattern counts its events twice.
        copy = shutil.copytree(directory, os.path.join(scratch, "data"), ignore=shutil.ignore_patterns("journal", "reserve"))
        segment = min(glob.glob(os.path.join(copy, "segments/*/*.parquet")))
        shutil.copy(segment, os.path.join(os.path.dirname(segment), "stray.parquet"))
        heading, blocks = next(iter(page.questions.items()))
        query = blocks["sql"].rstrip(";")
        duckdb = DuckDB(page, copy)
        if duckdb.rows(query) == expected[heading]:
            say("a pattern beside the manifest", "does not find what the manifest does not name")
        for statement in page.statements("duckdb", "manifest"):
            duckdb.run(statement)
        # chDB has one session at a time.
        engines.pop("clickhouse").session.close()
        pattern = subprocess.run(page.shell, shell=True, cwd=scratch, capture_output=True, text=True, check=True).stdout
        engines = {"duckdb": duckdb, "clickhouse": ClickHouse(page, copy, pattern.strip())}
        ask(" by the manifest")
        engines["clickhouse"].session.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
