"""Random views that group rows, and what adds their groups up again a level below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from tests.generated.naming import Names, q
from tests.generated.shapes import Column, Rows, Shape, conditions

AGGREGATES: dict[str, tuple[str, str, str]] = {  # value -> expression, type, role
    "count": ("count()", "UInt64", "sum"),
    "sum": ("sum({v})", "UInt64", "sum"),
    "sum of a float": ("sum({v} / 4)", "Float64", "sum"),
    "sum of a decimal": ("sum(toDecimal64({v}, 2))", "Decimal(38, 2)", "sum"),
    "maximum": ("max({v})", "SimpleAggregateFunction(max, UInt64)", "state"),
    "least text": ("min(toString({id}))", "SimpleAggregateFunction(min, String)", "state"),
    "maps": (
        "sumMap(map(toString({id} % 3), {v}))",
        "SimpleAggregateFunction(sumMap, Map(String, UInt64))",
        "state",
    ),
    "arrays": (
        "groupUniqArrayArray([{id} % 3])",
        "SimpleAggregateFunction(groupUniqArrayArray, Array(UInt8))",
        "state",
    ),
    "exact": ("uniqExactState({id})", "AggregateFunction(uniqExact, UInt64)", "state"),
    "exact of two": (
        "uniqExactState({id}, toString({v}))",
        "AggregateFunction(uniqExact, UInt64, String)",
        "state",
    ),
    "average": ("avgState({v})", "AggregateFunction(avg, UInt64)", "state"),
    "last": ("argMaxState({v}, {id})", "AggregateFunction(argMax, UInt64, UInt64)", "state"),
    "quantile": (
        "quantileExactState(0.9)({v})",
        "AggregateFunction(quantileExact(0.9), UInt64)",
        "state",
    ),
    "condition": (
        "sumIfState({v}, {id} % 2 = 0)",
        "AggregateFunction(sumIf, UInt64, UInt8)",
        "state",
    ),
    "bitmap": (
        "groupBitmapState(toUInt32({id}))",
        "AggregateFunction(groupBitmap, UInt32)",
        "state",
    ),
    "counts": ("countState()", "AggregateFunction(count)", "state"),
}
GROUPS = {
    "group": "SELECT {c} FROM {s} WHERE {w} GROUP BY {g}",
    "group in order": "SELECT {c} FROM {s} WHERE {w} GROUP BY {g} ORDER BY {g}",
    "group of a subquery": "SELECT {c} FROM (SELECT * FROM {s}) AS x1 WHERE {w} GROUP BY {g}",
    "group of a cte": "WITH few AS (SELECT * FROM {s} WHERE {w}) SELECT {c} FROM few GROUP BY {g}",
    "group of a join": "SELECT {c} FROM {s} LEFT ANY JOIN small ON {s}.{v} = small.k WHERE {w} "
    "GROUP BY {g}",
    "having": "SELECT {c} FROM {s} WHERE {w} GROUP BY {g} HAVING count() > 1",
    "group of arrays": "SELECT {c} FROM {s} ARRAY JOIN {a} AS each_of_it WHERE {w} GROUP BY {g}",
    "rollup": "SELECT {c} FROM {s} WHERE {w} GROUP BY {g} WITH ROLLUP",
    "totals": "SELECT {c} FROM {s} WHERE {w} GROUP BY {g} WITH TOTALS",
    "group by all": "SELECT {c} FROM {s} WHERE {w} GROUP BY ALL",
    "groups of groups": "SELECT {c} FROM (SELECT {id}, {k}, {v} FROM {s} WHERE {w} "
    "GROUP BY {id}, {k}, {v}) GROUP BY {g}",
}
BUCKETS = ("{id} % 5", "intDiv({id}, 100)", "toStartOfHour(toDateTime({id} * 60, 'UTC'))")
BUCKETED = ("UInt8", "UInt64", "DateTime('UTC')")


def make(random: Random, rows: Rows, names: Names) -> Shape:
    """Aggregates by a key and a bucket."""
    kind = random.choice(["group", "group", *GROUPS])
    of = {"id": rows.one("id"), "v": rows.one("number"), "k": rows.one("key")}
    place = random.randrange(len(BUCKETS))
    bucket = Column(names.column(), BUCKETED[place], "bucket")
    key = Column(random.choice([of["k"].name, names.column()]), of["k"].kind, "key")
    chosen = random.sample(list(AGGREGATES), random.randrange(1, 5))
    ends = [Column(names.column(), AGGREGATES[each][1], AGGREGATES[each][2]) for each in chosen]
    blank = "true" if random.random() < 0.6 else random.choice(conditions(rows))
    other = random.choice(conditions(rows))

    def select(where: str) -> str:
        columns = [f"{of['k']} AS {key}", f"{BUCKETS[place].format(**of)} AS {bucket}"]
        columns += [
            f"{AGGREGATES[c][0].format(**of)} AS {e}" for c, e in zip(chosen, ends, strict=True)
        ]
        random_order = columns
        return GROUPS[kind].format(
            c=", ".join(random_order),
            s=q(rows.name),
            w=where,
            a=rows.one("array"),
            g=f"{key}, {bucket}",
            **of,
        )

    is_whole = kind in ("having", "rollup", "totals", "groups of groups")
    return Shape(kind, (select(blank), select(other)), (key, bucket, *ends), is_whole, groups=True)


def merging_again(columns: Iterable[Column]) -> Iterator[str]:
    """For each value of a grouping the expression by which a level below adds it up."""
    for column in columns:
        if column.role == "sum":
            yield f"sum({column})"
        elif column.role == "state":
            yield _again(column)


def _again(column: Column) -> str:
    function = column.kind.split("(", 1)[1]
    name = function.split(",")[0].rstrip(")").split("(")[0]
    if column.kind.startswith("Simple"):
        return f"{name}({column})"
    arguments = function[len(name) :].split(")")[0] + ")" if function[len(name)] == "(" else ""
    return f"{name}MergeState{arguments}({column})"
