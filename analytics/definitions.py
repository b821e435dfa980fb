"""Numbered definitions, read by folder, name and version; and the digest of a text."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from analytics.errors import DefinitionError

DIGEST_LENGTH = 12  # hexadecimal digits
OBJECTS = "objects"  # the folder of ClickHouse objects in their history


def read(folder: Path, name: str, *, version: int, suffix: str = "sql") -> str:
    """The text of `<folder>/<name>_vNN.<suffix>`; DefinitionError if there is no such file."""
    path = folder / f"{name}_v{version:02d}.{suffix}"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        existing = versions(folder, name, suffix=suffix)
        remedy = f"use an existing version: {existing}" if existing else f"write {path}"
        raise DefinitionError(f"no definition {path.name} in {folder}", remedy) from None


def newest(folder: Path, name: str, *, suffix: str = "sql") -> str:
    """The text of the highest version; DefinitionError if there is none."""
    existing = versions(folder, name, suffix=suffix)
    if not existing:
        raise DefinitionError(
            f"no definition of {name} in {folder}", f"write {folder / name}_v01.{suffix}"
        )
    return read(folder, name, version=existing[-1], suffix=suffix)


def versions(folder: Path, name: str, *, suffix: str = "sql") -> list[int]:
    """The versions of a definition, in order."""
    pattern = re.compile(rf"{re.escape(name)}_v(\d+)\.{suffix}")
    matches = (pattern.fullmatch(p.name) for p in folder.glob(f"{name}_v*.{suffix}"))
    return sorted(int(m[1]) for m in matches if m)


def digest(text: str) -> str:
    """A short fingerprint of a text, taken before its placeholders are filled."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]
