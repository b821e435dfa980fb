"""Every column of every key, beside a computation from the source in one piece: by another way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analytics.rebuild import barrier, comparison, fill, holding, names, probes, shadow
from analytics.rebuild.comparison import Compared
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server


@dataclass(frozen=True)
class Sample:
    """How much is compared: percent of the values that the keys of all tables have in common."""

    percent: int = 100

    def keep(self, server: Server, outline: Outline, suffix: str) -> tuple[str, str]:
        """The condition, and how a person says it."""
        common = _common_keys(server, outline, suffix) if self.percent < 100 else []
        if not common:
            return "true", "all keys"
        texts = ", ".join(f"toString({key})" for key in common)  # the view's types may differ
        return (
            f"cityHash64({texts}) % 100 < {self.percent}",
            f"a sample of {self.percent} % by {', '.join(common)}",
        )


@dataclass(frozen=True)
class Verdict:
    """What came of a verification."""

    compared: tuple[Compared, ...]
    skipped: tuple[str, ...]  # tables that say nothing, each with the reason
    said: str  # how much was compared
    pause: float = 0.0  # seconds

    @property
    def differences(self) -> list[str]:
        """What differs, a line a table."""
        return [str(each.difference) for each in self.compared if each.difference]

    @property
    def lines(self) -> list[str]:
        """The whole of it, for a person."""
        done = [f"{each.table}: {each.keys} keys compared ({self.said})" for each in self.compared]
        left = [
            f"{each.table}, not compared: {column}"
            for each in self.compared
            for column in each.left_out
        ]
        return [*done, *left, *self.skipped, *self.differences]


def shadows(
    server: Server,
    outline: Outline,
    chunks: int,
    *,
    sample: Sample,
    limits: Limits,
    timeout: float,
) -> Verdict:
    """The rebuilt chain: its history in pieces and what has come since, taken at one moment."""
    chain = outline.chain
    for source in chain.sources:
        cut = source + names.CUT
        shadow.empty(server, source, cut)
        shadow.attach(server, cut, source + names.SNAPSHOT)
    for table in chain.tables:
        shadow.empty(server, table + names.LIVE, table + names.CUT)
    with barrier.closed(server, outline.gates, timeout=timeout) as pause:
        for source in chain.sources:
            shadow.attach(server, source + names.CUT, source + names.SINCE)
        for table in chain.tables:
            shadow.attach(server, table + names.CUT, table + names.LIVE)
    sides = {
        table: [table + names.CUT, *(names.chunk(table, n) for n in range(1, chunks + 1))]
        for table in chain.tables
    }
    verdict = _verdict(
        server, outline, sides, like=names.LIVE, sample=sample, limits=limits, pause=pause.seconds
    )
    clean(server, outline)
    return verdict


def serving(
    server: Server, outline: Outline, *, sample: Sample, limits: Limits, timeout: float
) -> Verdict:
    """The chain as it serves, beside what its sources hold at the same moment."""
    chain = outline.chain
    sides = {table: [table + names.CUT] for table in chain.tables}
    try:
        for name in (*chain.sources, *chain.tables):
            shadow.empty(server, name, name + names.CUT)
        with (
            holding.noted(server, outline.goal.view, outline.gates),
            barrier.closed(server, outline.gates, timeout=timeout) as pause,
        ):
            for name in (*chain.sources, *chain.tables):
                shadow.attach(server, name + names.CUT, name)
        return _verdict(
            server, outline, sides, like="", sample=sample, limits=limits, pause=pause.seconds
        )
    finally:
        clean(server, outline)


def _verdict(
    server: Server,
    outline: Outline,
    sides: Mapping[str, Sequence[str]],
    *,
    like: str,
    sample: Sample,
    limits: Limits,
    pause: float,
) -> Verdict:
    keep, said = sample.keep(server, outline, like)
    for table in outline.chain.tables:
        shadow.empty(server, table + like, table + names.CHECK)
    rows = {source: server.name(source + names.CUT) for source in outline.chain.sources}
    for statement in fill.statements(
        server, outline, rows, into=lambda table: table + names.CHECK, limits=limits, keep=keep
    ):
        server.change(statement)
    skipped = dict(_undivided(outline))
    compared = tuple(
        comparison.compare(
            server,
            table,
            table + like,
            (sides[table], [table + names.CHECK]),
            columns=_written(outline, table),
            keep=keep,
            settings=limits.settings,
        )
        for table in outline.chain.tables
        if table not in skipped
    )
    return Verdict(compared, tuple(skipped.values()), said, pause)


def clean(server: Server, outline: Outline) -> None:
    """Drop what was made for a verification."""
    chain = outline.chain
    server.drop({name + names.CUT: "TABLE" for name in (*chain.sources, *chain.tables)})
    server.drop({name + names.CHECK: "TABLE" for name in chain.tables})


def _undivided(outline: Outline) -> Iterator[tuple[str, str]]:
    """The tables whose rows depend on the blocks in which the source's rows come."""
    chain, found = outline.chain, set[str]()
    for view in chain.views:
        if view in outline.undivided or chain.source[view] in found:
            found.add(chain.target[view])
    for table in chain.tables:
        if table in found:
            yield table, f"{table}, not compared: its rows depend on the blocks that are inserted"


def _written(outline: Outline, table: str) -> list[str]:
    """The columns that views write: any other has its default, which may be a time."""
    listed = [name for v in outline.chain.writers(table) for name, _ in outline.columns[v]]
    return list(dict.fromkeys(listed))


def _common_keys(server: Server, outline: Outline, suffix: str) -> list[str]:
    """The plain key columns that all tables of the chain have and all of their views write."""
    common: list[str] | None = None
    for table in outline.chain.tables:
        written = [
            {name for name, _ in outline.columns[view]} for view in outline.chain.writers(table)
        ]
        keys = comparison.keys(server, table + suffix, set.intersection(*written))
        common = keys if common is None else [key for key in common if key in keys]
    there = {name for name, _ in probes.columns(server, outline.chain.tables[0] + suffix)}
    return [key for key in common or [] if key in there]
