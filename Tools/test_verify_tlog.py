#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries both independent verifiers on logs of all awkward sizes, and on logs that somebody has laid hands on.

Run by `make test-verifiers`. Without Go's program, which Scripts/verify-tlog-go builds, the tests of it are skipped.
"""

import argparse
import base64
import concurrent.futures
import contextlib
import functools
import gzip
import hashlib
import http.server
import io
import os
import pathlib
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "Tools"), str(ROOT / "Tests/VerificationTests/independent")]

import make_tlog  # noqa: E402
import verify_tlog  # noqa: E402
from make_tlog import Log, Signer, events, note, receipt, sha256, signature_line, tile_path  # noqa: E402

GO = os.environ.get("MARTLET_VERIFY_TLOG_GO", str(ROOT / ".venv/bin/verify-tlog-go"))
# Isolated and without site packages: what the standard library does not have, the verifier does not need.
PYTHON = [sys.executable, "-I", "-S", str(ROOT / "Tools/verify_tlog.py")]
PROGRAMS = {"python": [*PYTHON, "tree"]}
if os.access(GO, os.X_OK):
    PROGRAMS["go"] = [GO]

POOL = concurrent.futures.ThreadPoolExecutor(2)

VERIFIED, TAMPERED, USAGE, COULD_NOT_RUN, INCOMPLETE = range(5)
SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000]

SIGNER, WITNESS = Signer(*make_tlog.LOG), Signer(*make_tlog.WITNESS, 4)
STRANGER = Signer("log.example/other", bytes(range(64, 96)))
KEYS = ["--vkey", SIGNER.vkey]
BOTH_KEYS = [*KEYS, "--witness", WITNESS.vkey]


@functools.lru_cache(None)
def made(size):
    made_events = events(size, 1)
    return made_events, Log([event.leaf for event in made_events])


def signed(log, size=None):
    text = log.checkpoint_text(SIGNER.name, size)
    return note(text, SIGNER.line(text), WITNESS.line(text))


def run(program, *arguments):
    run = subprocess.run([*PROGRAMS[program], *map(str, arguments)], capture_output=True, text=True, timeout=120)
    return run.returncode, run.stdout + run.stderr


class Case(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def expect(self, status, directory, *arguments, programs=PROGRAMS):
        # One beside the other: most of the time is spent in starting them.
        outcomes = POOL.map(lambda program: run(program, *arguments, directory), programs)
        for program, (code, output) in zip(programs, outcomes):
            self.assertEqual(code, status, f"{program} {' '.join(map(str, arguments))}\n{output}")


class SizesTests(Case):
    def test_go_is_there(self):
        if "go" not in PROGRAMS:
            self.skipTest(f"no {GO}; Scripts/verify-tlog-go builds it; only the verifier in Python is tested")

    def test_all_sizes(self):
        for size in SIZES:
            with self.subTest(size=size):
                log = made(size)[1]
                log.write(self.directory / str(size), signed(log))
                self.expect(VERIFIED, self.directory / str(size), *BOTH_KEYS)

    def test_a_log_goes_on_from_each_earlier_size(self):
        log = made(70_000)[1]
        log.write(self.directory / "log", signed(log))
        seen = []
        for size in [0, 1, 2, 3, 255, 256, 257, 32_768, 65_535, 65_536, 65_537, 69_888, 69_999, 70_000]:
            (self.directory / str(size)).write_bytes(signed(log, size))
            seen += ["--seen", self.directory / str(size)]
        self.expect(VERIFIED, self.directory / "log", *KEYS, *seen)

        other = Log(log.entries[:65_000] + [b"another"] + log.entries[65_001:])
        other.write(self.directory / "other", signed(other))
        for size, status in [(65_000, VERIFIED), (65_001, TAMPERED), (65_536, TAMPERED), (70_000, TAMPERED)]:
            (self.directory / "seen").write_bytes(signed(log, size))
            self.expect(status, self.directory / "other", *KEYS, "--seen", self.directory / "seen")

    def test_pruned_logs(self):
        log = made(70_000)[1]
        for below in [256, 1_000, 65_536, 70_000]:
            with self.subTest(below=below):
                place = self.directory / str(below)
                log.write(place, signed(log))
                make_tlog.prune(place, below)
                self.expect(VERIFIED, place, *KEYS, "--pruned-below", below)
                self.expect(INCOMPLETE, place, *KEYS)
                self.expect(INCOMPLETE, place, *KEYS, "--pruned-below", below // 256 * 256 - 1)
                # The root from before can be made if the boundary's tile is there, or nothing but full ones before it.
                for size in (512, 65_000):
                    (self.directory / "seen").write_bytes(signed(log, size))
                    known = size % 256 == 0 or size // 256 >= below // 256
                    status = VERIFIED if known else INCOMPLETE
                    self.expect(status, place, *KEYS, "--pruned-below", below, "--seen", self.directory / "seen")
                # Hashes of what was pruned are believed only as far as the root bears them out.
                flip(place / tile_path(1, 0), 5)
                self.expect(TAMPERED, place, *KEYS, "--pruned-below", below)

    def test_what_is_there_of_a_pruned_part_is_checked(self):
        log = made(70_000)[1]
        log.write(self.directory / "log", signed(log))
        make_tlog.prune(self.directory / "log", 512)
        flip(self.directory / "log" / tile_path("entries", 2), 200)
        self.expect(TAMPERED, self.directory / "log", *KEYS, "--pruned-below", 1_024)


def flip(path, offset, bit=0):
    data = bytearray(path.read_bytes())
    data[offset] ^= 1 << bit
    path.write_bytes(data)


def edit(path, change):
    path.write_bytes(change(path.read_bytes()))


# ------------------------------------------------------------------------------------------------ tampered trees

# Two full bundles and a partial one.
SIZE = 600
LEAF = 98


def swap(data, width):
    """The second and the third item change places."""
    return data[:width] + data[2 * width : 3 * width] + data[width : 2 * width] + data[3 * width :]


def new_tree(change, levels):
    """The entries are changed, and tiles up to some level with them."""

    def tamper(place):
        entries = list(made(70_000)[1].entries)
        change(entries)
        for path, data in Log(entries).files():
            if path.split("/")[1] in levels:
                (place / path).write_bytes(data)

    return tamper


def symbolic_link(path):
    def tamper(place):
        os.rename(place / path, place / "elsewhere")
        os.symlink(place / "elsewhere", place / path)

    return tamper


def pipe(path):
    def tamper(place):
        os.unlink(place / path)
        os.mkfifo(place / path)

    return tamper


def at(path, change):
    return lambda place: edit(place / path, change)


def flipped(path, offset):
    return lambda place: flip(place / path, offset)


ENTRIES, TILE, LEVEL1 = tile_path("entries", 1), tile_path(0, 1), tile_path(1, 0, 2)
LAST_ENTRIES, LAST_TILE = tile_path("entries", 2, 88), tile_path(0, 2, 88)

# What was done, and to a log of which size.
TAMPERED_TREES = [
    ("an entry changed", 600, flipped(ENTRIES, LEAF + 50)),
    ("an entry removed", 600, at(ENTRIES, lambda data: data[LEAF:])),
    ("an entry removed from the last bundle", 600, at(LAST_ENTRIES, lambda data: data[LEAF:])),
    ("an entry inserted, and one removed", 600, at(ENTRIES, lambda data: data[:LEAF] + data[:-LEAF])),
    ("a 257th entry", 600, at(ENTRIES, lambda data: data + data[:LEAF])),
    ("an 89th entry in a bundle of 88", 600, at(LAST_ENTRIES, lambda data: data + data[:LEAF])),
    ("two entries swapped", 600, at(ENTRIES, lambda data: swap(data, LEAF))),
    ("two hashes swapped", 600, at(TILE, lambda data: swap(data, 32))),
    ("two entries swapped, and their hashes", 600, lambda place: (
        edit(place / ENTRIES, lambda data: swap(data, LEAF)), edit(place / TILE, lambda data: swap(data, 32)))),
    ("the same in the last bundle", 600, lambda place: (
        edit(place / LAST_ENTRIES, lambda data: swap(data, LEAF)), edit(place / LAST_TILE, lambda data: swap(data, 32)))),
    ("two bundles swapped", 600, lambda place: (
        os.rename(place / ENTRIES, place / "tmp"), os.rename(place / tile_path("entries", 0), place / ENTRIES),
        os.rename(place / "tmp", place / tile_path("entries", 0)))),
    ("an entry changed, and level 0", 70_000, new_tree(lambda entries: entries.__setitem__(1_300, b"x"), ["entries", "0"])),
    ("and level 1", 70_000, new_tree(lambda entries: entries.__setitem__(1_300, b"x"), ["entries", "0", "1"])),
    ("and level 2", 70_000, new_tree(lambda entries: entries.__setitem__(1_300, b"x"), ["entries", "0", "1", "2"])),
    ("the last entry changed, and its tile", 70_000, new_tree(lambda entries: entries.__setitem__(-1, b"x"), ["entries", "0"])),
    ("level 0 wrong, level 1 right", 600, flipped(TILE, 40)),
    ("level 0 wrong, level 1 right, large", 70_000, flipped(tile_path(0, 5), 40)),
    ("level 1 wrong", 600, flipped(LEVEL1, 40)),
    ("full tile of level 1 wrong", 70_000, flipped(tile_path(1, 0), 40)),
    ("partial tile of level 1 wrong", 70_000, flipped(tile_path(1, 1, 17), 40)),
    ("level 2 wrong", 70_000, flipped(tile_path(2, 0, 1), 31)),
    ("last tile wrong", 70_000, flipped(tile_path(0, 273, 112), 3_000)),
    ("tile too short", 600, at(TILE, lambda data: data[:-1])),
    ("tile too long", 600, at(TILE, lambda data: data + b"\0")),
    ("tile with a hash less", 600, at(TILE, lambda data: data[:-32])),
    ("empty tile", 600, at(LEVEL1, lambda data: b"")),
    ("partial tile wider than it says", 600, at(LAST_TILE, lambda data: data + bytes(32))),
    ("partial tile wider than it says, other contents", 600, at(LAST_TILE, lambda data: bytes(89 * 32))),
    ("a full tile beside the partial one, other contents", 600,
     lambda place: (place / tile_path(0, 2)).write_bytes(bytes(8_192))),
    ("a full tile in place of the partial one, other contents", 600,
     lambda place: ((place / tile_path(0, 2)).write_bytes(bytes(8_192)), (place / LAST_TILE).unlink())),
    ("an earlier partial tile, other contents", 600,
     lambda place: (place / tile_path(0, 2, 50)).write_bytes(bytes(50 * 32))),
    ("an earlier partial bundle, other contents", 600,
     lambda place: (place / tile_path("entries", 2, 1)).write_bytes(b"\0\1x")),
    ("an entry's length past the end", 600, at(ENTRIES, lambda data: data[:-LEAF] + b"\xff\xff" + data[2 - LEAF :])),
    ("a bundle cut within a length", 600, at(ENTRIES, lambda data: data[: 1 - LEAF])),
    ("bytes behind the last entry", 600, at(LAST_ENTRIES, lambda data: data + b"\0")),
    ("an empty entry behind the last", 600, at(LAST_ENTRIES, lambda data: data + b"\0\0")),
    ("an empty bundle", 600, at(LAST_ENTRIES, lambda data: b"")),
    ("a symbolic link as bundle", 600, symbolic_link(ENTRIES)),
    ("a symbolic link as directory", 600, symbolic_link("tile/0")),
    ("a symbolic link as checkpoint", 600, symbolic_link("checkpoint")),
    ("a pipe as tile", 600, pipe(TILE)),
    ("a pipe as checkpoint", 600, pipe("checkpoint")),
]  # fmt: skip

MISSING = [
    ("a bundle", 600, ENTRIES),
    ("the last bundle", 600, LAST_ENTRIES),
    ("a tile", 600, TILE),
    ("the last tile", 600, LAST_TILE),
    ("the tile of level 1", 600, LEVEL1),
    ("the tile of level 2", 70_000, tile_path(2, 0, 1)),
    ("the checkpoint", 600, "checkpoint"),
]


class TamperedTreesTests(Case):
    def scene(self, size, name="log"):
        log = made(size)[1]
        log.write(self.directory / name, signed(log))
        return self.directory / name

    def test_nothing_tampered(self):
        self.expect(VERIFIED, self.scene(SIZE), *BOTH_KEYS)

    def test_everything_tampered(self):
        for name, size, tamper in TAMPERED_TREES:
            with self.subTest(name):
                place = self.scene(size, name.replace(" ", "-"))
                tamper(place)
                self.expect(TAMPERED, place, *BOTH_KEYS)
                shutil.rmtree(place)

    def test_missing(self):
        for name, size, path in MISSING:
            with self.subTest(name):
                place = self.scene(size, name)
                (place / path).unlink()
                self.expect(INCOMPLETE, place, *BOTH_KEYS)

    def test_a_tile_that_is_missing_and_an_entry_that_was_changed(self):
        place = self.scene(SIZE)
        (place / TILE).unlink()
        flip(place / ENTRIES, 50)
        self.expect(TAMPERED, place, *BOTH_KEYS)

    def test_bits(self):
        draw = random.Random(7)
        place = self.scene(SIZE)
        files = sorted(path for path in (place / "tile").rglob("*") if path.is_file())
        for _ in range(20):
            path = draw.choice(files)
            before = path.read_bytes()
            offset, bit = draw.randrange(len(before)), draw.randrange(8)
            flip(path, offset, bit)
            with self.subTest(path=path, offset=offset, bit=bit):
                self.expect(TAMPERED, place, *KEYS)
            path.write_bytes(before)

    def test_cut_restored_resumed(self):
        log = made(SIZE)[1]
        (self.directory / "seen").write_bytes(signed(log))
        seen = ["--seen", self.directory / "seen"]
        log.write(self.directory / "restored", signed(log, 500), 500)
        self.expect(VERIFIED, self.directory / "restored", *KEYS)
        self.expect(TAMPERED, self.directory / "restored", *KEYS, *seen)
        resumed = Log(log.entries[:500] + [b"x"] * 150)
        resumed.write(self.directory / "resumed", signed(resumed))
        self.expect(VERIFIED, self.directory / "resumed", *KEYS)
        self.expect(TAMPERED, self.directory / "resumed", *KEYS, *seen)

    def test_a_log_that_went_on_while_it_was_read(self):
        log = made(70_000)[1]
        place = self.directory / "log"
        log.write(place, signed(log))
        (place / "checkpoint").write_bytes(signed(log, 69_000))
        for level, number, width in [("entries", 269, 136), (0, 269, 136), (1, 1, 13)]:
            full = {"entries": log.bundle(69_000 // 256 * 256, 69_000)}.get(level)
            data = full or next(data for path, data in log.files(69_000) if path == tile_path(level, number, width))
            (place / tile_path(level, number, width)).parent.mkdir(exist_ok=True)
            (place / tile_path(level, number, width)).write_bytes(data)
        self.expect(VERIFIED, place, *KEYS)
        # The partial copies may go when there are full ones.
        (place / tile_path("entries", 269, 136)).unlink()
        (place / tile_path(0, 269, 136)).unlink()
        self.expect(VERIFIED, place, *KEYS)


# ------------------------------------------------------------------------------------------------ checkpoints


def respell(line):
    """The same signature, with one of the spare bits of its last character set."""
    characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    head, last = line.rstrip("=\n")[:-1], line.rstrip("=\n")[-1]
    return head + characters[characters.index(last) ^ 1] + "=\n"


TEXT = functools.cache(lambda: made(SIZE)[1].checkpoint_text(SIGNER.name))


def with_text(change, *others):
    """A checkpoint that the log did sign, with another text."""
    text = change(TEXT())
    return note(text, SIGNER.line(text), WITNESS.line(text), *others)


def with_lines(*lines):
    return note(TEXT(), *lines)


def root_line(change):
    def changed(text):
        lines = text.split("\n")
        lines[2] = change(lines[2])
        return "\n".join(lines)

    return lambda: with_text(changed)


def size_line(size):
    return lambda: with_text(lambda text: text.replace("\n600\n", f"\n{size}\n"))


def urls_alphabet(_):
    """The text of an earlier checkpoint, the last one with a root where it makes a difference."""
    texts = (made(SIZE)[1].checkpoint_text(SIGNER.name, size) for size in range(SIZE, 0, -1))
    head, root = next(text.rsplit("\n", 2)[:2] for text in texts if set("+/") & set(text.rsplit("\n", 2)[1]))
    return f"{head}\n{root.replace('+', '-').replace('/', '_')}\n"


def bad(line):
    """The same name and key ID with a wrong signature."""
    dash, name, encoded = line.split(" ")
    data = bytearray(base64.b64decode(encoded))
    data[40] ^= 1
    return signature_line(name, bytes(data))


OTHER_TEXT = functools.cache(lambda: made(SIZE)[1].checkpoint_text(SIGNER.name, 599))
COSIGNER_OF_LOG = Signer(SIGNER.name, make_tlog.LOG[1], 4)
SECOND = Signer(SIGNER.name, bytes(range(96, 128)))
UNKNOWN = [signature_line(f"unknown.example/{i}", bytes(68)) for i in range(101)]

TAMPERED_CHECKPOINTS = [
    ("other origin", lambda: with_text(lambda text: text.replace("log.example", "other.example"))),
    ("right name, wrong key ID", lambda: with_lines(signature_line(SIGNER.name, b"\0\1\2\3" + SIGNER.signature(TEXT())))),
    ("wrong name, right key ID", lambda: with_lines(signature_line("x" + SIGNER.name, SIGNER.id + SIGNER.signature(TEXT())))),
    ("another log's key", lambda: with_lines(STRANGER.line(TEXT()))),
    ("the log's key as a witness's", lambda: with_lines(COSIGNER_OF_LOG.line(TEXT()))),
    ("a plain signature with a witness's key ID", lambda: with_lines(
        SIGNER.line(TEXT()), signature_line(WITNESS.name, WITNESS.id + WITNESS.raw(TEXT())))),
    ("a cosignature with the log's key ID", lambda: with_lines(
        signature_line(SIGNER.name, SIGNER.id + COSIGNER_OF_LOG.signature(TEXT())))),
    ("two signatures of the log, the first one wrong", lambda: with_lines(bad(SIGNER.line(TEXT())), SIGNER.line(TEXT()))),
    ("two signatures of the log, the second one wrong", lambda: with_lines(SIGNER.line(TEXT()), bad(SIGNER.line(TEXT())))),
    ("two keys of the log, the second one wrong", lambda: with_lines(SIGNER.line(TEXT()), bad(SECOND.line(TEXT())))),
    ("no signature that is known", lambda: with_lines(*UNKNOWN[:16])),
    ("the witness alone", lambda: with_lines(WITNESS.line(TEXT()))),
    ("a cosignature from the future", lambda: with_lines(SIGNER.line(TEXT()), WITNESS.line(TEXT(), int(time.time()) + 3600))),
    ("a cosignature of another checkpoint", lambda: with_lines(SIGNER.line(TEXT()), WITNESS.line(OTHER_TEXT()))),
    ("a cosignature with another time", lambda: with_lines(SIGNER.line(TEXT()), signature_line(
        WITNESS.name, WITNESS.id + struct.pack(">Q", 1_700_000_001) + WITNESS.signature(TEXT())[8:]))),
    ("a wrong cosignature", lambda: with_lines(SIGNER.line(TEXT()), bad(WITNESS.line(TEXT())))),
    ("size with a zero in front", size_line("0600")),
    ("size with a plus", size_line("+600")),
    ("size with a minus", size_line("-600")),
    ("size with a space", size_line(" 600")),
    ("size with a space behind", size_line("600 ")),
    ("size with an exponent", size_line("6e2")),
    ("size with an underscore", size_line("6_00")),
    ("size in wide digits", size_line("６００")),
    ("size with a superscript", size_line("60²")),
    ("size in hexadecimal", size_line("0x258")),
    ("no size", size_line("")),
    ("size of 20 digits", size_line("9" * 20)),
    ("size of many digits", size_line("9" * 5_000)),
    ("size of another tree", size_line("599")),
    ("root of another size", lambda: with_text(lambda text: OTHER_TEXT().replace("\n599\n", "\n600\n"))),
    ("root of the empty tree", root_line(lambda root: base64.b64encode(sha256()).decode())),
    ("root with spare bits", root_line(lambda root: respell(root)[:-1])),
    ("root without padding", root_line(lambda root: root.rstrip("="))),
    ("root with too much padding", root_line(lambda root: root + "=")),
    ("root in the alphabet of URLs", lambda: with_text(urls_alphabet)),
    ("root too short", root_line(lambda root: base64.b64encode(bytes(31)).decode())),
    ("root too long", root_line(lambda root: base64.b64encode(base64.b64decode(root) + b"\0").decode())),
    ("no root", lambda: with_text(lambda text: text[: text.index("\n", text.index("600")) + 1])),
    ("an empty origin", lambda: with_text(lambda text: text[text.index("\n") :])),
    ("an empty line in the text", lambda: with_text(lambda text: text + "\nmore\n")),
    ("CRLF in the text", lambda: with_text(lambda text: text.replace("\n", "\r\n"))),
    ("CRLF in all", lambda: with_lines(SIGNER.line(TEXT())).replace(b"\n", b"\r\n")),
    ("CRLF behind the signature", lambda: with_lines(SIGNER.line(TEXT()).replace("\n", "\r\n"))),
    ("a tab in the text", lambda: with_text(lambda text: text + "a\tb\n")),
    ("a zero byte in the text", lambda: with_text(lambda text: text + "a\0b\n")),
    ("not UTF-8", lambda: with_lines(SIGNER.line(TEXT())) + b"\xe2\x80\x94 \xff AAAAAAAA\n"),
    ("overlong UTF-8", lambda: with_lines(SIGNER.line(TEXT())) + b"\xe2\x80\x94 \xc1\x81 AAAAAAAA\n"),
    ("signature with spare bits", lambda: with_lines(respell(SIGNER.line(TEXT())))),
    ("unknown signature with spare bits", lambda: with_lines(SIGNER.line(TEXT()), respell(UNKNOWN[0]))),
    ("signature without padding", lambda: with_lines(SIGNER.line(TEXT()).replace("=", ""))),
    ("signature in the alphabet of URLs", lambda: with_lines(
        SIGNER.line(TEXT()), signature_line("unknown.example", b"\xff" * 68).replace("/", "_"))),
    ("signature with a space in it", lambda: with_lines(SIGNER.line(TEXT()).replace("=", " ="))),
    ("signature too short", lambda: with_lines(signature_line(SIGNER.name, SIGNER.id + SIGNER.signature(TEXT())[:-1]))),
    ("signature too long", lambda: with_lines(signature_line(SIGNER.name, SIGNER.id + SIGNER.signature(TEXT()) + b"\0"))),
    ("cosignature cut within its time", lambda: with_lines(SIGNER.line(TEXT()), signature_line(WITNESS.name, WITNESS.id + b"1234"))),
    ("a key ID alone", lambda: with_lines(signature_line(SIGNER.name, SIGNER.id))),
    ("a hyphen for the dash", lambda: with_lines(SIGNER.line(TEXT()).replace("\u2014", "-"))),
    ("two spaces", lambda: with_lines(SIGNER.line(TEXT()).replace("\u2014 ", "\u2014  "))),
    ("no newline at the end", lambda: with_lines(SIGNER.line(TEXT()))[:-1]),
    ("an empty line at the end", lambda: with_lines(SIGNER.line(TEXT())) + b"\n"),
    ("text behind the signatures", lambda: with_lines(SIGNER.line(TEXT())) + b"more\n"),
    ("no blank line", lambda: with_lines(SIGNER.line(TEXT())).replace(b"\n\n", b"\n")),
    ("no signature", lambda: with_lines()),
    ("nothing", lambda: b""),
    ("a newline", lambda: b"\n"),
    ("newlines", lambda: b"\n\n\n"),
    ("101 signatures", lambda: with_lines(SIGNER.line(TEXT()), *UNKNOWN[:100])),
    ("10 MB of text", lambda: with_text(lambda text: text + "x" * 10_000_000 + "\n")),
    ("10 MB of signatures", lambda: with_lines(SIGNER.line(TEXT()), signature_line("unknown.example", bytes(7_500_000)))),
]  # fmt: skip

GOOD_CHECKPOINTS = [
    ("as it should be", lambda: with_text(lambda text: text)),
    ("extension lines", lambda: with_text(lambda text: text + "one\ntwo — two\n")),
    ("16 unknown signatures", lambda: with_lines(*UNKNOWN[:15], SIGNER.line(TEXT()), WITNESS.line(TEXT()), UNKNOWN[15])),
    ("two keys of the log", lambda: with_lines(SIGNER.line(TEXT()), SECOND.line(TEXT()), WITNESS.line(TEXT()))),
    ("a stranger with the witness's name", lambda: with_lines(
        SIGNER.line(TEXT()), WITNESS.line(TEXT()), signature_line(WITNESS.name, bytes(76)))),
]  # fmt: skip


class CheckpointsTests(Case):
    def setUp(self):
        super().setUp()
        self.place = self.directory / "log"
        made(SIZE)[1].write(self.place, b"")

    def expect_of(self, status, checkpoint, *keys):
        (self.place / "checkpoint").write_bytes(checkpoint)
        self.expect(status, self.place, *(keys or [*BOTH_KEYS, "--vkey", SECOND.vkey]))

    def test_good(self):
        for name, checkpoint in GOOD_CHECKPOINTS:
            with self.subTest(name):
                self.expect_of(VERIFIED, checkpoint())

    def test_tampered(self):
        for name, checkpoint in TAMPERED_CHECKPOINTS:
            with self.subTest(name):
                self.expect_of(TAMPERED, checkpoint())

    def test_no_cosignature_where_one_is_asked_for(self):
        self.expect_of(INCOMPLETE, with_lines(SIGNER.line(TEXT())))
        self.expect_of(VERIFIED, with_lines(SIGNER.line(TEXT())), *KEYS)

    def test_a_log_that_says_it_is_enormous(self):
        self.expect_of(INCOMPLETE, size_line(str(2**61))())

    def test_one_spelling_of_a_name(self):
        composed = Signer("log.example/\u00e9", bytes(range(32)))
        decomposed = unicodedata.normalize("NFD", composed.name)
        for origin, name, status in [
            (composed.name, composed.name, VERIFIED),
            (decomposed, composed.name, TAMPERED),
            (composed.name, decomposed, TAMPERED),
        ]:
            with self.subTest(origin=origin.encode(), name=name.encode()):
                text = made(SIZE)[1].checkpoint_text(origin)
                line = signature_line(name, composed.id + composed.signature(text))
                self.expect_of(status, note(text, line), "--vkey", composed.vkey)

    def test_an_origin_that_is_not_the_name_of_the_key(self):
        text = made(SIZE)[1].checkpoint_text("another.example")
        checkpoint = note(text, SIGNER.line(text))
        self.expect_of(TAMPERED, checkpoint, *KEYS)
        self.expect_of(VERIFIED, checkpoint, *KEYS, "--origin", "another.example")
        self.expect_of(TAMPERED, checkpoint, *KEYS, "--origin", "a-third.example")

    def test_a_checkpoint_seen_earlier_is_checked_as_well(self):
        (self.directory / "seen").write_bytes(with_lines(bad(SIGNER.line(TEXT()))))
        self.expect_of(TAMPERED, with_text(lambda text: text), *KEYS, "--seen", self.directory / "seen")

    def test_a_bit_of_each_byte(self):
        good = with_text(lambda text: text)
        flips = [(offset, offset % 8) for offset in range(len(good))]
        # The characters with spare bits are the last before the padding.
        flips += [(offset - 1, bit) for offset, byte in enumerate(good) if byte == ord("=") for bit in range(8)]

        def in_process(flipped):
            offset, bit = flipped
            data = bytearray(good)
            data[offset] ^= 1 << bit
            keys = [verify_tlog.Key(SIGNER.vkey), verify_tlog.Key(WITNESS.vkey)]
            try:
                checkpoint = verify_tlog.Checkpoint(bytes(data), keys)
            except verify_tlog.Tampered:
                return TAMPERED
            return VERIFIED if WITNESS.name in checkpoint.cosigned else INCOMPLETE

        for offset, bit in flips:
            with self.subTest(offset=offset, bit=bit):
                self.assertIn(in_process((offset, bit)), (TAMPERED, INCOMPLETE))
                if "go" in PROGRAMS:
                    (self.place / "checkpoint").write_bytes(good)
                    flip(self.place / "checkpoint", offset, bit)
                    self.assertIn(run("go", *BOTH_KEYS, self.place)[0], (TAMPERED, INCOMPLETE))


class UsageTests(Case):
    def test_keys(self):
        made(1)[1].write(self.directory / "log", signed(made(1)[1]))
        name, id_, key = SIGNER.vkey.split("+", 2)
        for arguments in [
            [],
            ["--vkey", WITNESS.vkey],
            [*KEYS, "--witness", SIGNER.vkey],
            ["--vkey", "nothing"],
            ["--vkey", f"{name}+00000000+{key}"],
            ["--vkey", f"other+{id_}+{key}"],
            ["--vkey", f"{name}+{id_}+{key[:-4]}"],
            ["--unknown"],
        ]:
            with self.subTest(arguments):
                self.expect(USAGE, self.directory / "log", *arguments)
        self.expect(USAGE, self.directory / "log", *KEYS, *KEYS)

    def test_no_directory(self):
        self.expect(COULD_NOT_RUN, self.directory / "none", *KEYS)

    def test_no_openssl(self):
        made(1)[1].write(self.directory, signed(made(1)[1]))
        done = subprocess.run(
            [*PROGRAMS["python"], *KEYS, self.directory], capture_output=True, env={"PATH": "/nowhere"}, check=False
        )
        self.assertEqual(done.returncode, COULD_NOT_RUN, done.stdout)


# ------------------------------------------------------------------------------------------------ over HTTP


class ServedTests(Case):
    def serve(self, packed=False, token=None, redirect=None):
        root = self.directory

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = root / self.path.removeprefix("/prefix/")
                if token and self.headers["Authorization"] != f"Bearer {token}":
                    return self.answer(401)
                if redirect and self.path.endswith(redirect):
                    return self.answer(302, headers={"Location": "/prefix/checkpoint"})
                if not path.is_file():
                    return self.answer(404)
                data = path.read_bytes()
                return (
                    self.answer(200, gzip.compress(data), {"Content-Encoding": "gzip"})
                    if packed
                    else self.answer(200, data)
                )

            def answer(self, status, body=b"", headers=None):
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/prefix/"

    def verify(self, url, token=None):
        environment = {key: value for key, value in os.environ.items() if key != "MARTLET_TOKEN"}
        environment |= {"no_proxy": "*"} | ({"MARTLET_TOKEN": token} if token else {})
        command = [*PROGRAMS["python"], *BOTH_KEYS, url]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_served(self):
        made(SIZE)[1].write(self.directory, signed(made(SIZE)[1]))
        self.assertEqual(self.verify(self.serve())[0], VERIFIED)
        self.assertEqual(self.verify(self.serve(packed=True))[0], VERIFIED)
        self.assertEqual(self.verify(self.serve(token="secret"), "secret")[0], VERIFIED)
        self.assertEqual(self.verify(self.serve(token="secret"))[0], COULD_NOT_RUN)
        self.assertEqual(self.verify(self.serve(redirect=TILE))[0], COULD_NOT_RUN)
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.assertEqual(self.verify(f"http://127.0.0.1:{unused.getsockname()[1]}/")[0], COULD_NOT_RUN)
        (self.directory / TILE).unlink()
        self.assertEqual(self.verify(self.serve())[0], INCOMPLETE)
        flip(self.directory / ENTRIES, 50)
        self.assertEqual(self.verify(self.serve())[0], TAMPERED)
        (self.directory / "checkpoint").write_bytes(bytes(100_000_000))
        self.assertEqual(self.verify(self.serve(packed=True))[0], TAMPERED)


# ------------------------------------------------------------------------------------------------ receipts


class ReceiptTests(Case):
    """In this process, with what openssl said remembered: the same signatures come up hundreds of times."""

    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(unittest.mock.patch.object(verify_tlog, "ed25519", functools.cache(verify_tlog.ed25519)))

    def check(self, data, event=None, entry=None):
        (self.directory / "receipt").write_bytes(data)
        files = {}
        for name, contents in (("event", event), ("entry", entry)):
            files[name] = None if contents is None else self.directory / name
            if contents is not None:
                files[name].write_bytes(contents)
        keys = {"vkey": [verify_tlog.Key(SIGNER.vkey)], "witness": [verify_tlog.Key(WITNESS.vkey)]}
        options = argparse.Namespace(place=self.directory / "receipt", origin=None, **keys, **files)
        findings = []
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                verify_tlog.verify_receipt(options, findings)
            except (verify_tlog.Tampered, verify_tlog.Incomplete) as finding:
                findings.append(finding)
        kinds = {type(finding) for finding in findings}
        return TAMPERED if verify_tlog.Tampered in kinds else INCOMPLETE if kinds else VERIFIED

    def receipt(self, index=345, size=SIZE, **parts):
        made_events, log = made(SIZE)
        return receipt(log, index, size, signed(log, size), made_events[index].opening(**parts)), made_events[
            index
        ].bytes

    def test_all_entries_of_all_small_trees(self):
        for size in [*range(1, 10), 15, 16, 17, 31, 32, 33]:
            for index in range(size):
                self.assertEqual(self.check(*self.receipt(index, size)), VERIFIED, f"{index} of {size}")

    def test_entries_of_a_large_tree(self):
        for index in (0, 255, 256, 511, 512, 598, 599):
            self.assertEqual(self.check(*self.receipt(index)), VERIFIED, index)

    def test_the_command(self):
        data, event = self.receipt()
        (self.directory / "receipt").write_bytes(data)
        (self.directory / "event").write_bytes(event)
        command = [*PYTHON, "receipt", self.directory / "receipt", *BOTH_KEYS]
        done = subprocess.run(
            [*command, "--event", self.directory / "event"], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, VERIFIED, done.stdout)
        self.assertTrue(done.stdout.endswith("\nverified\n"), done.stdout)
        (self.directory / "event").write_bytes(event + b" ")
        done = subprocess.run(
            [*command, "--event", self.directory / "event"], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, TAMPERED, done.stdout)

    def test_parts_of_an_opening(self):
        self.assertEqual(self.check(*self.receipt(body=True, provenance=False)), VERIFIED)
        data, event = self.receipt(body=False)
        self.assertEqual(self.check(data), VERIFIED)
        self.assertEqual(self.check(data, event), INCOMPLETE)
        data, event = self.receipt(body=False, provenance=False)
        self.assertEqual(self.check(data), VERIFIED)
        log = made(SIZE)[1]
        bare = receipt(log, 345, SIZE, signed(log))
        self.assertEqual(self.check(bare), INCOMPLETE)
        self.assertEqual(self.check(bare, entry=log.entries[345]), VERIFIED)
        self.assertEqual(self.check(bare, entry=log.entries[346]), TAMPERED)

    def test_tampered(self):
        made_events, log = made(SIZE)
        event, whole = made_events[345], signed(log)
        data, _ = self.receipt()
        path = data.split(b"\n")[3]
        opening = event.opening()

        def extra(changed):
            return receipt(log, 345, SIZE, whole, changed)

        for name, changed in [
            ("another event's opening", extra(made_events[346].opening())),
            ("another index", data.replace(b"index 345\n", b"index 344\n")),
            ("index with a zero", data.replace(b"index 345\n", b"index 0345\n")),
            ("index with a plus", data.replace(b"index 345\n", b"index +345\n")),
            ("index behind the end", data.replace(b"index 345\n", b"index 600\n")),
            ("index of 20 digits", data.replace(b"index 345\n", b"index 99999999999999999999\n")),
            ("no index", data.replace(b"index 345\n", b"")),
            ("a hash more", data.replace(path, path + b"\n" + path)),
            ("a hash more at the end", data.replace(b"\n\n", b"\n" + path + b"\n\n", 1)),
            ("many hashes more", data.replace(path, b"\n".join([path] * 64))),
            ("a hash less", data.replace(path + b"\n", b"")),
            ("hashes swapped", data.replace(path + b"\n" + data.split(b"\n")[4], data.split(b"\n")[4] + b"\n" + path)),
            ("a hash without padding", data.replace(path, path.rstrip(b"="))),
            ("a hash with spare bits", data.replace(path, respell(path.decode())[:-1].encode())),
            ("a short hash", data.replace(path, base64.b64encode(bytes(31)))),
            ("CRLF", data.replace(b"\n", b"\r\n")),
            ("another version", data.replace(b"@v1", b"@v2")),
            (
                "extra behind the index",
                data.replace(data.split(b"\n")[1] + b"\nindex 345", b"index 345\n" + data.split(b"\n")[1]),
            ),
            ("a checkpoint of another size", receipt(log, 345, SIZE, signed(log, 599), opening)),
            ("a checkpoint of the empty tree", receipt(log, 345, SIZE, signed(log, 0), opening)),
            ("no checkpoint", data[: data.index(b"\n\n") + 2]),
            ("half of it", data[:100]),
            ("nothing", b""),
            ("a flag more", extra(opening[:5] + b"\7" + opening[6:])),
            ("a flag less", extra(opening[:5] + b"\2" + opening[6:])),
            ("another version of the opening", extra(opening[:4] + b"\2" + opening[5:])),
            ("a submitter that is not UTF-8", extra(opening.replace(b"User:", b"User\xff"))),
            ("nothing as extra", data.replace(data.split(b"\n")[1], b"extra ")),
            ("a byte more", extra(opening + b"\0")),
            ("a byte less", extra(opening[:-1])),
            ("an opening cut behind its leaf", extra(opening[:102])),
            ("the same with a body salt alone", extra(opening[:5] + b"\1" + opening[6:102])),
            ("half a body salt", extra(opening[:5] + b"\1" + opening[6:110])),
            ("an opening cut in its leaf", extra(opening[:50])),
            ("another submitter", extra(opening.replace(b"User:", b"Usex:"))),
            ("another body salt", extra(opening.replace(event.body_salt, bytes(16)))),
            ("another provenance salt", extra(opening.replace(event.provenance_salt, bytes(16)))),
            ("labels cut elsewhere", extra(opening.replace(b"\6\0User:", b"\5\0User:"))),
        ]:
            with self.subTest(name):
                self.assertNotEqual(changed, data)
                self.assertEqual(self.check(changed, event.bytes), TAMPERED)
        self.assertEqual(self.check(data, event.bytes), VERIFIED)
        self.assertEqual(self.check(data, event.bytes + b"\n"), TAMPERED)
        self.assertEqual(self.check(data, made_events[346].bytes), TAMPERED)

    def test_a_bit_of_each_byte(self):
        data, event = self.receipt()
        # Those of the checkpoint have their own test.
        for offset in range(data.index(b"\n\n") + 2):
            changed = bytearray(data)
            changed[offset] ^= 1 << offset % 8
            self.assertIn(self.check(bytes(changed), event), (TAMPERED, INCOMPLETE), f"byte {offset}")

    def test_every_prefix_of_an_opening(self):
        for body in (False, True):
            for provenance in (False, True):
                opening = made(SIZE)[0][345].opening(body, provenance)
                for end in range(len(opening)):
                    with self.assertRaises(verify_tlog.Tampered, msg=f"{end} of {len(opening)} bytes"):
                        verify_tlog.Opening(opening[:end])

    def test_leaves_that_no_log_has(self):
        _, event = self.receipt()
        leaf = made(SIZE)[0][345].leaf
        for name, changed in [
            ("magic", b"MLEG" + leaf[4:]),
            ("version", leaf[:4] + b"\2" + leaf[5:]),
            ("stream", leaf[:5] + b"\2" + leaf[6:]),
            ("flags", leaf[:6] + b"\2" + leaf[7:]),
            ("zero", leaf[:7] + b"\1" + leaf[8:]),
        ]:
            with self.subTest(name):
                opening = made(SIZE)[0][345].opening().replace(leaf, changed)
                log = Log([changed])
                self.assertEqual(self.check(receipt(log, 0, 1, signed(log), opening), event), TAMPERED)


# ------------------------------------------------------------------------------------------------ vectors


class VectorsTests(Case):
    """Known answers: RFC 6962's, and a log of five entries that was checked with other programs as well."""

    ENTRIES = [b'{"seq":0}', b"", "€".encode(), b'{"seq":3}', b"x" * 65_535]
    ROOTS = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "a402b0e36f5aae85457360fcf00a2545b87dd47f310553e7b0d32d6d0ac4400d",
        "2415c2e3e1117577941f4a86f8698d7b8dc89989db76ec9363fb6a096519519b",
        "2b1386c1f0990d5557afbcb39449373e8f404bd394297dc9ee1f7615fea5ed4b",
        "5ee6967acc0834aaefc3cd81a70439cf0a5b8ab8c13f04158145764802f1baad",
        "31ca6404de2866a50f285b516bafd0634b41c75d6bb9ebdc4d3189d21e0b0a59",
    ]
    LOG = "audit.example/test+7249d966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    WITNESS = "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
    CHECKPOINT = """audit.example/test
5
McpkBN4oZqUPKFtRa6/QY0tBx11ruevcTTGJ0h4LClk=

— audit.example/test cknZZvU6G2BKO4bv5b8cbgEUiA2S7+08QTwayE39mT0CI56pSnTMwa2hyPDn/nQQSi5FC0yK93w5kmfAQddoQDpongo=
— witness.example/w1 IDJKvgAAAABlU/EA1k8WoIiMGgbHpTS1LNvnKjA4wULC1oPJIu1prRYKTnOa4hLHfi2jJm5bTsAYGXajHHeDZc0SpdEc/24w5ivFCw==
""".encode()  # fmt: skip
    INCLUSION_OF_2 = [
        "28xC11lrPWKfGGHR4gl7l7VGLsyueJ38+Zf+qbBpCJk=",
        "JBXC4+ERdXeUH0qG+GmNe43ImYnbduyTY/tqCWUZUZs=",
        "0TUNnTA62d7dyykhou4naxsaBDccGEBfN5ZsxaJ2Ab4=",
    ]
    CONSISTENCY_OF_3_AND_5 = ["8pV0JpmTF8OzNIwPg4xabWpHJGlkVMHDCIOwp9L/M+M=", *INCLUSION_OF_2]

    def test_hashes(self):
        for hash_, expected in [
            (verify_tlog.leaf_hash(b""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (verify_tlog.leaf_hash(b"L123456"), "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"),
            (
                verify_tlog.node_hash(b"N123", b"N456"),
                "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb",
            ),
        ]:
            self.assertEqual(hash_.hex(), expected)

    def test_the_generator(self):
        log = Log(self.ENTRIES)
        self.assertEqual([log.root(0, size).hex() for size in range(6)], self.ROOTS)
        self.assertEqual([base64.b64encode(hash_).decode() for hash_ in log.inclusion(2, 5)], self.INCLUSION_OF_2)
        self.assertEqual(
            [base64.b64encode(hash_).decode() for hash_ in log.consistency(3, 5)], self.CONSISTENCY_OF_3_AND_5
        )
        bundle = dict(log.files())["tile/entries/000.p/5"]
        self.assertEqual(len(bundle), 65_566)
        self.assertEqual(
            hashlib.sha256(bundle).hexdigest(), "be7092e2fa92f9eb327f2418a0c9a9fb6dd117ccfac6cd4fd008b8fef6e40259"
        )
        signer, witness = (
            Signer("audit.example/test", bytes(range(32))),
            Signer("witness.example/w1", bytes(range(32, 64)), 4),
        )
        self.assertEqual((signer.vkey, witness.vkey), (self.LOG, self.WITNESS))
        text = log.checkpoint_text(signer.name)
        self.assertEqual(note(text, signer.line(text), witness.line(text)), self.CHECKPOINT)

    # The worked bytes of docs/formats/receipt.md, and the event of journal.md that they are of.
    OPENING = (
        "TUxPUAEDTUxFRgEAAAAAyt+i7jTqGG+/j8m/O47bVI+K0bxq03pNLf17v2d+hfhGv5/KqswoZVkgHECzG2nOrQPGkinarTxLHOw2DtinhVeaaUF0"
        "q7jEVhFdOixiVNmITv9sV4XaZiCkoj5GXgbIhjA3k8/VfW40fBYardE7uJngktqwZnkKAFVzZXI6YWxpY2UIAGthZmthOmsxAwABAgM="
    )
    EVENT = b'{"specversion":"1.0","id":"e1","source":"crn:///kafka=k1","type":"t"}'

    def test_an_opening(self):
        opening = base64.b64decode(self.OPENING)
        leaf_hash = "692691c9e12420a4999ddf04c2d8c4bc989a5e4f038fb689d807e1797813ea64"
        self.assertEqual(verify_tlog.leaf_hash(opening[6:102]).hex(), leaf_hash)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            verify_tlog.Opening(opening).check(self.EVENT)
        self.assertEqual(
            said.getvalue(),
            "leaf: audit event received at 2026-11-22T00:00:01.000000000Z\n"
            "submitter: 'User:alice'\norigin: 'kafka:k1'\nposition: b'\\x01\\x02\\x03'\n"
            "event: 69 bytes, the ones that were logged\n",
        )

    def test_the_verifiers(self):
        log = Log(self.ENTRIES)
        log.write(self.directory, self.CHECKPOINT)
        self.expect(VERIFIED, self.directory, "--vkey", self.LOG, "--witness", self.WITNESS)
        (self.directory / "entry").write_bytes(self.ENTRIES[2])
        (self.directory / "receipt").write_bytes(receipt(log, 2, 5, self.CHECKPOINT))
        words = ["receipt", "--vkey", self.LOG, "--entry", self.directory / "entry", self.directory / "receipt"]
        done = subprocess.run([*PYTHON, *words], capture_output=True, check=False)
        self.assertEqual(done.returncode, VERIFIED, done.stdout)


if __name__ == "__main__":
    unittest.main()
