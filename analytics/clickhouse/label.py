"""The label that an object carries as its COMMENT: name, version and digest of its definition."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.definitions import DIGEST_LENGTH, digest

LABEL = re.compile(rf"(.+) v(\d+) ([0-9a-f]{{{DIGEST_LENGTH}}})")


@dataclass(frozen=True)
class Label:
    """The definition that an object was created from."""

    name: str
    version: int
    digest: str

    def __str__(self) -> str:
        return f"{self.name} v{self.version:02d} {self.digest}"


def of(name: str, version: int, text: str) -> str:
    """The label for a definition as it is written, its placeholders not filled."""
    return str(Label(name, version, digest(text)))


def parse(comment: str) -> Label | None:
    """The label that a COMMENT is; None if it is another text."""
    match = LABEL.fullmatch(comment)
    return Label(match[1], int(match[2]), match[3]) if match else None
