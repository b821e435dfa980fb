"""The command `analytics upgrade`: one release over both stores."""

from __future__ import annotations

from typing import Any

import click

from analytics.cli import releasing
from analytics.journal.entry import Direction


@click.command()
@releasing.options
def upgrade(**options: Any) -> None:
    """Bring both stores to TARGET, or to their newest revisions.

    TARGET is head, postgres@0004, clickhouse@+1 and the like, or an id that only one history has.
    Revisions of the other history that a target requires run as well. After an error or a crash
    the same command continues.
    """
    releasing.release(Direction.UP, **options)
