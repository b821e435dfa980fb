"""Revisions written for a test: a history of one revision beside the definitions it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent

import pytest

from analytics.clickhouse import definition, label
from tests.conftest import ROOT, Alembic, Databases, Outcome
from tests.operations.chain import OBJECTS

REVISION = """
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
{up}


def downgrade() -> None:
{down}
"""

Revise = Callable[..., Callable[..., Outcome]]


@pytest.fixture
def revise(tmp_path: Path, alembic: Alembic) -> Revise:
    """Write a one-revision history; returns Alembic's command line for it."""

    def write(store: str, up: str, down: str = "pass", **files: str) -> Callable[..., Outcome]:
        folder = tmp_path / "history"
        (folder / "versions").mkdir(parents=True, exist_ok=True)
        (folder / "env.py").write_text(
            "from analytics import environment\n\n"
            f'environment.run("{store}", version_table="test_version")\n'
        )
        text = REVISION.format(up=indent(up, "    "), down=indent(down, "    "))
        (folder / "versions" / "0001_test.py").write_text(text)
        for place, content in files.items():
            path = folder / place.replace("__", "/", 1)
            path = path.with_name(path.name.replace("_json", ".json").replace("_sql", ".sql"))
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
        ini = tmp_path / "alembic.ini"
        ours = (ROOT / "alembic.ini").read_text()
        ini.write_text(ours.replace("%(here)s/migrations\n", f"{folder}\n", 1))
        return lambda *arguments: alembic("-c", str(ini), *arguments)

    return write


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses at which nobody listens: what `--sql` needs, and no more."""
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", "postgresql://postgres@127.0.0.1:1/shop")
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", "http://127.0.0.1:1/shop_analytics")
    monkeypatch.setenv("ANALYTICS_CONNECT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("ANALYTICS_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_ROLE_PASSWORD", "hush")
    monkeypatch.setenv("ANALYTICS_DEBEZIUM_ROLE_PASSWORD", "hush")


@pytest.fixture
def chain(databases: Databases) -> Iterator[Databases]:
    """The chain at its first versions, with rows, as op.create_object makes it."""
    for name in ("visits", "pages", "pages_mv"):
        text = OBJECTS[f"objects__{name}_v01_sql"]
        created = definition.parse(name, text).create(label.of(name, 1, text))
        databases.clickhouse(created)
    databases.clickhouse("INSERT INTO visits SELECT 'home', number % 4 = 0 FROM numbers(100)")
    yield databases
    for kind, name in (("VIEW", "pages_mv"), ("TABLE", "pages"), ("TABLE", "visits")):
        databases.clickhouse(f"DROP {kind} IF EXISTS {name}__prev")
        databases.clickhouse(f"DROP {kind} IF EXISTS {name}")
