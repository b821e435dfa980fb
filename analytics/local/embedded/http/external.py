"""Multipart requests: the form's fields, and external tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analytics.errors import AnalyticsError
from analytics.local.embedded.errors import DBError

try:
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import Field, File, FormParser, parse_options_header
except ModuleNotFoundError as error:
    raise AnalyticsError(
        "the local stack is not installed", "pip install 'pipeline-revisions[local]'"
    ) from error

IN_MEMORY = {"MAX_MEMORY_FILE_SIZE": float("inf")}
CUT = "Unexpected EOF, did not find the last boundary while parsing a multipart HTTP request"
DESCRIBES = ("structure", "format", "types")


@dataclass(frozen=True)
class External:
    """A table that comes with the request."""

    name: str
    structure: str
    format: str
    data: bytes


@dataclass
class Form:
    """What was read of a form so far."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    whole: bool = False
    """Whether the last boundary was found."""

    def add_field(self, found: Field) -> None:
        """A part without a file's name."""
        self.fields[_name(found)] = (found.value or b"").decode("utf-8", "surrogateescape")

    def add_file(self, found: File) -> None:
        """A part with a file's name."""
        found.file_object.seek(0)
        self.files[_name(found)] = found.file_object.read()

    def end(self) -> None:
        """The last boundary."""
        self.whole = True


def is_form(content_type: str) -> bool:
    """Whether a body is a multipart form."""
    return content_type.lower().startswith("multipart/form-data")


def parse(content_type: str, pieces: Iterable[bytes]) -> Form:
    """The form in a body's pieces; raises DBError if they are no form, or not all of one."""
    form = Form()
    kind, parameters = parse_options_header(content_type)
    try:
        parser = FormParser(
            kind.decode("latin-1"),
            on_field=form.add_field,
            on_file=form.add_file,
            on_end=form.end,
            boundary=parameters.get(b"boundary"),
            config=IN_MEMORY,
        )
        for piece in pieces:
            parser.write(piece)
    except FormParserError as error:
        raise DBError(36, f"The multipart form is malformed: {error}") from error
    if not form.whole:
        raise DBError(33, CUT)
    return form


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


def _name(found: Field | File) -> str:
    return (found.field_name or b"").decode("utf-8", "replace")


def _structure(types: str) -> str:
    """Columns _1, _2 ... of these types."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(types + ","):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append(types[start:place].strip())
            start = place + 1
    return ", ".join(f"_{number} {kind}" for number, kind in enumerate(parts, 1) if kind)
