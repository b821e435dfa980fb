"""compose.yaml as a file: valid, pinned, reachable from this machine only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXACT_TAG = re.compile(r"[\w./-]+:v?\d+\.\d+(\.\d+)*(\.Final)?")


def schema_command(file: Path) -> list[str]:
    schema = ["--builtin-schema", "vendor.compose-spec"]
    return [sys.executable, "-m", "check_jsonschema", *schema, str(file)]


def docker_command(file: Path) -> list[str]:
    return ["docker", "compose", "--file", str(file), "config", "--quiet"]


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | variables
    return subprocess.run(command, check=False, env=environment, capture_output=True, timeout=60)


def parsers() -> list[Any]:
    """The specification's schema, and Docker's own parser where it is installed."""
    known = [pytest.param(schema_command, id="specification")]
    if shutil.which("docker") and run(["docker", "compose", "version"]).returncode == 0:
        known.append(pytest.param(docker_command, id="docker-compose"))
    return known


@pytest.mark.parametrize("command", parsers())
def test_file_is_valid(command: Any, compose_file: Path, exported: dict[str, str]) -> None:
    ran = run(command(compose_file), **exported)

    assert ran.returncode == 0, ran.stdout.decode() + ran.stderr.decode()


@pytest.mark.parametrize("command", parsers())
def test_misspelt_key_is_found(
    command: Any, compose_file: Path, exported: dict[str, str], tmp_path: Path
) -> None:
    broken = tmp_path / "compose.yaml"
    broken.write_text(compose_file.read_text().replace("healthcheck:", "healthchek:"))

    ran = run(command(broken), **exported)

    assert b"healthchek" in ran.stdout + ran.stderr
    assert ran.returncode != 0


def test_services_are_those_of_the_local_stack_and_a_kafka_ui(services: dict[str, Any]) -> None:
    assert set(services) == {"postgres", "kafka", "connect", "clickhouse", "kafka-ui"}


def test_every_image_has_an_exact_tag(services: dict[str, Any]) -> None:
    images = [service["image"] for service in services.values()]

    assert [image for image in images if not EXACT_TAG.fullmatch(image)] == []


def test_documentation_names_every_image(services: dict[str, Any], repository: Path) -> None:
    page = (repository / "docs" / "compose.md").read_text()

    assert [s["image"] for s in services.values() if s["image"] not in page] == []


def test_every_port_is_published_on_loopback_only(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service["ports"]]
    published = sorted(port.split(":")[1] for port in ports)

    assert published == ["5432", "8080", "8083", "8123", "9000", "9092"]
    assert {port.split(":")[0] for port in ports} == {"127.0.0.1"}


def test_every_service_says_when_it_is_healthy(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["healthcheck"]["test"][0] == "CMD", name


def test_services_wait_for_the_health_of_what_they_need(services: dict[str, Any]) -> None:
    needs = {name: service.get("depends_on", {}) for name, service in services.items()}

    assert set(needs["connect"]) == {"postgres", "kafka"}
    for name, needed in needs.items():
        assert set(needed) <= set(services), name
        assert all(how == {"condition": "service_healthy"} for how in needed.values()), name


def test_every_mount_is_a_declared_volume_or_a_file_that_exists(
    compose: dict[str, Any], compose_file: Path
) -> None:
    services = compose["services"].values()

    sources = [mount.split(":")[0] for service in services for mount in service.get("volumes", [])]

    assert {source for source in sources if not source.startswith(".")} == set(compose["volumes"])
    for source in filter(lambda source: source.startswith("."), sources):
        assert (compose_file.parent / source).is_file(), source


def test_no_password_is_written_into_the_file(compose_file: Path) -> None:
    passwords = re.findall(r"PASSWORD: (.*)", compose_file.read_text())

    assert len(passwords) == 3
    assert [value for value in passwords if not value.startswith("${")] == []
