"""A definition's text as the statements that create, describe and drop its object."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from analytics.errors import DefinitionError

SKIPPED = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
HEAD = re.compile(
    rf"{SKIPPED}CREATE\s+(?P<kind>TABLE|MATERIALIZED\s+VIEW|VIEW|DICTIONARY|FUNCTION"
    r"|NAMED\s+COLLECTION)\s+(?!IF\s)(?P<name>[A-Za-z_]\w*)(?P<dot>\s*\.)?",
    re.I | re.S,
)
TOKEN = re.compile(
    r"""(?P<skip>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<quoted>'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*")
      | (?P<heredoc>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
      | (?P<word>\w+)
      | (?P<other>.)""",
    re.S | re.X,
)
COMMENTED = ("TABLE", "MATERIALIZED VIEW", "VIEW", "DICTIONARY")
"""The kinds that carry a COMMENT: name, version and digest of their definition."""

ROWLESS = ("Kafka", "Distributed", "Merge", "Null", "PostgreSQL", "URL", "S3", "Dictionary", "View")
"""Engines of tables whose rows are somewhere else, or nowhere."""


@dataclass(frozen=True)
class Definition:
    """One CREATE statement, taken apart as far as we need it."""

    kind: str  # TABLE, MATERIALIZED VIEW, VIEW, DICTIONARY, FUNCTION or NAMED COLLECTION
    name: str
    text: str  # without the closing semicolon

    def create(self, label: str) -> str:
        """The statement to send; where the kind allows it, with the label as its COMMENT."""
        if self.kind not in COMMENTED:
            return self.text
        body = self._parenthesised() if "VIEW" in self.kind else self.text
        return f"{body}\nCOMMENT '{label}'"

    def replace(self) -> str:
        """The statement that makes it whatever is there."""
        return re.sub(
            rf"({SKIPPED})CREATE", r"\1CREATE OR REPLACE", self.text, count=1, flags=re.I | re.S
        )

    def drop(self) -> str:
        """The statement that removes the object and finds nothing to do if it is gone."""
        kind = "VIEW" if "VIEW" in self.kind else self.kind
        return f"DROP {kind} IF EXISTS {self.name}"

    def assign(self) -> str:
        """For a named collection that exists: the statement that gives it our values."""
        after_as = _word_at(self.text, "AS")
        return f"ALTER NAMED COLLECTION {self.name} SET {self.text[after_as + 2 :].strip()}"

    def named(self, name: str) -> Definition:
        """The same under another name."""
        end = self._after_name()
        start = end - len(self.name)
        return replace(self, name=name, text=f"{self.text[:start]}{name}{self.text[end:]}")

    @property
    def select(self) -> str:
        """Of a view: what it selects."""
        return self.text[_word_at(self.text, "AS") + 2 :].strip()

    @property
    def target(self) -> str | None:
        """Of a materialized view: the table that it writes TO; None if it keeps its rows itself."""
        found = re.match(rf"TO{SKIPPED}[`\"]?(\w+)", self.text[self._after_name() :].lstrip(), re.S)
        return found[1] if found else None

    def _after_name(self) -> int:
        head = HEAD.match(self.text)
        assert head is not None
        return head.end("name")

    @property
    def is_kafka(self) -> bool:
        """Whether this is a table of the Kafka engine."""
        return re.search(r"\bENGINE\s*=\s*Kafka\b", self.text, re.I) is not None

    @property
    def stores_rows(self) -> bool:
        """Whether rows are gone with it: tables that keep them, and views without TO."""
        if self.kind == "MATERIALIZED VIEW":
            return self.target is None
        engine = re.search(r"\bENGINE\s*=\s*(\w+)", self.text)
        return self.kind == "TABLE" and engine is not None and engine[1] not in ROWLESS

    @property
    def carries_rows(self) -> bool:
        """Whether it writes rows elsewhere as long as it is there."""
        return self.is_kafka or self.kind == "MATERIALIZED VIEW"

    def _parenthesised(self) -> str:
        """A view with its SELECT in parentheses: a COMMENT behind `FROM t` reads as an alias."""
        start = _word_at(self.text, "AS") + 2
        return f"{self.text[:start]}\n(\n{self.text[start:].strip()}\n)"


def parse(name: str, text: str) -> Definition:
    """A definition's (filled) text; DefinitionError if it is not one CREATE of an object."""
    head = HEAD.match(text)
    if head is None:
        raise DefinitionError(
            f"the definition of {name} does not begin with CREATE",
            "write one CREATE TABLE, MATERIALIZED VIEW, VIEW, DICTIONARY, FUNCTION or "
            "NAMED COLLECTION, without OR REPLACE and IF NOT EXISTS",
        )
    if head["dot"]:
        raise DefinitionError(
            f"the definition of {name} names a database",
            "leave it out: objects live in the database that the URL names",
        )
    body = _single_statement(name, text)
    return Definition(re.sub(r"\s+", " ", head["kind"]).upper(), head["name"], body)


def label(name: str, version: int, text: str) -> str:
    """What the COMMENT says: name, version and digest of the definition as it is written."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"{name} v{version:02d} {digest}"


def _single_statement(name: str, text: str) -> str:
    ends = [m.start() for m in TOKEN.finditer(text) if m["other"] == ";"]
    if not ends:
        return text.strip()
    if any(m.lastgroup != "skip" for m in TOKEN.finditer(text, ends[0] + 1)):
        raise DefinitionError(
            f"the definition of {name} holds more than one statement", "split it into files"
        )
    return text[: ends[0]].strip()


def _word_at(text: str, word: str) -> int:
    """Where a keyword stands outside of parentheses, strings and comments."""
    depth = 0
    for m in TOKEN.finditer(text):
        depth += (m["other"] in ("(", "[", "{")) - (m["other"] in (")", "]", "}"))
        if depth == 0 and m["word"] and m["word"].upper() == word:
            return m.start()
    raise DefinitionError(f"no {word} in the definition", f"write {word} before what it holds")
