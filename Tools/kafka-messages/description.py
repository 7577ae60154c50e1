# SPDX-License-Identifier: Apache-2.0
"""Reads the descriptions of Kafka's messages and refuses what would make a wrong decoder.

The format is explained in README.md beside this file.
"""

import dataclasses
import pathlib
import re

TYPES = {
    "bool": 1,
    "int8": 1,
    "int16": 2,
    "uint16": 2,
    "int32": 4,
    "int64": 8,
    "float64": 8,
    "uuid": 16,
    "string": None,
    "bytes": None,
    "records": None,
    "struct": None,
}
PLACES = ("node", "host", "port", "kind")
ENDPOINT_TYPES = {"node": "int32", "host": "string", "port": "int32", "kind": "int8"}
NAME = re.compile(r"[a-z][A-Za-z0-9]*\Z")
API_NAME = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
ERROR_NAME = re.compile(r"[A-Z][A-Z0-9_]*\Z")
INDENTATION = 4


class DescriptionError(Exception):
    """What is wrong in which line, and what to do about it."""

    def __init__(self, file: str, line: int, problem: str, remedy: str):
        super().__init__(f"{file}:{line}: {problem}; {remedy}")


@dataclasses.dataclass
class Versions:
    """Both ends belong to it."""

    first: int
    last: int

    def __contains__(self, other: "Versions") -> bool:
        return self.first <= other.first and other.last <= self.last

    def overlaps(self, other: "Versions") -> bool:
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


@dataclasses.dataclass
class Field:
    name: str
    type: str
    versions: Versions
    line: int
    is_array: bool = False
    nullable: Versions | None = None
    tag: int | None = None
    default: int | None = None
    is_quiet: bool = False
    is_secret: bool = False
    is_dropped_unmapped: bool = False
    secret_if: str | None = None
    makes_secret: str | None = None
    endpoint: str | None = None
    mirrors: str | None = None
    key: str | None = None
    fields: list["Field"] = dataclasses.field(default_factory=list)

    @property
    def is_error_code(self) -> bool:
        """Whether a refusal writes its code here. A tagged code is a warning beside a success."""
        return self.type == "int16" and self.name.lower().endswith("errorcode") and self.tag is None


@dataclasses.dataclass
class API:
    key: int
    name: str
    versions: Versions
    first_flexible: int | None
    line: int
    request: list[Field] | None = None
    answer: list[Field] | None = None


class Reader:
    """Reads one file."""

    def __init__(self, file: str, text: str):
        self.file = file
        self.lines = text.splitlines()
        self.line = 0
        self.apis: list[API] = []

    def fail(self, problem: str, remedy: str, line: int | None = None):
        raise DescriptionError(self.file, line or self.line, problem, remedy)

    def read(self) -> list[API]:
        # The lists that fields of each depth go to, and the versions of what encloses them.
        enclosing: list[tuple[list[Field], Versions]] = []
        for self.line, raw in enumerate(self.lines, 1):
            content = raw.split("#", 1)[0].rstrip()
            if not content:
                continue
            stripped = content.lstrip(" ")
            indent = len(content) - len(stripped)
            if "\t" in content or indent % INDENTATION:
                self.fail("the indentation is no multiple of four spaces", "indent each level by four spaces")
            depth = indent // INDENTATION
            words = stripped.split()
            if depth == 0:
                self.apis.append(self.api(words))
                enclosing = []
            elif depth == 1:
                enclosing = [self.direction(words)]
            else:
                if not 2 <= depth <= len(enclosing) + 1:
                    self.fail(
                        f"{words[0]!r} is indented deeper than anything that could hold it",
                        "put it one level below a struct, or below `request` or `answer`",
                    )
                del enclosing[depth - 1 :]
                fields, versions = enclosing[-1]
                field = self.field(words, versions)
                fields.append(field)
                if field.type == "struct":
                    enclosing.append((field.fields, field.versions))
        for api in self.apis:
            self.check(api)
        return self.apis

    def api(self, words: list[str]) -> API:
        form = "write `api NUMBER Name FIRST-LAST flexible FIRST+`, or `flexible never`"
        if len(words) != 6 or words[0] != "api" or words[4] != "flexible" or not words[1].isdecimal():
            self.fail(f"{' '.join(words)!r} does not begin an API", form)
        if not API_NAME.match(words[2]):
            self.fail(f"{words[2]!r} is no name of an API", "spell it as Kafka does, as in CreateTopics")
        versions = self.versions(words[3], None)
        if words[5] == "never":
            first_flexible = None
        elif re.fullmatch(r"\d+\+", words[5]):
            first_flexible = int(words[5][:-1])
        else:
            self.fail(f"{words[5]!r} says not which versions are flexible", form)
        return API(int(words[1]), words[2], versions, first_flexible, self.line)

    def direction(self, words: list[str]) -> tuple[list[Field], Versions]:
        if not self.apis:
            self.fail(f"{words[0]!r} belongs to no API", "begin one with a line `api …` that is not indented")
        api = self.apis[-1]
        if words not in (["request"], ["answer"]):
            self.fail(f"{' '.join(words)!r} stands where a message begins", "write `request` or `answer`")
        if getattr(api, words[0]) is not None:
            self.fail(f"{api.name} has a second {words[0]}", "keep one")
        fields: list[Field] = []
        setattr(api, words[0], fields)
        return fields, api.versions

    def versions(self, word: str, enclosing: Versions | None) -> Versions:
        match = re.fullmatch(r"(\d+)(?:-(\d+)|(\+))?", word)
        if not match or (match[3] and enclosing is None):
            self.fail(f"{word!r} is no range of versions", "write 3, 3-7 or 3+")
        first = int(match[1])
        last = enclosing.last if match[3] else int(match[2] or first)
        versions = Versions(first, last)
        if first > last or (enclosing is not None and versions not in enclosing):
            self.fail(
                f"the versions {word} are not among those of what encloses them, {enclosing}",
                "a field has no versions that its structure does not have",
            )
        return versions

    def field(self, words: list[str], enclosing: Versions) -> Field:
        if len(words) < 2 or not NAME.match(words[0]):
            self.fail(f"{' '.join(words)!r} is no field", "write its name, its type, and what is to be said of it")
        spelled = words[1]
        element = spelled.removeprefix("[]").removesuffix("?")
        if element not in TYPES:
            self.fail(f"{spelled!r} is no type", f"choose among {', '.join(TYPES)}, with [] before and ? behind")
        field = Field(words[0], element, enclosing, self.line, is_array=spelled.startswith("[]"))
        rest = words[2:]
        if rest and rest[0][0].isdecimal():
            field.versions = self.versions(rest.pop(0), enclosing)
        if spelled.endswith("?"):
            field.nullable = field.versions
        for word in rest:
            self.mark(field, word)
        if field.nullable and TYPES[element] and not field.is_array:
            self.fail(f"{field.name} is a number and cannot be null", f"write {element} without the question mark")
        return field

    def mark(self, field: Field, word: str):
        name, _, value = word.partition("=")
        if word == "quiet":
            field.is_quiet = True
        elif word == "secret":
            field.is_secret = True
        elif word == "drop-unmapped":
            field.is_dropped_unmapped = True
        elif name == "null" and value:
            field.nullable = self.versions(value, field.versions)
        elif name == "tag" and value.isdecimal():
            field.tag = int(value)
        elif name == "default" and (re.fullmatch(r"-?\d+", value) or value == "true"):
            field.default = 1 if value == "true" else int(value)
        elif name == "endpoint" and value in PLACES:
            field.endpoint = value
        elif name == "secret-if" and NAME.match(value):
            field.secret_if = value
        elif name == "makes-secret" and NAME.match(value):
            field.makes_secret = value
        elif name == "mirrors" and re.fullmatch(r"[A-Za-z0-9]+(\.[A-Za-z0-9]+)?(,[A-Za-z0-9]+)*", value):
            field.mirrors = value
        elif word == "key" or (name == "key" and NAME.match(value)):
            field.key = value or field.name
        else:
            self.fail(f"{word!r} is no mark of a field", "see the list of marks in README.md")

    # MARK: - What holds of a whole message

    def check(self, api: API):
        for direction in ("request", "answer"):
            fields = getattr(api, direction)
            if fields is None:
                self.fail(f"{api.name} has no {direction}", f"add `{direction}` below it, empty if need be", api.line)
            self.check_structure(api, fields, api.versions)
            if direction == "answer":
                self.check_mirrors(api, fields, api.request, "")
            else:
                self.refuse_answers_marks(fields)

    def check_structure(self, api: API, fields: list[Field], versions: Versions):
        for position, field in enumerate(fields):
            before = fields[:position]
            for other in before:
                if other.name == field.name and other.versions.overlaps(field.versions):
                    self.fail(
                        f"{field.name} is there twice in some versions", f"see line {other.line}", field.line
                    )
                if field.tag is not None and other.tag == field.tag and other.versions.overlaps(field.versions):
                    self.fail(f"the tag {field.tag} is used twice", f"see line {other.line}", field.line)
            if field.tag is not None and (api.first_flexible is None or field.versions.first < api.first_flexible):
                self.fail(
                    f"{field.name} is tagged in versions that have no tags",
                    f"versions of {api.name} are flexible from {api.first_flexible}",
                    field.line,
                )
            self.check_secrecy(field, before)
            if field.endpoint and (field.is_array or field.type != ENDPOINT_TYPES[field.endpoint]):
                self.fail(
                    f"endpoint={field.endpoint} on the type {field.type}",
                    f"it belongs on {ENDPOINT_TYPES[field.endpoint]}",
                    field.line,
                )
            if field.type == "struct":
                self.check_structure(api, field.fields, field.versions)
                if field.is_array:
                    self.check_element(api, field)
            if field.is_dropped_unmapped and not (field.is_array and field.type == "struct"):
                self.fail("drop-unmapped is for arrays of structures", "remove it", field.line)
        self.check_endpoint(fields)

    def check_element(self, api: API, field: Field):
        """Else a few bytes could claim billions of elements."""
        for version in range(field.versions.first, field.versions.last + 1):
            is_flexible = api.first_flexible is not None and version >= api.first_flexible
            here = Versions(version, version)
            if not is_flexible and not any(here in other.versions for other in field.fields):
                self.fail(
                    f"an element of {field.name} has no byte in version {version}",
                    "give it a field, or take the version away",
                    field.line,
                )

    def check_secrecy(self, field: Field, before: list[Field]):
        if field.secret_if:
            named = [other for other in before if other.name == field.secret_if]
            if not named or any(other.type != "string" or other.is_array for other in named):
                self.fail(
                    f"secret-if={field.secret_if} names no string before {field.name}",
                    "name the field beside it that tells whether the value is secret; it has to come first",
                    field.line,
                )
            if field.tag is not None or any(other.tag is not None for other in named):
                self.fail("secret-if is not for tagged fields, whose order nobody keeps to", "use secret", field.line)
            if any(other.is_quiet for other in named):
                self.fail(
                    f"{field.secret_if} is quiet, so nobody could tell whether {field.name} is a secret",
                    "keep the name, or mark what encloses both as quiet",
                    field.line,
                )
            if any(field.versions not in other.versions for other in named):
                self.fail(
                    f"{field.secret_if} is missing in some versions of {field.name}",
                    "without the name nobody knows whether the value is a secret: use secret",
                    field.line,
                )
        if field.makes_secret:
            named = [other for other in before if other.name == field.makes_secret and other.secret_if]
            if not named or field.type != "bool" or field.is_array or field.is_quiet:
                self.fail(
                    f"makes-secret={field.makes_secret} fits no value before {field.name}",
                    "it belongs on a bool that is kept, behind a field marked secret-if",
                    field.line,
                )

    def check_endpoint(self, fields: list[Field]):
        marked = [field for field in fields if field.endpoint in PLACES[:3]]
        if marked and [field.endpoint for field in marked] != list(PLACES[:3]):
            self.fail(
                "an endpoint is not complete",
                "mark node, host and port beside each other, in this order",
                marked[0].line,
            )

    def refuse_answers_marks(self, fields: list[Field]):
        for field in fields:
            if field.mirrors or field.key or field.endpoint or field.is_dropped_unmapped or field.default is not None:
                self.fail(f"{field.name} of a request has a mark for answers", "remove it", field.line)
            self.refuse_answers_marks(field.fields)

    def check_mirrors(self, api: API, fields: list[Field], asked: list[Field] | None, where: str):
        """`asked` is what the request's element holds; nil outside of mirrored arrays, [] for elements that are no structures."""
        for field in fields:
            if field.key is not None:
                if where == "" or field.is_array or field.type == "struct":
                    self.fail(f"{field.name} is a key outside of what mirrors a request", "remove key", field.line)
                candidates = [other for other in asked or [] if other.name == field.key]
                if asked and not candidates:
                    self.fail(
                        f"the request's {where} has no field {field.key}",
                        "name the request's field, as in key=name",
                        field.line,
                    )
            if field.mirrors is None:
                if field.type == "struct":
                    self.check_mirrors(api, field.fields, None, "")
                continue
            if not (field.is_array and field.type == "struct"):
                self.fail("mirrors is for arrays of structures", "remove it", field.line)
            elements: list[Field] = []
            for path in field.mirrors.split(","):
                found = asked
                for part in path.split("."):
                    sources = [other for other in found or [] if other.name == part and other.is_array]
                    if not sources:
                        self.fail(
                            f"the request has no array {path} for {field.name} to mirror",
                            "name an array beside the one that is mirrored around it",
                            field.line,
                        )
                    found = [child for source in sources for child in source.fields]
                elements += found
            self.check_mirrors(api, field.fields, elements, field.mirrors)


def read_messages(folder: pathlib.Path) -> dict[str, list[API]]:
    """The APIs of each file, by the file's name."""
    found = {}
    seen: dict[int, tuple[str, API]] = {}
    for path in sorted(folder.glob("*.txt")):
        apis = Reader(path.name, path.read_text("utf-8")).read()
        for api in apis:
            if api.key in seen:
                file, other = seen[api.key]
                raise DescriptionError(
                    path.name, api.line, f"the API {api.key} is described twice", f"see {file}:{other.line}"
                )
            seen[api.key] = (path.name, api)
        found[path.stem] = apis
    if not found:
        raise DescriptionError(str(folder), 0, "there are no descriptions", "restore messages/*.txt")
    return found


def read_errors(path: pathlib.Path) -> list[tuple[int, str, bool]]:
    """Code, name, and whether it is a denial."""
    errors: list[tuple[int, str, bool]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        if (
            len(words) not in (2, 3)
            or not re.fullmatch(r"-?\d+", words[0])
            or not ERROR_NAME.match(words[1])
            or words[2:] not in ([], ["denial"])
        ):
            raise DescriptionError(path.name, number, f"{line!r} is no error code", "write `CODE NAME`, then `denial` if it is one")
        if errors and int(words[0]) <= errors[-1][0]:
            raise DescriptionError(path.name, number, f"{words[0]} is out of order", "sort by code, each once")
        errors.append((int(words[0]), words[1], len(words) == 3))
    return errors
