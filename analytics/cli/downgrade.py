"""`analytics downgrade`: one release over both stores."""

from __future__ import annotations

from typing import Any

import click

from analytics.cli import releasing
from analytics.journal.entry import Direction


@click.command()
@releasing.options
def downgrade(**said: Any) -> None:
    """Take both stores back to TARGET, or undo the last release.

    TARGET is base, postgres@0004, clickhouse@-1 and the like, or an id that one history has alone.
    What requires a revision that goes is taken back, too. After an error or a crash the same
    command goes on.
    """
    releasing.release(Direction.DOWN, **said)
