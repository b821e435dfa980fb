"""The versions of objects, told by their labels: name, version and digest in the comment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analytics.clickhouse import label
from analytics.clickhouse.definition import Definition
from analytics.errors import Refused
from analytics.rebuild.objects import Object

Read = Callable[[str, int], tuple[Definition, str]]
"""(name, version) -> the definition, and the label that its object carries."""


@dataclass(frozen=True)
class Wanted:
    """An object as it will be."""

    name: str
    version: int
    label: str
    definition: Definition
    is_changed: bool
    is_former: bool  # below the version that is there, so it has served

    @property
    def create(self) -> str:
        """The statement that creates it."""
        return self.definition.create(self.label)


def version(existing: Object) -> int:
    """The version of an object; Refused if no definition has made it."""
    parsed = label.parse(existing.label)
    if parsed is None or not is_of(existing, existing.name):
        raise Refused(
            f"{existing.name} is in the chain and was not made by a definition "
            f"(its comment is {existing.label!r})",
            "write its definition and create it by op.create_object, or drop it: "
            f"`{existing.drop}`",
        )
    return parsed.version


def is_of(existing: Object, name: str) -> bool:
    """Whether an object, under any name, was made by the definition of that name."""
    parsed = label.parse(existing.label)
    return parsed is not None and parsed.name == name


def wanted(existing: Object, versions: dict[str, int], read: Read) -> Wanted:
    """The object as it will be: at the version in `versions`, else at its current one.

    Refused if the file of the current version has been edited since, or if no definition has made
    the object; DefinitionError if there is no such version.
    """
    name, current = existing.name, version(existing)
    number = versions.get(name, current)
    definition, text = read(name, number)
    is_changed = text != existing.label
    if is_changed and number == current:
        raise Refused(
            f"{name} is there as {existing.label!r}, and its definition says {text!r}",
            "restore the file as it was released, and write the change as the next version",
        )
    return Wanted(name, number, text, definition, is_changed, number < current)


def all_wanted(
    existing: Mapping[str, Object], names: Sequence[str], versions: dict[str, int], read: Read
) -> dict[str, Wanted]:
    """The same for several objects, in that order; Refused and DefinitionError as in `wanted`.

    Views are looked at first: without its table, a view that nobody has defined refuses inserts.
    """
    for name in sorted(names, key=lambda name: not existing[name].is_materialized):
        version(existing[name])
    return {name: wanted(existing[name], versions, read) for name in names}
