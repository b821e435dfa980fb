"""Changes to a text, by place."""

from __future__ import annotations

Edit = tuple[int, int, bytes]
"""A piece of a text (start, end) and what takes its place."""


def splice(text: bytes, edits: list[Edit]) -> bytes:
    """`text` after the edits; they must not overlap."""
    for start, end, piece in sorted(edits, reverse=True):
        text = text[:start] + piece + text[end:]
    return text
