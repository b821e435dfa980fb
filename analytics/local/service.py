"""A service: its launch, its marks, its check and its last steps."""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from string import Template

from analytics.local.layout import Layout

Ports = Mapping[str, tuple[int, ...]]
"""Service -> the ports it listens on, the one for clients first."""

Report = Callable[[str, str], None]
"""Called with a service's name and what just happened to it."""

HOST = "127.0.0.1"


def quiet(service: str, event: str) -> None:
    """A report to nobody."""


@dataclass(frozen=True)
class Launch:
    """A command with its configuration file and what is added to its environment."""

    argv: tuple[str, ...]
    config: Path
    text: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    tuning: tuple[str, ...] = ()  # options behind argv[0] that may differ between two starts
    becomes: tuple[str, ...] = ()  # put before argv: changes the user, then becomes the command

    def fingerprint(self) -> str:
        """Differs when a running process would have to be started again."""
        compared = json.dumps([self.argv, self.text, dict(self.environment)])
        return hashlib.sha256(compared.encode()).hexdigest()

    def command(self) -> list[str]:
        return [*self.becomes, self.argv[0], *self.tuning, *self.argv[1:]]


def _nothing(layout: Layout) -> None:
    """Most services need nothing here."""


def _nothing_on_ports(layout: Layout, ports: Ports) -> None:
    """Most services need nothing here."""


def _hopeless(layout: Layout) -> bool:
    """Most services would die again."""
    return False


@dataclass(frozen=True)
class Service:
    """One service of the stack."""

    name: str
    ports: tuple[int, ...]  # those that are tried first
    launch: Callable[[Layout, Ports], Launch]
    marks: Callable[[Layout], tuple[str, ...]]  # arguments that only its process has
    check: Callable[[Ports], None]  # raises OSError until it serves
    endpoint: Callable[[Ports], dict[str, str]]  # setting -> value
    initialise: Callable[[Layout, Ports], None] = _nothing_on_ports  # before the first start
    complete: Callable[[Layout, Ports], None] = _nothing_on_ports  # once it serves
    tidy: Callable[[Layout], None] = _nothing  # before every start, when nothing of it runs
    stopped: Callable[[Layout], None] = _nothing  # after it ended by itself when asked to
    mend: Callable[[Layout], bool] = _hopeless  # after it died at its start: is a retry worth it?
    stop_signal: signal.Signals = signal.SIGTERM
    needs: tuple[str, ...] = ()
    uses_jars: bool = False
    moves: bool = True  # to another port; not if the data of other services names this one


def render(name: str, **values: str | int) -> str:
    """A file of the package's conf/ with its $placeholders filled in."""
    text = files("analytics.local").joinpath("conf", name).read_text()
    return Template(text).substitute(values)
