"""CREATE, ALTER and DROP NAMED COLLECTION, and the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.local.embedded.collections.registry import Collection, changed, load, save
from analytics.local.embedded.collections.statements import Change, parse
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql.scan import scan

ONE = {"a": Collection("a", {"k": "1", "p": "2"}, {"p": False})}


def change(text: str) -> Change:
    return parse(scan(text.encode()).tokens)


def test_create_with_every_kind_of_value() -> None:
    found = change("CREATE NAMED COLLECTION IF NOT EXISTS `a b` AS k = 'it''s', n = -1, w = $$x$$")

    assert found == Change("CREATE", "a b", True, {"k": "it's", "n": "-1", "w": "x"})


def test_create_with_rules() -> None:
    found = change("create named collection a as k = 1 overridable, p = 'x' not overridable")

    assert found.overridable == {"k": True, "p": False}


def test_alter_sets_and_deletes() -> None:
    after = changed(ONE, change("ALTER NAMED COLLECTION a SET k = 2 NOT OVERRIDABLE DELETE p"))

    assert after == {"a": Collection("a", {"k": "2"}, {"k": False})}


def test_drop_removes() -> None:
    assert changed(ONE, change("DROP NAMED COLLECTION a")) == {}


@pytest.mark.parametrize(
    "text",
    [
        "CREATE NAMED COLLECTION IF NOT EXISTS a AS k = 5",
        "ALTER NAMED COLLECTION IF EXISTS b SET k = 5",
        "DROP NAMED COLLECTION IF EXISTS b",
    ],
)
def test_if_exists_and_if_not_exists_change_nothing(text: str) -> None:
    assert changed(ONE, change(text)) == ONE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CREATE NAMED COLLECTION a AS k = 5", 670),
        ("ALTER NAMED COLLECTION b SET k = 5", 669),
        ("DROP NAMED COLLECTION b", 669),
    ],
)
def test_a_collection_that_is_there_or_not(text: str, code: int) -> None:
    with pytest.raises(DBError) as refused:
        changed(ONE, change(text))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CREATE NAMED COLLECTION b ON CLUSTER c AS k = 'geheim'", 48),
        ("CREATE NAMED COLLECTION b", 62),
        ("CREATE NAMED COLLECTION b AS", 62),
        ("CREATE NAMED COLLECTION b AS k", 62),
        ("CREATE NAMED COLLECTION b AS k = 'geheim' 'geheim'", 62),
        ("CREATE NAMED COLLECTION b AS k = 'geheim',", 62),
        ("CREATE NAMED COLLECTION 'geheim' AS k = 1", 62),
        ("ALTER NAMED COLLECTION a", 62),
        ("DROP NAMED COLLECTION a b", 62),
    ],
)
def test_what_is_not_a_statement_shows_no_value(text: str, code: int) -> None:
    with pytest.raises(DBError) as refused:
        change(text)

    assert refused.value.code == code
    assert "geheim" not in refused.value.text


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "collections.json"

    save(file, ONE)

    assert (file.stat().st_mode & 0o777, load(file)) == (0o600, ONE)
    assert [path.name for path in tmp_path.iterdir()] == ["collections.json"]
