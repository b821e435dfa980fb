"""PostgreSQL's user: with what it takes to reach a folder, and nothing more."""

import os
from pathlib import Path

import pytest

from analytics.local import accounts

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user changes to nobody")


def test_an_ordinary_user_stays_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert accounts.becomes(tmp_path) == ()


@as_root
def test_in_open_folders_no_capability_is_kept() -> None:
    command = accounts.becomes(Path("/usr/bin/env"))

    assert command[0] == "setpriv"
    assert not [each for each in command if "caps" in each]


@as_root
def test_below_a_closed_folder_the_capability_to_pass_is_kept(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    command = accounts.becomes(tmp_path / "data" / "postgres")

    assert [each for each in command if each.startswith("--ambient-caps=-all,+dac_")]
    assert "--securebits=+no_setuid_fixup" in command
