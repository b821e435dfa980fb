"""The options of one query: its id, its user, its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.local.embedded.errors import DBError


@dataclass(frozen=True)
class Options:
    """A query's options, from the URL, the headers and the form."""

    query_id: str
    user: str
    database: str
    format: str
    flags: Mapping[str, str]
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    readonly: str = "0"

    def on(self, flag: str) -> bool:
        """Whether a flag of the URL is set."""
        return self.flags.get(flag, "0").lower() in {"1", "true"}

    @property
    def only_reads(self) -> bool:
        """Whether the request itself asks to be kept from writing."""
        return self.readonly not in {"0", "false"}

    def number(self, flag: str, default: int) -> int:
        """A number of the URL."""
        text = self.flags.get(flag) or str(default)
        if not (text.isascii() and text.isdigit()):
            raise DBError(72, f"Cannot parse {flag}: it is not a number")
        return int(text)
