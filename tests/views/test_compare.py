"""What counts as a difference between a report and the oracle."""

from decimal import Decimal

import pytest

from tests.views.compare import differences


def test_rows_missing_double_and_too_many_are_named_by_their_key():
    actual = [{"id": 2, "n": 1}, {"id": 3, "n": 1}, {"id": 3, "n": 1}]
    expected = [{"id": 1, "n": 1}, {"id": 3, "n": 1}]

    assert differences(actual, expected, key=("id",)) == [
        "id=1: missing",
        "id=2: too many",
        "id=3: 2 rows of one key",
    ]


def test_a_column_that_is_not_there_is_a_difference():
    assert differences([{"id": 1}], [{"id": 1, "n": 0}], key=("id",)) == ["id=1: no column n"]


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(None, 0), (0, None), (float("nan"), None), (1.0, 1.00000001), (Decimal("0.1"), Decimal(0))],
)
def test_null_zero_nan_and_near_values_are_told_apart(actual, expected):
    assert differences([{"id": 1, "x": actual}], [{"id": 1, "x": expected}], key=("id",))


@pytest.mark.parametrize(
    ("column", "actual", "expected"),
    [
        ("x", 1 / 3, 1 / 3 + 1e-13),
        ("p_value", 1e-5, 1.000000001e-5),
        ("duration_s", 10.0, 10.001),
        ("revenue", 0.3, Decimal("0.3")),
        ("revenue", Decimal("0.30"), Decimal("0.3")),
    ],
)
def test_rounding_is_no_difference(column, actual, expected):
    assert not differences([{"id": 1, column: actual}], [{"id": 1, column: expected}], key=("id",))
