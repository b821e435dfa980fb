"""PostgreSQL of several majors: programs that Maven fetches once, and a server that runs them."""

from __future__ import annotations

import hashlib
import io
import os
import platform
import random
import shutil
import socket
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from analytics.local import accounts, files
from tests.conftest import LOCAL

MAJORS = (15, 16, 17, 18)
SAMPLE = f"15,{random.choice(MAJORS[1:])}"  # since 16 another rule holds for roles
CHOSEN = tuple(map(int, os.environ.get("MAJORS", SAMPLE).split(",")))
POM = Path(__file__).with_name("pom.xml")
MACHINES = {"x86_64": "amd64", "aarch64": "arm64v8", "arm64": "arm64v8"}
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
wal_level = logical
max_wal_senders = 4
max_replication_slots = 4
shared_buffers = 16MB
fsync = off
full_page_writes = off
lc_messages = 'C'
"""


def programs(major: int) -> Path:
    """The folder of a major's programs; without a look at the network when it is there."""
    place = LOCAL / "postgres" / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = files.fresh(place)
        fresh.chmod(0o755)  # the user that PostgreSQL runs as may read it
        _fetch(fresh)
        fresh.rename(place)
    return place / str(major) / "bin"


def _fetch(folder: Path) -> None:
    shutil.copy(POM, folder / "pom.xml")
    system = f"{platform.system().lower()}-{MACHINES[platform.machine()]}"
    command = ("mvn", "-q", "-B", f"-Dplatform={system}", "-f", folder / "pom.xml")
    subprocess.run([*command, "process-resources"], check=True)
    for major in MAJORS:
        with zipfile.ZipFile(folder / "jars" / f"{major}.jar") as jar:
            name = next(each for each in jar.namelist() if each.endswith(".txz"))
            with tarfile.open(fileobj=io.BytesIO(jar.read(name)), mode="r:xz") as archive:
                archive.extraction_filter = getattr(tarfile, "data_filter", None)  # since 3.11.4
                archive.extractall(folder / str(major))
    shutil.rmtree(folder / "jars")


@contextmanager
def running(major: int, folder: Path) -> Iterator[str]:
    """The URL of a new server of that major, for its superuser; it ends with the block."""
    data, port = folder / "data", _free_port()
    data.mkdir(mode=0o700)
    accounts.own(data)
    own = accounts.becomes(programs(major), data)
    initdb = (programs(major) / "initdb", "-D", data, "-U", "postgres", "-A", "trust")
    options = ("--encoding=UTF8", "--locale=C", "--no-sync")
    subprocess.run([*own, *initdb, *options], check=True, capture_output=True)
    (data / "postgresql.conf").write_text(CONFIGURATION.format(port=port))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*own, programs(major) / "postgres", "-D", data], stderr=log)
    try:
        url = f"postgresql://postgres@127.0.0.1:{port}"
        _answers(f"{url}/postgres", server)
        yield url
    finally:
        server.terminate()  # a smart shutdown would wait for clients, so it is followed by
        server.send_signal(2)  # a fast one
        server.wait(20)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _answers(url: str, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            return psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            continue
    raise AssertionError(f"PostgreSQL has ended with {server.returncode}")
