"""The server's additions to a statement are not seen."""

from __future__ import annotations

import pytest

from analytics.local.embedded.http.insert import with_file
from analytics.local.embedded.http.stream import into_file
from analytics.local.embedded.sql import disguise
from analytics.local.embedded.sql.scan import scan

PATH = "/proc/self/fd/12"


@pytest.mark.parametrize(
    "text", ["SELECT 1", "SELECT 1\nFORMAT CSV", "SELECT 1 FORMAT a SETTINGS b = 1"]
)
def test_a_select_looks_as_it_was_written(text: str) -> None:
    assert disguise.undone(into_file(scan(text.encode()), PATH).decode()) == text


@pytest.mark.parametrize(
    "text", ["INSERT INTO t FORMAT CSV", "INSERT INTO t SETTINGS a = 1 FORMAT CSV"]
)
def test_an_insert_looks_as_it_was_written(text: str) -> None:
    assert disguise.undone(with_file(scan(text.encode()), PATH, "gzip").decode()) == text


def test_files_and_views_are_not_named_in_errors() -> None:
    text = f"Cannot parse: (in file/uri {PATH}): While SELECT a FROM system.processes_of_server"

    assert disguise.undone(text) == "Cannot parse: While SELECT a FROM system.processes"
