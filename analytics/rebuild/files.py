"""The numbered definitions of a ClickHouse history, as a rebuild reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analytics import definitions
from analytics.clickhouse import label, usable
from analytics.clickhouse.definition import Definition
from analytics.placeholders import Placeholders


@dataclass(frozen=True)
class Files:
    """The definitions in the folder of a history: a `labels.Read`."""

    folder: Path
    placeholders: Placeholders

    def __call__(self, name: str, version: int) -> tuple[Definition, str]:
        """A definition, and the label that its object carries; DefinitionError without a file."""
        text = definitions.read(self.folder / definitions.OBJECTS, name, version=version)
        filled = self.placeholders.fill_all(text)
        return usable.definition(name, filled), label.of(name, version, text)
