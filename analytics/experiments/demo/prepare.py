"""The preparation before the first row: the stack runs, both histories are at their heads."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from analytics import settings as configuration
from analytics.errors import Refused
from analytics.journal.entry import REVISION, Direction, Entry, State
from analytics.release import run as release
from analytics.release.plan import Plan
from analytics.settings import ADDRESSES, Ini, Settings
from analytics.watch import Watch

Say = Callable[[str], None]
Start = Callable[..., object]
"""Takes `report(service, event)` by its name."""


@dataclass(frozen=True)
class Place:
    """The place of the demo: the settings, and whether they are the local stack's."""

    settings: Settings
    local: bool


def prepare(say: Say, start: Start, ini: Ini) -> Place:
    """The place to run in; its services are up and both histories are at their heads.

    `start` starts the local stack if no address is set, and it is upgraded: the demo itself does
    not know it. Raises the errors of `start`, of the settings and of a release, and Refused if
    stores of the user's own are not at their heads.
    """
    given = given_addresses(ini)
    if given:
        say(f"no local stack is started, because of {', '.join(given)}")
    else:
        start(report=lambda service, event: say(f"{service:<11} {event}"))
    settings = configuration.load(ini)
    if given:
        _refuse_pending(settings)
    else:
        _upgrade(settings, say)
    return Place(settings, local=not given)


def _refuse_pending(settings: Settings) -> None:
    """Refused unless stores of the user's own are at their heads: nobody asked for a release."""
    pending = release.plan(settings, Direction.UP, ()).revisions
    if pending:
        raise Refused(
            f"{len(pending)} revisions are not applied to the stores that are set",
            "run `analytics upgrade`, which the demo does for the local stack only",
        )


def given_addresses(ini: Ini) -> list[str]:
    """The variables of the addresses that differ from those in the local stack's file.

    The file is compared, not the running services: the addresses of a dead stack count, too.
    """
    settings, local = configuration.load(ini), _local_addresses(ini)
    values = {name: getattr(settings, name) for name in ADDRESSES}
    return [
        f"ANALYTICS_{name.upper()}"
        for name, value in values.items()
        if value is not None and value != local.get(name)
    ]


def _local_addresses(ini: Ini) -> dict[str, str]:
    try:
        addresses: dict[str, str] = json.loads(configuration.endpoints_file(ini).read_text())
    except (OSError, ValueError):
        return {}
    return addresses


def _upgrade(settings: Settings, say: Say) -> None:
    """One release of both histories to their heads; each revision is named when it begins."""
    names: list[str] = []

    def planned(plan: Plan) -> None:
        names.extend(f"{plan.direction} {each.name}  {each.title}" for each in plan.revisions)

    def wrote(line: Entry) -> None:
        if line.step == REVISION and line.state is State.SENT and names:
            say(names.pop(0))

    release.run(settings, Direction.UP, (), watch=Watch(say, wrote), planned=planned)
    say("both histories are at their heads")
