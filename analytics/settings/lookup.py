"""The places of values outside of alembic.ini: a variable of the environment, or a file."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from analytics.errors import SettingError

WRITTEN = r"env:\s*([A-Za-z_]\w*)|file:\s*(\S.*)"
REMEDY = (
    "export it, put it into a file of ANALYTICS_SECRETS_DIR, "
    "or start the local stack with `analytics local up` and set no address"
)


class Origin(NamedTuple):
    """The place that alembic.ini names for a value: `env:VARIABLE` or `file:PATH`."""

    variable: str = ""
    path: Path = Path()
    written_in: str = ""  # the section and the file

    def value(self) -> str | None:
        """The value that is there, without white space around it; None if there is none."""
        if self.variable:
            return variable(self.variable)
        try:
            return self._read() or None
        except (OSError, UnicodeError):
            return None

    def missing(self) -> SettingError:
        """The error that says why there is no value."""
        if self.variable:
            return SettingError(f"{self.variable} is not set", REMEDY)
        try:
            self._read()
            why = "it is empty"
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
        return SettingError(
            f"{self.path}, which {self.written_in} names, cannot be used ({why})",
            "write the value into that file, or correct its path there",
        )

    def _read(self) -> str:
        return self.path.read_text("utf-8").strip()


def origin(text: str, written_in: str, folder: Path) -> Origin | None:
    """The place that a text names, a path in it relative to the folder; None if it names none."""
    match = re.fullmatch(WRITTEN, text, re.S)
    if match is None:
        return None
    if match[1]:
        return Origin(variable=match[1], written_in=written_in)
    return Origin(path=folder / Path(match[2]).expanduser(), written_in=written_in)


def variable(name: str) -> str | None:
    """A variable, else the text of its file in ANALYTICS_SECRETS_DIR; None without a value."""
    return os.environ.get(name) or _secret_file(name) or None


def _secret_file(name: str) -> str | None:
    folder = os.environ.get("ANALYTICS_SECRETS_DIR")
    if not folder:
        return None
    if not Path(folder).is_dir():
        raise SettingError(f"ANALYTICS_SECRETS_DIR={folder} is not a folder", "correct the path")
    try:
        return (Path(folder) / name.lower()).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        raise SettingError(
            f"the file of {name} cannot be read ({error})",
            f"make it a text file that this user may read, or remove it from {folder}",
        ) from None
