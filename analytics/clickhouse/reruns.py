"""The judgement of a statement: whether it may run twice, and what to write instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analytics.clickhouse import rerun_rules, statements
from analytics.clickhouse.rerun_rules import EACH, GUARDS, TEXT, WAIVER, Rules
from analytics.sql.phrases import Phrase


@dataclass(frozen=True)
class Unsafe:
    """The reason why a statement may not run twice, and what to write instead."""

    reason: str
    rewrite: str
    """The whole statement, rewritten, if that makes it safe; else the operation to use."""


@dataclass(frozen=True)
class Fault:
    """One fault of a statement; `guard`, inserted at byte `at`, removes it, else see `instead`."""

    reason: str
    instead: str = WAIVER
    guard: str = ""
    at: int = 0


def judge(statement: str) -> Unsafe | None:
    """None if it may run again after it was done in whole or in part: nothing more changes then."""
    phrases = statements.statements(statement)
    if len(phrases) > 1:
        return Unsafe("there are several statements in one text", EACH)
    faults = [fault for phrase in phrases for fault in _faults(phrase)]
    if not faults:
        return None
    without_guard = next((fault for fault in faults if not fault.guard), None)
    if without_guard:
        text = json.dumps(statement.strip(), ensure_ascii=False)
        return Unsafe(without_guard.reason, without_guard.instead.replace(TEXT, text))
    rewritten = _with_guards(statement, faults)
    return judge(rewritten) or Unsafe(faults[0].reason, rewritten)


def filling(statement: str) -> str | None:
    """Why a CREATE that fills what it creates may not be a definition; None for any other."""
    (phrase,) = statements.statements(statement)
    rules = (rule for rule in rerun_rules.FILLING if phrase.match(rule.pattern))
    return next((rule.reason for rule in rules), None)


def _with_guards(statement: str, faults: list[Fault]) -> str:
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
    elif match := phrase.match(rules.update):
        if _reads_what_it_assigns(phrase.part(match, "set")):
            yield Fault("UPDATE reads a column that it assigns: the second run goes on from there")
    elif match := phrase.match(rules.guarded):
        yield from _unguarded(phrase, match)
    elif not phrase.match(rules.safe):
        yield Fault(f"{' '.join(phrase.shape.split()[:2])} is not known to be safe")


def _forbidden(rules: Rules, phrase: Phrase) -> Iterator[Fault]:
    for rule in rules.unsafe:
        if match := phrase.match(rule.pattern):
            names = {group: phrase.part(match, group) for group in match.groupdict()}
            yield Fault(rule.reason, rule.instead.format(**names))


def _unguarded(phrase: Phrase, match: re.Match[str]) -> Iterator[Fault]:
    """The fault of a statement or command that lacks its IF [NOT] EXISTS."""
    verb, kind = match["verb"], match["kind"]
    if not f"{phrase.shape[match.end() :]} ".startswith(f" {GUARDS[verb]} "):
        reason = f"{verb} {kind} without {GUARDS[verb]} fails on the second run"
        at = phrase.part(match, "kind").tokens[-1].end
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
    """Names that one command drops or renames and another mentions: a second run differs then."""
    for command in commands:
        match = command.match(rerun_rules.LEAVING)
        name = command.part(match, "name") if match else Phrase(())
        if any(name.names & other.names for other in commands if other is not command):
            yield Fault(f"one ALTER TABLE drops or renames {name} and mentions it elsewhere", EACH)
