"""A ClickHouse with the statistical functions of the ClickHouse history, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from analytics.definitions import OBJECTS
from analytics.directive import Resources
from analytics.placeholders import placeholders
from analytics.runtime import dry_run
from analytics.stores import STORES
from tests.conftest import ROOT
from tests.local.embedded.serving import Serving, start
from tests.ours import DEMO

HISTORY = ROOT / "migrations_ch"
PREFIX = "stat_"
Evaluate = Callable[..., list[Any]]


def definitions() -> dict[str, str]:
    """Every function that ships, in the order of the history: its name and its CREATE."""
    resources = Resources(STORES["clickhouse"], DEMO, placeholders(DEMO, lenient=True), HISTORY)
    config = Config(str(ROOT / "alembic.ini"), ini_section="clickhouse")
    objects = dry_run.objects(ScriptDirectory.from_config(config), resources).values()
    return {
        each.object: resources.read(OBJECTS, each.object, version=each.version)
        for each in objects
        if each.object.startswith(PREFIX)
    }


def number(value: Any) -> Any:
    """A number out of JSON, in which infinity and NaN are strings; lists stay lists."""
    if isinstance(value, list):
        return [number(member) for member in value]
    return value if value is None else float(value)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The server that all tests of this folder share."""
    serving = start(tmp_path_factory.mktemp("statistics") / "data")
    try:
        for create in definitions().values():
            serving.sql(create)
        yield serving
    finally:
        serving.stop()


@pytest.fixture
def select(server: Serving) -> Evaluate:
    """The single row of `SELECT ...`, as numbers and lists of numbers."""

    def run(*expressions: str) -> list[Any]:
        query = f"SELECT {', '.join(expressions)} FORMAT JSONCompactEachRow"
        return list(number(json.loads(server.sql(query, output_format_json_quote_denormals=1))))

    return run


@pytest.fixture
def over(server: Serving) -> Evaluate:
    """An expression over rows of columns a, b, c, ...: one result a row."""

    def run(expression: str, rows: Sequence[Sequence[Any]], *, type: str) -> list[Any]:
        names = [chr(ord("a") + place) for place in range(len(rows[0]))]
        structure = ", ".join(f"{name} {type}" for name in names)
        query = (
            f"SELECT {expression} FROM format(JSONCompactEachRow, '{structure}', $$"
            + "\n".join(json.dumps(list(map(_plain, row))) for row in rows)
            + "$$) FORMAT JSONCompactEachRow"
        )
        options = {"output_format_json_quote_denormals": 1, "max_query_size": 1 << 24}
        answer = server.sql(query, **options).splitlines()
        return [number(json.loads(line))[0] for line in answer]

    return run


def _plain(value: Any) -> Any:
    """What ClickHouse reads from JSON: infinity and NaN as strings."""
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return repr(float(value)) if isinstance(value, float) else value
