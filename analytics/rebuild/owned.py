"""The objects that rebuilds have made, told by their records: no other is hidden, or dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.rebuild import labels, names
from analytics.rebuild import record as records
from analytics.rebuild.objects import Object
from analytics.rebuild.record import Record, State
from analytics.rebuild.server import Server


@dataclass(frozen=True)
class Owned:
    """What the records of a database say about names."""

    made: frozenset[str]  # by rebuilds that have begun and not ended
    tables: frozenset[str]  # whose chunks they compute
    sources: frozenset[str]  # of whose rows they make batches
    previous: dict[str, str]  # the names of previous versions, each with that of its object

    def has(self, each: Object) -> bool:
        """Whether a rebuild has made an object, or has kept it as a previous version."""
        if each.label == names.MARK:
            return True
        if each.name in self.previous:
            return labels.is_of(each, self.previous[each.name])
        is_part = names.is_chunk(each.name, self.tables) or names.is_batch(each.name, self.sources)
        return (each.name in self.made or is_part) and not labels.is_of(each, each.name)


def read(server: Server) -> Owned:
    """What the records say now."""
    listed = records.all_of(server)
    unfinished = [each for each in listed if each.is_open]
    return Owned(
        made=frozenset(_planned(unfinished, "made")),
        tables=frozenset(_planned(unfinished, "tables")),
        sources=frozenset(_planned(unfinished, "sources")),
        previous={f"{name}{names.PREVIOUS}": name for name in _planned(listed, "chain")},
    )


def _planned(listed: Iterable[Record], key: str) -> Iterable[str]:
    return (name for each in listed for name in (each.detail(State.PLANNED) or {}).get(key, ()))
