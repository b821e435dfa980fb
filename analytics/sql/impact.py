"""What a statement does beyond changing the schema, told from its shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analytics.sql.phrases import Phrase

Rules = tuple[tuple[str, str], ...]
"""Shapes, each with what it does, "" for nothing; of a phrase the first that matches counts.

A saying quotes groups of its shape: `t` are tables, any other is something else; `x` is the table
of an ALTER TABLE.
"""
Part = tuple[Phrase, Phrase | None]
"""A statement; or a command of an ALTER TABLE, and that table."""


@dataclass(frozen=True)
class Impact:
    """What a statement does to data and to those who use it, in phrases as "drops table x"."""

    loses: str | None = None  # data that is gone afterwards
    blocks: str | None = None  # whom it keeps waiting, what it rewrites or stops
    tables: tuple[str, ...] = ()  # as they are written: whose rows are concerned


@dataclass(frozen=True)
class Rulebook:
    """The rules of one kind of server, for statements and for the commands of an ALTER TABLE."""

    loses: Rules
    blocks: Rules
    command_loses: Rules
    command_blocks: Rules

    def judge(self, parts: Iterable[Part]) -> Impact:
        """The impact of all parts together."""
        losses, blocks, tables = [], [], []
        for phrase, altered in parts:
            loses = _said(phrase, self.command_loses if altered else self.loses, altered)
            holds = _said(phrase, self.command_blocks if altered else self.blocks, altered)
            losses += [said for said, _ in loses]
            blocks += [said for said, _ in holds]
            tables += [name for _, names in (*loses, *holds) for name in names]
        return Impact(
            ", ".join(losses) or None, "; ".join(blocks) or None, tuple(dict.fromkeys(tables))
        )


def _said(phrase: Phrase, rules: Rules, altered: Phrase | None) -> list[tuple[str, list[str]]]:
    """What the first rule that matches says, and the tables concerned."""
    for pattern, saying in rules:
        if found := phrase.match(pattern):
            return list(_filled(phrase, found, saying, altered))
    return []


def _filled(
    phrase: Phrase, found: re.Match[str], saying: str, altered: Phrase | None
) -> Iterator[tuple[str, list[str]]]:
    if not saying:
        return
    groups = {name: phrase.part(found, name) for name in found.groupdict() if found[name]}
    tables = [altered] if altered else groups["t"].split(b",") if "t" in groups else []
    yield saying.format(x=altered, **groups), [str(table) for table in tables]
