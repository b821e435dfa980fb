"""What a statement does (to be replaced)."""

import re

from analytics.impact import Impact


def of(statement: str) -> Impact:
    """What it does."""
    found = re.match(r"\s*DROP TABLE (\S+)", statement)
    return Impact(f"drops table {found[1]}", tables=(found[1],)) if found else Impact()
