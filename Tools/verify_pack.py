#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks an evidence pack with nothing but Python's standard library and `openssl`.

  verify_pack.py FILE --vkey KEY…     every byte of the pack, as docs/formats/pack.md has it

It shares no code with Martlet; beside it has to lie verify_tlog.py, which reads notes and keys. The pack's own `vkeys` are
only used for what they are: to see that every signature of the manifest is one.

A line for each finding, and the last line and the exit status are the verdict: 0 verified, 1 tampered, 2 wrong usage,
3 could not run, 4 what is there is right, and the manifest says that something is missing.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import sys

from verify_tlog import (
    Checkpoint, CouldNotRun, Incomplete, Key, Tampered, from_base64, from_decimal, leaf_hash, node_hash,
)

FILES = [
    "README.md", "manifest.json", "manifest.note", "checkpoint", "vkeys", "schema.json", "ledger.json", "events.ndjson",
    "proofs.ndjson", "hashes",
]
SMALL = 1 << 20
PROOF = re.compile(
    r'\{"index":(\d{1,20}),"offset":(\d{1,20}),"length":(\d{1,20}),"erased":(true|false),"opening":"([A-Za-z0-9+/=]*)"\}'
)


class Part:
    """A file of the pack: read from its beginning to its end, and hashed on the way."""

    def __init__(self, pack, name, start, size):
        self.pack, self.name, self.start, self.size = pack, name, start, size
        self.consumed, self.digest = 0, hashlib.sha256()

    def take(self, count):
        if count > self.size - self.consumed:
            raise Tampered(f"{self.name}: it ends too early")
        self.pack.seek(self.start + self.consumed)
        data = self.pack.read(count)
        if len(data) != count:
            raise CouldNotRun(f"{self.name}: the file got shorter")
        self.consumed += count
        self.digest.update(data)
        return data

    def line(self, limit):
        """The next line without its newline; None at the end."""
        if self.consumed == self.size:
            return None
        self.pack.seek(self.start + self.consumed)
        data = self.pack.readline(min(limit + 1, self.size - self.consumed))
        if not data.endswith(b"\n"):
            raise Tampered(f"{self.name}: a line that is too long or has no end")
        self.consumed += len(data)
        self.digest.update(data)
        return data[:-1]

    def drain(self):
        while self.consumed < self.size:
            self.take(min(1 << 20, self.size - self.consumed))


def header(name, size):
    """The one header that a file of a pack has: ustar, mode 644, owner 0, 1980-01-01."""
    head = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % size + b"%011o\0" % 315532800
    tail = b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\0" * 2 + bytes(167)
    total = sum(head) + sum(tail) + 8 * 32
    return head + b"%06o\0 " % total + tail


def parts(pack, length):
    found, offset = {}, 0
    for name in FILES:
        pack.seek(offset)
        block = pack.read(512)
        digits = block[124:135]
        if not re.fullmatch(rb"[0-7]{11}", digits) or block != header(name, int(digits, 8)):
            raise Tampered(f"{name}: its header in the archive is not the one that a pack has here")
        size = int(digits, 8)
        padding = -size % 512
        pack.seek(offset + 512 + size)
        if offset + 512 + size + padding > length or pack.read(padding) != bytes(padding):
            raise Tampered(f"{name}: cut, or its last block is not filled with zeros")
        found[name] = Part(pack, name, offset + 512, size)
        offset += 512 + size + padding
    pack.seek(offset)
    if pack.read(1025) != bytes(1024):
        raise Tampered("the archive does not end in exactly two blocks of zeros")
    return found


def small(part):
    if part.size > SMALL:
        raise Tampered(f"{part.name}: more than {SMALL:,} bytes")
    return part.take(part.size)


class Note:
    """A signed note of the log that is no checkpoint: every signature has to be by one of the keys."""

    def __init__(self, data, own, trusted):
        try:
            whole = data.decode()
        except UnicodeDecodeError:
            raise Tampered("manifest.note: not UTF-8") from None
        text, blank, signatures = whole.rpartition("\n\n")
        if not blank or not signatures.endswith("\n"):
            raise Tampered("manifest.note: no blank line with signatures behind it")
        self.lines, self.trusted, used = text.split("\n"), [], []
        for line in signatures[:-1].split("\n"):
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            signature = from_base64(encoded, "a signature of manifest.note")
            keys = [key for key in own if (key.name, key.id) == (name, signature[:4]) and key not in used]
            if dash != "\u2014" or not keys:
                raise Tampered("manifest.note: a signature that is twice, or by a key that is not in vkeys")
            keys[0].check((text + "\n").encode(), signature[4:])
            used.append(keys[0])
            self.trusted += [key for key in trusted if (key.name, key.public) == (keys[0].name, keys[0].public)]


def opening(data):
    """The leaf of an opening, the salt of the body, and what is told of the sender (docs/formats/receipt.md)."""
    if data[:5] != b"MLOP\x01" or len(data) < 102 or data[5] > 3:
        raise Tampered("no opening")
    flags, leaf, rest = data[5], data[6:102], data[102:]
    if leaf[:5] != b"MLEF\x01" or leaf[5] > 1 or leaf[6] > 1 or leaf[7]:
        raise Tampered("no leaf")
    salt, sender = None, None
    if flags & 1:
        salt, rest = rest[:16], rest[16:]
    if flags & 2:
        sender, rest = (rest[:16], rest[16:]), b""
        labels, place = sender[1], 0
        for _ in range(3):
            place += 2 + int.from_bytes(labels[place : place + 2], "little")
        if place != len(labels):
            raise Tampered("an opening with other bytes than its labels")
    if rest or salt is not None and len(salt) != 16:
        raise Tampered("an opening of another length")
    return leaf, salt, sender


class Tree:
    """Perfect subtrees from left to right; joined as soon as two of a size stand side by side (RFC 6962 §2.1)."""

    def __init__(self):
        self.subtrees, self.size = [], 0

    def append(self, level, hash_):
        self.size += 1 << level
        while self.subtrees and self.subtrees[-1][0] == level:
            hash_ = node_hash(self.subtrees.pop()[1], hash_)
            level += 1
        self.subtrees.append((level, hash_))

    def root(self):
        if not self.subtrees:
            return hashlib.sha256().digest()
        hash_ = self.subtrees[-1][1]
        for _, left in self.subtrees[-2::-1]:
            hash_ = node_hash(left, hash_)
        return hash_


def fill(tree, end, hashes):
    """Takes the hashes of the largest subtrees that fit before an index."""
    while tree.size < end:
        level = (end - tree.size).bit_length() - 1
        if tree.size:
            level = min(level, (tree.size & -tree.size).bit_length() - 1)
        prefix = b"%d %d " % (level, tree.size >> level)
        line = hashes.line(80)
        if line is None or not line.startswith(prefix):
            raise Tampered(f"hashes: {prefix.decode()}is expected in byte {hashes.consumed}")
        hash_ = from_base64(line[len(prefix) :].decode(errors="replace"), "a hash")
        if len(hash_) != 32:
            raise Tampered("hashes: a hash of another length")
        tree.append(level, hash_)


def check_events(found, manifest, checkpoint):
    events, proofs, hashes = found["events.ndjson"], found["proofs.ndjson"], found["hashes"]
    tree, count, length, erased, indices = Tree(), 0, 0, 0, []
    while (line := proofs.line(16_800)) is not None:
        match = PROOF.fullmatch(line.decode(errors="replace"))
        if not match:
            raise Tampered(f"proofs.ndjson: line {count + 1} is none")
        index, offset, size = (from_decimal(number, "a number of proofs.ndjson") for number in match.groups()[:3])
        leaf, salt, sender = opening(from_base64(match[5], "an opening"))
        if not tree.size <= index < checkpoint.size or offset != events.consumed or (match[4] == "true") != (salt is None):
            raise Tampered(f"event {index}: twice, out of order, not in the tree, or not where it should be")
        body = events.take(size)
        if events.take(1) != b"\n":
            raise Tampered(f"event {index}: no line end behind it")
        if salt is not None and hashlib.sha256(salt + body).digest() != leaf[64:96]:
            raise Tampered(f"event {index}: it is not what its leaf commits to")
        if sender is not None:
            digest = hashlib.sha256(b"martlet provenance v1\0" + sender[1]).digest()
            if hashlib.sha256(sender[0] + digest).digest() != leaf[32:64]:
                raise Tampered(f"event {index}: its sender is not what its leaf commits to")
        fill(tree, index, hashes)
        tree.append(0, leaf_hash(leaf))
        count, length, erased = count + 1, length + size, erased + (salt is None)
        indices = [indices[0] if indices else index, index]
    fill(tree, checkpoint.size, hashes)
    if events.consumed != events.size or hashes.consumed != hashes.size:
        raise Tampered("events or hashes behind the last that are needed")
    if tree.root() != checkpoint.root:
        raise Tampered("events and hashes do not lead to the root that was signed")
    said = [manifest[name] for name in ("events", "eventBytes", "erased", "firstIndex", "lastIndex")]
    if said != [count, length, erased, *(indices or [None, None])]:
        raise Tampered("manifest.json: there are not as many events as it says, or others")
    return count, erased


def verify(pack, length, keys):
    found = parts(pack, length)
    text = small(found["manifest.json"])
    own = [Key(line) for line in small(found["vkeys"]).decode().splitlines()]
    note = Note(small(found["manifest.note"]), own, keys)
    digest = base64.b64encode(hashlib.sha256(text).digest()).decode()
    if len(note.lines) != 3 or note.lines[:2] != ["martlet.dev/pack@v1", digest]:
        raise Tampered("manifest.json: it is not the manifest that was signed")
    manifest = json.loads(text)
    origin = manifest["origin"]
    checkpoint = Checkpoint(small(found["checkpoint"]), keys)
    checkpoint.describe()
    if not origin == note.lines[2] == checkpoint.origin or manifest["checkpointSize"] != checkpoint.size:
        raise Tampered("manifest, checkpoint and signature are of different logs or sizes")
    if not any(key.name == origin for key in note.trusted):
        raise Tampered("manifest.note: not signed by any log key that was given")
    count, erased = check_events(found, manifest, checkpoint)
    for name in ("README.md", "schema.json", "ledger.json"):
        found[name].drain()
    listed = [(file["name"], file["bytes"], file["sha256"]) for file in manifest["files"]]
    there = [(name, found[name].size, found[name].digest.hexdigest()) for name in FILES if name[:8] != "manifest"]
    for file, expected in zip(there, listed):
        if file != expected:
            raise Tampered(f"{file[0]}: it is not the file that the manifest lists")
    if len(listed) != len(there):
        raise Tampered("manifest.json: its list of files is not that of a pack")
    print(f"{count:,} events, {erased:,} of them erased; asked by {manifest['principal']!a} at {manifest['created']}")
    if not manifest["complete"]:
        raise Incomplete("the manifest says that something is missing: " + "; ".join(
            manifest["limits"] + manifest["partialReasons"]
        ))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--vkey", action="append", required=True, type=Key, help="a verifier key of the log")
    arguments = parser.parse_args()
    try:
        with open(arguments.file, "rb") as pack:
            verify(pack, os.fstat(pack.fileno()).st_size, arguments.vkey)
    except Incomplete as finding:
        print(f"incomplete: {finding}")
        return 4
    except (Tampered, argparse.ArgumentTypeError, ValueError, KeyError, TypeError) as finding:
        print(f"tampered: {finding}")
        return 1
    except (CouldNotRun, OSError) as failure:
        print(f"could not run: {failure}", file=sys.stderr)
        return 3
    print("verified")
    return 0


if __name__ == "__main__":
    sys.exit(main())
