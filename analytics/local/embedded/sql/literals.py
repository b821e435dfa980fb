"""SQL's literals and identifiers: written, and read back."""

from __future__ import annotations

import re

from analytics.sql.tokens import Token

ESCAPES = {
    **{"b": "\b", "f": "\f", "r": "\r", "n": "\n", "t": "\t"},
    **{"0": "\0", "a": "\a", "v": "\v", "e": "\x1b"},
}
ESCAPE = r"\\x([0-9a-fA-F]{2})|\\(.)"


def string(value: str) -> str:
    """A value as a string literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def strings(values: list[str]) -> str:
    """Values as the inside of `IN (...)`, which may not be empty."""
    return ", ".join(map(string, values)) or "''"


def identifier(name: str) -> str:
    """A name as a quoted identifier."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def value(token: Token) -> str:
    """What a string, heredoc, identifier, number or word stands for."""
    text = token.text.decode("utf-8", "surrogateescape")
    if token.kind == "heredoc":
        tag = text[: text.index("$", 1) + 1]
        return text[len(tag) : -len(tag)]
    if token.kind not in {"string", "quoted"}:
        return text
    doubled = text[0] * 2
    return re.sub(rf"{ESCAPE}|{doubled}", _unescape, text[1:-1], flags=re.S)


def _unescape(match: re.Match[str]) -> str:
    """An escape sequence, or the token's own quote doubled."""
    if match[1]:
        return bytes.fromhex(match[1]).decode("utf-8", "surrogateescape")
    return ESCAPES.get(match[2], match[2]) if match[2] else match[0][0]
