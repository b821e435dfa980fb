"""The graph of one history: its revisions, each after those that it follows."""

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
    """Revisions from the bases to the heads: none comes before one that it follows."""

    folder: Path
    revisions: tuple[Revision, ...]
    name: str = ""  # postgres or clickhouse

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
        """The revisions that a database at these heads has run, in order; raises as `known`."""
        return self.among(reach(self.below, self.known(heads)))

    def pending(self, heads: Iterable[str]) -> list[Revision]:
        """The revisions that a database at these heads lacks, in order; raises as `known`."""
        return self.among(self.by_id.keys() - reach(self.below, self.known(heads)))

    def among(self, ids: Iterable[str]) -> list[Revision]:
        """The revisions of these ids, in order."""
        wanted = set(ids)
        return [revision for revision in self.revisions if revision.id in wanted]

    def known(self, heads: Iterable[str]) -> tuple[str, ...]:
        """The heads of a database, sorted; TargetError if one of them has no file."""
        current = tuple(sorted(set(heads)))
        for head in current:
            if head not in self.by_id:
                raise TargetError(
                    f"the database is at revision {head}, which {self.folder} does not have",
                    "use the release that has it, or record where it really is: "
                    f"`analytics stamp {self.name}@REVISION`",
                )
        return current


def reach(links: Links, start: Iterable[str]) -> set[str]:
    """All revisions that can be reached along the links, the start included."""
    reached: set[str] = set()
    remaining = list(start)
    while remaining:
        revision = remaining.pop()
        if revision not in reached:
            reached.add(revision)
            remaining.extend(links[revision])
    return reached


def read(folder: Path, name: str = "") -> History:
    """The history in a `versions` folder; HistoryError if its files do not make one."""
    revisions: dict[str, Revision] = {}
    for file, text in _files(folder):
        revision = revision_file.read(file, text)
        if revision.id in revisions:
            raise HistoryError(
                f"revision {revision.id} is in both {revisions[revision.id].file} and {file}",
                "give one of them the next number",
            )
        revisions[revision.id] = revision
    _check_down(revisions)
    return History(folder, tuple(revisions[each] for each in _ordered(revisions)), name)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files that Alembic takes for revisions: every module but `__init__`."""
    try:
        for name in sorted(os.listdir(folder)):
            if name.endswith(".py") and not name.startswith((".#", "__init__")):
                file = os.path.join(folder, name)
                with open(file, "rb") as opened:
                    yield file, opened.read()
    except OSError as error:
        raise HistoryError(
            f"{error.filename} cannot be read ({error.strerror})",
            "correct script_location in alembic.ini, or the permissions",
        ) from None


def _check_down(revisions: Mapping[str, Revision]) -> None:
    for revision in revisions.values():
        for each in revision.down:
            if each not in revisions:
                raise HistoryError(
                    f"{revision.file} follows revision {each}, which does not exist",
                    "add its file, or correct down_revision",
                )


def _ordered(revisions: Mapping[str, Revision]) -> list[str]:
    """The order of the file names, except that each revision comes after those it follows."""
    placed: dict[str, None] = {}
    for each in revisions:
        way = [each]
        while way:
            lacking = next((d for d in revisions[way[-1]].down if d not in placed), None)
            if lacking is None:
                placed[way.pop()] = None
            elif lacking in way:
                raise _circle(revisions, [*way[way.index(lacking) :], lacking])
            else:
                way.append(lacking)
    return list(placed)


def _circle(revisions: Mapping[str, Revision], way: Sequence[str]) -> HistoryError:
    remedy = f"correct down_revision in {revisions[way[0]].file}"
    return HistoryError(f"revisions follow each other in a circle ({' -> '.join(way)})", remedy)
