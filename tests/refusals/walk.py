"""A walk: a refusal that a user meets, and what its message tells that user to do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent

from tests.conftest import ROOT, Outcome
from tests.refusals import places

WALKED: dict[str, str] = {}
"""The key of a refusal -> the test that walks it; filled when the tests are imported."""

ENV = 'from analytics import environment\n\nenvironment.run("{store}")\n'
FOLDERS = {"postgres": "migrations", "clickhouse": "migrations_ch"}
REVISION = '''"""A revision of a test."""

from alembic import op

revision = "{id}"
down_revision = {down_revision!r}
{head}

def upgrade():
{up}


def downgrade():
{down}
'''


def walks(*keys: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark the test that walks these refusals; one of many cases has its key as `key`."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        WALKED.update(dict.fromkeys(keys, test.__name__))
        test.walked = keys  # type: ignore[attr-defined]
        return test

    return mark


@dataclass(frozen=True)
class Said:
    """What a command has printed."""

    code: int
    text: str

    @property
    def commands(self) -> list[str]:
        """The commands of ours and of Alembic's in it, as they are printed between backticks."""
        return re.findall(r"`((?:analytics|alembic)\b[^`]*)`", self.text)

    @property
    def statements(self) -> list[str]:
        """The statements in it, as they are printed between backticks."""
        quoted = re.findall(r"`([^`]*)`", self.text)
        verbs = ("SELECT", "KILL", "CREATE", "DROP", "RENAME", "OPTIMIZE", "ALTER")
        return [each for each in quoted if each.startswith(verbs)]


@dataclass
class Site:
    """A user's project in a folder, and the command line in it."""

    folder: Path
    execute: Callable[..., Outcome]  # words of a command -> what it did
    keys: tuple[str, ...]
    met: set[str] = field(default_factory=set)

    def write(self, place: str, text: str) -> Path:
        """Write a file of the project."""
        file = self.folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def project(self) -> None:
        """An alembic.ini with both histories, each with one revision that does nothing."""
        self.write("alembic.ini", (ROOT / "alembic.ini").read_text())
        for store, folder in FOLDERS.items():
            self.write(f"{folder}/env.py", ENV.format(store=store))
            self.write(f"{folder}/script.py.mako", (ROOT / folder / "script.py.mako").read_text())
            self.revise(store, "0001")

    def revise(
        self, store: str, number: str, up: str = "pass", down: str = "pass", **more: str | None
    ) -> Path:
        """Write a revision that follows the one before it; `head` has more of its names."""
        below = f"{int(number) - 1:04d}" if int(number) > 1 else None
        text = REVISION.format(
            id=number,
            down_revision=more.get("follows", below),
            head=more.get("head", ""),
            up=indent(up, "    "),
            down=indent(down, "    "),
        )
        return self.write(f"{FOLDERS[store]}/versions/{number}_test.py", text)

    def define(self, name: str, text: str, version: int = 1) -> Path:
        """Write a numbered definition of ClickHouse."""
        return self.write(f"migrations_ch/objects/{name}_v{version:02d}.sql", f"{text}\n")

    def run(self, line: str) -> Said:
        """Type a command of ours or of Alembic's."""
        done = self.execute(*shlex.split(line))
        return Said(done.code, done.err + done.out)

    def refused(self, line: str, *names: str, key: str = "") -> Said:
        """Type a command that is refused: not a traceback, and each of `names` is named."""
        said = self.run(line)
        assert said.code != 0, said.text
        self.hears(said.text, *names, key=key)
        return said

    def hears(self, text: str, *names: str, key: str = "") -> None:
        """A command has printed the refusal of that key, with these names, and no traceback."""
        key = key or self.keys[0]
        assert "Traceback" not in text, text
        assert places.pattern(key).search(text), text
        assert all(name in text for name in names), text
        self.met.add(key)

    def passes(self, line: str) -> Said:
        """Type a command that must work."""
        said = self.run(line)
        assert said.code == 0, said.text
        return said

    def follow(self, said: Said, starts: str = "") -> None:
        """Run the first command that a message prints and that starts so, as it is printed."""
        self.passes(next(each for each in said.commands if each.startswith(starts)))


def edit(file: Path, old: str, new: str, count: int = -1) -> None:
    """Change a file as a user would, who is told to."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, count))
