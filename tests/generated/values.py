"""Random types of columns, each with an expression that gives a value for the row `n`."""

from __future__ import annotations

from random import Random

from tests.generated.naming import q

SIMPLE = {
    "UInt8": "toUInt8(n % 5)",
    "UInt32": "toUInt32(n % 100)",
    "UInt64": "toUInt64(n % 11)",
    "Int8": "toInt8(n % 7 - 3)",
    "Int64": "toInt64(n % 13 - 6)",
    "Int128": "toInt128(n % 13) - 6",
    "UInt256": "toUInt256(n % 13)",
    "Float32": "toFloat32(n % 16) / 4",
    "Float64": "(n % 16) / 4",
    "BFloat16": "(n % 7)::BFloat16",
    "Decimal(9, 2)": "toDecimal32(n % 50, 2) / 4",
    "Decimal(38, 10)": "toDecimal128(n % 50, 10)",
    "Decimal(76, 10)": "toDecimal256(n % 50, 10)",
    "Bool": "(n % 2)::Bool",
    "String": "concat('s', toString(n % 9))",
    "FixedString(3)": "toFixedString(toString(n % 9), 3)",
    "UUID": "toUUID(concat('00000000-0000-0000-0000-00000000000', toString(n % 9)))",
    "IPv4": "toIPv4(concat('10.0.0.', toString(n % 9)))",
    "IPv6": "toIPv6(concat('::', toString(n % 9)))",
    "Date": "toDate('2024-01-01') + n % 60",
    "Date32": "toDate32('1960-01-01') + n % 60",
    "DateTime": "toDateTime(1700000000 + n % 7, 'UTC')::DateTime",
    "DateTime('Asia/Tokyo')": "toDateTime(1700000000 + n % 7, 'Asia/Tokyo')",
    "DateTime64(6, 'UTC')": "toDateTime64(1700000000 + (n % 7) / 8, 6, 'UTC')",
    "Enum8('a' = 1, 'b,c(''d' = 2)": "(1 + n % 2)::Int8",
    "Enum16('x' = 300, 'y' = -5)": "if(n % 2, 300, -5)::Int16",
    "IntervalDay": "toIntervalDay(n % 9)",
}
SPECIAL = {
    "Point": "(toFloat64(n % 4), 1.5)",
    "Ring": "[(toFloat64(n % 4), 1.5), (2., 3.)]",
    "MultiPolygon": "[[[(toFloat64(n % 4), 1.5), (2., 3.)]]]",
    "JSON": "concat('{\"a\": {\"b\": ', toString(n % 5), '}}')",
    "JSON(a UInt8)": "concat('{\"a\": 1, \"c\": [', toString(n % 5), ']}')",
    "Dynamic": "if(n % 2, toString(n % 5)::Dynamic, n::Dynamic)",
    "Variant(String, UInt64)": "if(n % 2, toString(n % 5)::Variant(String, UInt64), "
    "toUInt64(n)::Variant(String, UInt64))",
    "SimpleAggregateFunction(max, UInt32)": "toUInt32(n % 9)",
    "SimpleAggregateFunction(sumMap, Map(String, UInt64))": "map('a', toUInt64(n % 9))",
}
STATES = {
    "AggregateFunction(uniqExact, UInt64)": "arrayReduce('uniqExactState', [toUInt64(n % 9)])",
    "AggregateFunction(avg, Float64)": "arrayReduce('avgState', [(n % 8) / 4])",
    "AggregateFunction(max, String)": "arrayReduce('maxState', [toString(n % 9)])",
}
NULLABLE = [each for each in SIMPLE if "Interval" not in each]
LOW = ["String", "FixedString(3)"]
KEYS = [each for each in SIMPLE if "Float" not in each]
KEYS += ["LowCardinality(String)", "Tuple(UInt8, String)", "Array(UInt8)"]
COMPLEX = {
    "LowCardinality(String)": SIMPLE["String"],
    "Tuple(UInt8, String)": "(toUInt8(n % 3), 'x')",
    "Array(UInt8)": "[toUInt8(n % 3)]",
}

Typed = tuple[str, str]
"""A type, and the expression of its value for a row `n`."""


def key(random: Random) -> Typed:
    """A type by which a table may be sorted."""
    kind = random.choice(KEYS)
    return kind, f"CAST({(SIMPLE | COMPLEX)[kind]} AS {kind})"


def any_type(random: Random, depth: int = 0) -> Typed:
    """A type of any kind, with a value."""
    kind, value = _made(random, depth)
    return kind, f"CAST({value} AS {kind})"


def _made(random: Random, depth: int) -> Typed:
    form = random.choice(["plain", "plain", "special", "nullable", "low", *WRAPPED])
    if form in WRAPPED and depth < 2:
        return WRAPPED[form](random, depth)
    if form == "special":
        kind = random.choice(list(SPECIAL))
        return (kind, SPECIAL[kind]) if depth == 0 or "Simple" not in kind else _made(random, depth)
    if form == "nullable":
        kind = random.choice(NULLABLE)
        return f"Nullable({kind})", f"if(n % 3 = 0, NULL, CAST({SIMPLE[kind]} AS {kind}))"
    if form == "low":
        kind = random.choice(LOW)
        inner = random.choice([kind, f"Nullable({kind})"])
        return f"LowCardinality({inner})", SIMPLE[kind]
    kind = random.choice(list(SIMPLE))
    return kind, SIMPLE[kind]


def _array(random: Random, depth: int) -> Typed:
    kind, value = any_type(random, depth + 1)
    return f"Array({kind})", random.choice(
        [f"[{value}, {value}]", f"arrayResize([{value}], n % 2)"]
    )


def _map(random: Random, depth: int) -> Typed:
    kind, value = any_type(random, depth + 1)
    return f"Map(String, {kind})", f"map('a', {value})"


def _tuple(random: Random, depth: int) -> Typed:
    (one, first), (two, second) = any_type(random, depth + 1), any_type(random, depth + 1)
    name = q(random.choice(["b c", "x", "from", "größe"]))
    form = random.choice(["Tuple({}, {})", f"Tuple(a {{}}, {name} {{}})"])
    return form.format(one, two), f"({first}, {second})"


def _variant(random: Random, depth: int) -> Typed:
    kind, value = random.choice([(k, v) for k, v in SIMPLE.items() if "n % 2" not in v])
    return f"Variant({kind}, Array(String))", f"CAST({value} AS {kind})"


WRAPPED = {"array": _array, "map": _map, "tuple": _tuple, "variant": _variant}
