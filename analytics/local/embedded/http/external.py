"""Multipart requests: the form's fields, and external tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analytics.local.embedded.errors import DBError

BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.I)
NAME = re.compile(rb'\bname="([^"]*)"', re.I)
DESCRIBES = ("structure", "format", "types")


@dataclass(frozen=True)
class External:
    """A table that comes with the request."""

    name: str
    structure: str
    format: str
    data: bytes


def is_form(content_type: str) -> bool:
    """Whether a body is a multipart form."""
    return content_type.lower().startswith("multipart/form-data")


def parse(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """The form's fields and files."""
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for head, data in _parts(content_type, body):
        if not (name := NAME.search(head)):
            continue
        key = name[1].decode("utf-8", "replace")
        if b"filename=" in head:
            files[key] = data
        else:
            fields[key] = data.decode("utf-8", "surrogateescape")
    return fields, files


def tables(files: Mapping[str, bytes], values: Mapping[str, str]) -> list[External]:
    """The external tables: each file with what the URL says of it."""
    return [
        External(
            name,
            values.get(f"{name}_structure") or _structure(values.get(f"{name}_types", "")),
            values.get(f"{name}_format", "TabSeparated"),
            data,
        )
        for name, data in files.items()
    ]


def without(values: Mapping[str, str], external: list[External]) -> dict[str, str]:
    """The values that do not describe an external table."""
    described = {f"{table.name}_{what}" for table in external for what in DESCRIBES}
    return {name: value for name, value in values.items() if name not in described}


def _parts(content_type: str, body: bytes) -> Iterator[tuple[bytes, bytes]]:
    boundary = BOUNDARY.search(content_type)
    if not boundary:
        raise DBError(36, "A multipart body needs a boundary in its Content-Type")
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode("latin-1"))[1:]:
        if part.startswith(b"--"):
            return
        head, _, data = part.partition(b"\r\n\r\n")
        yield head, data


def _structure(types: str) -> str:
    """Columns _1, _2 ... of these types."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(types + ","):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append(types[start:place].strip())
            start = place + 1
    return ", ".join(f"_{number} {kind}" for number, kind in enumerate(parts, 1) if kind)
