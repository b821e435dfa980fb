"""`analytics upgrade`: one release over both stores."""

from __future__ import annotations

from typing import Any

import click

from analytics.cli import releasing
from analytics.journal.entry import Direction


@click.command()
@releasing.options
def upgrade(**said: Any) -> None:
    """Bring both stores to TARGET, or to their newest revisions.

    TARGET is head, postgres@0004, clickhouse@+1 and the like, or an id that one history has alone.
    What a target requires of the other history runs, too. After an error or a crash the same
    command goes on.
    """
    releasing.release(Direction.UP, **said)
