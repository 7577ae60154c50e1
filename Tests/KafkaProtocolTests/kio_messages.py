#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes and reads Kafka messages with kio, which shares nothing with our code.

    kio_messages.py random SEED COUNT    COUNT messages of every layout: key, version, direction, bytes in hex, values
    kio_messages.py decode               the values of the messages on standard input: key, version, direction, hex
    kio_messages.py rewrite              the values of answers, with the endpoints that `gateway` makes of a broker's, and the
                                         brokers named: id, host in hex, port
    kio_messages.py codes                the different error codes in each answer

Values are written so that they can be compared as text: `{name:value,…}` in the order of the wire, tagged fields last and
only those that are sent, `[…]`, `~` for null, `s` and the hex of UTF-8, `u` and a uuid, `d` and the bits of a float, `b`
and a number of bytes, `*` for what has to be withheld. Names are lower case without underscores and a final `ms`, in which
spellings differ. `decode` shows bytes and secrets whole, as `x` and hex, because it compares what was rewritten.
"""

import dataclasses
import datetime
import functools
import io
import random
import struct
import sys
import typing
import uuid

from kio import index
from kio.schema.errors import ErrorCode
from kio.schema.index import api_key_map
from kio.serial import entity_reader, entity_writer
from kio.serial._implicit_defaults import get_tagged_field_default

# What has to be withheld: by API, direction (q or a) and kio's name.
SECRETS = {
    (36, "q", "auth_bytes"),
    (36, "a", "auth_bytes"),
    (38, "a", "hmac"),
    (39, "q", "hmac"),
    (40, "q", "hmac"),
    (41, "a", "hmac"),
    (51, "q", "salt"),
    (51, "q", "salted_password"),
    (58, "q", "request_data"),
    (58, "q", "request_principal"),
    (58, "a", "response_data"),
}
# Arrays of settings, whose values are secret or not by the name beside them.
SETTINGS = {"configs", "synonyms", "topic_configs"}
HARMLESS = ["cleanup.policy", "retention.ms", "", "ssl.truststore.certificates", "min.insync.replicas", "log.dirs"]
SENSITIVE = [
    "ssl.key.password",
    "SASL.JAAS.CONFIG",
    "listener.name.client.plain.sasl.jaas.config",
    "ssl.keystore.key",
    "listener.name.internal.ssl.keystore.key",
    "my.Secret.thing",
    "aws.credentials",
    "some.token",
]


@dataclasses.dataclass(frozen=True)
class Member:
    """A field of one of kio's classes, looked at once."""

    field: dataclasses.Field
    shown: str
    kind: str | None
    nested: type | None
    is_array: bool
    is_nullable: bool
    tag: int | None


@functools.cache
def members(cls: type) -> list[Member]:
    hints = typing.get_type_hints(cls)
    found = []
    for field in dataclasses.fields(cls):
        hint = hints[field.name]
        is_nullable = False
        if type(None) in typing.get_args(hint):
            is_nullable = True
            hint = next(part for part in typing.get_args(hint) if part is not type(None))
        is_array = typing.get_origin(hint) is tuple
        if is_array:
            hint = typing.get_args(hint)[0]
        nested = hint if dataclasses.is_dataclass(hint) else None
        shown = field.name.replace("_", "").lower().removesuffix("ms")
        found.append(
            Member(field, shown, field.metadata.get("kafka_type"), nested, is_array, is_nullable, field.metadata.get("tag"))
        )
    plain = [member for member in found if member.tag is None]
    return plain + sorted((member for member in found if member.tag is not None), key=lambda member: member.tag)


@functools.cache
def layouts() -> list[tuple[int, int, str, type]]:
    found = []
    for key in sorted(api_key_map):
        for version in range(40):
            for direction, load in (("q", index.load_request_schema), ("a", index.load_response_schema)):
                try:
                    found.append((key, version, direction, load(key, version)))
                except index.UnknownEntity:
                    continue
    return found


# MARK: - Random values


def integer(bits: int) -> int:
    # Small and extreme ones as often as others.
    magnitude = random.getrandbits(random.randint(0, bits - 1))
    return magnitude if random.random() < 0.7 else -magnitude - 1


def text() -> str:
    count = random.choice((0, 1, 3, 8, 20, 130))
    return "".join(random.choice("abcXYZ019-_.é€😀\n\0 ") for _ in range(count))


def primitive(kind: str, is_nullable: bool):
    if is_nullable and kind != "uuid" and random.random() < 0.3:
        return None
    match kind:
        case "bool":
            return random.random() < 0.5
        case "int8" | "int16" | "int32" | "int64":
            return integer(int(kind[3:]))
        case "uint16":
            return random.getrandbits(16)
        case "float64":
            return random.choice((0.0, -1.5, 1e300, random.random()))
        case "string":
            return text()
        case "bytes" | "records":
            return random.randbytes(random.choice((0, 1, 7, 200)))
        case "uuid":
            return uuid.UUID(int=random.getrandbits(128) | 1) if random.random() < 0.9 or not is_nullable else None
        case "error_code":
            return random.choice(list(ErrorCode))
        case "timedelta_i32" | "timedelta_i64":
            return datetime.timedelta(milliseconds=integer(31))
        case "datetime_i64":
            return datetime.datetime.fromtimestamp(random.randint(0, 4_000_000_000), datetime.UTC)
    raise NotImplementedError(kind)


def value(key: int, member: Member, depth: int, within: str):
    if member.is_array:
        if member.is_nullable and random.random() < 0.3:
            return None
        count = random.choice((0, 1, 2, 3 if depth else 5))
        return tuple(single(key, member, depth, within, False) for _ in range(count))
    return single(key, member, depth, within, member.is_nullable)


def single(key: int, member: Member, depth: int, within: str, is_nullable: bool):
    if member.nested:
        if is_nullable and random.random() < 0.3:
            return None
        return instance(key, member.nested, depth + 1, member.field.name)
    if within in SETTINGS and member.field.name in ("name", "key"):
        return random.choice(HARMLESS + SENSITIVE)
    return primitive(member.kind, is_nullable)


def instance(key: int, cls: type, depth: int = 0, within: str = ""):
    values = {}
    for member in members(cls):
        if member.tag is not None and random.random() < 0.4:
            default = member.field.default
            values[member.field.name] = get_tagged_field_default(member.field) if default is dataclasses.MISSING else default
        else:
            made = value(key, member, depth, within)
            if member.tag is not None and made is None:
                made = value(key, dataclasses.replace(member, is_nullable=False), depth, within)
            values[member.field.name] = made
    return cls(**values)


# MARK: - Values as text


class Printer:
    """`withholds` says whether secrets are starred and bytes only counted."""

    def __init__(self, key: int, direction: str, withholds: bool):
        self.key = key
        self.direction = direction
        self.withholds = withholds

    def entity(self, entity, within: str = "") -> str:
        parts = []
        is_secret = self.withholds and within in SETTINGS and self.has_secret_value(entity)
        for member in members(type(entity)):
            value = getattr(entity, member.field.name)
            if member.tag is not None and self.is_default(member, value):
                continue
            if (self.withholds and (self.key, self.direction, member.field.name) in SECRETS) or (
                is_secret and member.field.name == "value"
            ):
                shown = "~" if value is None else "*"
            else:
                shown = self.value(member, value)
            parts.append(f"{member.shown}:{shown}")
        return "{" + ",".join(parts) + "}"

    @staticmethod
    def is_default(member: Member, value) -> bool:
        default = member.field.default
        return value == (get_tagged_field_default(member.field) if default is dataclasses.MISSING else default)

    @staticmethod
    def has_secret_value(entity) -> bool:
        if getattr(entity, "is_sensitive", False):
            return True
        name = getattr(entity, "name", getattr(entity, "key", None))
        # A setting without a name could be any.
        return isinstance(name, str) and (name in SENSITIVE or name == "")

    def value(self, member: Member, value) -> str:
        if value is None and not (member.kind in ("uuid", "datetime_i64") and not member.is_array):
            return "~"
        if member.is_array:
            return "[" + ",".join(self.single(member, element) for element in value) + "]"
        return self.single(member, value)

    def single(self, member: Member, value) -> str:
        if member.nested:
            return self.entity(value, member.field.name)
        match member.kind:
            case "bool":
                return "t" if value else "f"
            case "string":
                return "s" + value.encode().hex()
            case "bytes" | "records":
                return f"b{len(value)}" if self.withholds else "x" + bytes(value).hex()
            case "uuid":
                return "u" + (value.hex if value else "0" * 32)
            case "float64":
                return "d" + struct.pack(">d", value).hex()
            case "timedelta_i32" | "timedelta_i64":
                return str(value // datetime.timedelta(milliseconds=1))
            case "datetime_i64":
                return "-1" if value is None else str(round(value.timestamp() * 1000))
            case _:
                return str(int(value))


def make(seed: str, count: int):
    random.seed(seed)
    for key, version, direction, cls in layouts():
        write = entity_writer(cls)
        for _ in range(count):
            made = instance(key, cls)
            with io.BytesIO() as buffer:
                write(buffer, made)
                encoded = buffer.getvalue()
            shown = Printer(key, direction, withholds=True).entity(made)
            sys.stdout.write(f"{key} {version} {direction} {encoded.hex()} {shown}\n")


def messages():
    """Key, direction and kio's object for each line."""
    for line in sys.stdin:
        words = line.split()
        key, version, direction = int(words[0]), int(words[1]), words[2]
        encoded = bytes.fromhex(words[3]) if len(words) > 3 else b""
        load = index.load_request_schema if direction == "q" else index.load_response_schema
        cls = load(key, version)
        start = 0
        if direction == "a":
            _, start = entity_reader(cls.__header_schema__)(encoded, 0)
        entity, size = entity_reader(cls)(encoded, start)
        if start + size != len(encoded):
            sys.exit(f"{key} {version} {direction}: {len(encoded) - start - size} bytes are left")
        yield key, direction, entity


def decode():
    for key, direction, entity in messages():
        print(Printer(key, direction, withholds=False).entity(entity))


# MARK: - What the gateway makes of endpoints


def gateway(node: int) -> tuple[str, int] | None:
    """Brokers with an even number are known."""
    return (f"gateway-{node}.example", 20_000 + node % 100) if node % 2 == 0 else None


def rewritten(entity, key: int, is_controllers: bool, brokers: list):
    """With other endpoints; None for an entry that is dropped."""
    names = {member.field.name for member in members(type(entity))}
    changes = {}
    is_controllers = is_controllers or getattr(entity, "endpoint_type", 1) == 2
    node = getattr(entity, "node_id", getattr(entity, "broker_id", None))
    if node is not None and {"host", "port"} <= names and entity.host:
        if not is_controllers:
            brokers.append(f"{node} {entity.host.encode().hex()} {entity.port}")
        known = None if is_controllers else gateway(node)
        if known is None and "NodeEndpoint" in type(entity).__name__:
            return None
        changes = dict(zip(("host", "port"), known or ("", -1)))
    for member in members(type(entity)):
        value = getattr(entity, member.field.name)
        if member.nested and member.is_array and value:
            made = (rewritten(element, key, is_controllers, brokers) for element in value)
            changes[member.field.name] = tuple(element for element in made if element is not None)
    return dataclasses.replace(entity, **changes)


def rewrite():
    for key, direction, entity in messages():
        brokers = []
        made = rewritten(entity, key, False, brokers)
        print(Printer(key, direction, withholds=False).entity(made), *brokers, sep="|")


def error_codes(entity) -> set[int]:
    found = set()
    for member in members(type(entity)):
        value = getattr(entity, member.field.name)
        if member.nested and value is not None:
            for element in value if member.is_array else (value,):
                found |= error_codes(element)
        elif member.kind == "error_code" and member.tag is None:
            found.add(int(value))
    return found


def codes():
    for _, _, entity in messages():
        print(*sorted(error_codes(entity)))


if __name__ == "__main__":
    if sys.argv[1] == "random":
        make(sys.argv[2], int(sys.argv[3]))
    else:
        {"decode": decode, "rewrite": rewrite, "codes": codes}[sys.argv[1]]()
