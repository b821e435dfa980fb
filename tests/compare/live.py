"""`make compare`: a view chain changed while rows come in, by ours, by another tool and by hand.

Each gives the hourly and the daily table of `tests/rebuild/chain.py` their second versions, with
history, under 1,000 messages a second. What they count is held against the ledger of the sender.
"""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from analytics import settings
from analytics.local import stack
from tests.compare.tools import CHKIT, VENVS
from tests.proof import page
from tests.rebuild import ledger, oracles, releases, stage
from tests.rebuild.ledger import Ledger
from tests.rebuild.stage import Stage

ROUNDS = int(os.environ.get("ROUNDS", "3"))
CONDITION = "NOT bot OR kind = 1"  # of the hourly view
CHAIN = ("hourly", "hourly_mv", "daily", "daily_mv")
SCHEMA = '''
from chkit import materialized_view, schema, table


def summed(name, time, columns):
    return table(
        database="{database}", name=name, engine="SummingMergeTree",
        columns=[{{"name": n, "type": t}} for n, t in columns],
        primary_key=["kind", time], order_by=["kind", time],
    )


def view(name, to, select):
    to = {{"database": "{database}", "name": to}}
    return materialized_view(database="{database}", name=name, to=to, as_=select)


events = table(
    database="{database}", name="events", engine="MergeTree", partition_by="kind % 3",
    columns=[{{"name": n, "type": t}} for n, t in {events}],
    primary_key=["kind", "id"], order_by=["kind", "id"],
)
definitions = schema(
    events,
    summed("new_hourly", "hour", {hourly}),
    summed("new_daily", "day", {daily}),
    view("new_daily_mv", "new_daily", """{daily_mv}"""),
    view("new_hourly_mv", "new_hourly", """{hourly_mv}"""),
)
'''


def ours(there: Stage, folder: Path) -> tuple[str, str]:
    """`alembic upgrade head` with `op.rebuild_view`."""
    with releases.of(there, "both", folder) as release:
        release.run("upgrade")
    return "hourly", "daily"


def script(there: Stage, _folder: Path, *, pause: float = 0) -> tuple[str, str]:
    """DROP, CREATE and INSERT SELECT: the daily table is filled by its view."""
    for name in reversed(CHAIN):
        there.ask(f"DROP {'VIEW' if name.endswith('_mv') else 'TABLE'} {name}")
    for name in ("daily", "hourly", "daily_mv", "hourly_mv"):
        there.ask(there.text(name, 2))
    time.sleep(pause)
    there.ask(f"INSERT INTO hourly {_select(there, 'hourly_mv')}")
    return "hourly", "daily"


def chkit(there: Stage, folder: Path, *, condition: str = "{}") -> tuple[str, str]:
    """A new chain beside the former one, `migrate --apply`, `backfill plan` and `backfill run`."""
    port = urlsplit(there.url).port
    config = CHKIT.format(port=port, database=there.database)
    (folder / "schema").mkdir()
    (folder / "clickhouse.config.py").write_text(config, encoding="utf-8")
    schema = _schema(there).replace(CONDITION, condition.format(CONDITION))
    (folder / "schema" / "chain.py").write_text(schema, encoding="utf-8")
    _chkit(folder, "generate")
    _chkit(folder, "migrate", "--apply")
    target = f"{there.database}.new_hourly"
    said = _chkit(folder, "plugin", "backfill", "plan", "--target", target)
    (plan,) = re.findall(r"Backfill plan (\w+)", said)
    _chkit(folder, "plugin", "backfill", "run", "--plan-id", plan)
    return "new_hourly", "new_daily"


TOOLS: dict[str, Callable[[Stage, Path], tuple[str, str]]] = {
    "analytics": ours,
    "chkit-py 0.2.0": chkit,
    "chkit-py 0.2.0, the OR in parentheses": partial(chkit, condition="({})"),
    "DROP, CREATE, INSERT SELECT as a script": script,
    "the same, a second before the INSERT": partial(script, pause=1),
}


def main() -> int:
    """Every tool ROUNDS times; 1 if ours is not right."""
    stack.up(["postgres", "kafka", "clickhouse"], report=lambda *_: None)
    at = settings.load()
    os.environ["ANALYTICS_POSTGRES_URL"] = at.need("postgres_url")
    os.environ["ANALYTICS_KAFKA_BOOTSTRAP_SERVERS"] = at.need("kafka_bootstrap_servers")
    rows = [(name, *_counted(change, at)) for name, change in TOOLS.items() for _ in range(ROUNDS)]
    lines = [
        f"{datetime.date.today()}, {ROUNDS} rounds each, on the local stack.",
        "",
        "| tool | counted by hour, of those sent | by day | keys that are wrong |",
        "| --- | --- | --- | ---: |",
        *(
            f"| {name} | {by_hour:,} of {sent:,} ({by_hour - sent:+,}) "
            f"| {by_day - sent:+,} | {wrong} |"
            for name, sent, by_hour, by_day, wrong in rows
        ),
    ]
    print("\n".join(lines))
    page.write("compare-live", lines)
    return int(any(wrong for name, *_, wrong in rows if name == "analytics"))


def _counted(
    change: Callable[[Stage, Path], tuple[str, str]], at: settings.Settings
) -> tuple[int, int, int, int]:
    """Messages sent, counted by hour, counted by day, and keys with anything wrong."""
    url = at.need("clickhouse_url").rpartition("/")[0].replace("default@", "default:@")
    with (
        stage.fed(url, at.need("kafka_bootstrap_servers")) as there,
        tempfile.TemporaryDirectory() as folder,
    ):
        with ledger.sending(there) as sent:
            time.sleep(3)
            hourly, daily = change(there, Path(folder))
            time.sleep(1)
        ledger.arrived(there, sent)
        return _held_against(sent, there, hourly, daily)


def _held_against(sent: Ledger, there: Stage, hourly: str, daily: str) -> tuple[int, int, int, int]:
    by_hour, by_day = sent.hourly(2), sent.daily(2)
    found_hour = oracles.aggregates(there, hourly, "hour", wide=True)
    found_day = oracles.aggregates(there, daily, "day", wide=True)
    wrong = oracles.differing(found_hour, by_hour) + oracles.differing(found_day, by_day)
    total = [sum(row[0] for row in each.values()) for each in (by_hour, found_hour, found_day)]
    return total[0], total[1], total[2], len(wrong)


def _select(there: Stage, view: str) -> str:
    return there.text(view, 2).partition(" AS\n")[2]


def _schema(there: Stage) -> str:
    """What chkit is to bring about."""
    largest = ("largest", "SimpleAggregateFunction(max, Int64)")
    hourly_mv, daily_mv = (_select(there, view) for view in ("hourly_mv", "daily_mv"))
    return SCHEMA.format(
        database=there.database,
        events=_columns(there, "events"),
        hourly=[*_columns(there, "hourly"), largest],
        daily=[*_columns(there, "daily"), largest],
        hourly_mv=hourly_mv.replace("FROM events", f"FROM {there.database}.events"),
        daily_mv=daily_mv.replace("FROM hourly", f"FROM {there.database}.new_hourly"),
    )


def _columns(there: Stage, table: str) -> list[tuple[str, str]]:
    rows = there.ask(
        "SELECT name, type FROM system.columns WHERE database = currentDatabase() "
        f"AND default_kind = '' AND table = '{table}' ORDER BY position"
    )
    return [(str(name), str(kind)) for name, kind in rows]


def _chkit(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [VENVS / "chkit/bin/chkit", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
