"""A stage whose statements share one connection: opening one takes longer than most of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analytics.rebuild.server import Server
from analytics.watch import Watch
from tests.rebuild.stage import Stage


@dataclass
class Held(Stage):
    """A stage with one connection."""

    @cached_property
    def connection(self) -> Any:
        return super().server().connection

    def server(self) -> Server:
        return Server(self.connection, self.database, Watch(self.said.append), lambda: None)
