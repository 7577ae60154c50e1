#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a transparency log, or a receipt of it, with nothing but Python's standard library and `openssl`.

  verify_tlog.py tree DIRECTORY|URL --vkey KEY…   every entry, every tile, the checkpoint, its signatures
  verify_tlog.py receipt FILE --vkey KEY…         that one entry is in the tree that the checkpoint in FILE is of

It shares no code with Martlet and is written from the specifications that it names: RFC 6962 and c2sp.org's
tlog-tiles, signed-note, tlog-checkpoint, tlog-cosignature and tlog-proof; docs/formats/evidence.md for how strictly
they are read, leaf.md and receipt.md for what an entry says of an event. A server behind a URL gets the token in the environment's MARTLET_TOKEN, if any.

A line for each finding, and the last line and the exit status are the verdict: 0 verified, 1 tampered, 2 wrong usage,
3 could not run, 4 incomplete: what is there is right, but something that was asked about is not there.
"""

import argparse
import base64
import binascii
import datetime
import gzip
import hashlib
import http.client
import os
import stat
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib

# The longest checkpoint or receipt that is read; a hundred signatures fit in many times.
NOTE_LIMIT = 1 << 20
# 256 entries of 65,535 bytes, each behind its length.
BUNDLE_LIMIT = 256 * (2 + 65_535)
TILE_LIMIT = 256 * 32
# Sizes stand in 64 bits with room for the storage indexes of other implementations.
SIZE_LIMIT = 1 << 62
# A checkpoint can claim any size: nothing is gained by going on for ever where nothing is.
FINDINGS_LIMIT = 1000
# How far a witness's clock may be ahead of ours.
CLOCK_SKEW = 300


class Tampered(Exception):
    """Something is there and is wrong."""


class Incomplete(Exception):
    """Something is not there."""


class CouldNotRun(Exception):
    """Nothing is known: no file, no network, no openssl."""


# ------------------------------------------------------------------------------------------------ hashes


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()  # RFC 6962 §2.1


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()  # RFC 6962 §2.1


def perfect(hashes):
    """The root over hashes whose number is a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2])]
    return hashes[0]


def root_from_inclusion(index, size, hash_, path):
    """The root that an inclusion proof comes to, RFC 9162 §2.1.3.2; index < size."""
    last = size - 1
    for sibling in path:
        if last == 0:
            raise Tampered("the inclusion proof is too long")
        if index & 1 or index == last:
            hash_ = node_hash(sibling, hash_)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, sibling)
        index, last = index >> 1, last >> 1
    if last:
        raise Tampered("the inclusion proof is too short")
    return hash_


# ------------------------------------------------------------------------------------------------ signed notes


def from_base64(text, what):
    # Spare bits in the last character would let one signature have several spellings: encode and compare.
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = None
    if data is None or base64.b64encode(data) != text.encode():
        raise Tampered(f"{what} is not canonical base64")
    return data


def from_decimal(text, what):
    plain = text.isascii() and text.isdigit() and (text[0] != "0" or text == "0") and len(text) < 20
    if not plain or int(text) >= SIZE_LIMIT:
        raise Tampered(f"{what} is no decimal number: {text[:40]!a}")
    return int(text)


class Key:
    """A verifier key, `<name>+<key ID>+<base64 of type and public key>`, as c2sp.org/signed-note has it."""

    ED25519, COSIGNATURE = 1, 4

    def __init__(self, vkey):
        try:
            self.name, key_id, encoded = vkey.split("+", 2)
            material = from_base64(encoded, "the key")
            self.id = hashlib.sha256(self.name.encode() + b"\n" + material).digest()[:4]
            self.type, self.public = material[0], material[1:]
        except (ValueError, IndexError, Tampered):
            raise argparse.ArgumentTypeError(f"{vkey!a} is no verifier key") from None
        if not is_key_name(self.name) or self.id.hex() != key_id:
            raise argparse.ArgumentTypeError(f"the name or key ID of {vkey!a} is not that of its key")
        if self.type not in (self.ED25519, self.COSIGNATURE) or len(self.public) != 32:
            raise argparse.ArgumentTypeError(f"{vkey!a} is no key for Ed25519")

    def check(self, text, signature):
        """Returns when it was signed if the key is a witness's."""
        when, message = None, text
        if self.type == self.COSIGNATURE:  # c2sp.org/tlog-cosignature: 8 bytes of time, then Ed25519
            when, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = b"cosignature/v1\ntime %d\n" % when + text
        if len(signature) != 64 or not ed25519(self.public, message, signature):
            raise Tampered(f"the signature of {self.name!a} is wrong")
        if when is not None and when > time.time() + CLOCK_SKEW:
            raise Tampered(f"the cosignature of {self.name!a} is from the future: {utc(when)}")
        return when


def is_key_name(name):
    return name != "" and "+" not in name and not any(character.isspace() for character in name)


def ed25519(public, message, signature):
    with tempfile.TemporaryDirectory() as directory:
        # In front of the 32 bytes: the fixed beginning of a SubjectPublicKeyInfo for Ed25519, RFC 8410 §4.
        parts = {"key": bytes.fromhex("302a300506032b6570032100") + public, "message": message, "signature": signature}
        for name, data in parts.items():
            with open(os.path.join(directory, name), "wb") as file:
                file.write(data)
        command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in message -sigfile signature"
        try:
            run = subprocess.run(command.split(), cwd=directory, capture_output=True, text=True, check=False)
        except OSError as error:
            raise CouldNotRun(f"openssl: {error.strerror}") from None
    if run.returncode == 0:
        return True
    if "Verification Failure" in run.stdout + run.stderr:
        return False
    raise CouldNotRun(f"openssl cannot check Ed25519 signatures: {(run.stderr or run.stdout).strip()[:200]}")


class Checkpoint:
    """A signed note (c2sp.org/signed-note) with the text of a checkpoint (c2sp.org/tlog-checkpoint)."""

    def __init__(self, note, keys, origin=None, name="checkpoint"):
        self.signed, self.cosigned = [], {}
        try:
            self.read(note, keys, origin)
        except Tampered as finding:
            raise Tampered(f"{name}: {finding}") from None

    def read(self, note, keys, origin):
        if len(note) > NOTE_LIMIT:
            raise Tampered(f"more than {NOTE_LIMIT:,} bytes")
        try:
            whole = note.decode("utf-8")
        except UnicodeDecodeError:
            raise Tampered("not UTF-8") from None
        if any(character < " " and character != "\n" for character in whole):
            raise Tampered("a control character")
        text, blank, signatures = whole.rpartition("\n\n")
        if not blank or not signatures.endswith("\n"):
            raise Tampered("no blank line with signature lines behind it")
        self.read_text(text)
        lines = signatures[:-1].split("\n")
        if len(lines) > 100:
            raise Tampered("more than 100 signatures")
        for line in lines:
            self.check_signature(line, (text + "\n").encode(), keys)
        if not self.signed:
            raise Tampered("not signed by any log key that was given")
        if self.origin not in ([key.name for key in self.signed] if origin is None else [origin]):
            raise Tampered(f"it is of another log: {self.origin!a}")

    def read_text(self, text):
        self.origin, *rest = text.split("\n")
        if len(rest) < 2 or "" in (self.origin, *rest):
            raise Tampered("not three or more non-empty lines")
        self.size = from_decimal(rest[0], "the size")
        self.root = from_base64(rest[1], "the root")
        if len(self.root) != 32:
            raise Tampered("the root has not 32 bytes")

    def check_signature(self, line, text, keys):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "\u2014" or not is_key_name(name):
            raise Tampered(f"malformed signature line {line[:40]!a}")
        data = from_base64(encoded, f"the signature of {name!a}")
        if len(data) < 5:
            raise Tampered(f"the signature of {name!a} is too short")
        # Who is not known is passed over; who is known and wrong makes the whole note wrong.
        for key in keys:
            if (key.name, key.id) == (name, data[:4]):
                when = key.check(text, data[4:])
                if when is None:
                    self.signed.append(key)
                else:
                    self.cosigned[key.name] = when

    def describe(self):
        print(f"checkpoint: {self.origin!a}, {self.size:,} entries, root {base64.b64encode(self.root).decode()}")
        for key in self.signed:
            print(f"signed by {key.name!a}, key {key.id.hex()}")
        for name, when in self.cosigned.items():
            print(f"cosigned by {name!a} at {utc(when)}")


def utc(seconds, nanoseconds=None):
    try:
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return f"{seconds} s after 1970"
    return moment.isoformat() + ("" if nanoseconds is None else f".{nanoseconds:09}") + "Z"


# ------------------------------------------------------------------------------------------------ where a log lies


class Directory:
    """Regular files only: a symbolic link or a pipe could show each reader something else."""

    def __init__(self, root):
        self.root = root
        if not os.path.isdir(root):
            raise CouldNotRun(f"{root}: no such directory")

    def read(self, path, limit):
        try:
            handle = os.open(os.path.join(self.root, path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if os.path.islink(os.path.join(self.root, path)):
                raise Tampered(f"{path}: a symbolic link") from None
            raise CouldNotRun(f"{path}: {error.strerror}") from None
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Tampered(f"{path}: not a regular file")
            return file.read(limit + 1)

    def widths(self, stem, _):
        """Which copies there may be of a tile: the full one and partial ones, of this size of the tree or others."""
        try:
            names = os.listdir(os.path.join(self.root, stem + ".p"))
        except OSError:
            names = []
        return [256] + sorted(width for width in range(1, 256) if str(width) in names)

    def irregular(self):
        def failed(error):
            if not isinstance(error, FileNotFoundError):  # An empty log has no tiles.
                raise CouldNotRun(f"{error.filename}: {error.strerror}")

        for folder, folders, files in os.walk(os.path.join(self.root, "tile"), onerror=failed):
            for name in folders + files:
                path = os.path.join(folder, name)
                mode = os.lstat(path).st_mode
                if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
                    yield f"{os.path.relpath(path, self.root)}: neither a regular file nor a directory"


class Server:
    """The same over HTTP, as c2sp.org/tlog-tiles has it."""

    class NoRedirects(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None  # The token goes to the server that was named, and to no other.

    def __init__(self, prefix):
        self.prefix = prefix.rstrip("/")
        self.opener = urllib.request.build_opener(self.NoRedirects)

    def read(self, path, limit):
        request = urllib.request.Request(f"{self.prefix}/{path}", headers={"Accept-Encoding": "gzip, identity"})
        if os.environ.get("MARTLET_TOKEN"):
            request.add_header("Authorization", f"Bearer {os.environ['MARTLET_TOKEN']}")
        try:
            with self.opener.open(request, timeout=60) as answer:
                packed = answer.headers.get("Content-Encoding") == "gzip"
                data = (gzip.GzipFile(fileobj=answer) if packed else answer).read(limit + 1)
                if answer.length and not packed and len(data) <= limit:
                    raise CouldNotRun(f"{path}: the connection was cut")
                return data
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                return None
            raise CouldNotRun(f"{path}: the server answers {error.code}") from None
        except (OSError, EOFError, ValueError, http.client.HTTPException, zlib.error) as error:
            raise CouldNotRun(f"{path}: {error}") from None

    def widths(self, _, width):
        # Only what has to be there is asked for; a partial tile may have been replaced by the full one.
        return [width] if width == 256 else [width, 256]

    def irregular(self):
        return []


# ------------------------------------------------------------------------------------------------ the tree


def stem(kind, index):
    """The path of a full tile, c2sp.org/tlog-tiles: number 1234067 is x001/x234/067."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(["tile", str(kind), *groups])


def split_hashes(data, width, path):
    if len(data) != width * 32:
        raise Tampered(f"{path}: not {width * 32:,} bytes, as {width} hashes have")
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def split_entries(data, width, path):
    entries, at = [], 0
    while at < len(data) and len(entries) < width:
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise Tampered(f"{path}: entry {len(entries)} ends behind the end of the file")
        entries.append(data[at + 2 : end])
        at = end
    if len(entries) != width or at != len(data):
        raise Tampered(f"{path}: not {width} entries" + (" alone" if at != len(data) else f" but {len(entries)}"))
    return entries


class Tree:
    """All hashes that the entries of a log come to, compared with all tiles that the log has."""

    def __init__(self, source, size, pruned_below, findings, boundaries):
        self.source, self.size, self.findings = source, size, findings
        self.entries = self.entry_bytes = self.pruned = 0
        # Level 0 is 256 times as large as all others together, so only what a root will need of it is kept.
        self.level0, self.levels = {}, {}
        row = []
        for index in range(-(-size // 256)):
            if len(findings) > FINDINGS_LIMIT:
                raise Incomplete(f"stopped at entry {256 * index:,}: too much is wrong or missing")
            width = min(256, size - 256 * index)
            # c2sp.org/tlog-tiles: what may be missing is full and ends at or below the minimum index.
            hashes = self.leaf_hashes(index, width, width == 256 and 256 * (index + 1) <= pruned_below)
            if index in boundaries:
                self.level0[index] = hashes
            if width == 256:
                row.append(perfect(hashes) if hashes else None)
        level = 1
        while row:
            self.compare(level, row)
            if None in row:
                raise Incomplete("the root cannot be made: a tile of level 0 is missing, and the one above it")
            self.levels[level] = row
            row = [perfect(row[at : at + 256]) for at in range(0, len(row) // 256 * 256, 256)]
            level += 1

    def leaf_hashes(self, index, width, may_be_pruned):
        entries = self.read("entries", index, width, may_be_pruned)
        stored = self.read(0, index, width, may_be_pruned)
        if entries is None:
            self.pruned += width
            return stored
        self.entries += width
        self.entry_bytes += sum(map(len, entries))
        hashes = [leaf_hash(entry) for entry in entries]
        for at in range(width if stored else 0):
            if hashes[at] != stored[at]:
                where = f"{stem('entries', index)}: entry {256 * index + at:,}"
                self.findings.append(Tampered(f"{where} is not the one that {stem(0, index)} has the hash of"))
                break
        # If they differ, what is above shows which of both was changed.
        return stored or hashes

    def compare(self, level, row):
        """Puts stored hashes into the places of the row that nothing is known of."""
        for index in range(-(-len(row) // 256)):
            begin = 256 * index
            stored = self.read(level, index, min(256, len(row) - begin), False) or []
            wrong = [at for at, hash_ in enumerate(stored) if row[begin + at] not in (hash_, None)]
            for at in wrong[:1]:
                below = stem(level - 1, begin + at)
                self.findings.append(Tampered(f"{stem(level, index)}: hash {at} is not what {below} comes to"))
            for at, hash_ in enumerate(stored):
                row[begin + at] = row[begin + at] or hash_

    def read(self, kind, index, width, may_be_missing):
        """What a tile or bundle of this width holds; nothing if it is missing or malformed."""
        path, copies = stem(kind, index), {}
        split, limit = (split_entries, BUNDLE_LIMIT) if kind == "entries" else (split_hashes, TILE_LIMIT)
        try:
            for other in self.source.widths(path, width):
                copy = path if other == 256 else f"{path}.p/{other}"
                data = self.source.read(copy, limit)
                if data is not None:
                    copies[other] = split(data, other, copy)
                    if isinstance(self.source, Server):
                        break
            # A tile only grows: each copy begins with all narrower ones.
            widest = copies[max(copies)] if copies else []
            for other, items in copies.items():
                if items != widest[:other]:
                    raise Tampered(f"{path}: its copies with {other} and {max(copies)} items differ")
            if len(widest) < width and not may_be_missing:
                raise Incomplete(f"{path}{'' if width == 256 else f'.p/{width}'}: missing")
        except (Tampered, Incomplete) as finding:
            self.findings.append(finding)
            return None
        return widest[:width] if len(widest) >= width else None

    def root(self, size):
        """The root when the log had this size: its perfect subtrees, joined from the smallest up, RFC 6962 §2.1."""
        root, level = None, 0
        while size >> 8 * level:
            end = size >> 8 * level
            width = end % 256
            row = self.level0.get(end // 256) if level == 0 else self.levels[level][end - width : end]
            if width and not row:
                raise Incomplete(f"the root at size {size:,} cannot be made: {stem(0, end // 256)} is missing")
            for bit in range(8):
                if width >> bit & 1:
                    # What is left of the row ends with the subtree of 2^bit hashes.
                    begin = width >> (bit + 1) << (bit + 1)
                    subtree = perfect(row[begin : begin + (1 << bit)])
                    root = subtree if root is None else node_hash(subtree, root)
            level += 1
        return hashlib.sha256().digest() if root is None else root


def verify_tree(options, findings):
    remote = urllib.parse.urlsplit(options.place).scheme in ("http", "https")
    source = Server(options.place) if remote else Directory(options.place)
    findings.extend(Tampered(text) for text in source.irregular())
    note = source.read("checkpoint", NOTE_LIMIT)
    if note is None:
        raise Incomplete("checkpoint: missing")
    checkpoint = open_checkpoint(note, options, findings)
    seen = [(path, Checkpoint(read_file(path), options.vkey, checkpoint.origin, path)) for path in options.seen]
    sizes = [checkpoint.size] + [old.size for _, old in seen if old.size <= checkpoint.size]
    tree = Tree(source, checkpoint.size, options.pruned_below, findings, {size // 256 for size in sizes})
    print(f"entries: {tree.entries:,} hashed, {tree.entry_bytes:,} bytes; {tree.pruned:,} known by their hashes alone")
    if tree.root(checkpoint.size) != checkpoint.root:
        findings.append(Tampered("checkpoint: its root is not the one that the log comes to"))
    for path, old in seen:
        if old.size > checkpoint.size:
            findings.append(Tampered(f"the log was cut: {old.size:,} entries in {path}, {checkpoint.size:,} now"))
        elif tree.root(old.size) != old.root:
            findings.append(Tampered(f"the log was rewritten: not what {path} says of its first {old.size:,} entries"))
        else:
            print(f"the log goes on from {path}, {old.size:,} entries")


def open_checkpoint(note, options, findings):
    checkpoint = Checkpoint(note, options.vkey + options.witness, options.origin)
    checkpoint.describe()
    for witness in options.witness:
        if witness.name not in checkpoint.cosigned:
            findings.append(Incomplete(f"checkpoint: no cosignature of {witness.name!a}"))
    return checkpoint


# ------------------------------------------------------------------------------------------------ receipts


class Opening:
    """What says which event a leaf is of: docs/formats/receipt.md, with the leaf of docs/formats/leaf.md.

    0 magic MLOP · 4 version 1 · 5 flags · 6 leaf, 96 bytes · with flag 1: body salt, 16 · with flag 2: provenance
    salt, 16, then submitter, origin and position, each behind its length in two bytes.
    """

    def __init__(self, data):
        if len(data) < 102 or data[:5] != b"MLOP\1" or data[5] > 3:
            raise Tampered("opening: not of a known form")
        self.leaf, rest = data[6:102], data[102:]
        self.body_salt = self.labels = None
        if data[5] & 1:
            self.body_salt, rest = rest[:16], rest[16:]
        if data[5] & 2:
            self.provenance_salt, self.prefixed, rest = rest[:16], rest[16:], b""
            self.labels, rest = self.split_labels(self.prefixed)
            try:
                self.labels[:2] = [label.decode("utf-8") for label in self.labels[:2]]
            except UnicodeDecodeError:
                raise Tampered("opening: submitter or origin is not UTF-8") from None
        if rest or (self.body_salt is not None and len(self.body_salt) != 16):
            raise Tampered("opening: its length is not what its flags say")

    @staticmethod
    def split_labels(data):
        labels = []
        for _ in range(3):
            end = 2 + int.from_bytes(data[:2], "little")
            if len(data) < end or end > 2 + 4096:
                raise Tampered("opening: a label is too long")
            labels.append(data[2:end])
            data = data[end:]
        return labels, data

    def check(self, event):
        magic, version, stream, flags, zero, received = struct.unpack("<4sBBBBq", self.leaf[:16])
        if (magic, version, zero) != (b"MLEF", 1, 0) or stream > 1 or flags > 1:
            raise Tampered("leaf: not of a known form")
        when = utc(*divmod(received, 10**9))
        print(f"leaf: {('audit', 'system')[stream]} event received at {when}{', a conflict' if flags else ''}")
        if self.labels is not None:
            digest = hashlib.sha256(b"martlet provenance v1\0" + self.prefixed).digest()
            if hashlib.sha256(self.provenance_salt + digest).digest() != self.leaf[32:64]:
                raise Tampered("opening: the event is not from where it says")
            for name, label in zip(("submitter", "origin", "position"), self.labels):
                print(f"{name}: {label!a}")
        if event is not None:
            if self.body_salt is None:
                raise Incomplete("opening: no body salt, so the event cannot be compared")
            if hashlib.sha256(self.body_salt + event).digest() != self.leaf[64:96]:
                raise Tampered("event: not the one that the leaf is of")
            print(f"event: {len(event):,} bytes, the ones that were logged")


def verify_receipt(options, findings):
    head, blank, note = read_file(options.place).partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")  # c2sp.org/tlog-proof
    if not blank or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Tampered("receipt: not of a known form")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0)[6:], "receipt: extra")
        if not 0 < len(extra) < 1 << 16:
            raise Tampered("receipt: extra has not 1 to 65,535 bytes")
    if not lines or not lines[0].startswith("index "):
        raise Tampered("receipt: no index")
    index = from_decimal(lines.pop(0)[6:], "receipt: the index")
    path = [from_base64(line, "receipt: a hash") for line in lines]
    if len(path) > 63 or any(len(hash_) != 32 for hash_ in path):
        raise Tampered("receipt: more than 63 hashes, or one has not 32 bytes")
    checkpoint = open_checkpoint(note, options, findings)
    entry = options.entry and read_file(options.entry)
    opening = None if entry is not None or extra is None else Opening(extra)
    if opening:
        entry = opening.leaf
    if entry is None:
        raise Incomplete("receipt: its entry is not in it; name a file with it behind --entry")
    if index >= checkpoint.size:
        raise Tampered(f"receipt: no entry {index:,} in a tree of {checkpoint.size:,}")
    if root_from_inclusion(index, checkpoint.size, leaf_hash(entry), path) != checkpoint.root:
        raise Tampered(f"receipt: the tree of the checkpoint does not have this entry at {index:,}")
    print(f"entry {index:,} is in the tree")
    if opening:
        opening.check(options.event and read_file(options.event))
    elif options.event:
        raise Incomplete("receipt: no opening in it, so the event cannot be compared")


def read_file(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise CouldNotRun(f"{path}: {error.strerror}") from None


# ------------------------------------------------------------------------------------------------ the command


def key_of_type(type_, what):
    def parse(text):
        key = Key(text)
        if key.type != type_:
            raise argparse.ArgumentTypeError(f"{text!a} is not the key of a {what}")
        return key

    return parse


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    common = argparse.ArgumentParser(add_help=False)
    log, witness = key_of_type(Key.ED25519, "log"), key_of_type(Key.COSIGNATURE, "witness")
    common.add_argument("--vkey", action="append", type=log, required=True, help="of the log; one must have signed")
    common.add_argument("--witness", action="append", type=witness, default=[], help="one that must have cosigned")
    common.add_argument("--origin", help="the log's origin, if it is not the name of its key")
    commands = parser.add_subparsers(dest="command", required=True)
    tree = commands.add_parser("tree", parents=[common], help="check a whole log")
    tree.add_argument("place", metavar="DIRECTORY|URL", help="where `checkpoint` and `tile` are")
    tree.add_argument(
        "--seen", action="append", default=[], metavar="FILE", help="an earlier checkpoint, kept elsewhere"
    )
    tree.add_argument("--pruned-below", type=int, default=0, metavar="N", help="entries before this may be missing")
    receipt = commands.add_parser("receipt", parents=[common], help="check a receipt")
    receipt.add_argument("place", metavar="FILE", help="the receipt, a .tlog-proof")
    receipt.add_argument("--event", metavar="FILE", help="the event that it should be of")
    receipt.add_argument("--entry", metavar="FILE", help="the entry, for a receipt that does not say it")
    options = parser.parse_args()
    known = [(key.name, key.id) for key in options.vkey + options.witness]
    if len(set(known)) != len(known):
        parser.error("one key is given twice")
    return options


def main():
    options, findings = read_options(), []
    try:
        (verify_tree if options.command == "tree" else verify_receipt)(options, findings)
    except (Tampered, Incomplete, CouldNotRun) as finding:
        findings.append(finding)
    status, verdict = 0, "verified"
    # The worst comes last, so that it is the verdict.
    kinds = (Incomplete, "incomplete", 4), (CouldNotRun, "could not run", 3), (Tampered, "tampered", 1)
    for kind, name, its_status in kinds:
        found = [finding for finding in findings if isinstance(finding, kind)]
        for finding in found[:20]:
            print(f"{name}: {finding}")
        if len(found) > 20:
            print(f"{name}: and {len(found) - 20:,} more")
        if found:
            status, verdict = its_status, name
    print(verdict)
    sys.exit(status)


if __name__ == "__main__":
    main()
