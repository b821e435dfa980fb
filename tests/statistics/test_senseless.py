"""What is missing or makes no sense gives NaN or NULL, never an exception."""

from __future__ import annotations

import math
from string import ascii_lowercase

import pytest

from tests.statistics import public

pytestmark = pytest.mark.slow  # every function with every kind of nonsense

MISSING = (None, math.nan)
ODD = (0, -1, 0.5, 1, 1e300, math.inf, -math.inf)
MISSING_ARRAYS = ([None, 1, 2], [math.nan, 1, 2])
ODD_ARRAYS = ([], [1], [0, 0], [-1, 2], [math.inf, 1], [1e300, 1e300, 1], [1, 2, 3, 4])
TYPES = ("toUInt16({})", "toDecimal64({}, 4)", "toFloat32({})")

every_function = pytest.mark.parametrize("name", public.EXAMPLES)


def expression(name):
    """The call over columns a, b, ..., each an array; a number is the only member of its."""
    example = public.EXAMPLES[name]
    arguments = [
        letter if isinstance(argument, list) else f"{letter}[1]"
        for letter, argument in zip(ascii_lowercase, example, strict=False)
    ]
    return f"{name}({', '.join(arguments)})"


def replaced(name, numbers, arrays):
    """The example's arguments as arrays, each of them once replaced by each value."""
    example = public.EXAMPLES[name]
    plain = [argument if isinstance(argument, list) else [argument] for argument in example]
    for place, argument in enumerate(example):
        values = arrays if isinstance(argument, list) else [[number] for number in numbers]
        yield from ([*plain[:place], value, *plain[place + 1 :]] for value in values)


def flat(answer):
    """The numbers of an answer, whether it is one, a tuple or an array."""
    return answer if isinstance(answer, list) else [answer]


@every_function
def test_a_missing_number_is_missing_in_the_answer(name, over):
    rows = list(replaced(name, MISSING, MISSING_ARRAYS))

    for row, answer in zip(
        rows, over(expression(name), rows, type="Array(Nullable(Float64))"), strict=True
    ):
        assert any(n is None or math.isnan(n) for n in flat(answer)), row


@every_function
def test_a_senseless_number_is_no_exception(name, over):
    rows = list(replaced(name, ODD, ODD_ARRAYS))

    assert len(over(expression(name), rows, type="Array(Nullable(Float64))")) == len(rows)


@every_function
def test_a_number_may_be_of_any_type(name, select):
    example = public.EXAMPLES[name]
    typed = [[kind.format(n) if isinstance(n, int) else str(n) for n in example] for kind in TYPES]

    plain, *answers = select(*(f"{name}({', '.join(map(str, a))})" for a in (example, *typed)))

    assert all(math.isfinite(number) for number in flat(plain))
    for answer in answers:
        assert flat(answer) == pytest.approx(flat(plain), rel=1e-12)
