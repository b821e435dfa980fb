"""Numbered definitions: (folder, name, version) -> text; and the digest of a text."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from analytics.errors import DefinitionError

DIGEST_LENGTH = 12  # hexadecimal digits


def read(folder: Path, name: str, *, version: int, suffix: str = "sql") -> str:
    """The text of `<folder>/<name>_vNN.<suffix>`; DefinitionError if there is no such file."""
    path = folder / f"{name}_v{version:02d}.{suffix}"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        there = versions(folder, name, suffix=suffix)
        remedy = f"versions there: {there}" if there else f"write {path}"
        raise DefinitionError(f"no definition {path.name} in {folder}", remedy) from None


def newest(folder: Path, name: str, *, suffix: str = "sql") -> str:
    """The text of the highest version; DefinitionError if there is none."""
    there = versions(folder, name, suffix=suffix)
    if not there:
        raise DefinitionError(
            f"no definition of {name} in {folder}", f"write {name}_v01.{suffix} there"
        )
    return read(folder, name, version=there[-1], suffix=suffix)


def versions(folder: Path, name: str, *, suffix: str = "sql") -> list[int]:
    """The versions that a name has, in order."""
    pattern = re.compile(rf"{re.escape(name)}_v(\d+)\.{suffix}")
    found = (pattern.fullmatch(p.name) for p in folder.glob(f"{name}_v*.{suffix}"))
    return sorted(int(m[1]) for m in found if m)


def digest(text: str) -> str:
    """A short fingerprint of a text as it is written, before placeholders are filled."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]
