"""Logs are kept small, and their ends shown."""

from pathlib import Path

import pytest

from analytics.local import logs


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "kafka.log"


def test_a_small_log_stays(log: Path) -> None:
    log.write_text("x")

    logs.rotate(log)

    assert log.read_text() == "x"


def test_a_large_log_is_put_aside_and_replaces_the_one_before(log: Path) -> None:
    aside = log.with_name("kafka.log.1")
    aside.write_text("older")
    log.write_bytes(b"x" * (logs.ROTATE_ABOVE + 1))

    logs.rotate(log)

    assert not log.exists()
    assert aside.stat().st_size == logs.ROTATE_ABOVE + 1


def test_a_missing_log_is_no_error(log: Path) -> None:
    logs.rotate(log)

    assert logs.last_lines(log, 5) == []
    assert logs.size(log) == 0


@pytest.mark.parametrize(("count", "lines"), [(2, ["b", "c"]), (9, ["a", "b", "c"]), (0, [])])
def test_the_last_lines_are_the_last(log: Path, count: int, lines: list[str]) -> None:
    log.write_text("a\nb\nc\n")

    assert logs.last_lines(log, count) == lines


def test_last_words_are_of_this_start_and_without_frames(log: Path) -> None:
    log.write_text("an earlier start\n")
    said = logs.size(log)
    with log.open("a") as file:
        file.write("Exception: no disk\n\tat kafka.Kafka\n\n  detail\nshut down\n")

    assert logs.last_words(log, said) == ["Exception: no disk", "shut down"]


def test_following_goes_on_in_the_new_log_after_a_rotation(log: Path) -> None:
    log.write_text("before\none\n")
    followed = logs.follow(log, len("before\n"))
    first = next(followed)
    log.replace(log.with_name("kafka.log.1"))
    log.write_text("two\n")

    assert (first, next(followed)) == ("one\n", "two\n")
