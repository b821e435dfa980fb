"""Random views of a level below another: groups of rows, or groups of groups."""

from __future__ import annotations

from random import Random

from tests.generated.grouping import BUCKETS, merging_again
from tests.generated.naming import q
from tests.generated.shapes import Column, Rows, Shape


def below(random: Random, rows: Rows) -> Shape:
    """The view of a level below another."""
    is_grouped = not any(each.role == "id" for each in rows.columns)
    return _of_groups(rows) if is_grouped else _of_rows(rows)


def _of_rows(rows: Rows) -> Shape:
    ident, number, key = (rows.one(role) for role in ("id", "number", "key"))
    columns = (
        Column("low_bucket", "UInt8", "bucket"),
        Column("k" + key.name, key.kind, "key"),
        Column("low_sum", "UInt64", "sum"),
        Column("low_count", "UInt64", "sum"),
    )
    values = (BUCKETS[0].format(id=ident), str(key), f"sum({number})", "count()")
    return _shape(rows, columns, values, f"{ident} % 5 != 2")


def _of_groups(rows: Rows) -> Shape:
    key, bucket = rows.one("key"), rows.one("bucket")
    ends = [each for each in rows.columns if each.role in ("sum", "state")]
    columns = (
        Column("low_key", key.kind, "key"),
        Column("low_bucket", "UInt8", "bucket"),
        *(Column("low " + end.name, end.kind, end.role) for end in ends),
    )
    short = f"toUInt8(length(toString({bucket})) % 3)"
    values = (str(key), short, *merging_again(rows.columns))
    return _shape(rows, columns, values, f"length(toString({bucket})) % 2 = 1")


def _shape(rows: Rows, columns: tuple[Column, ...], values: tuple[str, ...], where: str) -> Shape:
    listed = ", ".join(f"{a} AS {b}" for a, b in zip(values, columns, strict=True))
    first = f"SELECT {listed} FROM {q(rows.name)}"
    groups = f" GROUP BY {columns[0]}, {columns[1]}"
    versions = (first + groups, f"{first} WHERE {where}{groups}")
    return Shape("below", versions, columns, groups=True)
