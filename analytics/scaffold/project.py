"""The files of a new project, by what it has; a file that exists stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

DISTRIBUTION = "pipeline-revisions"  # the name under which the package is installed
SUFFIX = ".template"
INI = "alembic.ini"


@dataclass(frozen=True)
class Answers:
    """What a project has; connectors carry changes of the one store to the other."""

    postgres: bool
    clickhouse: bool
    connectors: bool

    @property
    def parts(self) -> list[str]:
        """The folders of files that belong to it."""
        chosen = [name for name in ("postgres", "clickhouse", "connectors") if getattr(self, name)]
        return ["base", *chosen]


@dataclass(frozen=True)
class Written:
    """The files that were written, and those that were there before, by their paths in it."""

    new: Sequence[str]
    kept: Sequence[str]


def write(folder: Path, answers: Answers) -> Written:
    """Write what is not there; an OSError of the folder is raised as it is."""
    new, kept = [], []
    for path, text in _texts(answers):
        place = folder / path
        if place.exists():
            kept.append(path)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        new.append(path)
    return Written(new, kept)


def hides_ours(folder: Path) -> bool:
    """Whether the folder has a package or a module of our name."""
    return (folder / "analytics").is_dir() or (folder / "analytics.py").exists()


def _texts(answers: Answers) -> Iterator[tuple[str, str]]:
    """The path and the text of each file."""
    home = files(__package__) / "files"
    parts = [each for each in _below(home / "ini") if _is_of(each[0], answers)]
    yield INI, "".join(_filled(place) for _, place in sorted(parts, key=lambda each: each[0]))
    for part in answers.parts:
        for path, place in _below(home / part):
            yield path.removesuffix(SUFFIX), _filled(place)


def _is_of(name: str, answers: Answers) -> bool:
    """Whether a part of the ini file, such as 2_postgres.ini, belongs to a project."""
    return name.partition("_")[2].removesuffix(".ini") in answers.parts


def _below(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    """The files below a folder, with their paths in it."""
    for each in sorted(folder.iterdir(), key=lambda place: place.name):
        if each.is_dir():
            yield from _below(each, f"{above}{each.name}/")
        else:
            yield f"{above}{each.name}", each


def _filled(place: Traversable) -> str:
    return place.read_text(encoding="utf-8").replace("DISTRIBUTION", DISTRIBUTION)
