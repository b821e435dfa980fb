"""The two sides: our ClickHouse history at its head, and the reference's statements."""

from __future__ import annotations

import os
import re

from alembic import command
from alembic.config import Config

from tests.bench.clickhouse.server import Server
from tests.conftest import ROOT

REFERENCE = ("schema", "stats", "functions", "views", "perf", "journey")
NOWHERE = "127.0.0.1:1"
"""The other stores' address: Kafka tables and dictionaries are made without asking them."""
DICTIONARIES = ("variants_dict", "experiments_dict", "users_dict")
VARIANTS = """
INSERT INTO variants_dict (experiment_id, variant_id, name, is_control, allocation)
SELECT concat('e', toString(number)), variant, variant, variant = 'A', 0.5
FROM numbers(20)
ARRAY JOIN ['A', 'B'] AS variant"""


def ours(server: Server) -> None:
    """Upgrade to the head of the history."""
    os.environ |= {
        "ANALYTICS_CLICKHOUSE_URL": f"clickhouse+http://default@127.0.0.1:{server.port}/{server.database}",
        "ANALYTICS_POSTGRES_URL": f"postgresql://bench@{NOWHERE}/experiments",
        "ANALYTICS_KAFKA_BOOTSTRAP_SERVERS": NOWHERE,
        "ANALYTICS_CONNECT_URL": f"http://{NOWHERE}",
        "ANALYTICS_CLICKHOUSE_ROLE_PASSWORD": "unused",
        "ANALYTICS_GUARDED": "false",  # there is no PostgreSQL to hold a lock
    }
    config = Config(str(ROOT / "alembic.ini"), ini_section="clickhouse")
    config.attributes["configure_logger"] = False
    command.upgrade(config, "head")
    for name in DICTIONARIES:
        _replace_dictionary(server, name)
    server.run("DROP TABLE raw_events_mv")  # or the engine keeps looking for the broker
    server.run(VARIANTS)


def reference(server: Server) -> None:
    """Run the reference's statements as they are, but in the database we have made."""
    for name in REFERENCE:
        text = (ROOT / f"tests/bench/reference/{name}.sql").read_text()
        for statement in re.split(r";$", text, flags=re.MULTILINE):
            code = re.sub(r"^--.*$", "", statement, flags=re.MULTILINE).strip()
            if code and not code.startswith(("CREATE DATABASE", "USE")):
                server.run(code)
    server.run(VARIANTS)


def _replace_dictionary(server: Server, name: str) -> None:
    """A table of the same columns: views find it by name, and no PostgreSQL is needed."""
    columns = server.rows(
        f"SELECT name, type FROM system.columns WHERE database = currentDatabase() "
        f"AND table = '{name}' FORMAT TSVRaw"
    )
    listed = ", ".join(f"{column} {kind}" for column, kind in columns)
    server.run(f"DROP DICTIONARY {name}")
    server.run(f"CREATE TABLE {name} ({listed}) ENGINE = MergeTree ORDER BY {columns[0][0]}")
