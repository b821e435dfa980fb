"""The re-run gate's judgement: whether a statement may be run twice, and if not, what instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analytics.clickhouse import rerun_rules, statements
from analytics.clickhouse.rerun_rules import EACH, GUARDS, WAIVER, Rules
from analytics.sql.phrases import Phrase


@dataclass(frozen=True)
class Unsafe:
    """Why a statement may not be run twice, and what to write instead."""

    reason: str
    rewrite: str
    """The whole statement, rewritten, where that makes it safe; else the operation to use."""


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place: a guard put in there mends it, or else what `instead` says."""

    reason: str
    instead: str = WAIVER
    guard: str = ""
    at: int = 0


def judge(statement: str) -> Unsafe | None:
    """None if running it again, after it happened wholly or in part, changes nothing more."""
    found = statements.statements(statement)
    if len(found) > 1:
        return Unsafe("there are several statements in one text", EACH)
    faults = [fault for phrase in found for fault in _faults(phrase)]
    if not faults:
        return None
    beyond = next((fault for fault in faults if not fault.guard), None)
    if beyond:
        return Unsafe(beyond.reason, beyond.instead)
    rewritten = _mended(statement, faults)
    return judge(rewritten) or Unsafe(faults[0].reason, rewritten)


def _mended(statement: str, faults: list[Fault]) -> str:
    text = statement.encode()
    for fault in reversed(faults):
        text = text[: fault.at] + f" {fault.guard}".encode() + text[fault.at :]
    return text.decode()


def _faults(statement: Phrase) -> Iterator[Fault]:
    altered = statements.alter(statement)
    if not altered:
        yield from _against(rerun_rules.STATEMENT, statement)
        return
    _, commands = altered
    yield from _clashes(commands)
    for command in commands:
        yield from _against(rerun_rules.COMMAND, command)


def _against(rules: Rules, phrase: Phrase) -> Iterator[Fault]:
    if forbidden := next(_forbidden(rules, phrase), None):
        yield forbidden
    elif found := phrase.match(rules.update):
        if _reads_what_it_assigns(phrase.part(found, "set")):
            yield Fault("UPDATE reads a column that it assigns: the second run goes on from there")
    elif found := phrase.match(rules.guarded):
        yield from _unguarded(phrase, found)
    elif not phrase.match(rules.safe):
        yield Fault(f"{' '.join(phrase.shape.split()[:2])} is not known to be safe")


def _forbidden(rules: Rules, phrase: Phrase) -> Iterator[Fault]:
    for rule in rules.unsafe:
        if found := phrase.match(rule.pattern):
            names = {group: phrase.part(found, group) for group in found.groupdict()}
            yield Fault(rule.reason, rule.instead.format(**names))


def _unguarded(phrase: Phrase, found: re.Match[str]) -> Iterator[Fault]:
    """The fault of a statement or command that lacks its IF [NOT] EXISTS."""
    verb, kind = found["verb"], found["kind"]
    if not f"{phrase.shape[found.end() :]} ".startswith(f" {GUARDS[verb]} "):
        reason = f"{verb} {kind} without {GUARDS[verb]} fails on the second run"
        at = phrase.part(found, "kind").tokens[-1].end
        yield Fault(reason, guard=GUARDS[verb], at=at)


def _reads_what_it_assigns(assignments: Phrase) -> bool:
    """Also across assignments: `a = b, b = 1` has another result each time."""
    assigned, read = set[str](), set[str]()
    for assignment in assignments.split(b","):
        sides = assignment.split(b"=")
        assigned |= {name for side in sides[:1] for name in side.names}
        read |= {name for side in sides[1:] for name in side.names}
    return bool(assigned & read)


def _clashes(commands: list[Phrase]) -> Iterator[Fault]:
    """A name that goes and that another command mentions: there, the second run finds another."""
    for command in commands:
        found = command.match(rerun_rules.LEAVING)
        name = command.part(found, "name") if found else Phrase(())
        if any(name.names & other.names for other in commands if other is not command):
            yield Fault(f"one ALTER TABLE drops or renames {name} and mentions it elsewhere", EACH)
