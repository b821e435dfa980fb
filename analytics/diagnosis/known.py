"""A known error: the pattern of its text, its meaning, and its remedy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """An error of a server or a connector that is recognised by its text.

    `lasts` says that starting again does not cure it, however often.
    """

    pattern: str  # a regular expression, found anywhere in the text
    meaning: str
    remedy: str
    lasts: bool = True
