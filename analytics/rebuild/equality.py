"""The conditions under which two values of a type are equal, whatever the type is made of.

Values are compared by their bytes. Floating point alone may differ by a tolerance, because the
order of additions does; it is looked for inside Array, Map, Tuple, Nullable and LowCardinality.
"""

from __future__ import annotations

from analytics.sql.tokens import tokens

CONTAINERS = {"LowCardinality", "Nullable", "Array", "Map", "Tuple"}
TOLERANCES = {"Float64": 1e-9, "Float32": 1e-5, "BFloat16": 5e-2}
"""Relative, by the type in which a table keeps a value: each stored part is rounded to it."""
AMBIGUOUS = {"Variant", "Dynamic", "JSON", "Object"}
"""Types that the server does not group by, because equal texts may be of different types."""


def tolerance(stored: str) -> float:
    """How much floats may differ, relative to the larger one, in a column of that type."""
    return max(each for name, each in TOLERANCES.items() if name in {*_words(stored), "Float64"})


def is_ambiguous(kind: str) -> bool:
    """Whether values of that type can be told apart only by their bytes."""
    return bool(AMBIGUOUS & _words(kind))


def raw(*values: str) -> str:
    """The bytes of values: they differ where the values, or their types, do."""
    return f"formatRowNoNewline('RowBinary', {', '.join(values)})"


def same(kind: str, first: str, second: str, *, within: float, depth: int = 0) -> str:
    """The condition that two values of a type are equal; floats may differ by `within`."""
    name, parts = _parsed(kind)
    if name in TOLERANCES:
        return _near(first, second, within)
    if name not in CONTAINERS or not TOLERANCES.keys() & _words(kind):
        return f"{raw(first)} = {raw(second)}"
    if name == "Array":
        return _arrays(parts[0], first, second, within, depth)
    inner = " AND ".join(
        same(part, form.format(first), form.format(second), within=within, depth=depth)
        for part, form in _contents(name, parts)
    )
    if name == "Nullable":
        return f"(isNull({first}) = isNull({second}) AND (isNull({first}) OR {inner}))"
    return f"({inner})"


def _contents(name: str, parts: list[str]) -> list[tuple[str, str]]:
    """The types inside a container but Array, each with the form of the expression for it."""
    if name == "Map":
        return [(f"Array({parts[0]})", "mapKeys({})"), (f"Array({parts[1]})", "mapValues({})")]
    if name == "Tuple":
        return [(part, f"tupleElement({{}}, {n})") for n, part in enumerate(parts, start=1)]
    return [(parts[0], "assumeNotNull({})" if name == "Nullable" else "{}")]


def _arrays(kind: str, first: str, second: str, within: float, depth: int) -> str:
    """As long as each other, and equal at each place; the names of a lambda tell its depth."""
    x, y = f"x{depth}", f"y{depth}"
    each = same(kind, x, y, within=within, depth=depth + 1)
    shorter = f"least(length({first}), length({second}))"
    slices = f"arraySlice({first}, 1, {shorter}), arraySlice({second}, 1, {shorter})"
    return f"(length({first}) = length({second}) AND arrayAll(({x}, {y}) -> {each}, {slices}))"


def _near(first: str, second: str, within: float) -> str:
    both_nan = f"isNaN({first}) AND isNaN({second})"
    larger = f"greatest(abs({first}), abs({second}))"
    return f"({first} = {second} OR ({both_nan}) OR abs({first} - {second}) <= {within} * {larger})"


def _parsed(kind: str) -> tuple[str, list[str]]:
    """The name of a type, and the types between its brackets without the names of elements."""
    text = kind.encode()
    first, *row = tokens(text)
    cuts = [token.start for token in row if token.text == b"," and token.depth == 1]
    starts = [row[0].start, *cuts] if row else []
    ends = [*cuts, row[-1].start] if row else []
    pieces = [text[a + 1 : b].decode() for a, b in zip(starts, ends, strict=True)]
    return first.text.decode(), [_element(piece) for piece in pieces]


def _element(text: str) -> str:
    """A type without the name that an element of a Tuple may have before it."""
    row = tuple(tokens(text.encode()))
    is_named = len(row) > 1 and row[1].names
    return text.encode()[row[1].start :].decode() if is_named else text


def _words(kind: str) -> set[str]:
    return {token.text.decode() for token in tokens(kind.encode()) if token.kind == "word"}
