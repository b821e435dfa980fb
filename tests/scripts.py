"""SQL scripts, taken apart into their statements."""

from collections.abc import Iterator

from analytics.clickhouse.statement import TOKEN


def statements(script: str) -> Iterator[str]:
    """What stands between semicolons, but for pieces that hold comments only."""
    start, says_something = 0, False
    for token in TOKEN.finditer(script):
        if token["other"] == ";":
            yield script[start : token.start()].strip()
            start, says_something = token.end(), False
        elif token.lastgroup != "skip":
            says_something = True
    assert not says_something, "the last statement lacks its semicolon"
