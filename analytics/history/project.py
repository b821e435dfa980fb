"""Both histories, from where alembic.ini says they are."""

from __future__ import annotations

from configparser import ConfigParser, Error
from pathlib import Path

from analytics.errors import HistoryError
from analytics.history import graph, names, order
from analytics.history.graph import History
from analytics.history.order import Node
from analytics.settings import project_root


def read(ini: Path | None = None) -> dict[str, History]:
    """The histories by their name, of the project in or above the current folder by default."""
    return {name: graph.read(place) for name, place in places(ini).items()}


def places(ini: Path | None = None) -> dict[str, Path]:
    """Where the revisions of each history are said to be; HistoryError if it is not said."""
    ini = ini or project_root() / "alembic.ini"
    config = ConfigParser({"here": str(ini.parent)})
    try:
        if not config.read(ini, encoding="utf-8"):
            raise HistoryError(f"there is no {ini}", "change to the project's folder")
        folders = {
            name: config[each.section]["script_location"] for name, each in names.NAMES.items()
        }
    except (Error, KeyError) as error:
        raise HistoryError(
            f"{ini} does not say where the histories are ({error})",
            "give [alembic] and [clickhouse] their script_location",
        ) from None
    return {name: Path(folder, "versions") for name, folder in folders.items()}


def in_order(histories: dict[str, History]) -> list[Node]:
    """All revisions of both histories, in the order in which a release runs them."""
    order.check(histories)
    return order.upwards({name: each.revisions for name, each in histories.items()}, {})
