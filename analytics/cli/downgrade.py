"""The command `analytics downgrade`: one release over both stores."""

from __future__ import annotations

from typing import Any

import click

from analytics.cli import releasing
from analytics.journal.entry import Direction


@click.command()
@releasing.options
def downgrade(**options: Any) -> None:
    """Take both stores back to TARGET, or undo the last release.

    TARGET is base, postgres@0004, clickhouse@-1 and the like, or an id that only one history has.
    Revisions that require one of those taken back are taken back as well. After an error or a
    crash the same command continues.
    """
    releasing.release(Direction.DOWN, **options)
