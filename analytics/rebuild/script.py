"""The procedure as a script for `--sql`: commented, to be run by hand, step by step."""

from __future__ import annotations


def rebuild(goal: object, read: object) -> str:
    return "-- TODO"


def replay(a: str, b: str) -> str:
    return "-- TODO"


def forget(a: str, b: str | None) -> str:
    return "-- TODO"
