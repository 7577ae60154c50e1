#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measure peers on WORKLOAD.md.   (Python 3.11+, requirements.txt and requirements-peers.txt; Debian: ripgrep jq zstd)

  run_peers.py all  --corpus .bench/events-1m.ndjson --truth .bench/truth-1m.json --work .bench/peers [--peers a,b] [--out results.json]
  run_peers.py table --out results.json[,more.json]      best of several runs

Every step runs in its own child process, so that CPU seconds and peak RSS belong to that step:
  ingest   wall, CPU s, peak RSS, bytes on disk (du of the peer's directory after close/flush)
  warm     one process; per query 2 unmeasured runs, then R timed ones: median and min wall ms, mean CPU ms
  cold     per query a fresh process (server: restarted), the peer's files evicted from the page cache first;
           the time includes opening the database, not starting Python
  export   E
Answers are compared with truth.json; a wrong answer is shown as WRONG.  BENCH_NICE (default -15) is the niceness used for the measured step (process and scheduler autogroup), after waiting up to 20 s for a quiet moment, so
that the numbers survive other jobs on the machine; `wait` = time spent runnable but not running, as a check on that.
VictoriaLogs: binary from $VL_BIN; Martlet: $MARTLET_BIN, else .build/release/martlet (each skipped when absent)."""
import argparse, datetime, glob, json, os, resource, shutil, subprocess, sys, time, threading, urllib.parse, urllib.request, http.client, statistics, hashlib

T = {}          # truth
QS = ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q7n", "Q8", "Q9", "Q9r"]
PATHS = ["$.id", "$.time", "$.type", "$.data.methodName", "$.data.resourceName", "$.data.authenticationInfo.principal",
         "$.data.authorizationInfo.granted", "$.data.authorizationInfo.operation", "$.data.requestMetadata.clientAddress[0].ip",
         "$.data.requestMetadata.clientId", "$.data.authenticationInfo.metadata.mechanism",
         "$.data.authenticationInfo.metadata.identifier", "$.data.result.status", "$.data.requestMetadata.requestId"]
NAMES = ["id", "ts", "type", "method", "resource", "principal", "granted", "operation", "client_ip", "client_id", "mechanism",
         "identifier", "status", "request_id"]


def hour_bounds():
    lo = datetime.datetime.fromisoformat(T["params"]["q6_hour"] + ":00")      # 2026-03-05T13
    return str(lo), str(lo + datetime.timedelta(hours=1))


# --------------------------------------------------------------------------- checking
def rid(row):
    if isinstance(row, (bytes, bytearray)): row = row.decode()
    if isinstance(row, str):
        import orjson
        row = orjson.loads(row)
    return str(row["id"])


def check(q, res):
    """res: Q1,Q7n,Q9 int | Q2,Q3 list[(k,n)] | Q8 (rows,sum) | Q4,Q5,Q6,Q7,Q9r list of full records (str/bytes/dict)"""
    t = T
    if q == "Q1": return res == t["Q1"]
    if q == "Q2": return dict(res) == t["Q2"]
    if q == "Q3":
        return sorted(n for _, n in res) == sorted(n for _, n in t["Q3"]) and \
            {k.strip('"') for k, n in res if n > t["Q3"][-1][1]} == {k for k, n in t["Q3"] if n > t["Q3"][-1][1]}
    if q == "Q4": return [rid(r) for r in res] == [t["params"]["needle_id"]]
    if q in ("Q5", "Q6", "Q9r"):
        w = {"Q5": "Q5_ids", "Q6": "Q6_ids", "Q9r": "Q9_ids"}[q]
        got = {rid(r) for r in res}
        return len(res) == len(t[w]) and len(got ^ set(t[w])) <= 2       # ties of the millisecond at the boundary
    if q == "Q7": return hashlib.sha256("\n".join(sorted(rid(r) for r in res)).encode()).hexdigest()[:16] == t["Q7_hash"]
    if q == "Q7n": return res == t["Q7n"]
    if q == "Q8": return tuple(res) == (t["Q8_rows"], t["Q8_sum"])
    if q == "Q9": return res == t["Q9_total"]
    raise KeyError(q)


# --------------------------------------------------------------------------- SQL shared by the column+raw peers
def sql_cols(dialect):
    p = T["params"]; lo, hi = hour_bounds()
    ev = "ev"
    contains = {"duck": lambda s: f"contains(raw,'{s}')", "ch": lambda s: f"hasAllTokens(raw,'{s}') AND raw LIKE '%{s}%'",
                "sqlite": lambda s: f"instr(raw,'{s}')>0", "fts": None}[dialect]
    hour = {"duck": "date_trunc('hour',ts)", "ch": "toStartOfHour(ts)", "sqlite": "substr(ts,1,13)"}.get(dialect)
    isf = {"duck": "granted = false", "ch": "granted = 0", "sqlite": "granted = 0"}[dialect]
    bad = "status NOT IN ('SUCCESS','')" if dialect == "ch" else "status <> 'SUCCESS'"
    tlo = f"'{lo}'" if dialect != "sqlite" else "'" + lo.replace(" ", "T") + "'"
    thi = f"'{hi}'" if dialect != "sqlite" else "'" + hi.replace(" ", "T") + "'"
    return {
        "Q1": f"SELECT count(*) FROM {ev}",
        "Q2": f"SELECT type, count(*) FROM {ev} GROUP BY type",
        "Q3": f"SELECT principal, count(*) c FROM {ev} WHERE {isf} GROUP BY principal ORDER BY c DESC, principal LIMIT 10",
        "Q4": f"SELECT raw FROM {ev} WHERE id = '{p['needle_id']}'",
        "Q5": f"SELECT raw FROM {ev} WHERE principal = '{p['rare_principal']}' ORDER BY ts DESC LIMIT 100",
        "Q6": f"SELECT raw FROM {ev} WHERE method = '{p['q6_method']}' AND ts >= {tlo} AND ts < {thi} ORDER BY ts DESC LIMIT 100",
        "Q7": f"SELECT raw FROM {ev} WHERE {contains(p['needle_ip'])} ORDER BY ts DESC",
        "Q7n": f"SELECT count(*) FROM {ev} WHERE {contains(p['absent_ip'])}",
        "Q8": f"SELECT {hour} h, method, count(*) FROM {ev} WHERE {isf} OR {bad} GROUP BY 1, 2",
        "Q9": f"SELECT count(*) FROM {ev} WHERE resource LIKE '%/topic={p['q9_prefix']}%'",
        "Q9r": f"SELECT raw FROM {ev} WHERE resource LIKE '%/topic={p['q9_prefix']}%' ORDER BY ts DESC LIMIT 100",
    }


def shape(q, rows):
    if q in ("Q1", "Q7n", "Q9"): return int(rows[0][0])
    if q in ("Q2", "Q3"): return [(str(r[0]), int(r[1])) for r in rows]
    if q == "Q8": return len(rows), sum(int(r[2]) for r in rows)
    return [r[0] for r in rows]


class Peer:
    name = ""; server = False; mods = ()
    lacks = {}                                 # questions that it has no way to answer, and why
    @classmethod
    def missing(cls): return False
    def __init__(self, work, corpus): self.dir = os.path.join(work, self.name); self.corpus = corpus
    def files(self): return [f for f in glob.glob(self.dir + "/**/*", recursive=True) if os.path.isfile(f)]
    def disk(self): return sum(os.stat(f).st_blocks * 512 for f in self.files())
    def prepare(self): shutil.rmtree(self.dir, ignore_errors=True); os.makedirs(self.dir)
    def ingest(self): ...
    def open(self): ...
    def close(self): ...
    def export(self, out): raise NotImplementedError
    def pids(self): return []


# --------------------------------------------------------------------------- DuckDB
class DuckNDJSON(Peer):
    """DuckDB straight over the NDJSON file, nothing ingested."""
    mods = ("duckdb",)
    name = "duckdb_ndjson"
    def files(self): return [self.corpus]
    def open(self):
        import duckdb
        self.c = duckdb.connect(); self.c.execute("SET TimeZone='UTC'")
        self.q = struct_sql(f"read_json('{self.corpus}', format='newline_delimited', columns={STRUCT_COLS})")
        # full-record queries go over the raw line
        p = T["params"]; src = f"read_ndjson_objects('{self.corpus}')"
        self.q["Q7"] = f"SELECT json FROM {src} WHERE contains(json::VARCHAR,'{p['needle_ip']}') ORDER BY json->>'time' DESC"
        self.q["Q7n"] = f"SELECT count(*) FROM {src} WHERE contains(json::VARCHAR,'{p['absent_ip']}')"
        self.q["Q4"] = f"SELECT json FROM {src} WHERE json->>'id' = '{p['needle_id']}'"
    def run(self, q): return shape(q, self.c.execute(self.q[q]).fetchall())


STRUCT_COLS = ("{id:'UUID',source:'VARCHAR',specversion:'VARCHAR',type:'VARCHAR',datacontenttype:'VARCHAR',subject:'VARCHAR',time:'TIMESTAMP',"
               "data:'STRUCT(serviceName VARCHAR, methodName VARCHAR, resourceName VARCHAR, authenticationInfo STRUCT(principal JSON, identity VARCHAR, metadata STRUCT(mechanism VARCHAR, identifier VARCHAR), exposure VARCHAR, result VARCHAR, credentials JSON), "
               "authorizationInfo STRUCT(granted BOOLEAN, operation VARCHAR, resourceType VARCHAR, resourceName VARCHAR, patternType VARCHAR, actingPrincipal VARCHAR, assignedPrincipals VARCHAR[], rbacAuthorization JSON, aclAuthorization JSON), "
               "requestMetadata STRUCT(requestId JSON, clientAddress STRUCT(ip VARCHAR, port BIGINT)[], clientId VARCHAR, connectionId VARCHAR), request JSON, result STRUCT(status VARCHAR, message VARCHAR, data JSON), cloudResources JSON)'}")


def struct_sql(src):
    p = T["params"]; lo, hi = hour_bounds()
    rec = "to_json(e)"
    return {
        "Q1": f"SELECT count(*) FROM {src} e",
        "Q2": f"SELECT type, count(*) FROM {src} e GROUP BY type",
        "Q3": f"SELECT data.authenticationInfo.principal->>'$' p, count(*) c FROM {src} e WHERE data.authorizationInfo.granted = false GROUP BY p ORDER BY c DESC, p LIMIT 10",
        "Q4": f"SELECT {rec} FROM {src} e WHERE id = '{p['needle_id']}'",
        "Q5": f"SELECT {rec} FROM {src} e WHERE data.authenticationInfo.principal->>'$' = '{p['rare_principal']}' ORDER BY time DESC LIMIT 100",
        "Q6": f"SELECT {rec} FROM {src} e WHERE data.methodName = '{p['q6_method']}' AND time >= '{lo}' AND time < '{hi}' ORDER BY time DESC LIMIT 100",
        "Q7": f"SELECT {rec} FROM {src} e WHERE contains(to_json(e)::VARCHAR, '{p['needle_ip']}') ORDER BY time DESC",
        "Q7n": f"SELECT count(*) FROM {src} e WHERE contains(to_json(e)::VARCHAR, '{p['absent_ip']}')",
        "Q8": f"SELECT date_trunc('hour', time) h, data.methodName, count(*) FROM {src} e WHERE data.authorizationInfo.granted = false OR data.result.status <> 'SUCCESS' GROUP BY 1, 2",
        "Q9": f"SELECT count(*) FROM {src} e WHERE data.resourceName LIKE '%/topic={p['q9_prefix']}%'",
        "Q9r": f"SELECT {rec} FROM {src} e WHERE data.resourceName LIKE '%/topic={p['q9_prefix']}%' ORDER BY time DESC LIMIT 100",
    }


def duck_extract(corpus):
    arr = "[" + ",".join(f"'{x}'" for x in PATHS) + "]"
    cast = {"id": "::UUID", "ts": "::TIMESTAMP", "granted": "::BOOLEAN"}
    cols = ", ".join(f"x[{i + 1}]{cast.get(n, '')} AS {n}" for i, n in enumerate(NAMES))
    return f"SELECT {cols}, raw FROM (SELECT json::VARCHAR AS raw, json_extract_string(json, {arr}) AS x FROM read_ndjson_objects('{corpus}'))"


class DuckStruct(Peer):
    """CREATE TABLE AS SELECT * FROM read_json_auto: typed nested columns, no raw line kept."""
    mods = ("duckdb",)
    name = "duckdb_struct"
    def ingest(self):
        import duckdb
        c = duckdb.connect(self.dir + "/ev.duckdb"); c.execute("SET TimeZone='UTC'")
        c.execute(f"CREATE TABLE ev AS SELECT * FROM read_json('{self.corpus}', format='newline_delimited', columns={STRUCT_COLS})")
        c.execute("CHECKPOINT"); c.close()
    def open(self):
        import duckdb
        self.c = duckdb.connect(self.dir + "/ev.duckdb", read_only=True); self.c.execute("SET TimeZone='UTC'"); self.q = struct_sql("ev")
    def run(self, q): return shape(q, self.c.execute(self.q[q]).fetchall())
    def export(self, out): self.c.execute(f"COPY (SELECT * FROM ev) TO '{out}' (FORMAT json)")


class DuckCols(Peer):
    """14 extracted columns + the raw line (zstd-compressed VARCHAR), DuckDB's own table."""
    mods = ("duckdb",)
    name = "duckdb_cols"
    def ingest(self):
        import duckdb
        c = duckdb.connect(self.dir + "/ev.duckdb", config={"storage_compatibility_version": "latest"}); c.execute("SET TimeZone='UTC'")
        c.execute("CREATE TABLE ev (id UUID, ts TIMESTAMP, type VARCHAR, method VARCHAR, resource VARCHAR, principal VARCHAR, granted BOOLEAN, operation VARCHAR, client_ip VARCHAR, client_id VARCHAR, mechanism VARCHAR, identifier VARCHAR, status VARCHAR, request_id VARCHAR, raw VARCHAR USING COMPRESSION zstd)")
        c.execute("INSERT INTO ev " + duck_extract(self.corpus)); c.execute("CHECKPOINT"); c.close()
    def open(self):
        import duckdb
        self.c = duckdb.connect(self.dir + "/ev.duckdb", read_only=True); self.c.execute("SET TimeZone='UTC'"); self.q = sql_cols("duck")
    def run(self, q): return shape(q, self.c.execute(self.q[q]).fetchall())
    def export(self, out): self.c.execute(f"COPY (SELECT raw FROM ev) TO '{out}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')")


class DuckParquet(DuckCols):
    """Same columns in one zstd Parquet file (written by DuckDB), queried by DuckDB."""
    name = "duckdb_parquet"
    def ingest(self):
        import duckdb
        c = duckdb.connect(); c.execute("SET TimeZone='UTC'")
        f = self.dir + "/ev.parquet"
        c.execute(f"COPY ({duck_extract(self.corpus)}) TO '{f}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")
        fd = os.open(f, os.O_RDONLY); os.fsync(fd); os.close(fd)
    def open(self):
        import duckdb
        self.c = duckdb.connect(); self.c.execute("SET TimeZone='UTC'")
        self.c.execute(f"CREATE VIEW ev AS SELECT * FROM read_parquet('{self.dir}/ev.parquet')"); self.q = sql_cols("duck")


class PolarsParquet(Peer):
    """polars lazy scan of the same Parquet file."""
    mods = ("polars",)
    name = "polars_parquet"
    def prepare(self): pass
    def files(self): return [os.path.join(os.path.dirname(self.dir), "duckdb_parquet", "ev.parquet")]
    ingest = None
    def open(self):
        import polars as pl
        self.pl = pl; self.lf = pl.scan_parquet(self.files()[0])
    def run(self, q):
        pl, lf, p = self.pl, self.lf, T["params"]; c = pl.col
        import datetime as dt
        lo, hi = hour_bounds(); lo = dt.datetime.fromisoformat(lo); hi = dt.datetime.fromisoformat(hi)
        e = {"Q1": lambda: lf.select(pl.len()), "Q2": lambda: lf.group_by("type").len(),
             "Q3": lambda: lf.filter(c("granted") == False).group_by("principal").len().sort("len", "principal", descending=[True, False]).head(10),
             "Q4": lambda: lf.filter(c("id") == p["needle_id"]).select("raw"),
             "Q5": lambda: lf.filter(c("principal") == p["rare_principal"]).sort("ts", descending=True).head(100).select("raw"),
             "Q6": lambda: lf.filter((c("method") == p["q6_method"]) & (c("ts") >= lo) & (c("ts") < hi)).sort("ts", descending=True).head(100).select("raw"),
             "Q7": lambda: lf.filter(c("raw").str.contains(p["needle_ip"], literal=True)).sort("ts", descending=True).select("raw"),
             "Q7n": lambda: lf.filter(c("raw").str.contains(p["absent_ip"], literal=True)).select(pl.len()),
             "Q8": lambda: lf.filter((c("granted") == False) | (c("status") != "SUCCESS")).group_by(c("ts").dt.truncate("1h"), "method").len(),
             "Q9": lambda: lf.filter(c("resource").str.contains("/topic=" + p["q9_prefix"], literal=True)).select(pl.len()),
             "Q9r": lambda: lf.filter(c("resource").str.contains("/topic=" + p["q9_prefix"], literal=True)).sort("ts", descending=True).head(100).select("raw")}[q]()
        if q == "Q4" and "id" in lf.collect_schema() and str(lf.collect_schema()["id"]) == "Binary":
            import uuid
            e = lf.filter(c("id") == uuid.UUID(p["needle_id"]).bytes).select("raw")
        return shape(q, e.collect(engine="streaming").rows())


# --------------------------------------------------------------------------- chDB / ClickHouse
CH_TUPLE = ("Tuple(id String, time String, type String, data Tuple(methodName String, resourceName String, authenticationInfo Tuple(principal String, metadata Tuple(mechanism String, identifier String)), "
            "authorizationInfo Tuple(granted Nullable(Bool), operation String), requestMetadata Tuple(requestId String, clientId String, clientAddress Array(Tuple(ip String))), result Tuple(status String)))")


class CH(Peer):
    """ClickHouse engine in process (chDB): MergeTree ORDER BY ts, extracted columns + raw line ZSTD(1), skip indexes on id, principal
    and a text index on raw."""
    mods = ("chdb.session",)
    name = "chdb_mergetree"
    fmt = "x"
    idx = ("INDEX i_id id TYPE bloom_filter(0.01) GRANULARITY 1, INDEX i_pr principal TYPE bloom_filter(0.01) GRANULARITY 1, "
           "INDEX i_raw raw TYPE text(tokenizer = splitByNonAlpha)")
    def ddl(self):
        return ("CREATE TABLE ev (id UUID, ts DateTime64(3,'UTC') CODEC(DoubleDelta, ZSTD(1)), type LowCardinality(String), method LowCardinality(String), resource String CODEC(ZSTD(1)), "
                "principal LowCardinality(String), granted Nullable(Bool), operation LowCardinality(String), client_ip LowCardinality(String), client_id LowCardinality(String), mechanism LowCardinality(String), "
                "identifier LowCardinality(String), status LowCardinality(String), request_id String CODEC(ZSTD(1)), raw String CODEC(ZSTD(1))" + (", " + self.idx if self.idx else "") +
                ") ENGINE MergeTree ORDER BY ts SETTINGS fsync_after_insert=1, fsync_part_directory=1")
    def sess(self):
        from chdb import session
        self.s = session.Session(self.dir + "/db")
    def do(self, q):
        r = self.s.query(q)
        if hasattr(r, "has_error") and r.has_error(): raise RuntimeError(r.error_message())
    def insert(self):
        self.sess(); self.do(self.ddl())
        self.do(f"INSERT INTO ev SELECT t.id, parseDateTime64BestEffort(t.time,3,'UTC'), t.type, t.data.methodName, t.data.resourceName, t.data.authenticationInfo.principal, t.data.authorizationInfo.granted, t.data.authorizationInfo.operation, t.data.requestMetadata.clientAddress[1].ip, t.data.requestMetadata.clientId, t.data.authenticationInfo.metadata.mechanism, t.data.authenticationInfo.metadata.identifier, t.data.result.status, t.data.requestMetadata.requestId, raw FROM (SELECT line AS raw, JSONExtract(line, '{CH_TUPLE}') AS t FROM file('{self.corpus}', 'LineAsString', 'line String')) SETTINGS max_insert_threads=2")
    def merge(self):
        self.do("OPTIMIZE TABLE ev FINAL")
        self.disk_active = self.active(); self.s.close(); os.sync()
    def ingest(self): self.insert(); self.merge()
    def open(self): self.sess(); self.q = sql_cols("ch")
    def active(self): return int(self.s.query("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table='ev'", "TSVRaw").bytes())
    def close(self): self.s.close()
    def run(self, q):
        sql = self.q[q] + " SETTINGS use_query_condition_cache=0"      # else a repeated filter is answered from a cache of its own result
        if q in ("Q4", "Q5", "Q6", "Q7", "Q9r"): return self.s.query(sql, "TSVRaw").bytes().splitlines()
        b = self.s.query(sql, "TSVRaw").bytes().decode()
        return shape(q, [l.split("\t") for l in b.splitlines()])
    def export(self, out):
        if os.path.exists(out): os.unlink(out)
        self.s.query(f"INSERT INTO FUNCTION file('{out}','TSVRaw','raw String') SELECT raw FROM ev SETTINGS engine_file_truncate_on_insert=1")


class CHNoText(CH):
    """The same without the text index on raw."""
    name = "chdb_notext"
    idx = "INDEX i_id id TYPE bloom_filter(0.01) GRANULARITY 1, INDEX i_pr principal TYPE bloom_filter(0.01) GRANULARITY 1"
    def open(self):
        super().open(); p = T["params"]
        for k in ("Q7", "Q7n"):
            for ip in (p["needle_ip"], p["absent_ip"]): self.q[k] = self.q[k].replace(f"hasAllTokens(raw,'{ip}') AND ", "")


class CHJSON(CH):
    """ClickHouse's JSON column type (typed paths for the hot fields), ORDER BY (type, method, ts); no raw line kept."""
    name = "chdb_json"
    def ddl(self):
        return ("CREATE TABLE ev (j JSON(id UUID, time DateTime64(3,'UTC'), type LowCardinality(String), data.methodName LowCardinality(String), data.resourceName String, data.authorizationInfo.granted Nullable(Bool), data.result.status LowCardinality(String)) CODEC(ZSTD(1)), "
                "INDEX i_id j.id TYPE bloom_filter(0.01) GRANULARITY 1) ENGINE MergeTree ORDER BY (j.time) SETTINGS fsync_after_insert=1, fsync_part_directory=1")
    def insert(self):
        self.sess(); self.do(self.ddl())
        self.do(f"INSERT INTO ev SELECT json FROM file('{self.corpus}', 'JSONAsObject', 'json JSON') SETTINGS max_insert_threads=2, input_format_json_infer_array_of_dynamic_from_array_of_different_types=0")
    def open(self):
        self.sess(); p = T["params"]; lo, hi = hour_bounds()
        pr = "j.data.authenticationInfo.principal::String"
        self.q = {
            "Q1": "SELECT count() FROM ev", "Q2": "SELECT j.type, count() FROM ev GROUP BY 1",
            "Q3": f"SELECT {pr} p, count() c FROM ev WHERE j.data.authorizationInfo.granted = 0 GROUP BY p ORDER BY c DESC, p LIMIT 10",
            "Q4": f"SELECT j FROM ev WHERE j.id = '{p['needle_id']}'",
            "Q5": f"SELECT j FROM ev WHERE {pr} = '{p['rare_principal']}' ORDER BY j.time DESC LIMIT 100",
            "Q6": f"SELECT j FROM ev WHERE j.data.methodName = '{p['q6_method']}' AND j.time >= '{lo}' AND j.time < '{hi}' ORDER BY j.time DESC LIMIT 100",
            "Q7": f"SELECT j FROM ev WHERE toString(j) LIKE '%{p['needle_ip']}%' ORDER BY j.time DESC",
            "Q7n": f"SELECT count() FROM ev WHERE toString(j) LIKE '%{p['absent_ip']}%'",
            "Q8": "SELECT toStartOfHour(j.time) h, j.data.methodName, count() FROM ev WHERE j.data.authorizationInfo.granted = 0 OR j.data.result.status NOT IN ('SUCCESS','') GROUP BY 1, 2",
            "Q9": f"SELECT count() FROM ev WHERE j.data.resourceName LIKE '%/topic={p['q9_prefix']}%'",
            "Q9r": f"SELECT j FROM ev WHERE j.data.resourceName LIKE '%/topic={p['q9_prefix']}%' ORDER BY j.time DESC LIMIT 100"}
    def export(self, out):
        if os.path.exists(out): os.unlink(out)
        self.s.query(f"INSERT INTO FUNCTION file('{out}','TSVRaw','j String') SELECT toString(j) FROM ev SETTINGS engine_file_truncate_on_insert=1")


class CHParquet(CH):
    """ClickHouse engine over the same Parquet file."""
    name = "chdb_parquet"; ingest = None
    def prepare(self): pass
    def files(self): return [os.path.join(os.path.dirname(self.dir), "duckdb_parquet", "ev.parquet")]
    def open(self):
        from chdb import session
        self.s = session.Session()
        p = T["params"]; self.q = {}
        for k, v in sql_cols("ch").items():
            for ip in (p["needle_ip"], p["absent_ip"]): v = v.replace(f"hasAllTokens(raw,'{ip}') AND ", "")
            v = v.replace("FROM ev", f"FROM file('{self.files()[0]}','Parquet')")
            self.q[k] = v
    export = None


# --------------------------------------------------------------------------- SQLite
class SQLite(Peer):
    """Python sqlite3, WAL, synchronous=FULL, a transaction per 20,000 rows, 14 columns + raw, B-tree indexes on id, ts,
    (principal,ts), (method,ts), partial index on failures, (type)."""
    name = "sqlite"; fts = False
    def ingest(self):
        import sqlite3, orjson
        c = sqlite3.connect(self.dir + "/ev.sqlite", isolation_level=None)
        c.execute("PRAGMA page_size=8192"); c.execute("PRAGMA journal_mode=WAL"); c.execute("PRAGMA synchronous=FULL"); c.execute("PRAGMA cache_size=-200000")
        c.execute("CREATE TABLE ev (seq INTEGER PRIMARY KEY, id TEXT, ts TEXT, type TEXT, method TEXT, resource TEXT, principal TEXT, granted INT, operation TEXT, client_ip TEXT, client_id TEXT, mechanism TEXT, identifier TEXT, status TEXT, request_id TEXT, raw TEXT)")
        for s in ("CREATE UNIQUE INDEX i1 ON ev(id)", "CREATE INDEX i2 ON ev(ts)", "CREATE INDEX i3 ON ev(principal,ts)", "CREATE INDEX i4 ON ev(method,ts)",
                  "CREATE INDEX i5 ON ev(type)", "CREATE INDEX i6 ON ev(ts,method,principal) WHERE granted=0 OR status<>'SUCCESS'", "CREATE INDEX i7 ON ev(principal) WHERE granted=0"):
            c.execute(s)
        if self.fts:
            c.execute("CREATE VIRTUAL TABLE fts USING fts5(raw, content='ev', content_rowid='seq', detail='none', tokenize=\"unicode61 tokenchars '.-_:'\")")
        ins = "INSERT INTO ev(id,ts,type,method,resource,principal,granted,operation,client_ip,client_id,mechanism,identifier,status,request_id,raw) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
        def rows():
            for l in open(self.corpus, "rb"):
                d = orjson.loads(l); a = d["data"]; ai = a["authenticationInfo"]; z = a.get("authorizationInfo") or {}; m = a.get("requestMetadata") or {}; md = ai.get("metadata") or {}
                p = ai.get("principal"); r = m.get("requestId")
                if not isinstance(p, str): p = orjson.dumps(p).decode()
                if isinstance(r, list): r = r[0]
                yield (d["id"], d["time"], d["type"], a["methodName"], a["resourceName"], p, z.get("granted"), z.get("operation"), m["clientAddress"][0]["ip"], m.get("clientId"), md.get("mechanism"), md.get("identifier"), (a.get("result") or {}).get("status"), r, l[:-1].decode())
        import itertools
        it = rows(); last = 0
        while True:
            b = list(itertools.islice(it, 20000))
            if not b: break
            c.execute("BEGIN"); c.executemany(ins, b)
            if self.fts:
                c.execute("INSERT INTO fts(rowid,raw) SELECT seq,raw FROM ev WHERE seq>?", (last,)); last += len(b)
            c.execute("COMMIT")
        c.execute("PRAGMA wal_checkpoint(TRUNCATE)"); c.close()
    def open(self):
        import sqlite3
        self.c = sqlite3.connect(self.dir + "/ev.sqlite"); self.c.execute("PRAGMA mmap_size=17179869184"); self.c.execute("PRAGMA cache_size=-200000")
        self.q = sql_cols("sqlite"); p = T["params"]
        if self.fts:
            self.q["Q7"] = f"SELECT raw FROM ev WHERE seq IN (SELECT rowid FROM fts WHERE fts MATCH '\"{p['needle_ip']}\"') ORDER BY ts DESC"
            self.q["Q7n"] = f"SELECT count(*) FROM fts WHERE fts MATCH '\"{p['absent_ip']}\"'"
            self.q["Q9"] = f"SELECT count(*) FROM ev WHERE seq IN (SELECT rowid FROM fts WHERE fts MATCH '\"{p['q9_prefix']}\" *') AND resource LIKE '%/topic={p['q9_prefix']}%'"
            self.q["Q9r"] = f"SELECT raw FROM ev WHERE seq IN (SELECT rowid FROM fts WHERE fts MATCH '\"{p['q9_prefix']}\" *') AND resource LIKE '%/topic={p['q9_prefix']}%' ORDER BY ts DESC LIMIT 100"
    def run(self, q): return shape(q, self.c.execute(self.q[q]).fetchall())
    def export(self, out):
        with open(out, "w") as f:
            for (r,) in self.c.execute("SELECT raw FROM ev"): f.write(r); f.write("\n")


class SQLiteFTS(SQLite):
    """The same plus an external-content FTS5 index over raw (detail=none, '.-_:' as token characters)."""
    name = "sqlite_fts5"; fts = True


# --------------------------------------------------------------------------- grep family
class RG(Peer):
    """ripgrep (+ jq, sort, uniq) over the plain file."""
    name = "ripgrep_jq"; ingest = None; cmd = "rg -N"; tail = True
    def prepare(self): os.makedirs(self.dir, exist_ok=True)
    def files(self): return [self.corpus]
    def open(self):
        p = T["params"]; f = self.src()
        R = self.cmd; pipe = self.pipe()
        self.q = {
            "Q1": f"{pipe} wc -l {f}" if pipe else f"wc -l < {f}",
            "Q2": f"{pipe} {R} -o '\"type\":\"io\\.confluent\\.[^\"]+\"' {f} | LC_ALL=C sort | uniq -c",
            "Q3": f"{pipe} {R} -F '\"granted\":false' {f} | jq -r .data.authenticationInfo.principal | LC_ALL=C sort | uniq -c | sort -rn | head -10",
            "Q4": f"{pipe} {R} -F '\"id\":\"{p['needle_id']}\"' {f}",
            "Q5": f"{pipe} {R} -F '\"principal\":\"{p['rare_principal']}\"' {f} | tail -n 100",
            "Q6": f"{pipe} {R} -F '\"time\":\"{p['q6_hour']}' {f} | rg -NF '\"methodName\":\"{p['q6_method']}\"' | tail -n 100",
            "Q7": f"{pipe} {R} -F '{p['needle_ip']}' {f}",
            "Q7n": f"({pipe} {R} -F '{p['absent_ip']}' {f} | wc -l)",
            "Q8": f"{pipe} {R} '\"granted\":false|\"status\":\"(FAILURE|UNAUTHENTICATED)\"' {f} | jq -r '[.time[0:13],.data.methodName]|@tsv' | LC_ALL=C sort | uniq -c",
            "Q9": f"{pipe} {R} -F '/topic={p['q9_prefix']}' {f} | rg -c '\"resourceName\":\"[^\"]*/topic={p['q9_prefix']}'",
            "Q9r": f"{pipe} {R} -F '/topic={p['q9_prefix']}' {f} | rg -N '\"resourceName\":\"[^\"]*/topic={p['q9_prefix']}' | tail -n 100"}
    def src(self): return self.corpus
    def pipe(self): return ""
    def run(self, q):
        b = subprocess.run(["bash", "-c", self.q[q]], stdout=subprocess.PIPE).stdout
        if q in ("Q1", "Q7n", "Q9"): return int(b.split()[0])
        L = b.decode().splitlines()
        if q in ("Q2", "Q3"): return [(x.split(None, 1)[1].removeprefix('"type":').strip('"'), int(x.split()[0])) for x in L]
        if q == "Q8": return len(L), sum(int(x.split()[0]) for x in L)
        return L
    def export(self, out): subprocess.run(["bash", "-c", f"{self.pipe() or 'cat'} {self.src()} > {out}" if not self.pipe() else f"{self.pipe().rstrip('| ')} > {out}"])


class ZRG(RG):
    """zstd -3 file, `zstd -dc | rg`."""
    name = "zstd_rg"
    def prepare(self): Peer.prepare(self)
    def files(self): return [self.dir + "/ev.ndjson.zst"]
    def ingest(self):
        subprocess.run(["bash", "-c", f"zstd -q -3 -T2 {self.corpus} -o {self.dir}/ev.ndjson.zst && sync {self.dir}/ev.ndjson.zst"], check=True)
    def src(self): return ""
    def pipe(self): return f"zstd -dcq {self.dir}/ev.ndjson.zst |"


# --------------------------------------------------------------------------- tantivy
class Tantivy(Peer):
    """tantivy-py (the engine inside Quickwit): id/type/method/principal raw-tokenised + fast, time fast date, JSON body default-tokenised
    with positions, raw stored (LZ4 blocks)."""
    mods = ("tantivy",)
    name = "tantivy"
    def schema(self):
        import tantivy
        b = tantivy.SchemaBuilder()
        for f in ("id", "type", "method", "principal", "outcome", "hourmethod"):
            b.add_text_field(f, stored=False, fast=(f != "id"), tokenizer_name="raw", index_option="basic")
        b.add_text_field("resource", stored=False, fast=False, tokenizer_name="default", index_option="position")
        b.add_text_field("body", stored=True, tokenizer_name="default", index_option="position")
        b.add_date_field("ts", stored=False, indexed=True, fast=True)
        return b.build()
    def ingest(self):
        import tantivy, orjson
        from datetime import datetime
        ix = tantivy.Index(self.schema(), path=self.dir)
        w = ix.writer(heap_size=512_000_000, num_threads=2)
        for l in open(self.corpus, "rb"):
            d = orjson.loads(l); a = d["data"]; p = a["authenticationInfo"].get("principal"); z = a.get("authorizationInfo"); r = a.get("result")
            doc = tantivy.Document()
            doc.add_text("id", d["id"]); doc.add_text("type", d["type"]); doc.add_text("method", a["methodName"]); doc.add_text("resource", a["resourceName"])
            if isinstance(p, str): doc.add_text("principal", p)
            den = z is not None and not z["granted"]; fail = den or (r is not None and r["status"] != "SUCCESS")
            doc.add_text("outcome", "denied" if den else "failed" if fail else "ok")
            doc.add_text("hourmethod", d["time"][:13] + " " + a["methodName"])
            doc.add_date("ts", datetime.fromisoformat(d["time"][:-1])); doc.add_text("body", l[:-1].decode())
            w.add_document(doc)
        w.commit(); w.wait_merging_threads()
    def open(self):
        import tantivy
        self.t = tantivy; self.ix = tantivy.Index.open(self.dir); self.s = self.ix.searcher(); self.sc = self.ix.schema
    def term(self, f, v): return self.t.Query.term_query(self.sc, f, v)
    def docs(self, q, n, order=True):
        t = self.t
        r = self.s.search(q, limit=n, order_by_field="ts", order=t.Order.Desc, count=False)
        return [self.s.doc(a)["body"][0] for _, a in r.hits]
    def run(self, q):
        t, p = self.t, T["params"]
        if q == "Q1": return self.s.num_docs
        if q == "Q2":
            r = self.s.aggregate(t.Query.all_query(), {"a": {"terms": {"field": "type", "size": 100}}})
            return [(b["key"], int(b["doc_count"])) for b in r["a"]["buckets"]]
        if q == "Q3":
            r = self.s.aggregate(self.term("outcome", "denied"), {"a": {"terms": {"field": "principal", "size": 10, "segment_size": 3000}}})
            return [(b["key"], int(b["doc_count"])) for b in r["a"]["buckets"]]
        if q == "Q4": return self.docs(self.term("id", p["needle_id"]), 10)
        if q == "Q5": return self.docs(self.term("principal", p["rare_principal"]), 100)
        if q == "Q6":
            from datetime import datetime
            lo, hi = (datetime.fromisoformat(x) for x in hour_bounds())
            rq = t.Query.range_query(self.sc, "ts", t.FieldType.Date, lo, hi, include_upper=False)
            return self.docs(t.Query.boolean_query([(t.Occur.Must, self.term("method", p["q6_method"])), (t.Occur.Must, rq)]), 100)
        if q in ("Q7", "Q7n"):
            ip = p["needle_ip"] if q == "Q7" else p["absent_ip"]
            pq = t.Query.phrase_query(self.sc, "body", ip.split("."))
            return self.docs(pq, 1000) if q == "Q7" else self.s.search(pq, limit=1, count=True).count
        if q == "Q8":
            qq = t.Query.boolean_query([(t.Occur.Should, self.term("outcome", "denied")), (t.Occur.Should, self.term("outcome", "failed"))])
            r = self.s.aggregate(qq, {"a": {"terms": {"field": "hourmethod", "size": 65000}}})
            b = r["a"]["buckets"]
            return len(b), sum(int(x["doc_count"]) for x in b)
        pq = t.Query.phrase_query(self.sc, "resource", ["topic", p["q9_prefix"].strip("-")])
        if q == "Q9": return self.s.search(pq, limit=1, count=True).count
        return self.docs(pq, 100)


# --------------------------------------------------------------------------- VictoriaLogs
class VL(Peer):
    """VictoriaLogs over HTTP: /insert/jsonline (one POST stream per half of the file, 2 streams), _stream_fields=type,data.methodName; nested JSON is
    flattened by it; LogsQL over /select/logsql/query.  Time includes HTTP and reading the whole answer."""
    name = "victorialogs"; server = True; port = 19428; streams = "type,data.methodName"; nconn = 2; rawmsg = False
    binary = os.environ.get("VL_BIN", ".bench/bin/victoria-logs")
    @classmethod
    def missing(cls): return not os.path.exists(cls.binary)
    def start(self):
        self.p = subprocess.Popen([self.binary, f"-storageDataPath={self.dir}/data", f"-httpListenAddr=127.0.0.1:{self.port}", "-retentionPeriod=10y", "-futureRetention=10y", "-loggerLevel=ERROR",
                                   "-search.maxQueryDuration=300s"], stdout=subprocess.DEVNULL, stderr=open(self.dir + "/../" + self.name + ".log", "ab"))
        for _ in range(400):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2).read(); break
            except Exception: time.sleep(0.025)
        self.h = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
    p = None
    def pids(self): return [self.p.pid] if self.p else []
    def stop(self): self.h.close(); self.p.terminate(); self.p.wait(); self.p = None
    def post(self, lo, hi):
        f = open(self.corpus, "rb")
        if lo: f.seek(lo); f.readline()
        conn = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        q = urllib.parse.urlencode({"_stream_fields": self.streams, "_time_field": "time", "_msg_field": "_msg"})
        while f.tell() < hi:                      # requests of ~4 MB, as a log shipper would batch
            b = bytearray()
            while len(b) < (4 << 20) and f.tell() < hi:
                c = f.readlines(min(1 << 20, max(1, hi - f.tell())))
                if not c: break
                b += b"".join(c)
            if not b: break
            conn.request("POST", "/insert/jsonline?" + q, body=bytes(b), headers={"Content-Type": "application/stream+json"})
            r = conn.getresponse(); r.read()
            if r.status >= 300: raise RuntimeError(r.status)
        conn.close()
    def ingest(self):
        self.start()
        try:
            n = os.path.getsize(self.corpus)
            th = [threading.Thread(target=self.post, args=(n * k // self.nconn, n * (k + 1) // self.nconn)) for k in range(self.nconn)]
            [t.start() for t in th]; [t.join() for t in th]
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/internal/force_flush").read()
            self.extra = {"ack_s": time.time() - self.t0}
            self.procstat = procstat(self.p.pid)
        finally:
            self.stop()                            # SIGTERM: flushes all to disk
    def open(self):
        self.start(); p = T["params"]; lo, hi = hour_bounds(); lo = lo.replace(" ", "T") + "Z"; hi = hi.replace(" ", "T") + "Z"
        tr = "_time:[2026-03-01Z,2026-04-01Z)"
        allf = ["data.requestMetadata.clientAddress", "data.result.message", "data.authorizationInfo.aclAuthorization.host", "source", "subject", "data.resourceName", "data.serviceName",
                "data.authenticationInfo.principal", "data.authenticationInfo.metadata.identifier", "data.requestMetadata.clientId", "data.requestMetadata.connectionId", "data.requestMetadata.requestId", "data.request.clientId",
                "data.cloudResources", "data.request.data.topics", "data.authorizationInfo.resourceName", "data.authenticationInfo.principal.email", "data.authenticationInfo.identity"]
        anyf = lambda s: "(" + " or ".join(f'"{f}":"{s}"' for f in allf) + ")"
        self.q = {
            "Q1": f"{tr} | stats count() c", "Q2": f"{tr} | stats by (type) count() c",
            "Q3": f"{tr} data.authorizationInfo.granted:=false | top 10 by (data.authenticationInfo.principal)",
            "Q4": f"{tr} id:={p['needle_id']}",
            "Q5": f"{tr} \"data.authenticationInfo.principal\":=\"{p['rare_principal']}\" | sort by (_time desc) limit 100",
            "Q6": f"_time:[{lo},{hi}) \"data.methodName\":=\"{p['q6_method']}\" | sort by (_time desc) limit 100",
            "Q7": f"{tr} {anyf(p['needle_ip'])} | sort by (_time desc)",
            "Q7n": f"{tr} {anyf(p['absent_ip'])} | stats count() c",
            "Q8": f"{tr} (data.authorizationInfo.granted:=false or (data.result.status:* data.result.status:!=SUCCESS)) | stats by (_time:1h, data.methodName) count() c",
            "Q9": f"{tr} \"data.resourceName\":~\"/topic={p['q9_prefix']}\" | stats count() c",
            "Q9r": f"{tr} \"data.resourceName\":~\"/topic={p['q9_prefix']}\" | sort by (_time desc) limit 100"}
    def close(self): self.stop()
    def run(self, q):
        import orjson
        self.h.request("POST", "/select/logsql/query", body=urllib.parse.urlencode({"query": self.q[q]}), headers={"Content-Type": "application/x-www-form-urlencoded"})
        r = self.h.getresponse(); b = r.read()
        if r.status != 200: raise RuntimeError(b[:300])
        L = b.splitlines()
        if q in ("Q1", "Q7n", "Q9"): return int(orjson.loads(L[0])["c"])
        if q == "Q2": return [(d["type"], int(d["c"])) for d in map(orjson.loads, L)]
        if q == "Q3": return [(d["data.authenticationInfo.principal"], int(d["hits"])) for d in map(orjson.loads, L)]
        if q == "Q8":
            return len(L), sum(int(orjson.loads(x)["c"]) for x in L)
        return L
    def export(self, out):
        self.h.request("POST", "/select/logsql/query", body=urllib.parse.urlencode({"query": "_time:[2026-03-01Z,2026-04-01Z)"}), headers={"Content-Type": "application/x-www-form-urlencoded"})
        r = self.h.getresponse()
        with open(out, "wb") as f: shutil.copyfileobj(r, f, 1 << 20)


class VL1(VL):
    """VictoriaLogs as above, but default-ish: _stream_fields=type, one POST stream."""
    name = "victorialogs_1"; port = 19429; streams = "type"; nconn = 1


# --------------------------------------------------------------------------- Martlet
class Martlet(Peer):
    """Martlet: `martlet ingest --seal` (every event in the journal and synced, then in segments with their indexes), asked over HTTP of a running
    `martlet serve`; full records are the original bytes.  Time includes HTTP and reading the whole answer."""
    name = "martlet"; server = True; p = None
    binary = os.environ.get("MARTLET_BIN", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".build", "release", "martlet"))
    lacks = {q: "a query finds events; it does not count or group them yet" for q in ("Q1", "Q2", "Q3", "Q8")}
    @classmethod
    def missing(cls): return not os.path.exists(cls.binary)
    def data(self): return self.dir + "/data"
    def ingest(self): subprocess.run([self.binary, "ingest", "--data", self.data(), "--seal", "--quiet", self.corpus], check=True)
    def open(self):
        log = os.path.join(self.dir, "..", self.name + ".log")
        with open(log, "wb") as f:
            self.p = subprocess.Popen([self.binary, "serve", "--data", self.data(), "--port", "0", "--allow-anonymous-loopback", "--log-level", "error"],
                                      stdout=subprocess.DEVNULL, stderr=f)
        port = None
        while port is None:
            for l in open(log):
                if l.startswith("listening on ") and l.endswith("\n"): port = int(l.rsplit(":", 1)[1])
            if self.p.poll() is not None: raise RuntimeError(open(log).read()[-300:])
            time.sleep(0.002)
        self.h = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        p = T["params"]; lo, hi = (x.replace(" ", "T") + "Z" for x in hour_bounds())
        payments = f"data.resourceName:*/topic={p['q9_prefix']}*"
        self.q = {"Q4": dict(filter=f"id:{p['needle_id']}"),
                  "Q5": dict(filter=f"principal:{p['rare_principal']}"),
                  "Q6": {"filter": f"method:{p['q6_method']}", "from": lo, "to": hi},
                  "Q7": dict(filter=f"\"{p['needle_ip']}\"", limit=10000),
                  "Q7n": dict(filter=f"\"{p['absent_ip']}\""),
                  "Q9": dict(filter=payments, limit=10000),              # counted here, from the records
                  "Q9r": dict(filter=payments)}
    def close(self): self.h.close(); self.p.terminate(); self.p.wait(); self.p = None
    def pids(self): return [self.p.pid] if self.p else []
    def run(self, q):
        self.h.request("GET", "/v1/events?" + urllib.parse.urlencode(dict(dict(output="ndjson", limit=100), **self.q[q])))
        r = self.h.getresponse(); b = r.read()     # an answer that is not whole breaks off, and this raises
        if r.status != 200: raise RuntimeError(b[:300])
        L = b.splitlines()
        return len(L) if q in ("Q7n", "Q9") else L
    def export(self, out):
        if os.path.exists(out): os.unlink(out)
        subprocess.run([self.binary, "export", "--data", self.data(), "--output", "ndjson", "--to-file", out, "--quiet"], check=True)


PEERS = {c.name: c for c in (Martlet, DuckNDJSON, DuckStruct, DuckCols, DuckParquet, PolarsParquet, CH, CHNoText, CHJSON, CHParquet, SQLite, SQLiteFTS, RG, ZRG, Tantivy, VL, VL1)}


# --------------------------------------------------------------------------- harness
def procstat(pid):
    s = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    hwm = [int(l.split()[1]) for l in open(f"/proc/{pid}/status") if l.startswith("VmHWM")]
    return (int(s[11]) + int(s[12])) / os.sysconf("SC_CLK_TCK"), (hwm or [0])[0] * 1024


def cpu_now(peer):
    t = time.process_time()
    r = resource.getrusage(resource.RUSAGE_CHILDREN); t += r.ru_utime + r.ru_stime
    for pid in peer.pids(): t += procstat(pid)[0]
    return t


def waitns():
    w = 0
    for f in glob.glob("/proc/self/task/*/schedstat"):
        try: w += int(open(f).read().split()[1])
        except OSError: pass
    return w


def linesum(path):
    import zlib
    n = s = b = 0
    for l in open(path, "rb"): n += 1; b += len(l); s += zlib.crc32(l)
    return n, b, s


def evict(files):
    for f in files:
        try:
            fd = os.open(f, os.O_RDONLY); os.fsync(fd); os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED); os.close(fd)
        except OSError: pass


def prefault(files):
    buf = bytearray(1 << 22)
    for f in files:
        with open(f, "rb", buffering=0) as h:
            while h.readinto(buf): pass


def autogroup(v):
    try: open("/proc/self/autogroup", "w").write(str(v))
    except OSError: pass


def quiet(secs):
    """Wait until other jobs leave the CPUs alone (at most secs); then take priority for the measured step only."""
    for _ in range(secs):
        try: p = float(open("/proc/pressure/cpu").readline().split("avg10=")[1].split()[0])
        except (OSError, IndexError): break
        if p < 20: break
        time.sleep(1)
    n = int(os.environ.get("BENCH_NICE", "-15"))
    try: os.setpriority(os.PRIO_PROCESS, 0, n)
    except OSError: pass
    autogroup(n)


def worker(a):
    quiet(0 if a.step == "cold" else 20)
    peer = PEERS[a.peer](a.work, a.corpus)
    o = {}
    if a.step == "ingest":
        prefault([a.corpus])                            # the source file is in the page cache for every peer
        peer.prepare()
        peer.t0 = t0 = time.time(); c0 = cpu_now(peer); peer.ingest(); t1 = time.time()
        c = cpu_now(peer) - c0
        rss = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * 1024
        if getattr(peer, "procstat", None):
            rss = peer.procstat[1]; r = resource.getrusage(resource.RUSAGE_CHILDREN)
            o["client_cpu_s"] = c - (r.ru_utime + r.ru_stime); c = r.ru_utime + r.ru_stime
        o.update(wall_s=t1 - t0, cpu_s=c, rss=rss, disk=getattr(peer, "disk_active", None) or peer.disk(), **getattr(peer, "extra", {}))
    elif a.step == "warm":
        peer.open(); o["q"] = {}
        qs = a.queries.split(",") if a.queries else QS
        for q in qs:
            if q in peer.lacks:
                o["q"][q] = dict(err=peer.lacks[q]); continue
            try:
                t = time.time(); r = peer.run(q); first = time.time() - t
                ok = check(q, r); n = a.runs if first < 2 else 3 if first < 5 else 1
                if first < 2: peer.run(q)
                w = []; c0 = cpu_now(peer); s0 = waitns()
                for _ in range(n):
                    t = time.perf_counter(); peer.run(q); w.append((time.perf_counter() - t) * 1e3)
                o["q"][q] = dict(ok=ok, med=statistics.median(w), min=min(w), cpu=(cpu_now(peer) - c0) * 1e3 / n, wait=(waitns() - s0) / 1e6 / n, first=first * 1e3)
            except Exception as e:
                o["q"][q] = dict(err=repr(e)[:300])
        o["rss"] = max([resource.getrusage(k).ru_maxrss * 1024 for k in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)] if not peer.server else [procstat(p)[1] for p in peer.pids()])
        peer.close()
    elif a.step == "cold" and a.queries in peer.lacks:
        o["err"] = peer.lacks[a.queries]
    elif a.step == "cold":
        import importlib
        for m in peer.mods: importlib.import_module(m)
        evict(peer.files())
        if peer.server: peer.open()
        try:
            t = time.perf_counter()
            if not peer.server: peer.open()
            r = peer.run(a.queries); o["ms"] = (time.perf_counter() - t) * 1e3; o["ok"] = check(a.queries, r)
        except Exception as e: o["err"] = repr(e)[:200]
        peer.close()
    elif a.step == "export":
        out = os.path.join(a.work, "export.out")
        peer.open(); c0 = cpu_now(peer); t = time.perf_counter()
        try:
            peer.export(out); o = dict(s=time.perf_counter() - t, cpu_s=cpu_now(peer) - c0, bytes=os.path.getsize(out))
            o["exact"] = linesum(out) == linesum(a.corpus)      # same lines, byte for byte, in any order
        except Exception as e: o = dict(err=repr(e)[:200])
        peer.close()
        if os.path.exists(out): os.unlink(out)
    autogroup(0)
    print("@@" + json.dumps(o)); sys.stdout.flush()
    os._exit(0)


def call(a, peer, step, queries=""):
    cmd = [sys.executable, os.path.abspath(__file__), "worker", "--peer", peer, "--step", step, "--work", a.work, "--corpus", a.corpus, "--truth", a.truth, "--runs", str(a.runs), "--queries", queries]
    r = subprocess.run(cmd, capture_output=True, text=True, timeout=3600)
    for l in r.stdout.splitlines():
        if l.startswith("@@"): return json.loads(l[2:])
    return dict(err=(r.stderr or r.stdout)[-800:])


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("mode", choices=["all", "worker", "table"])
    ap.add_argument("--corpus", default=".bench/events-1m.ndjson"); ap.add_argument("--truth", default=".bench/truth-1m.json")
    ap.add_argument("--work", default=".bench/peers"); ap.add_argument("--out", default=".bench/results.json")
    ap.add_argument("--peers", default=""); ap.add_argument("--steps", default="ingest,warm,cold,export"); ap.add_argument("--runs", type=int, default=7)
    ap.add_argument("--peer"); ap.add_argument("--step"); ap.add_argument("--queries", default="")
    a = ap.parse_args()
    if a.mode == "table": return table(a)
    T.update(json.load(open(a.truth)))
    if a.mode == "worker": return worker(a)
    os.makedirs(a.work, exist_ok=True)
    res = json.load(open(a.out)) if os.path.exists(a.out) else {}
    for name in (a.peers.split(",") if a.peers else PEERS):
        r = res.setdefault(name, {})
        cls = PEERS[name]
        if cls.missing(): continue
        for st in a.steps.split(","):
            if st == "ingest":
                if cls.ingest is None or cls.ingest is Peer.ingest: continue
                r["ingest"] = call(a, name, "ingest")
            elif st == "cold":
                r["cold"] = {q: call(a, name, "cold", q) for q in (a.queries.split(",") if a.queries else QS)}
            elif st == "export":
                if cls.export is None or cls.export is Peer.export: continue
                r["export"] = call(a, name, "export")
            else:
                w = call(a, name, "warm", a.queries)
                if a.queries and "warm" in r and "q" in w: r["warm"]["q"].update(w["q"])
                else: r["warm"] = w
            r["events"] = T["events"]; r["bytes"] = T["bytes"]
            print(name, st, json.dumps(r.get(st))[:1500], "load", os.getloadavg()[0], flush=True)
            json.dump(res, open(a.out, "w"), indent=1)


def merge(files):
    """Best of several runs: per query the smallest median, min, CPU; per ingest/export the run with the least wall."""
    out = {}
    for f in files:
        for n, r in json.load(open(f)).items():
            o = out.setdefault(n, {"events": r.get("events"), "bytes": r.get("bytes")})
            for st, key in (("ingest", "wall_s"), ("export", "s")):
                x = r.get(st)
                if x and key in x and (st not in o or x.get("ack_s", x[key]) < o[st].get("ack_s", o[st][key])): o[st] = x
            q = o.setdefault("warm", {}).setdefault("q", {})
            for k, x in ((r.get("warm") or {}).get("q") or {}).items():
                if "err" in x: continue
                y = q.get(k)
                if y is None or (x["ok"] and not y["ok"]): q[k] = dict(x)
                elif x["ok"] == y["ok"]: q[k] = dict(y, **{m: min(x[m], y[m]) for m in ("med", "min", "cpu")})
            o["warm"]["rss"] = max(o["warm"].get("rss", 0), (r.get("warm") or {}).get("rss", 0))
            c = o.setdefault("cold", {})
            for k, x in (r.get("cold") or {}).items():
                if "ms" in x and (k not in c or x["ms"] < c[k]["ms"]): c[k] = x
    return out


def table(a):
    res = merge(a.out.split(","))
    f = lambda x: "-" if x is None else (f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 1 else f"{x:.2f}")
    print("| peer | ingest events/s | MB/s | CPU s | peak RSS MB | disk B/event | export s |\n|---|---|---|---|---|---|---|")
    for n, r in res.items():
        i = r.get("ingest") or {}; e = r.get("export") or {}
        if "wall_s" in i: print(f"| {n} | {r['events'] / i.get('ack_s', i['wall_s']):,.0f} | {r['bytes'] / i.get('ack_s', i['wall_s']) / 1e6:.0f} | {i['cpu_s']:.1f} | {i['rss'] / 1e6:.0f} | {i['disk'] / r['events']:.1f} | {f(e.get('s'))} |")
        else: print(f"| {n} | - | - | - | - | - | {f(e.get('s'))} |")
    for key, title in (("med", "warm median ms"), ("min", "warm min ms"), ("cpu", "CPU ms")):
        print(f"\n{title}\n| peer | " + " | ".join(QS) + " |\n|---|" + "---|" * len(QS))
        for n, r in res.items():
            q = (r.get("warm") or {}).get("q") or {}
            print(f"| {n} | " + " | ".join(("WRONG " if q.get(k, {}).get("ok") is False else "") + (f(q.get(k, {}).get(key)) if "err" not in q.get(k, {}) else "err") for k in QS) + " |")
    print("\ncold ms\n| peer | " + " | ".join(QS) + " |\n|---|" + "---|" * len(QS))
    for n, r in res.items():
        q = r.get("cold") or {}
        print(f"| {n} | " + " | ".join(("WRONG " if q.get(k, {}).get("ok") is False else "") + f(q.get(k, {}).get("ms")) for k in QS) + " |")


if __name__ == "__main__":
    main()
