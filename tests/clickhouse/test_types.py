"""Which values a column can hold unchanged."""

import pytest

from analytics.clickhouse.types import holds


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("UInt64", "UInt8"),
        ("Int64", "UInt32"),
        ("Float64", "Int32"),
        ("UInt8", "Bool"),
        ("String", "LowCardinality(String)"),
        ("String", "FixedString(3)"),
        ("Nullable(String)", "String"),
        ("Enum8('a' = 1, 'b' = 2)", "String"),
        ("Enum8('a' = 1, 'b' = 2)", "Enum8('a' = 1)"),
        ("Enum16('a' = 1, 'b' = 2000)", "Enum8('b' = 2, 'a' = 1)"),
        ("LowCardinality(String)", "Enum8('a' = 1)"),
        ("UUID", "String"),
        ("IPv6", "LowCardinality(String)"),
        ("LowCardinality(Nullable(String))", "Nullable(String)"),
        ("SimpleAggregateFunction(max, Int64)", "Int64"),
        ("Decimal(18, 4)", "Decimal(9, 2)"),
        ("DateTime('UTC')", "DateTime"),
        ("DateTime64(3, 'UTC')", "DateTime64(3)"),
        ("Array(DateTime)", "Array(DateTime('UTC'))"),
        ("Array(UInt64)", "Array(UInt8)"),
        ("SimpleAggregateFunction(groupUniqArrayArray, Array(Array(Int64)))", "Array(Array(Int8))"),
        ("AggregateFunction(uniq, UInt32)", "AggregateFunction(uniq, UInt32)"),
    ],
)
def test_a_column_holds_what_fits(column, value):
    assert holds(column, value)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("UInt8", "UInt64"),
        ("Array(UInt8)", "Array(UInt64)"),
        ("Array(UInt8)", "UInt8"),
        ("Array(String)", "Array(Nullable(String))"),
        ("Enum8('a' = 1)", "Enum8('a' = 1, 'b' = 2)"),
        ("UInt64", "Int32"),
        ("Int64", "UInt64"),
        ("Int64", "Float32"),
        ("Float32", "Int32"),
        ("String", "UInt8"),
        ("String", "Nullable(String)"),
        ("Decimal(9, 2)", "Decimal(18, 4)"),
        ("DateTime", "DateTime64(3)"),
        ("DateTime64(3)", "DateTime64(6, 'UTC')"),
        ("AggregateFunction(uniq, UInt32)", "AggregateFunction(uniqExact, UInt32)"),
    ],
)
def test_a_column_does_not_hold_what_would_change(column, value):
    assert not holds(column, value)
