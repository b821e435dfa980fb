"""The views whose history cannot be divided into chunks, recognised by their query plans."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analytics.rebuild import rewrite
from analytics.rebuild.chains import Chain
from analytics.rebuild.engines import Merging
from analytics.rebuild.server import Server

UNDIVIDED = re.compile(
    r"^\s*(?:Distinct|Limit|LimitBy|Offset|Window|TotalsHaving|Filling|FractionalLimit)\b"
    r"|\(HAVING\)",
    re.M,
)
"""Steps of a query plan whose result for a whole is not the results for its parts together."""
GROUPS = re.compile(r"^\s*(?:Aggregating|MergingAggregated|Rollup|Cube)\b", re.M)
OUTER = {"RIGHT", "FULL"}  # joins that give rows without any of the source


def is_undivided(
    server: Server, chain: Chain, view: str, select: str, merging: Mapping[str, Merging]
) -> bool:
    """Whether the history of a view with this SELECT can only be computed in one piece.

    `merging` has the engines of the tables as they will be.
    """
    plan = "\n".join(row[0] for row in server.ask(f"EXPLAIN PLAN {select}"))
    if UNDIVIDED.search(plan) or len(GROUPS.findall(plan)) > 1:
        return True
    if rewrite.words(select.upper()) & OUTER:
        return True
    adds = (Merging.ADDED, Merging.AGGREGATED)
    return bool(GROUPS.search(plan)) and merging[chain.target[view]] not in adds
