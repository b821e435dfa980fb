"""Scripts of several statements, taken apart."""

from __future__ import annotations

from analytics.clickhouse import phrases


def statements(script: str) -> list[str]:
    """The statements of a script, without comments before them and without semicolons."""
    text = script.encode()
    found = phrases.statements(script)
    return [text[each.tokens[0].start : each.tokens[-1].end].decode() for each in found]
