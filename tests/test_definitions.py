"""Numbered files."""

import pytest

from analytics import definitions
from analytics.errors import DefinitionError


@pytest.fixture
def folder(tmp_path):
    """Ten versions of one definition, and one of another that begins like it."""
    for version in range(1, 11):
        (tmp_path / f"view_v{version:02d}.sql").write_text(f"version {version}")
    (tmp_path / "view_v01_old_v99.sql").write_text("another")
    return tmp_path


def test_a_definition_is_read_by_number(folder):
    assert definitions.read(folder, "view", version=2) == "version 2"


def test_the_newest_is_the_highest_number(folder):
    assert definitions.newest(folder, "view") == "version 10"


def test_a_missing_version_is_named_with_those_there_are(folder):
    with pytest.raises(
        DefinitionError, match=r"no definition view_v11.sql .*: use an existing version: \[1, "
    ):
        definitions.read(folder, "view", version=11)


def test_a_missing_name_says_which_file_to_write(folder):
    with pytest.raises(DefinitionError, match=r"write .*other_v01.sql"):
        definitions.newest(folder, "other")
