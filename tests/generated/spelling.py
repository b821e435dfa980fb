"""Random spellings of one statement: case, blanks, comments, quotes, database or schema."""

from __future__ import annotations

import re
from random import Random

BLANKS = [" ", "  ", "\n", "\t", "\n  ", " /* DROP TABLE x; */ ", " -- it's; DROP TABLE x\n"]
BEFORE = ["", "", "\n", "-- a comment; DROP TABLE x\n", "/* it's */ ", "\ufeff"]
BEHIND = ["", "", ";", " ;", "\n;\n", " -- done; DROP TABLE x", "; -- it's done", " /* ; */"]
PIECES = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$\w*\$.*?\$\w*\$|\{\w+\}|\w+|[^\w\s]", re.S)


def spelled(random: Random, text: str, names: dict[str, list[str]], *, before: list[str]) -> str:
    """The statement in another spelling; `names` has the spellings of what is in braces.

    Words in capitals are the language's own: their case is free.
    """
    blanks = random.choice([[" "], BLANKS[:5], BLANKS])
    pieces = [_piece(random, each, names) for each in PIECES.findall(text)]
    spaced = [
        p + ("" if _tight(p, n) else random.choice(blanks))
        for p, n in zip(pieces, [*pieces[1:], ""], strict=True)
    ]
    return random.choice(before) + "".join(spaced).rstrip(" ") + random.choice(BEHIND)


def _piece(random: Random, piece: str, names: dict[str, list[str]]) -> str:
    if piece[:1] == "{":
        return random.choice(names[piece[1:-1]])
    if piece.isupper() and piece.isalpha() and len(piece) > 1:
        return random.choice([piece, piece.lower(), piece.capitalize()])
    return piece


def _tight(piece: str, after: str) -> bool:
    return (
        not after
        or (piece + after) in ("::", "!=", "<=", ">=", "->")
        or (piece in ".:" and (after in ":"))
        or after == "."
        or piece == "."
    )
