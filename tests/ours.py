"""The names of our own project, for tests that fill its definitions without a server."""

from analytics import settings
from analytics.settings import Settings
from tests.conftest import ROOT

OURS = settings.project(ROOT / "alembic.ini")
DEMO = Settings(
    ini=OURS, namespace="experiments", clickhouse_url="http://127.0.0.1/experiments_analytics"
)
"""As the demo's databases are named."""
