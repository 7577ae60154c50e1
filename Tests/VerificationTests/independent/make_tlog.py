#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a transparency log in the layout of c2sp.org/tlog-tiles, of any size, from a seed, for tests of verifiers.

  make_tlog.py DIRECTORY --size N [--seed S] [--witness] [--pruned-below M] [--receipt INDEX]

The same arguments make the same bytes. Prints the keys to check it with. Entries are leaves of docs/formats/leaf.md
of made-up events; `--receipt` also writes INDEX.tlog-proof and INDEX.event beside the tiles.

The tree is RFC 6962's recursion, written down as the RFC has it; neither Martlet nor the verifiers in Tools use it.
Signatures are made by `openssl`.
"""

import argparse
import base64
import functools
import hashlib
import os
import pathlib
import random
import struct
import subprocess
import tempfile


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def base64_text(data):
    return base64.b64encode(data).decode()


# ------------------------------------------------------------------------------------------------ the tree


class Log:
    """A tree over entries; `at` is what it was when it had fewer."""

    def __init__(self, entries):
        self.entries = entries
        # perfect[k][i] is MTH(D[i·2^k : (i+1)·2^k]).
        self.perfect = [[sha256(b"\0", entry) for entry in entries]]
        while len(self.perfect[-1]) > 1:
            below = self.perfect[-1]
            self.perfect.append([sha256(b"\1", below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])

    def root(self, begin=0, end=None):
        """MTH(D[begin:end]), RFC 6962 §2.1."""
        end = len(self.entries) if end is None else end
        count = end - begin
        if count == 0:
            return sha256()
        height = count.bit_length() - 1
        if count == 1 << height and begin % count == 0:
            return self.perfect[height][begin // count]
        middle = begin + (1 << (count - 1).bit_length() - 1)
        return sha256(b"\1", self.root(begin, middle), self.root(middle, end))

    def inclusion(self, index, size, begin=0):
        """PATH(index, D[begin:begin+size]), RFC 6962 §2.1.1."""
        if size == 1:
            return []
        half = 1 << (size - 1).bit_length() - 1
        if index < half:
            return self.inclusion(index, half, begin) + [self.root(begin + half, begin + size)]
        return self.inclusion(index - half, size - half, begin + half) + [self.root(begin, begin + half)]

    def consistency(self, old, size, begin=0, whole=True):
        """SUBPROOF(old, D[begin:begin+size], whole), RFC 6962 §2.1.2."""
        if old == size:
            return [] if whole else [self.root(begin, begin + size)]
        half = 1 << (size - 1).bit_length() - 1
        if old <= half:
            return self.consistency(old, half, begin, whole) + [self.root(begin + half, begin + size)]
        return self.consistency(old - half, size - half, begin + half, False) + [self.root(begin, begin + half)]

    def bundle(self, begin, end):
        return b"".join(struct.pack(">H", len(entry)) + entry for entry in self.entries[begin:end])

    def files(self, size=None):
        """Path and bytes of all tiles and bundles of the tree of this size."""
        size = len(self.entries) if size is None else size
        for level in range(8):
            count = size // 256**level
            for begin in range(0, count, 256):
                end = min(begin + 256, count)
                yield tile_path(level, begin // 256, end - begin), b"".join(self.perfect[8 * level][begin:end])
                if level == 0:
                    yield tile_path("entries", begin // 256, end - begin), self.bundle(begin, end)

    def checkpoint_text(self, origin, size=None):
        size = len(self.entries) if size is None else size
        return f"{origin}\n{size}\n{base64_text(self.root(0, size))}\n"

    def write(self, directory, note, size=None):
        for path, data in [*self.files(size), ("checkpoint", note)]:
            target = pathlib.Path(directory, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def tile_path(kind, number, width=256):
    groups = f"{number:,}".split(",")
    groups[0] = groups[0].zfill(3)
    path = f"tile/{kind}/" + "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return path if width == 256 else f"{path}.p/{width}"


def prune(directory, below):
    """Removes what c2sp.org/tlog-tiles allows to remove of bundles and of level 0."""
    for number in range(below // 256):
        for kind in (0, "entries"):
            pathlib.Path(directory, tile_path(kind, number)).unlink()


# ------------------------------------------------------------------------------------------------ signatures


class Signer:
    """An Ed25519 key with a name: of a log, type 1, or of a witness, type 4."""

    def __init__(self, name, seed, type_=1):
        self.name, self.type = name, type_
        # In front of the seed: the fixed beginning of a PrivateKeyInfo for Ed25519, RFC 8410 §7.
        self.private = bytes.fromhex("302e020100300506032b657004220420") + seed
        self.public = openssl(self.private, b"", "pkey", "-inkey", "-pubout", "-outform", "DER")[-32:]
        material = bytes([type_]) + self.public
        self.id = sha256(name.encode(), b"\n", material)[:4]
        self.vkey = f"{name}+{self.id.hex()}+{base64_text(material)}"

    def signature(self, text, when=1_700_000_000):
        """What stands behind the key ID."""
        if self.type == 4:
            return struct.pack(">Q", when) + self.raw(f"cosignature/v1\ntime {when}\n{text}")
        return self.raw(text)

    @functools.lru_cache(None)
    def raw(self, message):
        return openssl(self.private, message.encode(), "pkeyutl", "-sign", "-inkey", "-rawin", "-in")

    def line(self, text, when=1_700_000_000):
        return signature_line(self.name, self.id + self.signature(text, when))


def signature_line(name, data):
    return f"\u2014 {name} {base64_text(data)}\n"


def openssl(key, message, command, *words):
    with tempfile.TemporaryDirectory() as directory:
        files = {"-inkey": key, "-in": message}
        arguments = []
        for word in words:
            arguments.append("-in" if command == "pkey" and word == "-inkey" else word)
            if word in files:
                path = os.path.join(directory, word)
                pathlib.Path(path).write_bytes(files[word])
                arguments.append(path)
        form = ["-inform" if command == "pkey" else "-keyform", "DER"]
        return subprocess.run(["openssl", command, *form, *arguments], capture_output=True, check=True).stdout


def note(text, *lines):
    return (text + "\n" + "".join(lines)).encode()


LOG = ("log.example/made-up", bytes(range(32)))
WITNESS = ("witness.example/w1", bytes(range(32, 64)))


# ------------------------------------------------------------------------------------------------ entries, receipts


class Event:
    """A made-up event with its leaf, docs/formats/leaf.md, and its opening, docs/formats/receipt.md."""

    def __init__(self, draw, index):
        actor, origin, position = f"User:{draw.choice('abcdefgh')}".encode(), b"kafka:k1", struct.pack("<Q", index)
        self.bytes = (
            f'{{"specversion":"1.0","id":"{draw.getrandbits(64):016x}","source":"made-up","type":"t"}}'.encode()
        )
        self.body_salt, self.provenance_salt = draw.randbytes(16), draw.randbytes(16)
        self.labels = b"".join(struct.pack("<H", len(label)) + label for label in (actor, origin, position))
        digest = sha256(b"martlet provenance v1\0", self.labels)
        self.leaf = (
            struct.pack("<4sBBBBq", b"MLEF", 1, index % 50 == 49, index % 99 == 98, 0, 1_795_305_601 * 10**9 + index)
            + sha256(b"made-up source", actor, origin)[:16]
            + sha256(self.provenance_salt, digest)
            + sha256(self.body_salt, self.bytes)
        )

    def opening(self, body=True, provenance=True):
        parts = [struct.pack("<4sBB", b"MLOP", 1, body | provenance << 1), self.leaf]
        parts += [self.body_salt] if body else []
        parts += [self.provenance_salt, self.labels] if provenance else []
        return b"".join(parts)


def events(size, seed):
    draw = random.Random(seed)
    return [Event(draw, index) for index in range(size)]


def receipt(log, index, size, note_, extra=None):
    lines = ["c2sp.org/tlog-proof@v1"]
    lines += [f"extra {base64_text(extra)}"] if extra is not None else []
    lines += [f"index {index}"] + [base64_text(hash_) for hash_ in log.inclusion(index, size)]
    return "".join(line + "\n" for line in lines).encode() + b"\n" + note_


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--witness", action="store_true", help="have the checkpoint cosigned")
    parser.add_argument(
        "--pruned-below", type=int, default=0, metavar="M", help="remove what retention may have removed"
    )
    parser.add_argument("--receipt", type=int, action="append", default=[], metavar="INDEX")
    options = parser.parse_args()
    made = events(options.size, options.seed)
    log = Log([event.leaf for event in made])
    signer, witness = Signer(*LOG), Signer(*WITNESS, 4)
    text = log.checkpoint_text(signer.name)
    signed = note(text, signer.line(text), *[witness.line(text)] * options.witness)
    log.write(options.directory, signed)
    prune(options.directory, options.pruned_below)
    for index in options.receipt:
        extra = made[index].opening()
        pathlib.Path(options.directory, f"{index}.tlog-proof").write_bytes(
            receipt(log, index, options.size, signed, extra)
        )
        pathlib.Path(options.directory, f"{index}.event").write_bytes(made[index].bytes)
    print(f"vkey {signer.vkey}")
    if options.witness:
        print(f"witness {witness.vkey}")


if __name__ == "__main__":
    main()
