"""What a statement does beyond changing the schema."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Impact:
    """What a statement does to data and to those who use it, in phrases as "drops table x"."""

    loses: str | None = None  # data that is gone afterwards
    blocks: str | None = None  # whom it keeps waiting, what it rewrites or stops
    tables: tuple[str, ...] = ()  # as they are written: whose rows are concerned
