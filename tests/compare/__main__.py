"""`make compare`: where other tools apply a migration twice, beside ours, in the same run."""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import requests

from analytics import settings
from analytics.local import stack
from tests.compare.tools import ROWS, TOOLS, Tool
from tests.proof import page
from tests.safety import proxy as proxies
from tests.safety.proxy import Proxy

ROUNDS = int(os.environ.get("ROUNDS", "5"))
DATABASE = "compare"
SENT = rb"(?:\A|\r\n\r\n|query=)\W*INSERT(?: |\+|%20)INTO(?: |\+|%20)\S*visits"
PASSWORD = (b"ZGVmYXVsdDp4", b"ZGVmYXVsdDo=")
"""One tool insists on a password, and the embedded server's only user has none."""


@dataclass(frozen=True)
class Servers:
    """Where both databases of a round are."""

    clickhouse: str
    postgres: str

    def sql(self, query: str, *, database: str = DATABASE) -> str:
        answer = requests.post(self.clickhouse, params={"database": database}, data=query)
        assert answer.ok, answer.text
        return answer.text.strip()

    def fresh(self) -> None:
        """Empty databases, and the table."""
        for query in (f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}"):
            self.sql(query, database="default")
            with psycopg.connect(self.postgres, autocommit=True) as connection:
                connection.execute(query.encode())
        self.sql("CREATE TABLE visits (n UInt64) ENGINE = MergeTree ORDER BY n")


def killed(tool: Tool, proxy: Proxy) -> list[int]:
    """Killed when the INSERT is done and its answer on the way; then again."""
    process = tool.start()
    proxy.arm(SENT, "after", process.kill)
    return [process.wait(60), tool.start().wait(60)]


def cut(tool: Tool, proxy: Proxy) -> list[int]:
    """The connection lost when the INSERT is done and its answer on the way; then again."""
    proxy.arm(SENT, "after", lambda: None)
    return [tool.start().wait(120), tool.start().wait(120)]


def twice(tool: Tool, _proxy: Proxy) -> list[int]:
    """Two at the same time."""
    return [process.wait(120) for process in (tool.start(), tool.start())]


SCENARIOS: dict[str, Callable[[Tool, Proxy], list[int]]] = {
    "killed after the send, run again": killed,
    "connection lost after the send, run again": cut,
    "two at once": twice,
}


def main() -> int:
    """Every tool through every scenario; 1 if ours is not right."""
    stack.up(["postgres", "clickhouse"], report=lambda *_: None)
    at = settings.load()
    clickhouse = urlsplit(at.need("clickhouse_url"))
    servers = Servers(
        f"http://{clickhouse.hostname}:{clickhouse.port}",
        at.need("postgres_url").rpartition("/")[0] + "/postgres",
    )
    assert clickhouse.hostname and clickhouse.port
    with proxies.running(clickhouse.hostname, clickhouse.port) as (proxy, port):
        proxy.replaces = PASSWORD
        found = {
            (s, t): list(_rounds(s, t, servers, proxy, port)) for s in SCENARIOS for t in TOOLS
        }
    lines = list(_lines(found))
    print("\n".join(lines))
    page.write("compare", lines)
    ours = [rows for (_, tool), rounds in found.items() if tool is TOOLS[0] for rows, *_ in rounds]
    return 0 if all(rows == ROWS for rows in ours) else 1


def _rounds(
    scenario: str, tool: Callable[..., Tool], servers: Servers, proxy: Proxy, port: int
) -> Iterator[tuple[int, int, list[int], str]]:
    """Rows, recorded versions, exit codes and the tool's name of each round."""
    for _ in range(ROUNDS):
        servers.fresh()
        postgres = servers.postgres.rpartition("/")[0] + f"/{DATABASE}"
        with tempfile.TemporaryDirectory() as folder:
            made = tool(Path(folder), port, DATABASE, postgres)
            codes = SCENARIOS[scenario](made, proxy)
        proxy.arm(-1, "", lambda: None)
        rows = int(servers.sql("SELECT count() FROM visits"))
        yield rows, int(servers.sql(made.versions)), codes, made.name


def _lines(found: dict[tuple[str, Callable[..., Tool]], list[tuple[int, int, list[int], str]]]):
    yield f"{datetime.date.today()}, {ROUNDS} rounds each, on the embedded ClickHouse."
    yield ""
    yield f"| what happens | tool | rows ({ROWS} are right) | versions recorded | exit codes |"
    yield "| --- | --- | --- | --- | --- |"
    for (scenario, _), rounds in found.items():
        columns = defaultdict(list)
        for rows, versions, codes, _ in rounds:
            columns["rows"].append(str(rows))
            columns["versions"].append(str(versions))
            columns["codes"].append(" then ".join(map(str, codes)))
        cells = [", ".join(sorted(set(columns[each]))) for each in ("rows", "versions", "codes")]
        yield f"| {scenario} | {rounds[0][3]} | {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
