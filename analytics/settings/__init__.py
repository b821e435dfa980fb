"""The configuration of a process: addresses, credentials, names and limits.

Entry: `load()`, which returns `Settings`. Read `value` (the settings themselves and how a text
becomes one), `sources` (the environment, secret files and the local stack), then `ini`, `reading`
and `checks` (alembic.ini's sections with the names of a project's own) and `lookup` (the places of
values). It imports `errors` only; no other package reads `ANALYTICS_...` variables.
"""

from analytics.settings.ini import Ini
from analytics.settings.reading import find, of_alembic, project
from analytics.settings.sources import endpoints_file, load, local_dir
from analytics.settings.value import (
    ADDRESSES,
    NAMES,
    Settings,
    database_of,
    variable,
)

__all__ = [
    "ADDRESSES",
    "NAMES",
    "Ini",
    "Settings",
    "database_of",
    "endpoints_file",
    "find",
    "load",
    "local_dir",
    "of_alembic",
    "project",
    "variable",
]
