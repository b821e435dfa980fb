"""The label that an object carries as its COMMENT: name, version and digest of its definition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.definitions import DIGEST_LENGTH, digest

LABEL = re.compile(rf"(\S+) v(\d+) ([0-9a-f]{{{DIGEST_LENGTH}}})")


@dataclass(frozen=True)
class Label:
    """Of which definition an object is."""

    name: str
    version: int
    digest: str

    def __str__(self) -> str:
        return f"{self.name} v{self.version:02d} {self.digest}"


def of(name: str, version: int, text: str) -> str:
    """The label for a definition as it is written, its placeholders not filled."""
    return str(Label(name, version, digest(text)))


def parse(comment: str) -> Label | None:
    """What a COMMENT says; None if it is no label."""
    found = LABEL.fullmatch(comment)
    return Label(found[1], int(found[2]), found[3]) if found else None
