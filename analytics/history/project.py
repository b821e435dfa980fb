"""The project: its histories, read from the folders that alembic.ini names."""

from __future__ import annotations

from configparser import ConfigParser, Error
from pathlib import Path

from analytics.errors import HistoryError
from analytics.history import graph, names, order
from analytics.history.graph import History
from analytics.history.order import Node
from analytics.settings import find

LOCATION = "script_location"


def read(ini: Path | None = None) -> dict[str, History]:
    """Its histories by name; by default of the project in or above the current folder.

    HistoryError if alembic.ini or a file of a revision cannot be used.
    """
    return {name: graph.read(place, name) for name, place in places(ini).items()}


def places(ini: Path | None = None) -> dict[str, Path]:
    """The folder of each history's revisions, of those that the project has.

    HistoryError if alembic.ini names none, or cannot be read.
    """
    ini = ini or find()
    config = ConfigParser({"here": str(ini.parent)})
    try:
        if not config.read(ini, encoding="utf-8"):
            raise HistoryError(
                f"there is no {ini}",
                "change to the project's folder, name its file: analytics -c FILE, or begin one: "
                "analytics init",
            )
        sections = {name: each.section for name, each in names.NAMES.items()}
        folders = {
            name: config[section][LOCATION]
            for name, section in sections.items()
            if config.has_option(section, LOCATION)
        }
    except Error as error:
        raise _without_folders(ini, f" ({error})") from None
    if not folders:
        raise _without_folders(ini)
    return {name: Path(folder, "versions") for name, folder in folders.items()}


def check(ini: Path) -> None:
    """HistoryError if alembic.ini does not name the folder of each history, or one is missing."""
    for place in places(ini).values():
        if not place.is_dir():
            raise HistoryError(f"there is no folder {place}", f"correct script_location in {ini}")


def _without_folders(ini: Path, why: str = "") -> HistoryError:
    return HistoryError(
        f"{ini} does not name the folder of a history{why}",
        "give [alembic], for PostgreSQL, or [clickhouse] its script_location",
    )


def in_order(histories: dict[str, History]) -> list[Node]:
    """All revisions of the histories, in the order of a release.

    Raises HistoryError, RequirementMissing, RequirementCycle.
    """
    order.check(histories)
    return order.upwards({name: each.revisions for name, each in histories.items()}, {})
