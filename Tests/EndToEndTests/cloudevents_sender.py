# SPDX-License-Identifier: Apache-2.0
"""Sends events with the CloudEvents SDK in each content mode and reads them back.

Prints one line a mode: its name, the event that was sent and the event that the log holds, both as the SDK sees them,
as canonical JSON, with tabs between.
"""

import json
import sys
import urllib.request
from datetime import datetime, timezone

from cloudevents.core.bindings.http import HTTPMessage, from_structured_event, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent


def event(name):
    return CloudEvent(
        attributes={
            "specversion": "1.0",
            "id": f"python-{name}",
            "source": "crn://example.test/kafka=lkc-test",
            "type": "io.confluent.kafka.server/authorization",
            "subject": 'crn://example.test/topic="naïve €" 😀 100%',
            "time": datetime(2026, 11, 20, 8, 0, 0, 123456, tzinfo=timezone.utc),
            "datacontenttype": "application/json",
            "martletextension": "plain",
        },
        data={"serviceName": "crn://example.test/", "number": 9007199254740993, "text": "ünï\u2028code"},
    )


def canonical(event):
    document = {name: str(value) for name, value in event.get_attributes().items()}
    document["data"] = event.get_data()
    return json.dumps(document, sort_keys=True)


def post(server, headers, body):
    request = urllib.request.Request(server + "/v1/events", data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["firstIndex"]


def stored(server, index):
    request = urllib.request.Request(f"{server}/v1/events/{index}", headers={"Accept": "application/cloudevents+json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return from_structured_event(HTTPMessage(headers=dict(response.headers), body=response.read()))


def main(server):
    structured = event("structured")
    message = to_structured_event(structured)
    print("structured", canonical(structured), canonical(stored(server, post(server, message.headers, message.body))), sep="\t")

    binary = event("binary")
    message = to_binary_event(binary)
    print("binary", canonical(binary), canonical(stored(server, post(server, message.headers, message.body))), sep="\t")

    batched = event("batched")
    body = b"[" + to_structured_event(batched).body + b"]"
    headers = {"content-type": "application/cloudevents-batch+json"}
    print("batched", canonical(batched), canonical(stored(server, post(server, headers, body))), sep="\t")


main(sys.argv[1])
