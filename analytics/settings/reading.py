"""The reading of alembic.ini: where it is, and its sections as `Ini`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.errors import HistoryError, SettingError
from analytics.settings.ini import FILE, Ini, Role
from analytics.settings.lookup import Origin, origin

if TYPE_CHECKING:
    from configparser import ConfigParser

SECTIONS = ("placeholders", "secrets", "roles", "settings")
PLACES = ("env:", "file:")
Sections = Mapping[str, Mapping[str, str]]


def find(named: Path | None = None) -> Path:
    """The file that is named, else ALEMBIC_CONFIG's, else the nearest one upwards.

    That of the current folder if there is none: `read` says so.
    """
    variable = os.environ.get("ALEMBIC_CONFIG", "")
    if named or (variable and Path(variable).name != "pyproject.toml"):  # as Alembic does
        return (named or Path(variable)).absolute()
    here = Path.cwd()
    folders = (each for each in (here, *here.parents) if (each / FILE).is_file())
    return next(folders, here) / FILE


def project(named: Path | None = None) -> Ini:
    """The project's own names; raises as `read`."""
    return read(find(named))


def of_alembic(named: str | None) -> Ini:
    """The same of the file that Alembic reads; nothing if it does without one."""
    return read(Path(named)) if named and Path(named).is_file() else Ini()


def read(file: Path) -> Ini:
    """The sections of a file; HistoryError without it, SettingError if one cannot be used."""
    from analytics.settings import checks  # not for a command that needs the path alone

    file = file.absolute()
    found = _sections(file)
    places = {name: f"[{name}] of {file}" for name in SECTIONS}
    made = Ini(
        file,
        {
            n: _place_of(n, text, places["placeholders"], file) if text.startswith(PLACES) else text
            for n, text in found["placeholders"].items()
        },
        {n: _place_of(n, text, places["secrets"], file) for n, text in found["secrets"].items()},
        {n: _role(n, text, places["roles"]) for n, text in found["roles"].items()},
        found["settings"],
    )
    checks.check(made)
    return made


def _sections(file: Path) -> Sections:
    """Our sections, `%(here)s` and the like filled in as Alembic does."""
    from configparser import ConfigParser, Error, InterpolationError  # slower than all else here

    parser = ConfigParser({"here": file.parent.as_posix().replace("%", "%%")})
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        if not parser.read(file, encoding="utf-8"):
            raise HistoryError(
                f"there is no {file}",
                "change to the project's folder, or name its file: analytics -c FILE, "
                "or the variable ALEMBIC_CONFIG",
            )
        return {name: _own(parser, name) for name in SECTIONS}
    except InterpolationError as error:  # its text may hold a secret
        raise SettingError(
            f"{error.option} in [{error.section}] of {file} has a % that fills nothing in",
            "write %% for a percent sign",
        ) from None
    except (Error, UnicodeError) as error:
        raise SettingError(
            f"{file} cannot be read ({_place(error)})",
            "write [SECTION] lines, and NAME = VALUE lines below them, each name once",
        ) from None


def _own(parser: ConfigParser, section: str) -> dict[str, str]:
    """The values of a section without those of [DEFAULT]."""
    if not parser.has_section(section):
        return {}
    values = dict(parser[section])
    return {name: text for name, text in values.items() if parser.remove_option(section, name)}


def _place(error: Exception) -> str:
    """Where a file is wrong; a line of it is not shown, since it may hold a secret."""
    lines = [line for line, _ in getattr(error, "errors", ())] or [getattr(error, "lineno", None)]
    found = ", ".join(f"line {line}" for line in lines if line)
    return found or "it is no text in UTF-8"


def _place_of(name: str, text: str, place: str, file: Path) -> Origin:
    """The place of a value; it is not shown if it is none, since it may be the secret itself."""
    if made := origin(text, place, file.parent):
        return made
    raise SettingError(
        f"{name} in {place} is neither env:VARIABLE nor file:PATH",
        "take it out of the file, put it into a variable or a file, and write which",
    )


def _role(name: str, text: str, place: str) -> Role:
    before, separator, secret = (part.strip() for part in text.rpartition(","))
    if not (before and separator and secret):
        raise SettingError(
            f"{name} in {place} is {text}",
            f"write {name} = NAME_IN_POSTGRESQL, NAME_OF_ITS_SECRET",
        )
    return Role(before, secret)
