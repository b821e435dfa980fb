"""The impact of a statement beyond the change of the schema, by the shape of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analytics.sql.phrases import Phrase
from analytics.sql.tokens import plain

Rules = tuple[tuple[str, str], ...]
"""Shapes, each with a template of its impact, "" for none; the first match of a phrase counts.

A template quotes groups of its shape: `t` are tables, any other is something else; `x` is the
table of an ALTER TABLE.
"""
Part = tuple[Phrase, Phrase | None]
"""A statement; or a command of an ALTER TABLE, and that table."""


@dataclass(frozen=True)
class Impact:
    """The impact on data and on those who use it, in phrases like "drops table x"."""

    loses: str | None = None  # data that is lost
    blocks: str | None = None  # users that have to wait, objects that it rewrites or stops
    tables: tuple[str, ...] = ()  # whose rows are concerned, as the text names them
    lost: tuple[str, ...] = ()  # what else is lost with all that it holds: a topic, a slot

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which its loss is allowed, each without quotes."""
        return tuple(map(plain, (*self.tables, *self.lost)))


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
            loses = _matched(phrase, self.command_loses if altered else self.loses, altered)
            waits = _matched(phrase, self.command_blocks if altered else self.blocks, altered)
            losses += [text for text, _ in loses]
            blocks += [text for text, _ in waits]
            tables += [name for _, names in (*loses, *waits) for name in names]
        return Impact(
            ", ".join(losses) or None, "; ".join(blocks) or None, tuple(dict.fromkeys(tables))
        )


def _matched(phrase: Phrase, rules: Rules, altered: Phrase | None) -> list[tuple[str, list[str]]]:
    """The impact by the first rule that matches, and the tables concerned."""
    for pattern, template in rules:
        if match := phrase.match(pattern):
            return list(_filled(phrase, match, template, altered))
    return []


def _filled(
    phrase: Phrase, match: re.Match[str], template: str, altered: Phrase | None
) -> Iterator[tuple[str, list[str]]]:
    if not template:
        return
    groups = {name: phrase.part(match, name) for name in match.groupdict() if match[name]}
    tables = [altered] if altered else groups["t"].split(b",") if "t" in groups else []
    yield template.format(x=altered, **groups), [str(table) for table in tables]
