"""Java is found and checked; class archives are used only when they are whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.local import java
from analytics.local.errors import LocalStackError
from analytics.local.layout import Layout


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    java.find.cache_clear()
    yield
    java.find.cache_clear()


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    """A JAVA_HOME whose java says a version."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    return tmp_path


def says(home: Path, version: str) -> None:
    program = home / "bin" / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)


@pytest.mark.parametrize("version", ["17.0.15", "21", "25-ea"])
def test_a_java_that_is_new_enough_is_found(home: Path, version: str) -> None:
    says(home, version)

    assert java.find() == (str(home / "bin" / "java"), version)


@pytest.mark.parametrize("version", ["1.8.0_402", "11.0.2", ""])
def test_an_old_java_is_refused(home: Path, version: str) -> None:
    says(home, version)

    with pytest.raises(LocalStackError, match="install Java 17 or newer"):
        java.find()


def test_a_missing_java_is_named(home: Path) -> None:
    with pytest.raises(LocalStackError, match="Java is not installed"):
        java.find()


def test_an_archive_is_used_after_a_clean_end_only(home: Path, layout: Layout) -> None:
    says(home, "17.0.1")
    written = _written(layout)

    java.discard_archive(layout, "kafka")
    assert java.archive(layout, "kafka")[0].startswith("-XX:ArchiveClassesAtExit=")

    _written(layout)
    java.keep_archive(layout, "kafka")
    assert java.archive(layout, "kafka") == (f"-XX:SharedArchiveFile={_ready(written)}",)


def test_a_dropped_archive_is_worth_one_more_try(home: Path, layout: Layout) -> None:
    says(home, "17.0.1")
    _written(layout)
    java.keep_archive(layout, "kafka")

    assert java.drop_archive(layout, "kafka") is True
    assert java.drop_archive(layout, "kafka") is False


def _written(layout: Layout) -> Path:
    """What a process leaves that was told to write an archive."""
    path = Path(java.archive(layout, "kafka")[0].partition("=")[2])
    path.parent.mkdir(exist_ok=True)
    path.touch()
    return path


def _ready(written: Path) -> Path:
    return written.with_suffix(".jsa")
