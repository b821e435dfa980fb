"""What the reports read from an event's properties."""

from __future__ import annotations

import json
import math
import re
from decimal import ROUND_DOWN, Decimal

from tests.views.ledger import Event

CENT = Decimal("0.0001")
LIMIT = Decimal(10) ** 14  # of Decimal(18, 4)
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


class Number(str):
    """A JSON number as it was written."""


def value_of(event: Event) -> Decimal | None:
    """`value` as Decimal(18, 4): a number or a string of one; further digits are cut off."""
    given = _properties(event).get("value")
    if not isinstance(given, str):
        return None
    if isinstance(given, Number):
        return _cut(Decimal(repr(float(given)))) if math.isfinite(float(given)) else None
    return _cut(Decimal(given)) if NUMBER.fullmatch(given) else None


def page_of(event: Event) -> str | None:
    """`page`, None without one."""
    page = _properties(event).get("page")
    return page if isinstance(page, str) else None


def _properties(event: Event) -> dict[str, object]:
    read = json.loads(event.properties, parse_float=Number, parse_int=Number)
    assert isinstance(read, dict)
    return read


def _cut(number: Decimal) -> Decimal | None:
    return number.quantize(CENT, rounding=ROUND_DOWN) if abs(number) < LIMIT else None
