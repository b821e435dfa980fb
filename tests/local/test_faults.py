"""Refusals of the system are one line: the thing, then the remedy."""

import errno
import os
from pathlib import Path

import psutil
import pytest

from analytics.local import faults, stack
from analytics.local.errors import LocalStackError


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "/x: No space left on device: free some space, then repeat"),
        (errno.EACCES, "/x: permission denied: run as its owner"),
        (errno.EROFS, "/x: Read-only file system: fix the folder"),
    ],
)
def test_an_error_of_the_system_names_the_file_and_a_remedy(number: int, message: str) -> None:
    with pytest.raises(LocalStackError, match=message), faults.explained(Path("/stack")):
        raise OSError(number, os.strerror(number), "/x")


def test_a_process_of_somebody_else_is_said_so() -> None:
    expected = "/stack: permission denied: run as its owner"
    with pytest.raises(LocalStackError, match=expected), faults.explained(Path("/stack")):
        raise psutil.AccessDenied(1)


def test_nothing_is_started_on_a_full_disk(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(faults, "LEAST_FREE", 2**80)

    with pytest.raises(LocalStackError, match=r"only \d+ MB are free for .*: free some space"):
        faults.demand_space(tmp_path)


@pytest.mark.parametrize("command", [stack.up, stack.status, stack.exports])
def test_a_folder_that_cannot_be_is_one_line(command, monkeypatch) -> None:
    monkeypatch.setenv("ANALYTICS_LOCAL_DIR", "/dev/null/stack")

    with pytest.raises(LocalStackError, match="Not a directory: fix the folder"):
        command()
