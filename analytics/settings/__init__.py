"""The configuration of a process: addresses, credentials, names and limits.

Entry: `load()`, which returns `Settings`. Read `value` (the settings themselves and how a text
becomes one), then `sources` (the environment, secret files and the local stack). It imports
`errors` only; no other package reads `ANALYTICS_...` variables.
"""

from analytics.settings.sources import endpoints_file, load, local_dir, project_root
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
    "Settings",
    "database_of",
    "endpoints_file",
    "load",
    "local_dir",
    "project_root",
    "variable",
]
