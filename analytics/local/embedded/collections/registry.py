"""Named collections, which the engine cannot keep: their file and their system view."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from analytics.local.embedded.collections.statements import Change, parse
from analytics.local.embedded.engine.engine import Engine
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.sql import disguise, literals
from analytics.sql.tokens import Token

HIDDEN = "[HIDDEN]"
VIEW = f"system.named_collections{disguise.SUFFIX}"
STRUCTURE = "name String, collection Map(String, String), source String, create_query String"


@dataclass(frozen=True)
class Collection:
    """Keys with their values, and the keys that a statement may (not) override."""

    name: str
    values: Mapping[str, str]
    overridable: Mapping[str, bool]

    def changed(self, change: Change) -> Collection:
        """The collection after ALTER ... SET ... DELETE."""
        kept = {k: v for k, v in self.values.items() if k not in change.deleted}
        rules = {
            k: v for k, v in self.overridable.items() if k not in {*change.deleted, *change.values}
        }
        return replace(
            self, values={**kept, **change.values}, overridable={**rules, **change.overridable}
        )


class NamedCollections:
    """The collections of one data folder, in a file that only its owner reads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.file = engine.folder / "named_collections.json"
        self.lock = threading.Lock()
        self.all: dict[str, Collection] = load(self.file)
        engine.run(view(self.all))

    def apply(self, part: Sequence[Token]) -> None:
        """Run CREATE, ALTER or DROP NAMED COLLECTION: the file first, then what is seen."""
        change = parse(part)
        with self.lock:
            after = changed(self.all, change)
            if after != self.all:
                save(self.file, after)
                self.all = after
                self.engine.run(view(after))


def changed(before: Mapping[str, Collection], change: Change) -> dict[str, Collection]:
    """All collections after a statement."""
    name, known = change.name, change.name in before
    if change.verb == "CREATE":
        if known and not change.lenient:
            raise DBError(670, f"A named collection `{name}` already exists")
        made = Collection(name, change.values, change.overridable)
        return dict(before) if known else {**before, name: made}
    if not known:
        if change.lenient:
            return dict(before)
        does = "update" if change.verb == "ALTER" else "remove"
        raise DBError(669, f"Cannot {does} collection `{name}`, because it doesn't exist")
    if change.verb == "DROP":
        return {key: value for key, value in before.items() if key != name}
    return {**before, name: before[name].changed(change)}


def load(file: Path) -> dict[str, Collection]:
    """The collections in the file."""
    if not file.exists():
        return {}
    return {row["name"]: Collection(**row) for row in json.loads(file.read_text())}


def save(file: Path, collections: Mapping[str, Collection]) -> None:
    """Replace the file in one step, readable by its owner only."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        json.dump([asdict(collection) for collection in collections.values()], out)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def view(collections: Mapping[str, Collection]) -> str:
    """system.named_collections as a server shows it: every value hidden."""
    rows = ", ".join(_row(collection) for collection in collections.values())
    nothing = "('', map(), '', '')"
    return (
        f"CREATE OR REPLACE VIEW {VIEW} AS SELECT * FROM values("
        f"{literals.string(STRUCTURE)}, {rows or nothing}) WHERE name != '' ORDER BY name"
    )


def _row(collection: Collection) -> str:
    pairs = ", ".join(f"{literals.string(key)}, '{HIDDEN}'" for key in collection.values)
    shown = ", ".join(f"{key} = '{HIDDEN}'" for key in collection.values)
    query = f"CREATE NAMED COLLECTION {collection.name} AS {shown}"
    return f"({literals.string(collection.name)}, map({pairs}), 'SQL', {literals.string(query)})"
