"""Releases that rebuild a stage's chain: a project of revisions, and its commands as processes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import ROOT
from tests.rebuild.chain import DEFINITIONS, GOALS
from tests.rebuild.stage import Stage
from tests.safety import proxy as proxies
from tests.safety.project import ENV, REVISION, Project
from tests.safety.proxy import Proxy

HANGS = 8.0  # seconds after which a release whose answer never comes is killed
CHUNK = "100000"  # bytes, so that there are some pieces
Fault = tuple[int | bytes, str]  # at which message or text, and how it breaks


def operations(name: str, version: int) -> str:
    """The line of a revision that brings the chain, or its Kafka table, to a version."""
    if name == "queue":
        return f'op.recreate_kafka_table("queue", version={version})'
    goal = GOALS[name]
    also = {each: version for each in goal.versions if each != goal.view}
    return f'op.rebuild_view("{goal.view}", version={version}, also={also})'


@dataclass(frozen=True)
class Releases:
    """The commands that bring a stage to its second versions and back, through a proxy."""

    project: Project
    proxy: Proxy
    environment: dict[str, str]

    def run(self, verb: str) -> str:
        """All the way, undisturbed; what it said."""
        code, said = self.project.run("clickhouse", verb, **self.environment)
        assert code == 0, said
        return said

    def broken(self, verb: str, fault: Fault, *, of: bytes = b"") -> int:
        """The same with a fault, at a message of those with a pattern; its exit code."""
        at, how = fault
        what, _, when = how.partition(" ")
        process = self.project.start("clickhouse", verb, **self.environment)
        self.proxy.arm(at, when or what, process.kill if what == "kill" else lambda: None, of=of)
        try:
            process.communicate(timeout=HANGS if what == "never" else 120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=60)
        self.proxy.arm(-1, "", lambda: None)
        return process.returncode


@contextmanager
def of(stage: Stage, name: str, folder: Path) -> Iterator[Releases]:
    """A project with one revision, in an empty folder."""
    _write(stage, name, folder)
    address = urlsplit(stage.url)
    assert address.hostname and address.port
    with proxies.running(address.hostname, address.port) as (proxy, port):
        through = f"{stage.url.replace(f':{address.port}', f':{port}')}/{stage.database}"
        yield Releases(
            Project(folder),
            proxy,
            {
                "ANALYTICS_CLICKHOUSE_URL": through,
                "ANALYTICS_REBUILD_CHUNK": CHUNK,
                "ANALYTICS_ANSWER_TIMEOUT": "3",
            },
        )


def _write(stage: Stage, name: str, folder: Path) -> None:
    """The files of the project: one revision, and every definition of the stage."""
    (folder / "alembic.ini").write_text((ROOT / "alembic.ini").read_text())
    history = folder / "migrations_ch"
    for each in ("versions", "objects"):
        (history / each).mkdir(parents=True)
    (history / "env.py").write_text(ENV.format(store="clickhouse"))
    revision = REVISION.format(
        id="0001", below=None, up=operations(name, 2), down=operations(name, 1)
    )
    (history / "versions" / "0001_rebuild.py").write_text(revision)
    for each, versions in DEFINITIONS.items():
        for version, _ in enumerate(versions, 1):
            path = history / "objects" / f"{each}_v{version:02d}.sql"
            path.write_text(stage.text(each, version))
