#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The reads of Benchmarks/WORKLOAD.md on a log's segments by engines that are not ours, for WorkloadReadersTests.

  workload_readers.py CORPUS TRUTH DATA [ENGINE…]

CORPUS is the NDJSON that was put in, TRUTH what Benchmarks/truth.py says of it, DATA the data directory, all of it
sealed. Engines: pyarrow, duckdb, chdb, polars; all when none is named. Prints a line for each engine and question, "ok"
or what differs, and exits with 1 when anything does.

Questions are asked of the columns alone, all segments as one table. Records are compared with their lines in CORPUS,
value by value: what docs/formats/segment.md leaves to the shapes (true, false, null, empty objects and arrays) is not
looked for, and of values that follow from others the view is used that it gives. A derived text is equal to another
text of its event or the end of one, so a search for a part of a text need not look at derived columns.
"""
import collections
import glob
import hashlib
import os
import sys
import time
from datetime import datetime, timedelta, timezone

import orjson

QUESTIONS = ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q7n", "Q8", "Q9", "Q9r"]
REAL = ["outcome", "principal", "method", "resource"]
PRINCIPAL = "data.authenticationInfo.principal"
# derived column, the column that it follows from, what it is of that
DERIVED = [
    ("subject", "data.resourceName", lambda text: text),
    ("data.request.clientId", "data.requestMetadata.clientId", lambda text: text),
    ("data.authorizationInfo.resourceName", "data.resourceName", lambda text: text.rsplit("=", 1)[-1]),
    ("data.authorizationInfo.actingPrincipal", PRINCIPAL, lambda text: text),
    ("data.authorizationInfo.assignedPrincipals[0]", PRINCIPAL, lambda text: text),
]
# One value, whatever is in it.
WHOLE = {"data.request.data", "data.result.data"}


# ---------------------------------------------------------------------------------------------------- what is right


def outcome(data):
    """As docs/formats/segment.md has it, for the kinds of events in the corpus."""
    if "authorizationInfo" in data:
        return "allowed" if data["authorizationInfo"]["granted"] else "denied"
    status = data.get("result", data["authenticationInfo"]).get("status", data["authenticationInfo"].get("result"))
    return "unknown" if status is None else "success" if status == "SUCCESS" else "failure"


def flattened(value, path=""):
    """Paths and texts of an event's values that are in columns."""
    if path in WHOLE and value:
        yield path, orjson.dumps(value).decode()
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from flattened(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from flattened(inner, f"{path}[{place}]")
    elif value is not None and not isinstance(value, bool):
        yield path, str(value)


def milliseconds(text):
    return round((datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1000)


class Expected:
    """The answers of truth.json, and those that it has only as a number or a hash."""

    def __init__(self, corpus, truth):
        with open(truth, "rb") as file:
            self.truth = orjson.loads(file.read())
        self.parameters = self.truth["params"]
        self.failures = collections.Counter()
        self.records = {}
        containing = []
        wanted = {self.parameters["needle_id"]}.union(*(self.truth[key] for key in ("Q5_ids", "Q6_ids", "Q9_ids")))
        needle = self.parameters["needle_ip"].encode()
        with open(corpus, "rb") as file:
            for line in file:
                event = orjson.loads(line)
                data, moment = event["data"], event["time"]
                if outcome(data) in ("denied", "failure"):
                    self.failures[moment[:13], data["methodName"]] += 1
                if needle in line:
                    containing.append((moment, event["id"]))
                if needle in line or event["id"] in wanted:
                    self.records[event["id"]] = event
        # The newest first, and of the same millisecond that first which came first: as truth.py does.
        self.containing = [name for _, name in sorted(containing, key=lambda one: one[0], reverse=True)]
        digest = hashlib.sha256("\n".join(sorted(self.containing)).encode()).hexdigest()[:16]
        if (len(self.failures), self.failures.total(), len(containing), digest) != tuple(
            self.truth[key] for key in ("Q8_rows", "Q8_sum", "Q7_total", "Q7_hash")
        ):
            sys.exit("the reference answers contradict each other")

    def hour(self):
        begin = datetime.fromisoformat(self.parameters["q6_hour"] + ":00:00+00:00")
        return begin, begin + timedelta(hours=1)

    def difference(self, question, answer):
        """None, or what is wrong with an answer."""
        truth = self.truth
        match question:
            case "Q1" | "Q7n":
                return unequal(answer, truth[question])
            case "Q9":
                return unequal(answer, truth["Q9_total"])
            case "Q2":
                return unequal(dict(answer), truth["Q2"])
            case "Q3":
                return unequal([tuple(pair) for pair in answer], [tuple(pair) for pair in truth["Q3"]])
            case "Q8":
                return unequal({(hour, method): count for hour, method, count in answer}, dict(self.failures))
            case "Q4":
                return self.record_difference(answer, [self.parameters["needle_id"]], 1)
            case "Q7":
                return self.record_difference(answer, self.containing, len(self.containing))
            case "Q5":
                return self.record_difference(answer, truth["Q5_ids"], truth["Q5_total"])
            case "Q6":
                return self.record_difference(answer, truth["Q6_ids"], truth["Q6_total"])
            case "Q9r":
                return self.record_difference(answer, truth["Q9_ids"], truth["Q9_total"])

    def record_difference(self, answer, ids, total):
        """`answer` is the count of all records and the newest of them, each a dictionary by columns."""
        count, rows = answer
        if count != total:
            return f"{count} records, expected {total}"
        rows = [{name: text(name, value) for name, value in row.items() if value is not None} for row in rows]
        found = [row["id"] for row in rows]
        if found != ids:
            return unequal(found, ids)
        for row in rows:
            event = self.records[row["id"]]
            wrong = values_difference(row, event)
            if wrong:
                return f"event {row['id']}: {wrong}"
        return None


def text(name, value):
    """A column's value as the text that the event has."""
    return value.decode() if isinstance(value, bytes) else str(value)


def values_difference(row, event):
    data = event["data"]
    expected = dict(flattened(event), time=str(milliseconds(event["time"])))
    for name, base, derive in DERIVED:
        if name in expected and name not in row and base in row:
            row[name] = derive(row[base])
    real = dict(outcome=outcome(data), method=data["methodName"], resource=data["resourceName"])
    if isinstance(data["authenticationInfo"].get("principal"), str):
        real["principal"] = data["authenticationInfo"]["principal"]
    elif not row["principal"].startswith("User:"):
        return f"principal is {row['principal']}"
    for name, value in real.items():
        if row.get(name) != value:
            return f"{name} is {row.get(name)}, expected {value}"
    paths = {name: value for name, value in row.items() if name not in REAL and not name.startswith("martlet.")}
    for name in WHOLE & paths.keys() & expected.keys():
        # Some engines print JSON anew.
        paths[name], expected[name] = orjson.loads(paths[name]), orjson.loads(expected[name])
    return unequal(paths, expected)


def unequal(found, expected):
    if found == expected:
        return None
    if isinstance(found, dict) and isinstance(expected, dict):
        keys = [key for key in {**expected, **found} if found.get(key) != expected.get(key)]
        some = "; ".join(f"{key}: {found.get(key)!r}, expected {expected.get(key)!r}" for key in keys[:5])
        return f"{len(keys)} of {len(expected)} differ: {some}"
    if isinstance(found, list) and isinstance(expected, list):
        place = next((at for at, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]), None)
        if place is None:
            return f"{len(found)} entries, expected {len(expected)}"
        return f"entry {place} is {found[place]!r}, expected {expected[place]!r}"
    return f"{found!r}, expected {expected!r}"


# ---------------------------------------------------------------------------------------------------- engines


class SQL:
    """An engine that is asked in SQL; `events` is all segments, `hours` an event's hour since 1970."""

    def __init__(self, expected, data):
        self.parameters = expected.parameters
        self.hour = expected.hour()
        self.files = os.path.join(os.path.abspath(data), "segments/*/*.parquet")
        self.open()

    def run(self, question):
        parameters, name = self.parameters, self.name
        match question:
            case "Q1":
                return self.number("1 = 1")
            case "Q2":
                return self.rows(f"SELECT {name('type')}, count(*) FROM {self.events} GROUP BY 1")
            case "Q3":
                return self.rows(
                    f"SELECT {name(PRINCIPAL)}, count(*) FROM {self.events} WHERE outcome = 'denied' "
                    f"AND {name(PRINCIPAL)} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10"
                )
            case "Q4":
                return self.records(f"id = '{parameters['needle_id']}'")
            case "Q5":
                return self.records(f"principal = '{parameters['rare_principal']}'")
            case "Q6":
                begin, end = (self.instant(moment) for moment in self.hour)
                return self.records(f"method = '{parameters['q6_method']}' AND time >= {begin} AND time < {end}")
            case "Q7":
                return self.records(self.contains(parameters["needle_ip"]), limit=1000)
            case "Q7n":
                return self.number(self.contains(parameters["absent_ip"]))
            case "Q8":
                rows = self.rows(
                    f"SELECT {self.hours}, method, count(*) FROM {self.events} "
                    "WHERE outcome IN ('denied', 'failure') GROUP BY 1, 2"
                )
                return [(hour_text(hours), method, count) for hours, method, count in rows]
            case "Q9":
                return self.number(self.payments())
            case "Q9r":
                return self.records(self.payments())

    def payments(self):
        return f"{self.name('data.resourceName')} LIKE '%/topic={self.parameters['q9_prefix']}%'"

    def contains(self, part):
        return "(" + " OR ".join(f"{column} LIKE '%{part}%'" for column in self.texts) + ")"

    def number(self, condition):
        return int(self.rows(f"SELECT count(*) FROM {self.events} WHERE {condition}")[0][0])

    def records(self, condition, limit=100):
        newest = f"ORDER BY time DESC, {self.name('martlet.index')} LIMIT {limit}"
        return self.number(condition), self.dictionaries(condition, newest)


class DuckDB(SQL):
    events = "events"
    hours = "epoch_ms(time) // 3600000"

    def open(self):
        import duckdb

        self.connection = duckdb.connect()
        self.connection.execute(
            f"CREATE VIEW events AS SELECT * FROM read_parquet('{self.files}', union_by_name=true) "
            "WHERE \"martlet.stream\" = 'audit'"
        )
        columns = self.rows("DESCRIBE events")
        self.texts = [self.name(column[0]) for column in columns if column[1] in ("VARCHAR", "JSON")]

    def name(self, column):
        return '"' + column.replace('"', '""') + '"'

    def instant(self, moment):
        return f"TIMESTAMPTZ '{moment.isoformat(sep=' ')}'"

    def rows(self, query):
        return self.connection.execute(query).fetchall()

    def dictionaries(self, condition, newest):
        # The milliseconds, because Python's times of DuckDB need another package.
        cursor = self.connection.execute(
            'SELECT * EXCLUDE ("martlet.received") REPLACE (epoch_ms(time) AS time) '
            f"FROM events WHERE {condition} {newest}"
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]


class ChDB(SQL):
    hours = "intDiv(toUnixTimestamp64Milli(time), 3600000)"

    def open(self):
        import chdb

        self.chdb = chdb
        # Else the first file's columns are all that there are.
        self.settings = "SETTINGS schema_inference_mode = 'union'"
        source = f"file('{self.files}', Parquet)"
        self.events = f"(SELECT * FROM {source} WHERE `martlet.stream` = 'audit')"
        kinds = chdb.query(f"DESCRIBE {source} {self.settings}", "JSONCompact").bytes()
        self.columns = [(row[0], row[1]) for row in orjson.loads(kinds)["data"]]
        self.texts = [
            f"toString({self.name(column)})" if "JSON" in kind else self.name(column)
            for column, kind in self.columns
            if kind in ("String", "Nullable(String)") or "JSON" in kind
        ]

    def name(self, column):
        return "`" + column.replace("\\", "\\\\").replace("`", "\\`") + "`"

    def instant(self, moment):
        return f"parseDateTime64BestEffort('{moment.isoformat()}', 3, 'UTC')"

    def query(self, query):
        return orjson.loads(self.chdb.query(f"{query} {self.settings}", "JSONCompact").bytes())

    def rows(self, query):
        answer = self.query(query)
        # Numbers of 64 bits come as text.
        kinds = [int if meta["type"].startswith(("UInt", "Int")) else lambda value: value for meta in answer["meta"]]
        return [tuple(kind(value) for kind, value in zip(kinds, row)) for row in answer["data"]]

    def dictionaries(self, condition, newest):
        shown = []
        for column, kind in self.columns:
            name = self.name(column)
            if column == "time":
                shown.append("toUnixTimestamp64Milli(time)")
            elif "JSON" in kind:
                shown.append(f"toString({name})")
            else:
                shown.append(name)
        rows = self.rows(f"SELECT {', '.join(shown)} FROM {self.events} WHERE {condition} {newest}")
        return [dict(zip((column for column, _ in self.columns), row)) for row in rows]


class Polars:
    def __init__(self, expected, data):
        import polars

        self.polars = polars
        self.parameters = expected.parameters
        self.hour = expected.hour()
        # One plan for each file, because a path need not be in all.
        files = sorted(glob.glob(os.path.join(data, "segments/*/*.parquet")))
        frame = polars.concat([polars.scan_parquet(file) for file in files], how="diagonal")
        self.frame = frame.filter(polars.col("martlet.stream") == "audit")
        kinds = frame.collect_schema()
        self.texts = [
            column if kind == polars.String else polars.col(column).cast(polars.String)
            for column, kind in kinds.items()
            if kind == polars.String or column in WHOLE or column == "martlet.raw"
        ]

    def run(self, question):
        polars, column, parameters = self.polars, self.polars.col, self.parameters
        match question:
            case "Q1":
                return self.number(polars.lit(True))
            case "Q2":
                return self.frame.group_by("type").len().collect().rows()
            case "Q3":
                groups = self.frame.filter(column("outcome") == "denied", column(PRINCIPAL).is_not_null())
                counts = groups.group_by(PRINCIPAL).len().sort("len", PRINCIPAL, descending=[True, False])
                return counts.head(10).collect().rows()
            case "Q4":
                return self.records(column("id") == parameters["needle_id"])
            case "Q5":
                return self.records(column("principal") == parameters["rare_principal"])
            case "Q6":
                begin, end = self.hour
                inside = (column("time") >= begin) & (column("time") < end)
                return self.records((column("method") == parameters["q6_method"]) & inside)
            case "Q7":
                return self.records(self.contains(parameters["needle_ip"]), limit=1000)
            case "Q7n":
                return self.number(self.contains(parameters["absent_ip"]))
            case "Q8":
                failed = self.frame.filter(column("outcome").is_in(["denied", "failure"]))
                hours = column("time").dt.timestamp("ms") // 3_600_000
                rows = failed.group_by(hours.alias("hours"), "method").len().collect().rows()
                return [(hour_text(hours), method, count) for hours, method, count in rows]
            case "Q9":
                return self.number(self.payments())
            case "Q9r":
                return self.records(self.payments())

    def payments(self):
        return self.polars.col("data.resourceName").str.contains("/topic=" + self.parameters["q9_prefix"], literal=True)

    def contains(self, part):
        found = [
            (self.polars.col(column) if isinstance(column, str) else column).str.contains(part, literal=True)
            for column in self.texts
        ]
        return self.polars.any_horizontal(found)

    def number(self, condition):
        return self.frame.filter(condition).select(self.polars.len()).collect().item()

    def records(self, condition, limit=100):
        newest = self.frame.filter(condition).sort("time", "martlet.index", descending=[True, False]).head(limit)
        newest = newest.with_columns(self.polars.col("time").dt.timestamp("ms")).drop("martlet.received")
        return self.number(condition), newest.collect().rows(named=True)


class PyArrow:
    def __init__(self, expected, data):
        import pyarrow
        import pyarrow.compute
        import pyarrow.dataset
        import pyarrow.parquet

        self.arrow, self.compute = pyarrow, pyarrow.compute
        self.parameters = expected.parameters
        self.hour = expected.hour()
        files = sorted(glob.glob(os.path.join(data, "segments/*/*.parquet")))
        # As they are stored: there is no comparison of what extends Arrow's own types.
        schemas = [storage(pyarrow, pyarrow.parquet.read_schema(file)) for file in files]
        schema = pyarrow.unify_schemas(schemas)
        self.texts = [field.name for field in schema if pyarrow.types.is_string(field.type)]
        dataset = pyarrow.dataset.dataset(files, schema=schema, format="parquet")
        self.dataset = dataset.filter(pyarrow.compute.field("martlet.stream") == "audit")

    def run(self, question):
        field, parameters = self.compute.field, self.parameters
        match question:
            case "Q1":
                return self.dataset.count_rows()
            case "Q2":
                return self.groups(None, ["type"])
            case "Q3":
                rows = self.groups((field("outcome") == "denied") & field(PRINCIPAL).is_valid(), [PRINCIPAL])
                return sorted(rows, key=lambda row: (-row[1], row[0]))[:10]
            case "Q4":
                return self.records(field("id") == parameters["needle_id"])
            case "Q5":
                return self.records(field("principal") == parameters["rare_principal"])
            case "Q6":
                begin, end = (self.arrow.scalar(moment, self.dataset.schema.field("time").type) for moment in self.hour)
                inside = (field("time") >= begin) & (field("time") < end)
                return self.records((field("method") == parameters["q6_method"]) & inside)
            case "Q7":
                return self.records(self.contains(parameters["needle_ip"]), limit=1000)
            case "Q7n":
                return self.dataset.count_rows(filter=self.contains(parameters["absent_ip"]))
            case "Q8":
                failed = field("outcome").isin(["denied", "failure"])
                table = self.dataset.to_table(columns=["time", "method"], filter=failed)
                rows = collections.Counter(zip(table["time"].cast("int64").to_pylist(), table["method"].to_pylist()))
                hours = collections.Counter()
                for (moment, method), count in rows.items():
                    hours[hour_text(moment // 3_600_000), method] += count
                return [(hour, method, count) for (hour, method), count in hours.items()]
            case "Q9":
                return self.dataset.count_rows(filter=self.payments())
            case "Q9r":
                return self.records(self.payments())

    def payments(self):
        column = self.compute.field("data.resourceName")
        return self.compute.match_substring(column, "/topic=" + self.parameters["q9_prefix"])

    def contains(self, part):
        condition = self.compute.scalar(False)
        for column in self.texts:
            found = self.compute.match_substring(self.compute.field(column), part)
            condition = condition | self.compute.coalesce(found, self.compute.scalar(False))
        return condition

    def groups(self, condition, names):
        table = self.dataset.to_table(columns=names, filter=condition)
        counts = table.group_by(names).aggregate([([], "count_all")])
        return list(zip(*(counts[name].to_pylist() for name in names), counts["count_all"].to_pylist()))

    def records(self, condition, limit=100):
        table = self.dataset.to_table(filter=condition)
        table = table.sort_by([("time", "descending"), ("martlet.index", "ascending")])
        newest = table.slice(0, limit).drop_columns(["martlet.received"])
        place = newest.schema.get_field_index("time")
        return table.num_rows, newest.set_column(place, "time", newest["time"].cast("int64")).to_pylist()


def storage(pyarrow, schema):
    """The schema with the stored types in place of extensions of Arrow's."""
    fields = []
    for field in schema:
        kind = field.type
        fields.append(field.with_type(kind.storage_type if isinstance(kind, pyarrow.BaseExtensionType) else kind))
    return pyarrow.schema(fields)


def hour_text(hours):
    return (datetime(1970, 1, 1) + timedelta(hours=hours)).isoformat()[:13]


ENGINES = {"pyarrow": PyArrow, "duckdb": DuckDB, "chdb": ChDB, "polars": Polars}


def main(corpus, truth, data, *names):
    expected = Expected(corpus, truth)
    wrong = 0
    files = glob.glob(os.path.join(data, "segments/*/*.parquet"))
    print(f"{len(files)} segments")
    if len(files) < 2:
        sys.exit("several segments are wanted")
    for name in names or ENGINES:
        start = time.perf_counter()
        engine = None
        for question in QUESTIONS:
            try:
                # What an engine cannot read it has not answered; the others are still asked.
                engine = engine or ENGINES[name](expected, data)
                difference = expected.difference(question, engine.run(question))
            except Exception as error:
                difference = f"{type(error).__name__}: {str(error)[:400]!r}"
            wrong += difference is not None
            print(f"{name} {question}: {difference or 'ok'}", flush=True)
        print(f"{name}: {time.perf_counter() - start:.1f} s", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
