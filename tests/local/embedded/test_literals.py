"""SQL's literals and identifiers: written, and read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.local.embedded.sql import literals
from analytics.sql.tokens import tokens


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_string_literal_is_one_token_with_its_value(value: str) -> None:
    (token,) = tokens(literals.string(value).encode())

    assert (token.kind, literals.value(token)) == ("string", value)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_an_identifier_is_one_token_with_its_value(name: str) -> None:
    (token,) = tokens(literals.identifier(name).encode())

    assert (token.kind, literals.value(token)) == ("quoted", name)
