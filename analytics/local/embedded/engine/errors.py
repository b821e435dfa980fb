"""The engine's own errors, as those that clients read."""

from __future__ import annotations

import re

from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import disguise

PREFIX = re.compile(r"^(Code: \d+\. DB::Exception: )(?:Code: \d+\. DB::Exception: )+")
SUFFIX = re.compile(
    r"((?: \(version [\d.]+\)\.?)?(?: \([A-Z0-9_]+\)))(?: \(version [\d.]+\)\. \([A-Z0-9_]+\))+$"
)


def of_engine(error: BaseException | str) -> DBError:
    """The engine's own error; its texts sometimes carry prefix or suffix twice."""
    text = disguise.undone(str(error).strip())
    text = SUFFIX.sub(r"\1", PREFIX.sub(r"\1", text))
    found = re.match(r"Code: (\d+)\. ", text)
    return DBError(int(found[1]), text) if found else DBError(1002, text)
