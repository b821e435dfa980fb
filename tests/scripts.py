"""Scripts of several statements, taken apart."""

from __future__ import annotations

from analytics.clickhouse import statements as of_text


def statements(script: str) -> list[str]:
    """The statements of a script, without comments before them and without semicolons."""
    text = script.encode()
    found = of_text.statements(script)
    return [text[each.tokens[0].start : each.tokens[-1].end].decode() for each in found]
