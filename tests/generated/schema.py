"""Random schemas: a source, a chain of views and tables, what happens to them, and what comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from analytics.rebuild.outline import Goal
from tests.generated import coming, deeds, grouping, levels, passing, sources, tables, values
from tests.generated.naming import Names, q
from tests.generated.shapes import Column, Rows, Shape

SMALL = [
    "CREATE TABLE known (k UInt64) ENGINE = MergeTree ORDER BY k",
    "INSERT INTO known SELECT number * 3 FROM numbers(4)",
    "CREATE TABLE small (k UInt64, name String) ENGINE = MergeTree ORDER BY k",
    "INSERT INTO small SELECT number * 2, toString(number) FROM numbers(5)",
    "CREATE DICTIONARY dict (k UInt64, name String) PRIMARY KEY k "
    "SOURCE(CLICKHOUSE(TABLE 'small' DB '{database}')) LAYOUT(FLAT()) LIFETIME(0)",
]


SECURITY = ["", "", "", " DEFINER = default SQL SECURITY DEFINER", " SQL SECURITY NONE"]


@dataclass
class Case:
    """Everything of one generated rebuild."""

    seed: int
    kinds: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, list[str]] = field(default_factory=dict)
    sources: list[Rows] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)  # of the chain, from the top down
    first: dict[str, Column] = field(default_factory=dict)  # by table
    views: list[str] = field(default_factory=list)
    changed: dict[str, int] = field(default_factory=dict)
    feed: list[str] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    is_whole: bool = False
    chunk: int = 64 << 20

    @property
    def goal(self) -> Goal:
        """The rebuild."""
        return Goal(self.views[0], self.changed)

    @property
    def back(self) -> Goal:
        """The way back."""
        return Goal(self.views[0], dict.fromkeys(self.changed, 1))

    def __str__(self) -> str:
        """As a script, for a person."""
        made = [
            f"-- {n} v{i}\n{t};" for n, ts in self.definitions.items() for i, t in enumerate(ts, 1)
        ]
        does = [f"{text};" for text in (*self.feed, *self.deeds)]
        comes = [f"-- during it\n{text};" for text in self.later]
        return "\n".join(
            [
                f"-- seed {self.seed} {self.kinds}",
                *made,
                *does,
                *comes,
                f"-- {self.goal}, chunks of {self.chunk}",
            ]
        )


def make(seed: int) -> Case:
    """The case of a seed."""
    random = Random(seed)
    case, names = Case(seed), Names(random)
    source = _source(case, random, names)
    shape = random.choice([passing.make, grouping.make])(random, source, names)
    table = _level(case, random, names, source, shape)
    for _ in range(random.choice([0, 0, 0, 1, 2])):
        if case.kinds["engine"] not in tables.SUPPORTED:
            break
        shape = levels.below(random, table)
        table = _level(case, random, names, table, shape)
    if random.random() < 0.15 and not case.is_whole:
        _other_writer(case, random, names)
    case.kinds |= {"levels": str(len(case.tables))}
    coming.add(case, random)
    deeds.add(case, random, source, names)
    return case


def _source(case: Case, random: Random, names: Names) -> Rows:
    kind, value = values.key(random)
    columns = [
        Column(names.column(), "UInt64", "id", "toUInt64(n)"),
        Column(names.column(), kind, "key", value),
        Column(names.column(), "UInt64", "number", "toUInt64(n % 11)"),
        Column(names.column(), "Date", "date", "toDate('2024-01-01') + n % 60"),
        Column(names.column(), "Array(UInt8)", "array", "if(n % 3, [1, 2], [])::Array(UInt8)"),
    ]
    for _ in range(random.randrange(5)):
        columns.append(Column(names.column(), *_typed(random)))
    rows = Rows(names.table(), tuple(columns))
    text, engine = sources.make(random, rows, names)
    case.definitions[rows.name] = [text]
    case.sources.append(rows)
    case.kinds["source"] = engine
    return rows


def _typed(random: Random) -> tuple[str, str, str]:
    kind, value = values.any_type(random)
    if random.random() < 0.05:
        kind, value = random.choice(list(values.STATES.items()))
    return kind, "any", value


def _level(case: Case, random: Random, names: Names, rows: Rows, shape: Shape) -> Rows:
    """A view and its target; what the next level reads."""
    target, view = names.table(), names.table()
    made = tables.target(random, target, shape, names)
    head = f"CREATE MATERIALIZED VIEW {q(view)} TO {q(target)}{random.choice(SECURITY)} AS "
    first, second = (head + each for each in shape.versions)
    is_first = not case.tables
    case.definitions[target] = list(made.versions)
    case.definitions[view] = [first, second]
    case.is_whole |= shape.is_whole or (shape.groups and made.engine == "MergeTree")
    case.tables.append(target)
    case.first[target] = shape.columns[0]
    case.views.append(view)
    if is_first or random.random() < 0.3:
        case.changed[view] = 2
        if len(made.versions) > 1 and random.random() < 0.8:
            case.changed[target] = 2
    if is_first:
        case.kinds |= {"shape": shape.kind, "engine": made.engine}
    return Rows(target, shape.columns)


def _other_writer(case: Case, random: Random, names: Names) -> None:
    """Another view into the first target, out of the same source or one of its own."""
    source = case.sources[0]
    first = case.definitions[case.views[0]][0]
    view = names.table()
    text = first.replace(f"MATERIALIZED VIEW {q(case.views[0])}", f"MATERIALIZED VIEW {q(view)}", 1)
    if random.random() < 0.5:
        other = Rows(names.table(), source.columns)
        made = case.definitions[source.name][0]
        case.definitions = {
            source.name: [made],
            other.name: [
                made.replace(f"CREATE TABLE {q(source.name)}", f"CREATE TABLE {q(other.name)}", 1)
            ],
        } | case.definitions
        text = text.replace(q(source.name), q(other.name))
        case.sources.append(other)
    case.definitions[view] = [text]
    case.views.append(view)
    case.kinds["writers"] = "two"
