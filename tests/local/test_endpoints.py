"""Addresses of what runs for everybody, and passwords for their owner alone."""

import json
import os
import shlex
import stat

import psutil

from analytics import settings
from analytics.local import endpoints, passwords, records
from analytics.local.layout import Layout
from analytics.local.records import Record
from tests.ours import OURS


def run(layout: Layout, service: str, *ports: int) -> None:
    """Let this very process pass for a service."""
    passwords.make(layout)
    created = psutil.Process().create_time()
    records.write(layout, service, Record(os.getpid(), created, ports, "", log_start=0))


def test_the_file_names_what_runs_and_nothing_else(layout: Layout) -> None:
    run(layout, "kafka", 29092, 29093)

    endpoints.refresh(layout)

    written = json.loads(layout.endpoints.read_text())
    assert written.pop("kafka_bootstrap_servers") == "127.0.0.1:29092"
    assert list(written) == ["secrets"]
    assert sorted(written["secrets"]) == sorted(layout.variables)


def test_the_file_is_private(layout: Layout) -> None:
    run(layout, "connect", 28083)

    endpoints.refresh(layout)

    assert stat.S_IMODE(layout.endpoints.stat().st_mode) == 0o600


def test_the_file_goes_with_the_last_service(layout: Layout) -> None:
    run(layout, "connect", 28083)
    endpoints.refresh(layout)

    records.remove(layout, "connect")
    endpoints.refresh(layout)

    assert not layout.endpoints.exists()


def test_settings_look_where_the_stack_writes(layout: Layout, monkeypatch) -> None:
    monkeypatch.setenv("ANALYTICS_LOCAL_DIR", str(layout.root))

    assert settings.endpoints_file(OURS) == layout.endpoints


def test_exports_are_quoted_for_a_shell(tmp_path) -> None:
    layout = Layout(tmp_path / "it's $HOME")
    layout.make()
    run(layout, "clickhouse", 28123)

    lines = endpoints.exports(layout)

    assert [shlex.split(line)[1] for line in lines] == [
        "ANALYTICS_CLICKHOUSE_URL=clickhouse+http://default@127.0.0.1:28123/experiments_analytics",
        f"ANALYTICS_SECRETS_DIR={layout.secrets}",
    ]


def test_exports_hold_no_password(layout: Layout) -> None:
    run(layout, "postgres", 25432)

    lines = "\n".join(endpoints.exports(layout))

    assert not any(password in lines for password in passwords.read(layout).values())


def test_exports_are_empty_when_nothing_runs(layout: Layout) -> None:
    assert endpoints.exports(layout) == []


def test_passwords_are_made_once_and_private(layout: Layout) -> None:
    passwords.make(layout)
    first = passwords.read(layout)

    passwords.make(layout)

    assert passwords.read(layout) == first
    assert {stat.S_IMODE(each.stat().st_mode) for each in layout.secrets.iterdir()} == {0o600}
    assert stat.S_IMODE(layout.secrets.stat().st_mode) == 0o700
