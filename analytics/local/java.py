"""The Java of the stack: found, checked, and told to start quickly and stay small."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from analytics.local import jars
from analytics.local.errors import LocalStackError
from analytics.local.layout import Layout

OLDEST = 17
REMEDY = f"install Java {OLDEST} or newer (apt-get install openjdk-17-jre-headless)"
FLAGS = (
    *("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
    "-XX:-CreateCoredumpOnCrash",
    *("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"),  # a bad archive: go on without
)


@cache
def find() -> tuple[str, str]:
    """Path and version of Java, JAVA_HOME first; LocalStackError when missing or too old."""
    home = os.environ.get("JAVA_HOME")
    path = shutil.which("java", path=f"{home}/bin" if home else None)
    if path is None:
        raise LocalStackError("Java is not installed", REMEDY)
    shown = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "((\d+)[^"]*)"', shown)
    if version is None or int(version[2]) < OLDEST:
        raise LocalStackError(f"{path} is version {version[1] if version else 'unknown'}", REMEDY)
    return path, version[1]


def command(layout: Layout, *main: str) -> tuple[str, ...]:
    """The command line of a class with its arguments."""
    log4j, crash = layout.config("log4j2.properties"), layout.log("java-crash")
    classes = jars.folder(layout) / "lib" / "*"
    files = (f"-XX:ErrorFile={crash}", f"-Dlog4j2.configurationFile={log4j}")
    return (find()[0], *FLAGS, *files, "-cp", str(classes), *main)


def archive(layout: Layout, service: str) -> tuple[str, ...]:
    """The option to use the class archive (AppCDS), or to write one at the end."""
    ready = _archive(layout, service)
    if ready.exists():
        return (f"-XX:SharedArchiveFile={ready}",)
    return (f"-XX:ArchiveClassesAtExit={_unproven(ready)}",)


def discard_archive(layout: Layout, service: str) -> None:
    """Forget what a process left that did not end by itself: it may be half an archive."""
    _unproven(_archive(layout, service)).unlink(missing_ok=True)


def keep_archive(layout: Layout, service: str) -> None:
    """Use from now on what a process wrote that ended by itself."""
    ready = _archive(layout, service)
    if _unproven(ready).exists():
        _unproven(ready).replace(ready)


def drop_archive(layout: Layout, service: str) -> bool:
    """Forget the archive of a process that died at its start; false when there was none."""
    ready = _archive(layout, service)
    found = ready.exists()
    ready.unlink(missing_ok=True)
    return found


def _archive(layout: Layout, service: str) -> Path:
    return jars.folder(layout) / f"{service}-java-{find()[1]}.jsa"


def _unproven(ready: Path) -> Path:
    return ready.with_suffix(".new")
