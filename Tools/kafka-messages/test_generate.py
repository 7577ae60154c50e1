#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries the generator of Kafka's messages on small descriptions, right ones and wrong ones.

Run by `make test`.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from description import DescriptionError, Reader, read_errors, read_messages  # noqa: E402


def described(request: str = "", answer: str = "", head: str = "api 7 Thing 0-5 flexible 3+") -> str:
    """A description with these lines in its messages, the first in line 3."""

    def inside(lines: str) -> str:
        return "".join(f"        {line}\n" for line in lines.splitlines())

    return f"{head}\n    request\n{inside(request)}    answer\n{inside(answer)}"


def read(text: str):
    return Reader("a.txt", text).read()


class Descriptions(unittest.TestCase):
    def test_versions_come_from_what_encloses_a_field(self):
        (api,) = read(described("a int32\nb []struct? 2+\n    c string 2-4 null=4\n    d bytes? 3+ tag=1"))
        a, b = api.request
        c, d = b.fields

        self.assertEqual((a.versions.first, a.versions.last), (0, 5))
        self.assertEqual((b.versions.first, b.versions.last, b.is_array), (2, 5, True))
        self.assertEqual((c.versions.last, c.nullable.first, c.nullable.last), (4, 4, 4))
        self.assertEqual((b.nullable.first, b.nullable.last), (2, 5))
        self.assertEqual((d.type, d.tag, d.nullable.first, d.nullable.last), ("bytes", 1, 3, 5))

    def test_all_marks(self):
        text = described(
            "name string\nvalue string? quiet secret-if=name\nisSecret bool makes-secret=value\nhidden bytes secret\nthings []string",
            "endpointType int8 endpoint=kind\n"
            "results []struct mirrors=things drop-unmapped\n"
            "    id int32 endpoint=node default=-1\n"
            "    host string endpoint=host key\n"
            "    port int32 endpoint=port\n"
            "late int32 3+ tag=0",
        )
        (api,) = read(text)

        self.assertTrue(api.request[1].is_quiet and api.request[3].is_secret)
        self.assertEqual(api.request[1].secret_if, "name")
        self.assertEqual(api.request[2].makes_secret, "value")
        results = api.answer[1]
        self.assertTrue(results.is_dropped_unmapped)
        self.assertEqual((results.mirrors, results.fields[0].default, results.fields[1].key), ("things", -1, "host"))
        self.assertEqual(api.answer[2].tag, 0)

    def test_comments_and_empty_lines_say_nothing(self):
        text = described("a int32")
        commented = "# about\n\n" + text.replace("int32", "int32  # why")

        self.assertEqual(read(commented)[0].request[0].name, read(text)[0].request[0].name)

    def test_an_error_code_that_is_tagged_is_a_warning(self):
        (api,) = read(described("", "errorCode int16\nthingErrorCode int16\nlateErrorCode int16 3+ tag=0\nerrorCodes []int16"))

        self.assertEqual([field.is_error_code for field in api.answer], [True, True, False, False])


class Mistakes(unittest.TestCase):
    """Each is told with its line, what is wrong, and what to do."""

    def refused(self, text: str, line: int, problem: str):
        with self.assertRaises(DescriptionError) as caught:
            read(text)
        self.assertRegex(str(caught.exception), rf"^a\.txt:{line}: .*{problem}.*; .+", text)

    def test_lines(self):
        for request, line, problem in (
            ("a int31", 3, "'int31' is no type"),
            ("A int32", 3, "is no field"),
            ("a", 3, "is no field"),
            ("a int32 loud", 3, "'loud' is no mark"),
            ("a int32 4-9", 3, "are not among those"),
            ("a int32 5-4", 3, "are not among those"),
            ("a int32 4..5", 3, "no range of versions"),
            ("a int32?", 3, "cannot be null"),
            ("a int32 null=2+", 3, "cannot be null"),
            ("a struct 2+\n    b int32 1+", 4, "are not among those"),
            ("  a int32", 3, "no multiple of four"),
            ("a int32\n    b int32", 4, "indented deeper"),
            ("    a int32", 3, "indented deeper"),
            ("a int32\nb int32\na int32", 5, "there twice"),
            ("a int32 1+ tag=0", 3, "no tags"),
            ("a int32 3+ tag=0\nb int32 3+ tag=0", 4, "used twice"),
            ("value string secret-if=name\nname string", 3, "names no string before"),
            ("name int32\nvalue string secret-if=name", 4, "names no string before"),
            ("name string 2+\nvalue string secret-if=name", 4, "missing in some versions"),
            ("name string quiet\nvalue string secret-if=name", 4, "name is quiet"),
            ("name string 3+\nvalue string 3+ tag=0 secret-if=name", 4, "not for tagged"),
            ("name string\nvalue string secret-if=name\nflag bool quiet makes-secret=value", 5, "fits no value"),
            ("name string\nvalue string\nflag bool makes-secret=value", 5, "fits no value"),
            ("a []struct 0-3\n    b int32 1+", 3, "no byte in version 0"),
            ("a int32 key", 3, "mark for answers"),
            ("a int32 default=3", 3, "mark for answers"),
        ):
            with self.subTest(request):
                self.refused(described(request), line, problem)

    def test_answers(self):
        request = "things []struct\n    id int32"
        for answer, line, problem in (
            ("host int32 endpoint=host", 6, "endpoint=host on the type int32"),
            ("host string endpoint=host\nport int32 endpoint=port", 6, "not complete"),
            ("results []int32 mirrors=things", 6, "mirrors is for arrays"),
            ("results []struct mirrors=stuff\n    id int32", 6, "no array stuff"),
            ("results []struct mirrors=things\n    name string key", 7, "has no field name"),
            ("id int32 key", 6, "key outside"),
            ("a int32 drop-unmapped", 6, "drop-unmapped is for arrays"),
        ):
            with self.subTest(answer):
                self.refused(described(request, answer), line, problem)

    def test_heads(self):
        for head, problem in (
            ("api x Thing 0-5 flexible 3+", "does not begin an API"),
            ("api 7 thing 0-5 flexible 3+", "no name of an API"),
            ("api 7 Thing 0+ flexible 3+", "no range of versions"),
            ("api 7 Thing 0-5 flexible 3", "which versions are flexible"),
        ):
            with self.subTest(head):
                self.refused(described(head=head), 1, problem)
        self.refused("    request\n", 1, "belongs to no API")
        self.refused("api 7 Thing 0-5 flexible never\n    request\n", 1, "has no answer")
        self.refused(described() + "    answer\n", 4, "second answer")
        self.refused("api 7 Thing 0-5 flexible never\n    reply\n", 2, "where a message begins")

    def test_an_api_that_is_described_twice(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in "a.txt", "b.txt":
                (pathlib.Path(folder) / name).write_text(described())
            with self.assertRaisesRegex(DescriptionError, r"^b\.txt:1: the API 7 is described twice; see a\.txt:1$"):
                read_messages(pathlib.Path(folder))

    def test_error_codes(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "errors.txt"
            for text, line, problem in (
                ("0 NONE\n2 B\n1 A\n", 3, "out of order"),
                ("0 none\n", 1, "no error code"),
                ("0 NONE deniel\n", 1, "no error code"),
            ):
                path.write_text(text)
                with self.assertRaisesRegex(DescriptionError, rf"^errors\.txt:{line}: .*{problem}.*; .+"):
                    read_errors(path)


class Output(unittest.TestCase):
    def generate(self, messages: str, errors: str = "0 NONE\n29 TOPIC_AUTHORIZATION_FAILED denial\n"):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "messages").mkdir()
            (folder / "messages/some-group.txt").write_text(messages)
            (folder / "errors.txt").write_text(errors)
            (folder / "out").mkdir()
            (folder / "out/Stale.swift").write_text("old")
            run = subprocess.run(
                [HERE / "generate", "--messages", folder / "messages", "--errors", folder / "errors.txt", "--output", folder / "out"],
                capture_output=True,
                text=True,
                check=False,
            )
            return run, {path.name: path.read_text() for path in (folder / "out").iterdir()}

    def test_files(self):
        text = described(
            "name string\nvalue string? 2+ secret-if=name\nthings []int32 quiet",
            "results []struct mirrors=things\n    id int32 key default=-1\n    errorCode int16\nlate struct 3+ tag=0",
        )
        run, files = self.generate(text)

        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))
        self.assertEqual(
            set(files),
            {"APIKey+Names.swift", "KafkaErrorCode+Names.swift", "MessageText.swift", "MessageText+SomeGroup.swift"},
        )
        for name, content in files.items():
            first, second = content.splitlines()[:2]
            self.assertEqual(first, "// SPDX-License-Identifier: Apache-2.0", name)
            self.assertRegex(second, r"^// Written by Tools/kafka-messages/generate from Tools/kafka-messages/\S+; never edited\.$")
        lines = [line.strip() for line in files["MessageText+SomeGroup.swift"].splitlines()]
        begin = lines.index("api 7 0 5 3")
        self.assertEqual(
            lines[begin : begin + 10],
            [
                "api 7 0 5 3",
                "request",
                "0 name s 0 5 - - - n",
                "0 value s 2 5 2 5 - v",
                "0 things a4 0 5 - - - q",
                "answer",
                "0 results ar 0 5 - - - - mirrors=things",
                "1 id 4 0 5 - - - - key=id default=-1",
                "1 errorCode 2 0 5 - - - e",
                "0 late r 3 5 - - 0 -",
            ],
        )
        self.assertIn("package static let thing = APIKey(rawValue: 7)", files["APIKey+Names.swift"])
        self.assertIn("topicAuthorizationFailed = KafkaErrorCode(rawValue: 29)", files["KafkaErrorCode+Names.swift"])
        self.assertIn("noError = KafkaErrorCode(rawValue: 0)", files["KafkaErrorCode+Names.swift"])
        self.assertIn("denials: Set<Int16> = [29]", files["KafkaErrorCode+Names.swift"])

    def test_a_mistake_leaves_the_output_alone(self):
        run, files = self.generate(described("a int31"))

        self.assertEqual(run.returncode, 1)
        self.assertRegex(run.stderr, r"^generate: some-group\.txt:3: 'int31' is no type; choose among .*\n$")
        self.assertEqual(files, {"Stale.swift": "old"})

    def test_what_is_committed_is_what_the_descriptions_say(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([HERE / "generate", "--output", folder], check=True)
            made = {path.name: path.read_text() for path in pathlib.Path(folder).iterdir()}
        committed = HERE.parent.parent / "Sources/KafkaProtocol/Generated"

        self.assertEqual(made, {path.name: path.read_text() for path in committed.iterdir()})


class OurDescriptions(unittest.TestCase):
    """What has to hold of the real ones whatever else changes in them."""

    def fields(self, fields):
        for field in fields:
            yield field
            yield from self.fields(field.fields)

    def test_whatever_looks_like_a_secret_is_marked_as_one(self):
        suspicious = re.compile(r"hmac|salt|password|authBytes|secret|credential$", re.IGNORECASE)
        found = 0
        for group in read_messages(HERE / "messages").values():
            for api in group:
                for field in self.fields(api.request + api.answer):
                    if suspicious.search(field.name) and field.type in ("string", "bytes"):
                        found += 1
                        self.assertTrue(field.is_secret, f"{api.name} {field.name}")
        self.assertEqual(found, 8)

    def test_whatever_looks_like_a_setting_has_a_value_that_may_be_secret(self):
        for group in read_messages(HERE / "messages").values():
            for api in group:
                for field in self.fields(api.request + api.answer):
                    if re.search(r"configs$|synonyms", field.name, re.IGNORECASE) and field.type == "struct":
                        values = [inner for inner in field.fields if inner.name == "value"]
                        self.assertTrue(values and all(value.secret_if for value in values), f"{api.name} {field.name}")


if __name__ == "__main__":
    unittest.main()
