# SPDX-License-Identifier: Apache-2.0
"""Reads texts as hexadecimal digits, one a line, and writes what orjson makes of each.

A line of output is `-` for a text that is no event, and otherwise `+` followed by all scalars in order, by tabs: `n`,
`t`, `f`, `z` for null, and `s` with the digits of a string's UTF-8 bytes. Rules that orjson does not have (one object at
the top, no key twice, 64 levels) are checked on the pairs that Python's own parser reports.
"""

import json
import sys

import orjson


class Rejected(Exception):
    pass


def pairs(members):
    if len({key for key, _ in members}) != len(members):
        raise Rejected
    return dict(members)


def scalars(value, depth=1):
    if isinstance(value, (dict, list)):
        if depth > 64:
            raise Rejected
        for child in value.values() if isinstance(value, dict) else value:
            yield from scalars(child, depth + 1)
    elif isinstance(value, str):
        yield "s" + value.encode().hex()
    else:
        yield {True: "t", False: "f", None: "z"}[value] if value is None or isinstance(value, bool) else "n"


def verdict(text):
    try:
        value = orjson.loads(text)
        if not isinstance(value, dict):
            return "-"
        json.loads(text, object_pairs_hook=pairs, parse_int=str, parse_float=str)
        return "\t".join(["+", *scalars(value)])
    except (Rejected, ValueError):
        return "-"


sys.setrecursionlimit(10_000)
for line in sys.stdin:
    print(verdict(bytes.fromhex(line)))
