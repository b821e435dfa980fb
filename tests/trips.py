"""`python -m tests.trips alembic|analytics ARGUMENTS`: a command, and the rooms that it enters.

Prints JSON: the rooms in their order, and how many were entered when the first statement left.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import FrameType

PACKAGE = Path(__file__).parent.parent / "analytics"
SENDERS = {
    ("http/transport.py", "_send"),  # ClickHouse's driver
    ("psycopg/cursor.py", "execute"),
    ("http/client.py", "request"),
}


class Trip:
    """The rooms so far."""

    def __init__(self) -> None:
        self.rooms: list[str] = []
        self.before_first: int | None = None

    def enter(self, frame: FrameType, event: str, _argument: object) -> None:
        """A function is called; what runs because a module is imported does not count."""
        if event != "call":
            return
        path = Path(frame.f_code.co_filename)
        if PACKAGE in path.parents:
            room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
            if room not in self.rooms and not _is_import(frame):
                self.rooms.append(room)
        elif (
            self.before_first is None
            and ("/".join(path.parts[-2:]), frame.f_code.co_name) in SENDERS
        ):
            self.before_first = len(self.rooms)


def _is_import(frame: FrameType | None) -> bool:
    """Whether the interpreter imports a module; Alembic loads env.py the same way."""
    while frame and Path(frame.f_code.co_filename).name != "env.py":
        if "importlib" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def main(command: str, *arguments: str) -> None:
    """Run the command, then print its trip."""
    trip = Trip()
    sys.argv = [command, *arguments]
    sys.setprofile(trip.enter)
    try:
        if command == "alembic":
            from alembic.config import main as run

            run(argv=list(arguments))
        else:
            from analytics.cli import main as run

            run()
    except SystemExit as end:
        if end.code:
            raise
    finally:
        sys.setprofile(None)
    print(json.dumps({"rooms": trip.rooms, "before_first": trip.before_first}))


if __name__ == "__main__":
    main(*sys.argv[1:])
