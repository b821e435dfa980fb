"""The resources of directives, which Alembic's context carries to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from analytics import definitions
from analytics.placeholders import Placeholders
from analytics.settings import Settings
from analytics.stores.store import Store
from analytics.watch import Watch


@dataclass(frozen=True)
class Resources:
    """What a directive works with: `analytics.environment` puts it into Alembic's context."""

    store: Store
    settings: Settings
    placeholders: Placeholders
    folder: Path  # of the history: its definitions lie below it
    record: list[Any] | None = None  # receives the directives, which are then not carried out
    watch: Watch = field(default_factory=Watch)  # is told about the progress of a long step
    allowed: set[tuple[str, str]] = field(default_factory=set)  # by op.allow_loss: revision, name

    OPTION: ClassVar[str] = "analytics_resources"

    def read(self, folder: str, name: str, *, version: int | None, suffix: str = "sql") -> str:
        """The text of a definition as it is written, without version the newest one.

        DefinitionError if there is none.
        """
        place = self.folder / folder
        if version is None:
            return definitions.newest(place, name, suffix=suffix)
        return definitions.read(place, name, version=version, suffix=suffix)

    def versions(self, folder: str, name: str) -> list[int]:
        """The versions that a definition has, in order."""
        return definitions.versions(self.folder / folder, name)
