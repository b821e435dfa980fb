"""The placeholders: names that differ between databases, `${name}` in definitions and revisions.

A project's own are in its alembic.ini: [placeholders], [secrets], and `${<role>_role}` for each
line of [roles]. Computed here is only what follows from the settings (docs/settings.md has a table
of them): so that a second pair of databases on the same servers gets names of its own, and systems
are told addresses as they see them. What Kafka does without is empty.

Secrets are filled in when they are sent, and never shown. `${env:NAME}` and `${file:...}` belong to
Kafka Connect and pass through untouched. Entry: `placeholders(settings)`; read `filling`, then
`computed`. It imports `settings` and `errors` only.
"""

from __future__ import annotations

from functools import partial

from analytics.placeholders.computed import KAFKA_PASSWORD, computed
from analytics.placeholders.filling import Placeholders
from analytics.settings import Settings
from analytics.settings.lookup import Origin

__all__ = ["Placeholders", "placeholders"]


def placeholders(settings: Settings, *, lenient: bool = False) -> Placeholders:
    """The placeholders of the project and of the two databases in the settings."""
    ini = settings.ini
    secrets = {name: partial(settings.need, name) for name in ini.secrets}
    own = {
        name: partial(_at, place)
        for name, place in ini.placeholders.items()
        if isinstance(place, Origin)
    }
    hidden = (*ini.secrets, KAFKA_PASSWORD)
    place = ini.section("placeholders")
    return Placeholders(computed(settings) | own | secrets, ini.texts, hidden, place, lenient)


def _at(place: Origin) -> str:
    value = place.value()
    if value is None:
        raise place.missing()
    return value
