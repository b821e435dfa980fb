"""The record of releases in ClickHouse: insert-only; the newest line of a release counts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from analytics.clickhouse.client import ask, one, send
from analytics.journal.entry import Direction
from analytics.journal.releases import Heads, Release

CREATE = """
CREATE TABLE IF NOT EXISTS analytics_releases
(
    id        UInt64,
    line      UInt32,
    direction LowCardinality(String),
    undoes    Nullable(UInt64),
    before    String,
    after     String,
    plan      String,
    who       String,
    began     DateTime64(6, 'UTC'),
    ended     Nullable(DateTime64(6, 'UTC')),
    stopped   String
)
ENGINE = MergeTree
ORDER BY (id, line)"""

EXISTS = "EXISTS TABLE analytics_releases"

NOW = "SELECT toString(now64(6, 'UTC'))"

ALL = """
SELECT
    id, direction, undoes, before, after, plan, who,
    toString(began), ifNull(toString(ended), ''), stopped
FROM analytics_releases
ORDER BY id, line DESC
LIMIT 1 BY id"""

# the lock is held, so nobody else numbers lines meanwhile
APPEND = """
INSERT INTO analytics_releases
SELECT
    %(id)s,
    (SELECT max(line) + 1 FROM analytics_releases WHERE id = %(id)s),
    %(direction)s, %(undoes)s, %(before)s, %(after)s, %(plan)s, %(who)s,
    toDateTime64(%(began)s, 6, 'UTC'),
    if(%(ended)s = '', NULL, toDateTime64OrNull(%(ended)s, 6, 'UTC')),
    %(stopped)s"""


@dataclass(frozen=True)
class ClickHouseReleases:
    """Implements `journal.releases.Releases` over a connection of the driver."""

    connection: Any

    def everything(self) -> list[Release]:
        if not one(self.connection, EXISTS):
            return []
        return [_release(row) for row in ask(self.connection, ALL)]

    def begin(
        self,
        direction: Direction,
        *,
        undoes: int | None,
        before: Heads,
        after: Heads,
        plan: str,
        who: str,
    ) -> int:
        send(self.connection, CREATE)
        number = max((each.id for each in self.everything()), default=0) + 1
        self._append(
            Release(number, direction, undoes, before, after, plan, who, self._now(), None)
        )
        return number

    def go_on(self, release: int, *, after: Heads, plan: str, who: str) -> None:
        self._append(replace(self._of(release), after=after, plan=plan, who=who, stopped=""))

    def stop(self, release: int, why: str) -> None:
        self._append(replace(self._of(release), stopped=why))

    def end(self, release: int) -> None:
        self._append(replace(self._of(release), ended=self._now()))

    def _of(self, release: int) -> Release:
        return next(each for each in self.everything() if each.id == release)

    def _now(self) -> datetime:
        return _time(one(self.connection, NOW))

    def _append(self, release: Release) -> None:
        texts = {
            "before": json.dumps(dict(release.before)),
            "after": json.dumps(dict(release.after)),
            "began": _text(release.began),
            "ended": _text(release.ended) if release.ended else "",
        }
        self.connection.cursor().execute(APPEND, asdict(release) | texts)


def _release(row: Any) -> Release:
    number, direction, undoes, before, after, plan, who, began, ended, stopped = row
    return Release(
        number,
        direction,
        undoes,
        json.loads(before),
        json.loads(after),
        plan,
        who,
        _time(began),
        _time(ended) if ended else None,
        stopped,
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _text(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S.%f}"
