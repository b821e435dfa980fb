"""Broker, worker and Debezium as jars: fetched once by Maven, from one pinned pom."""

from __future__ import annotations

import hashlib
import shutil
from importlib import resources
from pathlib import Path

from analytics.local import files
from analytics.local.errors import LocalStackError
from analytics.local.layout import Layout
from analytics.local.programs import run
from analytics.local.service import Report

STAMP = "stamp"  # written last: a folder without it is a half-finished download


def folder(layout: Layout) -> Path:
    """Where the jars of this pom lie; another pom has another folder."""
    return (layout.jars / hashlib.sha256(_pom()).hexdigest()[:12]).resolve()


def installed(layout: Layout) -> bool:
    return (folder(layout) / STAMP).exists()


def install(layout: Layout, report: Report) -> bool:
    """Fetch the jars; false, without a look at Maven or the network, when they are there."""
    if installed(layout):
        return False
    mvn = shutil.which("mvn")
    if mvn is None:
        raise LocalStackError("Maven is not installed", "install it (apt-get install maven)")
    report("jars", "Maven fetches Kafka, Connect and Debezium (60 MB, once) ...")
    fresh = files.fresh(folder(layout))
    fresh.chmod(0o755)  # no secret: other users of this machine may share it
    (fresh / "pom.xml").write_bytes(_pom())
    _fetch(mvn, fresh, log=layout.log("jars"))
    (fresh / STAMP).touch()
    fresh.rename(folder(layout))
    report("jars", "fetched")
    return True


def prune(layout: Layout) -> None:
    """Remove the jars of other poms; nothing may run from them."""
    for other in layout.jars.iterdir():
        if other.resolve() != folder(layout):
            shutil.rmtree(other, ignore_errors=True)


def _fetch(mvn: str, fresh: Path, *, log: Path) -> None:
    run(
        (mvn, "-q", "-B", "-Dstyle.color=never", "-f", str(fresh / "pom.xml"), "process-resources"),
        "Maven",
        log=log,
        remedy=f"check the network and Maven's settings.xml, then repeat; read {log}",
    )


def _pom() -> bytes:
    return resources.files("analytics.local").joinpath("conf", "pom.xml").read_bytes()
