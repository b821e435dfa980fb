"""One generated rebuild: done and right, or refused or named as a loss with nothing touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from analytics.errors import AnalyticsError, DataLoss, RebuildStopped
from analytics.rebuild import backfill, catchup, record, verify
from tests.generated import findings, pipelines
from tests.generated.held import Held
from tests.generated.naming import q
from tests.generated.schema import Case
from tests.rebuild import stage as stages
from tests.rebuild.stage import Stage


@dataclass
class Outcome:
    """How a case ended: done, loss, refused or invalid; and why."""

    end: str
    why: str = ""
    is_founded: bool = True  # whether a server says that something is lost, too


def run(case: Case, url: str) -> Outcome:
    """Rebuild, compare, go back, compare."""
    with ExitStack() as stack:
        opened = [stack.enter_context(stages.blank(url)) for _ in range(4)]
        main, made, served, back = (Held(**vars(each)) for each in opened)
        try:
            _build(case, main)
        except Exception as error:  # whatever the server says about a schema
            return Outcome("invalid", _line(error))
        return _judged(case, main, made, served, back)


def _judged(case: Case, main: Stage, made: Stage, served: Stage, back: Stage) -> Outcome:
    before = findings.now(case, main)
    pipelines.parallel(case, main, served, {}, with_rows=False)
    pipelines.feed(case, main, served)
    truth = {} if case.is_whole else findings.lost(case, main, served)
    pipelines.parallel(case, main, back, {}, with_rows=True)
    pipelines.parallel(case, main, made, case.changed, with_rows=False)
    pipelines.feed(case, main, made)
    outcome = _attempt(case, main)
    if outcome.end != "done":
        findings.untouched(case, main, before)
    elif truth:
        raise findings.Fault(f"rows vanished without a word: {truth}")
    if outcome.end == "refused":
        _ingests(case, main, back)
        return outcome
    if outcome.end == "loss":
        _allow(case, main)
        outcome.is_founded = bool(truth) or case.is_whole
    _right(case, main, made, back, before)
    return outcome


def _allow(case: Case, main: Stage) -> None:
    """The loss allowed, the same rebuild goes through."""
    again = _attempt(case, main, allowed=True)
    if again.end != "done":
        raise findings.Fault(f"with its loss allowed it is {again.end}: {again.why}")


def _build(case: Case, main: Stage) -> None:
    main.definitions = {}
    pipelines.small(main)
    for name, versions in case.definitions.items():
        main.define(name, *versions)
        if name in [each.name for each in case.sources] and "MergeTree" in pipelines.engine(
            main, name
        ):
            main.ask(f"SYSTEM STOP MERGES {q(name)}")
    for statement in (*case.feed, *case.deeds):
        main.ask(statement)


def _attempt(case: Case, main: Stage, *, allowed: bool = False) -> Outcome:
    known = len(record.all_of(main.server()))
    try:
        with _coming(case, main):
            main.rebuild(case.goal, chunk=case.chunk, allows=lambda _: allowed)
    except DataLoss as error:
        return Outcome("loss", _line(error))
    except RebuildStopped as error:
        raise findings.Fault(f"stopped after everything was computed: {_line(error)}") from error
    except AnalyticsError as error:
        return _refused(main, error, known)
    except Exception as error:
        raise findings.Fault(f"{type(error).__name__}: {_line(error)}") from error
    return Outcome("done")


def _refused(main: Stage, error: AnalyticsError, known: int) -> Outcome:
    """A refusal before anything was touched, with a remedy, for one of the documented reasons."""
    if len(record.all_of(main.server())) != known:
        raise findings.Fault(f"refused after something was touched: {_line(error)}") from error
    if not getattr(error, "remedy", ""):
        raise findings.Fault(f"refused without a remedy: {_line(error)}") from error
    return Outcome("refused", _line(error))


@contextmanager
def _coming(case: Case, main: Stage) -> Iterator[None]:
    """Rows come at steps of the rebuild."""
    waiting = list(case.later)
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((backfill, "run"), (verify, "shadows"), (catchup, "take")):
            step = getattr(module, name)

            def come(*arguments: Any, step: Any = step, **options: Any) -> Any:
                if waiting:
                    main.ask(waiting.pop(0))
                return step(*arguments, **options)

            patch.setattr(module, name, come)
        yield


def _ingests(case: Case, main: Stage, back: Stage) -> None:
    for statement in case.after:
        main.ask(statement)
        back.ask(statement)
    findings.same(case, main, back, "after a refusal")


def _right(case: Case, main: Stage, made: Stage, back: Stage, before: findings.Before) -> None:
    for statement in case.later:
        made.ask(statement)
    findings.same(case, main, made, "after the upgrade")
    chain = (*case.tables, *case.views)
    findings.leftovers(main, before, {f"{name}__prev" for name in chain})
    for statement in case.after:
        main.ask(statement)
        made.ask(statement)
    findings.same(case, main, made, "after rows that came after the upgrade")
    for statement in (*case.later, *case.after):
        back.ask(statement)
    try:
        main.rebuild(case.back)
    except Exception as error:
        raise findings.Fault(f"the way back: {type(error).__name__}: {_line(error)}") from error
    findings.same(case, main, back, "after the way back")
    findings.leftovers(main, before, set())


def _line(error: BaseException) -> str:
    return " ".join(str(getattr(error, "orig", error)).split())[:600]
