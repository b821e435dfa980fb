"""Random names: plain words, keywords, names like our own, and names that need quotes."""

from __future__ import annotations

from random import Random

from analytics.rebuild.server import quoted

PLAIN = ["amount", "city", "at", "v", "k", "x0", "c0", "Key", "value", "_x", "n", "id2", "s"]
OURS = ["wrong", "key", "x__new", "t__prev", "y__since", "z__chunk_1", "side", "t__probe", "x", "y"]
KEYWORDS = ["from", "select", "where", "order", "in", "as", "table", "distinct", "union", "final"]
KEYWORDS += ["null", "interval", "date", "limit", "index", "ttl", "engine", "settings", "comment"]
KEYWORDS += ["ORDER", "TTL", "SETTINGS", "AS", "UNION", "PARTITION"]
KEYWORDS += ["partition", "primary", "sample", "refresh", "view", "if", "exists", "order", "as"]
KEYWORDS += ["default", "materialized", "to", "group", "by", "with", "array", "join", "timestamp"]
ODD = ["a b", "a`b", 'a"b', "it's", "back\\slash", "größe", "数量", "1st", "a.b.c", "100%", "%(x)s"]
ODD += ["a{b}", "{0}", "a,b", "a(b)", "count()", "--no", "/*x*/", "a;b", " lead", "€", "a\tb", "#h"]
ODD += ["{x:String}", "$a", "a=b", "tail ", "${x}", ":y", "?", "😀"]
TABLES = [each for each in PLAIN + KEYWORDS + ODD if each not in ("{0}",)]
TABLES += ["order-items", "x__new", "t__prev", "x__chunk_y", "a__since", "b__shape", "t__prev_mv"]


class Names:
    """Names, each given once."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.given: set[str] = set()
        self.oddness = random.choice([0.0, 0.2, 0.8])

    def column(self) -> str:
        """The name of a column."""
        return self._new(PLAIN, [*OURS, *KEYWORDS, *ODD])

    def table(self) -> str:
        """The name of a table or view."""
        return self._new(["source", "target", "days", "events", "facts", "hours", "mv"], TABLES)

    def _new(self, plain: list[str], odd: list[str]) -> str:
        base = self.random.choice(odd if self.random.random() < self.oddness else plain)
        name, number = base, 1
        while name.lower() in self.given:
            number += 1
            name = f"{base}{number}"
        self.given.add(name.lower())
        return name


def q(name: str) -> str:
    """A name as a statement needs it."""
    return quoted(name)
