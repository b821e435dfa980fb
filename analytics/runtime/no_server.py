"""The connection of a dry run: there is no server behind it, and a question ends the recording."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import inspection
from sqlalchemy.engine.mock import MockConnection


class ServerAsked(BaseException):
    """A revision asks the server; no `except Exception` of its own catches this."""


class _NoAnswer:
    """The result of a statement that was not sent: any look at it is a question to the server."""

    def __getattr__(self, name: str) -> Any:
        raise ServerAsked(name)

    def __iter__(self) -> Iterator[Any]:
        raise ServerAsked("rows")


class NoServer(MockConnection):
    """`op.get_bind()` while a revision is recorded: it takes statements and gives no answer."""

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Record the statement."""
        super().execute(*args, **kwargs)
        return _NoAnswer()

    def __getattr__(self, name: str) -> Any:
        raise ServerAsked(name)


@inspection._inspects(NoServer)
def _inspected(_server: NoServer) -> Any:
    """`sqlalchemy.inspect(op.get_bind())`, and all that reflects tables."""
    raise ServerAsked("inspect")
