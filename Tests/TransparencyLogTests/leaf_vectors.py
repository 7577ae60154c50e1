# SPDX-License-Identifier: Apache-2.0
"""Leaves of the log, made from docs/formats/leaf.md and the standard library alone.

Reads one leaf a line, with tabs between: span key, source secret, submitter, origin, position, body in hexadecimal
digits; index, stream, flags, received in decimal. Writes a line for each: the leaf, its hash, the body's salt, the
provenance's salt. `--worked` prints the leaves of the document's worked bytes in the same way.
"""

import hashlib
import hmac
import struct
import sys


def prf(key, label, message):
    return hmac.new(key, label + b"\0" + message, hashlib.sha256).digest()


def labels(*texts):
    return b"".join(struct.pack("<H", len(text)) + text for text in texts)


def leaf(span_key, source_secret, submitter, origin, position, body, index, stream, flags, received):
    bundle_key = prf(span_key, b"martlet leaf bundle v1", struct.pack("<Q", index // 256))
    salts = prf(bundle_key, b"martlet leaf salts v1", struct.pack("<Q", index))
    body_salt, provenance_salt = salts[:16], salts[16:]
    source = prf(source_secret, b"martlet source v1", labels(submitter, origin))[:16]
    provenance = hashlib.sha256(b"martlet provenance v1\0" + labels(submitter, origin, position)).digest()
    encoded = (
        b"MLEF"
        + bytes([1, stream, flags, 0])
        + struct.pack("<q", received)
        + source
        + hashlib.sha256(provenance_salt + provenance).digest()
        + hashlib.sha256(body_salt + body).digest()
    )
    assert len(encoded) == 96
    leaf_hash = hashlib.sha256(b"\0" + encoded).digest()
    return "\t".join(part.hex() for part in (encoded, leaf_hash, body_salt, provenance_salt))


# The two events of the journal's golden file, and one of the second span and of the system stream without any label.
WORKED = [
    (b"User:alice", b"kafka:k1", b"\x01\x02\x03",
     b'{"specversion":"1.0","id":"e1","source":"crn:///kafka=k1","type":"t"}', 1234, 0, 0),
    (b"User:alice", b"kafka:k1", b"\x01\x02\x03",
     '{ "specversion" : "1.0", "id" : "e2", "source" : "crn:///kafka=k1", "type" : "ü" }'.encode(), 1235, 0, 1),
    (b"martlet", b"", b"", b"{}", 70000, 1, 0),
]  # fmt: skip


def main():
    if sys.argv[1:] == ["--worked"]:
        for submitter, origin, position, body, index, stream, flags in WORKED:
            print(leaf(bytes(range(32)), bytes(range(32, 64)), submitter, origin, position, body, index, stream, flags,
                       1795305601000000000))  # fmt: skip
        return
    for line in sys.stdin:
        parts = line.rstrip("\n").split("\t")
        print(leaf(*(bytes.fromhex(part) for part in parts[:6]), *(int(part) for part in parts[6:])))


main()
