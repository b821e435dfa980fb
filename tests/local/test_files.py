"""Small files are whole, private when asked, or not there."""

from pathlib import Path

import pytest

from analytics.local import files


def test_a_write_replaces_the_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    files.write(file, '{"a": 1, "long": "text"}')

    files.write(file, '{"b": 2}')

    assert files.read_json(file) == {"b": 2}
    assert [each.name for each in tmp_path.iterdir()] == ["x.json"]


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_file_has_the_mode_it_was_given(tmp_path: Path, mode: int) -> None:
    files.write(tmp_path / "x", "secret", mode=mode)

    assert (tmp_path / "x").stat().st_mode & 0o777 == mode


def test_a_failed_write_leaves_the_old_file_alone(tmp_path: Path) -> None:
    files.write(tmp_path / "x", "old")

    with pytest.raises(UnicodeEncodeError):
        files.write(tmp_path / "x", "new \udc80")

    assert (tmp_path / "x").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", ["", "{", "[1]", "null"])
def test_what_is_no_object_reads_as_empty(tmp_path: Path, content: str) -> None:
    (tmp_path / "x").write_text(content)

    assert files.read_json(tmp_path / "x") == {}


def test_a_fresh_folder_replaces_what_was_left_half_filled(tmp_path: Path) -> None:
    left = files.fresh(tmp_path / "data")
    (left / "half").touch()

    again = files.fresh(tmp_path / "data")

    assert list(tmp_path.iterdir()) == [again] != [left]
    assert (list(again.iterdir()), again.stat().st_mode & 0o777) == ([], 0o700)
