"""Jars are fetched once; half a download is no download."""

from pathlib import Path

import pytest

from analytics.local import jars
from analytics.local.errors import LocalStackError
from analytics.local.layout import Layout
from analytics.local.service import quiet


def installed(layout: Layout) -> Path:
    folder = jars.folder(layout)
    folder.mkdir()
    (folder / jars.STAMP).touch()
    return folder


def test_jars_that_are_there_need_no_maven(layout: Layout, monkeypatch) -> None:
    installed(layout)
    monkeypatch.setenv("PATH", "/nowhere")

    assert jars.install(layout, quiet) is False


def test_half_a_download_is_fetched_again(layout: Layout, monkeypatch) -> None:
    (installed(layout) / jars.STAMP).unlink()
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(LocalStackError, match="Maven is not installed: install it"):
        jars.install(layout, quiet)


def test_a_failing_maven_leaves_no_jars_and_says_why(layout: Layout, monkeypatch) -> None:
    _program(layout.root / "mvn", "echo 'ERROR no such host' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{layout.root}:/usr/bin:/bin")

    with pytest.raises(LocalStackError, match=r"Maven failed .*no such host.*: check the net"):
        jars.install(layout, quiet)
    assert not jars.installed(layout)


def test_a_download_is_in_place_when_it_is_whole(layout: Layout, monkeypatch) -> None:
    _program(layout.root / "mvn", 'while [ "$1" != -f ]; do shift; done; mkdir "${2%/*}/lib"')
    monkeypatch.setenv("PATH", f"{layout.root}:/usr/bin:/bin")

    assert jars.install(layout, quiet) is True
    assert (jars.folder(layout) / "lib").is_dir()
    assert [each.name for each in layout.jars.iterdir()] == [jars.folder(layout).name]


def test_jars_of_an_older_pom_are_removed(layout: Layout) -> None:
    now, before = installed(layout), layout.jars / "0123456789ab"
    before.mkdir()

    jars.prune(layout)

    assert now.exists()
    assert not before.exists()


def _program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
