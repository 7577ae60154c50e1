// SPDX-License-Identifier: Apache-2.0

/// The documents that are the same in every pack of this version.
package enum PackDocuments {
    /// For an auditor who has nothing but the pack.
    package static let readme = """
        # Evidence pack

        This archive holds audit events, and the proof that a log recorded exactly these bytes, in this order, before it signed
        the checkpoint in here. It was made by Martlet, an audit log. You need neither the log nor its operator to check it.

        | file | what it is |
        |---|---|
        | `manifest.json` | who asked for what and when, how many events there are, whether that is all that matches, and the SHA-256 of every other file |
        | `manifest.note` | the log's signature of the manifest |
        | `checkpoint` | the log's signed statement of all its events at one time: name, number of events, root hash; perhaps with signatures of witnesses |
        | `vkeys` | keys of the log, **as the pack's maker claims them** |
        | `events.ndjson` | the events, byte for byte as they came in, each with a newline behind it |
        | `proofs.ndjson` | a line for each event: its index in the log, where it stands in `events.ndjson`, and what leads to its leaf |
        | `hashes` | the hashes of all other parts of the tree that the proofs need |
        | `ledger.json` | for the hours of the events: of which sources the log is complete, and where it knows of gaps; or `null` |
        | `schema.json` | JSON Schema of the manifest and of the lines of proofs |

        ## What to ask for first

        Get the log's key from somebody whom you trust, by another way than this pack. A pack that is checked with its own `vkeys`
        agrees with itself, and anybody could have made it. Witnesses' keys are better still: they vouch that the log shows
        everybody the same events.

        ## Checking it

        With Martlet, which checks every byte:

            martlet verify pack FILE --vkey 'KEY'

        With Python and openssl, sharing no code with Martlet; the script is `Tools/verify_pack.py` of Martlet's source:

            python3 verify_pack.py FILE --vkey 'KEY'

        By hand, for the files and the signature. Unpack the archive, then:

            # Every file is the one that the manifest lists.
            sed -n 's/.*"name": "\\(.*\\)", "bytes": .*"sha256": "\\(.*\\)".*/\\2  \\1/p' manifest.json | sha256sum -c

            # The second line of the note is the manifest's hash, and the log signed the note. KEY=… as you were given it.
            openssl dgst -sha256 -binary manifest.json | base64
            sed '/^$/,$d' manifest.note > text
            (printf '302a300506032b6570032100' | xxd -r -p; echo "${KEY#*+*+}" | base64 -d | tail -c 32) > key
            sed -n 's/^— [^ ]* //p' manifest.note | head -1 | base64 -d | tail -c 64 > signature
            openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature

        The proofs are SHA-256 too (RFC 6962, and docs/formats of Martlet's source): an event's commitment is SHA-256 of its salt
        and its bytes, and stands in its leaf; a leaf's hash is SHA-256 of a zero byte and the leaf; leaves and `hashes`, joined in
        pairs from left to right, give the root in the checkpoint.

        ## What it does not prove

        That an event is true, or that the clocks were right. That the log recorded everything that happened: see `ledger.json`
        and `manifest.json`, which are the log's own signed words on that. If `complete` in the manifest is `false`, `limits` and
        `partialReasons` say what is missing. Where a line of `proofs.ndjson` has `"erased":true`, the event was erased: that there
        was one is proven, and what stands in its place is not what it was.

        """

    /// JSON Schema (draft 2020-12) of the manifest, and of a line of `proofs.ndjson` as `$defs/proof`.
    package static let schema = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "https://martlet.dev/schemas/pack-1.json",
          "title": "manifest.json of a Martlet evidence pack, version 1",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "format", "origin", "created", "principal", "query", "events", "eventBytes", "erased", "firstIndex", "lastIndex",
            "startIndex", "endIndex", "complete", "limits", "partialReasons", "checkpointSize", "ledger", "ledgerReason", "files"
          ],
          "properties": {
            "format": {"const": "martlet-pack/1"},
            "origin": {"type": "string", "description": "name of the log"},
            "created": {"type": "string", "format": "date-time"},
            "principal": {"type": "string", "description": "who asked"},
            "query": {
              "type": "object",
              "additionalProperties": false,
              "required": ["text", "from", "to"],
              "properties": {
                "text": {"type": "string"},
                "from": {"type": ["string", "null"]},
                "to": {"type": ["string", "null"]}
              }
            },
            "events": {"$ref": "#/$defs/count"},
            "eventBytes": {"$ref": "#/$defs/count"},
            "erased": {"$ref": "#/$defs/count"},
            "firstIndex": {"type": ["integer", "null"], "minimum": 0},
            "lastIndex": {"type": ["integer", "null"], "minimum": 0},
            "startIndex": {"$ref": "#/$defs/count"},
            "endIndex": {"$ref": "#/$defs/count"},
            "complete": {"type": "boolean"},
            "limits": {"type": "array", "items": {"type": "string"}},
            "partialReasons": {"type": "array", "items": {"type": "string"}},
            "checkpointSize": {"$ref": "#/$defs/count"},
            "ledger": {
              "type": ["object", "null"],
              "additionalProperties": false,
              "required": ["from", "to", "state", "complete", "gap", "unknown"],
              "properties": {
                "from": {"type": "string", "format": "date-time"},
                "to": {"type": "string", "format": "date-time"},
                "state": {"enum": ["complete", "gap", "unknown"]},
                "complete": {"$ref": "#/$defs/count"},
                "gap": {"$ref": "#/$defs/count"},
                "unknown": {"$ref": "#/$defs/count"}
              }
            },
            "ledgerReason": {"type": ["string", "null"]},
            "files": {
              "type": "array",
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["name", "bytes", "sha256"],
                "properties": {
                  "name": {"type": "string"},
                  "bytes": {"$ref": "#/$defs/count"},
                  "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}
                }
              }
            }
          },
          "$defs": {
            "count": {"type": "integer", "minimum": 0},
            "proof": {
              "title": "a line of proofs.ndjson",
              "type": "object",
              "additionalProperties": false,
              "required": ["index", "offset", "length", "erased", "opening"],
              "properties": {
                "index": {"$ref": "#/$defs/count"},
                "offset": {"$ref": "#/$defs/count"},
                "length": {"$ref": "#/$defs/count"},
                "erased": {"type": "boolean"},
                "opening": {"type": "string", "contentEncoding": "base64"}
              }
            }
          }
        }

        """
}
