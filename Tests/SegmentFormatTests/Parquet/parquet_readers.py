#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Other readers and another writer of Parquet, for ParquetReadersTests.

read READER FILE VALUES   read FILE with pyarrow, duckdb or polars and compare every value with those in VALUES
columns READER FILE VALUES  read the columns of the segment FILE that VALUES names, with one of these or chdb, together
                          and one by one, look for a value of each, and compare; times are in milliseconds
write FILE VALUES         write a file with pyarrow, within the subset that segments use, and its values beside it
VALUES is JSON: {column: [null, true, 17, "hex of bytes", …]}. Prints what differs and exits with 1, or prints "same".
"""
import json
import random
import sys
import uuid


# An instant at the end of the range, which DuckDB shows as an infinity.
INFINITE = object()


def plain(value):
    if isinstance(value, uuid.UUID):
        return value.bytes.hex()
    if isinstance(value, str):
        return value.encode().hex()
    return value.hex() if isinstance(value, (bytes, bytearray)) else value


def read_pyarrow(path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path, page_checksum_verification=True)
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            chunk = file.metadata.row_group(group).column(column)
            assert chunk.has_offset_index, chunk.path_in_schema
            assert chunk.statistics is not None, chunk.path_in_schema
    table = file.read()
    for name in table.column_names:
        column = table[name]
        if isinstance(column.type, pa.ExtensionType):
            column = pa.chunked_array([part.storage for part in column.chunks], column.type.storage_type)
        if pa.types.is_timestamp(column.type):
            assert column.type == pa.timestamp("ns", tz="UTC"), column.type
            column = column.cast(pa.int64())
        yield name, column.to_pylist()


def read_polars(path):
    import polars

    frame = polars.read_parquet(path)
    for name in frame.columns:
        column = frame[name]
        if column.dtype == polars.Datetime:
            column = column.cast(polars.Int64)
        yield name, column.to_list()


def read_duckdb(path):
    import duckdb

    connection = duckdb.connect()
    relation = f"read_parquet('{path}', file_row_number=true)"
    columns = connection.sql(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    for name, kind, *_ in columns:
        if name == "file_row_number":
            continue
        quoted = '"' + name + '"'
        value = f"epoch_ns({quoted})" if kind.startswith("TIMESTAMP") else quoted
        if kind.startswith("TIMESTAMP"):
            value = f"CASE WHEN CAST({quoted} AS VARCHAR) LIKE '%infinity' THEN 'inf' ELSE CAST({value} AS VARCHAR) END"
        rows = connection.sql(f"SELECT {value} FROM {relation} ORDER BY file_row_number").fetchall()
        values = [row[0] for row in rows]
        if kind.startswith("TIMESTAMP"):
            values = [INFINITE if value == "inf" else value and int(value) for value in values]
        else:
            check_equality(connection, relation, quoted, name, values)
        yield name, values


def check_equality(connection, relation, quoted, name, values):
    """What statistics and bloom filters leave out must not be missing."""
    present = [value for value in values if value is not None]
    for wanted in present[:: max(1, len(present) // 5)]:
        found = connection.execute(f"SELECT count(*) FROM {relation} WHERE {quoted} = $1", [wanted]).fetchall()[0][0]
        expected = sum(1 for value in present if value == wanted)
        assert found == expected, f"{name} = {wanted!r}: {found} rows, expected {expected}"


READERS = {"pyarrow": read_pyarrow, "duckdb": read_duckdb, "polars": read_polars}


def compare(reader, path, values_path):
    with open(values_path) as file:
        expected = json.load(file)
    seen = set()
    for name, values in READERS[reader](path):
        seen.add(name)
        values = [plain(value) for value in values]
        wanted = expected[name]
        if len(values) != len(wanted):
            sys.exit(f"{name}: {len(values)} rows, expected {len(wanted)}")
        for row, (got, want) in enumerate(zip(values, wanted)):
            if got != want and not (got is INFINITE and abs(want) > 2**62):
                sys.exit(f"{name}, row {row}: {got!r}, expected {want!r}")
    if seen != set(expected):
        sys.exit(f"columns {sorted(seen ^ set(expected))} are in one only")
    print("same")


def columns_pyarrow(path, names):
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=names, page_checksum_verification=True)
    return [table[name].cast("int64") if name == "time" else table[name] for name in names]


def count_pyarrow(path, name, value):
    import pyarrow.parquet as pq

    return pq.read_table(path, columns=["martlet.index"], filters=[(name, "=", value)]).num_rows


def columns_polars(path, names):
    import polars

    frame = polars.read_parquet(path, columns=names)
    return [frame[name].cast(polars.Int64) if name == "time" else frame[name] for name in names]


def count_polars(path, name, value):
    import polars

    return polars.scan_parquet(path).filter(polars.col(name) == value).select(polars.len()).collect().item()


def quoted_duckdb(name):
    return '"' + name.replace('"', '""') + '"'


def columns_duckdb(path, names):
    import duckdb

    wanted = ", ".join("epoch_ms(time)" if name == "time" else quoted_duckdb(name) for name in names)
    rows = duckdb.sql(f"SELECT {wanted} FROM read_parquet('{path}') ORDER BY \"martlet.index\"").fetchall()
    return [[row[place] for row in rows] for place in range(len(names))]


def count_duckdb(path, name, value):
    import duckdb

    condition = f"{quoted_duckdb(name)} = $1"
    return duckdb.execute(f"SELECT count(*) FROM read_parquet('{path}') WHERE {condition}", [value]).fetchall()[0][0]


def quoted_chdb(name):
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def columns_chdb(path, names):
    import chdb

    wanted = ", ".join("toUnixTimestamp64Milli(time)" if name == "time" else quoted_chdb(name) for name in names)
    query = f"SELECT {wanted} FROM file('{path}', Parquet) ORDER BY `martlet.index`"
    return chdb.query(query, "ArrowTable").columns


def count_chdb(path, name, value):
    import chdb

    text = value.replace("\\", "\\\\").replace("'", "\\'")
    query = f"SELECT count() FROM file('{path}', Parquet) WHERE {quoted_chdb(name)} = '{text}'"
    return int(chdb.query(query).bytes())


SEGMENT_READERS = {
    "pyarrow": (columns_pyarrow, count_pyarrow),
    "polars": (columns_polars, count_polars),
    "duckdb": (columns_duckdb, count_duckdb),
    "chdb": (columns_chdb, count_chdb),
}


def compare_columns(reader, path, values_path):
    with open(values_path) as file:
        expected = json.load(file)
    read, count = SEGMENT_READERS[reader]
    names = list(expected)
    for some in [names] + [[name] for name in names]:
        for name, column in zip(some, read(path, some)):
            got = [plain(value) for value in (column if isinstance(column, list) else column.to_pylist()
                                              if hasattr(column, "to_pylist") else column.to_list())]
            if got != expected[name]:
                row = next((row for row, pair in enumerate(zip(got, expected[name])) if pair[0] != pair[1]), len(got))
                sys.exit(f"{name}, row {row} of {some}: {got[row:row + 1]}, expected {expected[name][row:row + 1]}")
    for name in names:
        present = [value for value in expected[name] if value is not None]
        for value in present[:: max(1, len(present) // 3)] if name != "time" else []:
            found = count(path, name, bytes.fromhex(value).decode())
            if found != present.count(value):
                sys.exit(f"{name} = {value}: {found} rows, expected {present.count(value)}")
    print("same")


def write(path, values_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = random.Random(1)
    count = 25_000

    def sometimes(value):
        return value if rng.random() < 0.7 else None

    text = [f"method.{rng.randrange(40)}" for _ in range(count)]
    table = pa.table(
        {
            "dictionary": pa.array(text, pa.string()),
            "dictionary.optional": pa.array([sometimes(value) for value in text], pa.string()),
            "plain": pa.array([rng.randbytes(rng.randrange(30)) for _ in range(count)], pa.binary()),
            "delta": pa.array([1_790_000_000_000 + 37 * i + rng.randrange(90) for i in range(count)], pa.int64()),
            "delta.optional": pa.array([sometimes(rng.randrange(-9, 2**31 - 1)) for _ in range(count)], pa.int32()),
            "lengths": pa.array([rng.randbytes(rng.randrange(30)) for _ in range(count)], pa.binary()),
            "boolean": pa.array([sometimes(rng.random() < 0.5) for _ in range(count)], pa.bool_()),
            "id": pa.array([rng.randbytes(16) for _ in range(count)], pa.binary(16)),
        }
    )
    pq.write_table(
        table,
        path,
        compression="zstd",
        data_page_version="1.0",
        write_page_checksum=True,
        write_page_index=True,
        row_group_size=10_000,
        data_page_size=8192,
        use_dictionary=["dictionary", "dictionary.optional"],
        column_encoding={
            "plain": "PLAIN",
            "delta": "DELTA_BINARY_PACKED",
            "delta.optional": "DELTA_BINARY_PACKED",
            "lengths": "DELTA_LENGTH_BYTE_ARRAY",
            "boolean": "PLAIN",
            "id": "PLAIN",
        },
    )
    with open(values_path, "w") as file:
        json.dump({name: [plain(value) for value in table[name].to_pylist()] for name in table.column_names}, file)
    print("same")


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(*sys.argv[2:])
    elif sys.argv[1] == "columns":
        compare_columns(*sys.argv[2:])
    else:
        compare(*sys.argv[2:])
