"""The sample of keys that a verification compares."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.rebuild import comparison, probes
from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server


@dataclass(frozen=True)
class Sample:
    """How much is compared: percent of the values that the keys of all tables have in common."""

    percent: int = 100

    def keep(self, server: Server, outline: Outline, suffix: str) -> tuple[str, str]:
        """The condition on the rows, and the same in words for a person."""
        common = _common_keys(server, outline, suffix) if self.percent < 100 else []
        if not common:
            return "true", "all keys"
        texts = ", ".join(f"toString({key})" for key in common)  # the view's types may differ
        return (
            f"cityHash64({texts}) % 100 < {self.percent}",
            f"a sample of {self.percent} % by {', '.join(common)}",
        )


def _common_keys(server: Server, outline: Outline, suffix: str) -> list[str]:
    """The plain key columns that all tables of the chain have and all of their views write."""
    common: list[str] | None = None
    for table in outline.chain.tables:
        written = [
            {name for name, _ in outline.columns[view]} for view in outline.chain.writers(table)
        ]
        keys = comparison.keys(server, table + suffix, set.intersection(*written))
        common = keys if common is None else [key for key in common if key in keys]
    columns = {name for name, _ in probes.columns(server, outline.chain.tables[0] + suffix)}
    return [key for key in common or [] if key in columns]
