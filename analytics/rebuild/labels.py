"""Of which version of its definition an object is: its comment says so, beside a digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.clickhouse import label
from analytics.clickhouse.definition import Definition
from analytics.errors import Refused
from analytics.rebuild.objects import Object

Read = Callable[[str, int], tuple[Definition, str]]
"""(name, version) -> the definition, and the label that its object carries."""


@dataclass(frozen=True)
class Wanted:
    """An object as it is to be."""

    name: str
    version: int
    label: str
    definition: Definition
    is_changed: bool

    @property
    def create(self) -> str:
        """The statement that makes it."""
        return self.definition.create(self.label)


def version(found: Object) -> int:
    """The version that an object is of; Refused if no definition has made it."""
    there = label.parse(found.label)
    if there is None or not is_of(found, found.name):
        raise Refused(
            f"{found.name} hangs in the chain and is not made by a definition "
            f"(its comment is {found.label!r})",
            "write its definition and create it by op.create_object, or drop it",
        )
    return there.version


def is_of(found: Object, name: str) -> bool:
    """Whether an object, whatever it is called, was made by the definition of that name."""
    there = label.parse(found.label)
    return there is not None and there.name == name


def wanted(found: Object, versions: dict[str, int], read: Read) -> Wanted:
    """The object as it is to be: at the version asked for, else at the one that it has.

    Refused if the file of the version that is there has been edited since.
    """
    now = version(found)
    definition, text = read(found.name, versions.get(found.name, now))
    is_changed = text != found.label
    if is_changed and versions.get(found.name, now) == now:
        raise Refused(
            f"{found.name} is there as {found.label!r}, and its definition says {text!r}",
            "put the file back as it was released, and write the change as the next version",
        )
    return Wanted(found.name, versions.get(found.name, now), text, definition, is_changed)
