"""Random views that pass rows on: as they are, some of them, or with another value."""

from __future__ import annotations

from random import Random

from tests.generated.naming import Names, q
from tests.generated.shapes import Column, Rows, Shape, conditions

FROM = {
    "plain": "SELECT {c} FROM {s} WHERE {w}",
    "no condition": "SELECT {c} FROM {s}",
    "qualified": "SELECT {c} FROM {s} WHERE {s}.{id} >= 0 AND ({w})",
    "alias": "SELECT {c} FROM {s} AS src WHERE src.{id} >= 0 AND ({w})",
    "subquery": "SELECT {c} FROM (SELECT * FROM {s} WHERE {w})",
    "deep": "SELECT {c} FROM (SELECT * FROM (SELECT * FROM {s}) WHERE {w})",
    "cte": "WITH few AS (SELECT * FROM {s} WHERE {w}) SELECT {c} FROM few",
    "constant": "WITH 7 AS limit_of_it SELECT {c} FROM {s} WHERE {id} % 9 < limit_of_it AND ({w})",
    "in small": "SELECT {c} FROM {s} WHERE {v} IN (SELECT k FROM small) OR ({w})",
    "in small by name": "SELECT {c} FROM {s} WHERE {v} IN known OR ({w})",
    "in source": "SELECT {c} FROM {s} WHERE {v} IN (SELECT {v} FROM {s} WHERE {w})",
    "scalar": "SELECT {c} FROM {s} WHERE {v} < (SELECT max(k) FROM small) OR ({w})",
    "join": "SELECT {c} FROM {s} INNER JOIN small ON {s}.{v} = small.k WHERE {w}",
    "left join": "SELECT {c} FROM {s} AS l LEFT ANY JOIN small AS r ON l.{v} = r.k WHERE {w}",
    "left join of a subquery": "SELECT {c} FROM {s} LEFT JOIN (SELECT DISTINCT k AS k3 FROM small) "
    "AS r ON {v} = r.k3 WHERE {w}",
    "cross join": "SELECT {c} FROM {s}, (SELECT 1 AS one_of_it) AS r WHERE {w}",
    "right join": "SELECT {c} FROM {s} RIGHT JOIN small ON {s}.{v} = small.k WHERE {w}",
    "semi join": "SELECT {c} FROM {s} SEMI LEFT JOIN small ON {s}.{v} = small.k WHERE {w}",
    "dictionary": "SELECT {c} FROM {s} WHERE dictGetOrDefault('dict', 'name', {v}, 'x') != 'b' "
    "OR ({w})",
    "union": "SELECT {c} FROM {s} WHERE {w} UNION ALL SELECT {c} FROM {s} WHERE {id} = 1",
    "union in a subquery": "SELECT {c} FROM (SELECT * FROM {s} WHERE {id} % 2 UNION ALL "
    "SELECT * FROM {s} WHERE {id} % 2 = 0 AND ({w}))",
    "distinct": "SELECT DISTINCT {c} FROM {s} WHERE {w}",
    "distinct on": "SELECT DISTINCT ON ({id}) {c} FROM {s} WHERE {w}",
    "limit by": "SELECT {c} FROM {s} WHERE {w} ORDER BY {id}, {v} LIMIT 2 BY {k}",
    "limit": "SELECT {c} FROM {s} WHERE {w} ORDER BY {id} LIMIT 10",
    "order": "SELECT {c} FROM {s} WHERE {w} ORDER BY {v} DESC, {id}",
    "window": "SELECT {c} FROM {s} WHERE {w} QUALIFY row_number() OVER "
    "(PARTITION BY {k} ORDER BY {id}, {v}) < 9",
    "group in a subquery": "SELECT {c} FROM {s} WHERE {id} IN "
    "(SELECT k FROM small GROUP BY k) OR ({w})",
    "settings": "SELECT {c} FROM {s} WHERE {w} SETTINGS max_threads = 1",
    "array join": "SELECT {c} FROM {s} ARRAY JOIN {a} AS each_of_it WHERE {w}",
    "left array join": "SELECT {c} FROM {s} LEFT ARRAY JOIN {a} AS each_of_it WHERE {w}",
    "array join by function": "SELECT {c} FROM (SELECT *, arrayJoin({a}) AS each_of_it FROM {s}) "
    "WHERE {w}",
    "from first": "FROM {s} SELECT {c} WHERE {w}",
    "parentheses": "(SELECT {c} FROM {s} WHERE {w})",
    "comment": "SELECT {c} -- FROM {s} WHERE 'it\n FROM /* {s} */ {s} # !x\n WHERE {w}",
}
TWICE = {"in source", "union", "union in a subquery"}
"""Those that a rebuild refuses: they see the inserted rows alone each time."""
WHOLE = {"distinct", "distinct on", "limit by", "limit", "window", "right join"}


def make(random: Random, rows: Rows, names: Names) -> Shape:
    """Rows as they are, some of them, or with another value."""
    kind = random.choice([each for each in FROM if each not in TWICE or random.random() < 0.3])
    ident, number, key = rows.one("id"), rows.one("number"), rows.one("key")
    others = [each for each in rows.columns if each.role == "any" and random.random() < 0.8]
    kept = [ident, key, number, *others]
    renames = random.random() < 0.3
    given = {
        each: Column(names.column() if renames else each.name, each.kind, each.role)
        for each in kept
    }
    listed = [(str(each), str(given[each])) for each in kept]
    blank = "true" if random.random() < 0.6 else random.choice(conditions(rows))
    other = random.choice(conditions(rows))
    changes = random.choice(["condition", "condition", "value", "both"])
    if kind == "no condition":
        changes = "value"

    def select(where: str, value: str) -> str:
        text = {source: source for source, _ in listed} | {str(number): value}
        columns = ", ".join(text[a] if text[a] == b else f"{text[a]} AS {b}" for a, b in listed)
        return FROM[kind].format(
            c=columns, s=q(rows.name), w=where, id=ident, v=number, k=key, a=rows.one("array")
        )

    first = select(blank, str(number))
    value = f"{number} * 2" if changes != "condition" else str(number)
    second = select(other if changes != "value" else blank, value)
    return Shape(kind, (first, second), tuple(given.values()), is_whole=kind in WHOLE)
