"""The shape of a view: its SELECT in two versions, and the columns that it gives."""

from __future__ import annotations

from dataclasses import dataclass

from tests.generated.naming import q


@dataclass(frozen=True)
class Column:
    """A column: the role is id, key, number, array, sum, state or any."""

    name: str
    kind: str
    role: str = "any"
    value: str = ""  # out of a row `n`

    def __str__(self) -> str:
        return q(self.name)


@dataclass(frozen=True)
class Rows:
    """A table that a view reads, by its columns."""

    name: str
    columns: tuple[Column, ...]

    def one(self, role: str) -> Column:
        """The column of that role."""
        return next(each for each in self.columns if each.role == role)


@dataclass(frozen=True)
class Shape:
    """A view's SELECT in two versions, and its columns."""

    kind: str
    versions: tuple[str, str]
    columns: tuple[Column, ...]
    is_whole: bool = False  # its result depends on the blocks in which rows come
    groups: bool = False


def conditions(rows: Rows) -> list[str]:
    """Conditions on rows, some with an OR or an alias."""
    ident, number, key = rows.one("id"), rows.one("number"), rows.one("key")
    return [
        f"{ident} % 7 != 3",
        f"{number} > 3 OR {ident} % 2 = 0",
        f"{ident} % 5 = 0 OR {number} < 9 AND {ident} % 3 != 1",
        f"notEmpty(toString({key})) AND {ident} % 4 != 0",
        f"{ident} NOT IN (3, 5, 7, 11)",
    ]
