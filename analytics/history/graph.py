"""A history: its revisions, each after those that it follows, read without Alembic."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analytics.errors import HistoryError, TargetError
from analytics.history import revision as revision_file
from analytics.history.revision import Revision

Links = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class History:
    """Revisions from the bases to the heads; what stands later follows, or is beside."""

    folder: Path
    revisions: tuple[Revision, ...]

    @cached_property
    def by_id(self) -> dict[str, Revision]:
        return {revision.id: revision for revision in self.revisions}

    @cached_property
    def below(self) -> Links:
        """Revision -> those that it follows."""
        return {revision.id: revision.down for revision in self.revisions}

    @cached_property
    def above(self) -> Links:
        """Revision -> those that follow it."""
        above: dict[str, list[str]] = {revision.id: [] for revision in self.revisions}
        for revision in self.revisions:
            for each in revision.down:
                above[each].append(revision.id)
        return above

    @property
    def bases(self) -> tuple[str, ...]:
        """The revisions that follow none."""
        return tuple(each for each, down in self.below.items() if not down)

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions that none follows."""
        return tuple(each for each, up in self.above.items() if not up)

    def applied(self, heads: Iterable[str]) -> list[Revision]:
        """What a database at these heads has run, in order."""
        return self.among(reach(self.below, self.known(heads)))

    def pending(self, heads: Iterable[str]) -> list[Revision]:
        """What a database at these heads has yet to run, in order."""
        return self.among(self.by_id.keys() - reach(self.below, self.known(heads)))

    def among(self, ids: Iterable[str]) -> list[Revision]:
        """The revisions of these ids, in order."""
        wanted = set(ids)
        return [revision for revision in self.revisions if revision.id in wanted]

    def known(self, heads: Iterable[str]) -> tuple[str, ...]:
        """The heads that a database says; TargetError if one of them has no file."""
        current = tuple(sorted(set(heads)))
        for head in current:
            if head not in self.by_id:
                raise TargetError(
                    f"the database is at revision {head}, which {self.folder} does not have",
                    "use the release that has it, or `alembic stamp` what is really there",
                )
        return current


def reach(links: Links, start: Iterable[str]) -> set[str]:
    """All that can be reached along the links, the start included."""
    found: set[str] = set()
    left = list(start)
    while left:
        each = left.pop()
        if each not in found:
            found.add(each)
            left.extend(links[each])
    return found


def read(folder: Path) -> History:
    """The history in a `versions` folder; HistoryError if its files do not make one."""
    found: dict[str, Revision] = {}
    for file, text in _files(folder):
        revision = revision_file.read(file, text)
        if revision.id in found:
            raise HistoryError(
                f"revision {revision.id} is in both {found[revision.id].file} and {file}",
                "give one of them the next number",
            )
        found[revision.id] = revision
    _check_down(found)
    return History(folder, tuple(found[each] for each in _ordered(found)))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What Alembic takes for revisions: every module but the package's own."""
    try:
        for name in sorted(os.listdir(folder)):
            if name.endswith(".py") and not name.startswith((".#", "__init__")):
                file = os.path.join(folder, name)
                with open(file, "rb") as opened:
                    yield file, opened.read()
    except OSError as error:
        raise HistoryError(
            f"{error.filename} cannot be read ({error.strerror})",
            "mend script_location in alembic.ini, or the permissions",
        ) from None


def _check_down(found: Mapping[str, Revision]) -> None:
    for revision in found.values():
        for each in revision.down:
            if each not in found:
                raise HistoryError(
                    f"{revision.file} follows revision {each}, which is not there",
                    "bring its file, or mend down_revision",
                )


def _ordered(found: Mapping[str, Revision]) -> list[str]:
    """As the files are sorted, but for revisions that first need others below them."""
    placed: dict[str, None] = {}
    for each in found:
        way = [each]
        while way:
            lacking = next((d for d in found[way[-1]].down if d not in placed), None)
            if lacking is None:
                placed[way.pop()] = None
            elif lacking in way:
                circle = [*way[way.index(lacking) :], lacking]
                raise HistoryError(
                    f"revisions follow each other in a circle ({' -> '.join(circle)})",
                    "mend a down_revision",
                )
            else:
                way.append(lacking)
    return list(placed)
