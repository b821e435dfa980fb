"""A report starts without Alembic: neither the store's URL nor its connection needs it."""

import subprocess
import sys

CODE = """
import sys
from sqlalchemy import create_engine
from analytics.clickhouse import address
from analytics.experiments.reports import reading
from analytics.settings import Settings

create_engine(address.sqlalchemy_url(Settings(clickhouse_url="http://ch.example/numbers")))
print(*sys.modules)
"""


def test_reading_a_report_imports_no_alembic():
    modules = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, check=True, text=True
    ).stdout.split()

    assert "analytics.experiments.reports.reading" in modules
    assert [name for name in modules if name.partition(".")[0] == "alembic"] == []
