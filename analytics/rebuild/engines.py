"""The table engines that a rebuild supports, and how each merges the rows of one key."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import takewhile

from analytics.errors import Refused
from analytics.rebuild.objects import Object
from analytics.sql.tokens import Token, tokens, unquoted


class Merging(StrEnum):
    """What an engine does with the rows of one key."""

    NONE = "MergeTree"  # they stay
    ADDED = "SummingMergeTree"  # numbers are added, states merged
    AGGREGATED = "AggregatingMergeTree"  # states are merged
    REPLACED = "ReplacingMergeTree"  # the newest stays
    CANCELLED = "VersionedCollapsingMergeTree"  # a row and its opposite go, whatever their order


def merging(table: Object) -> Merging:
    """How a table's engine merges; Refused for an engine that is not supported."""
    try:
        return Merging(table.engine)
    except ValueError:
        supported = ", ".join(Merging)
        raise Refused(
            f"{table.name} is of engine {table.engine}, whose rows a rebuild cannot recompute",
            f"supported are {supported}; change the view for the future only "
            "(op.change_view), or move its rows by hand",
        ) from None


def arguments(table: Object) -> list[str]:
    """The column names between the parentheses of an engine."""
    _name, *rest = tokens(table.engine_full.encode())
    inside = takewhile(lambda token: token.depth, rest[1:] if _opens(rest) else ())
    return [unquoted(token) for token in inside if token.names]


def sign(table: Object) -> list[str]:
    """The column by which rows cancel each other, if there is one; a default may give it."""
    return arguments(table)[:1] if merging(table) is Merging.CANCELLED else []


def _opens(row: list[Token]) -> bool:
    return bool(row) and row[0].text == b"("


def without_merging(table: Object, *, frozen: bool = False) -> str:
    """The engine clause for a table with the same keys that keeps every row: no TTL, no merge.

    With `frozen` its parts stay as they are, too, even when the server is restarted.
    """
    clauses = dict(_clauses(table.engine_full))
    clauses.pop("TTL", None)
    settings = clauses.pop("SETTINGS", "")
    if frozen:
        settings += ", max_bytes_to_merge_at_max_space_in_pool = 1"
        settings += ", max_bytes_to_merge_at_min_space_in_pool = 1"
    body = " ".join(f"{word} {text}" for word, text in clauses.items() if word)
    return f"ENGINE = MergeTree {body} SETTINGS {settings.strip(', ')}".strip()


def has_ttl(table: Object) -> bool:
    """Whether its rows expire."""
    return "TTL" in dict(_clauses(table.engine_full))


SECOND = {"PARTITION": "BY", "PRIMARY": "KEY", "ORDER": "BY", "SAMPLE": "BY"}
SECOND |= {"TTL": "", "SETTINGS": ""}
"""The words with which a clause begins, each with the one behind it."""
PAIRED = {"PARTITION": "PARTITION BY", "PRIMARY": "PRIMARY KEY"}
BY = {"ORDER": "ORDER BY", "SAMPLE": "SAMPLE BY", **PAIRED}


def _clauses(engine_full: str) -> list[tuple[str, str]]:
    """The parts of an engine clause: the engine under "", then PARTITION BY, ORDER BY, ..."""
    raw = engine_full.encode()
    starts = list(_starts([token for token in tokens(raw) if token.depth == 0]))
    cuts = [token.start for token in starts] + [len(raw)]
    parts = [("", raw[: cuts[0]].decode().strip())]
    for token, end in zip(starts, cuts[1:], strict=True):
        word = BY.get(token.word, token.word)
        parts.append((word, raw[token.start + len(word) : end].decode().strip()))
    return parts


def _starts(row: list[Token]) -> Iterator[Token]:
    """The tokens with which clauses begin: each after a whole expression, unlike a column `TTL`."""
    is_whole, second = True, ""
    for token, after in zip(row, [*row[1:], None], strict=True):
        if second:
            is_whole, second = False, ""
        elif is_whole and _begins(token, after):
            is_whole, second = False, SECOND[token.word]
            yield token
        else:
            is_whole = token.kind != "op" or token.text in (b")", b"]", b"}")


def _begins(token: Token, after: Token | None) -> bool:
    is_word = token.text.decode() in SECOND
    return is_word and after is not None and SECOND[token.word] in ("", after.word)
