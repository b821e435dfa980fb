"""The command line in this process."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from analytics.cli import analytics

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(analytics, arguments)


@pytest.fixture
def project_of(tmp_path, monkeypatch):
    """A project whose histories have the given files, and the current folder in it."""

    def make(**files):
        lines = [
            "[alembic]",
            "script_location = %(here)s/migrations",
            "[clickhouse]",
            "script_location = %(here)s/migrations_ch",
        ]
        (tmp_path / "alembic.ini").write_text("\n".join(lines))
        for folder in ("migrations", "migrations_ch"):
            (tmp_path / folder / "versions").mkdir(parents=True)
            for name, text in files.get(folder, {}).items():
                (tmp_path / folder / "versions" / f"{name}.py").write_text(text)
        monkeypatch.chdir(tmp_path)

    return make
