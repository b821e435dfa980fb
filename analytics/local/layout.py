"""The stack's folder: where data, logs, configuration, state, jars and secrets lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Paths below one root; nothing of the stack lies anywhere else."""

    root: Path
    variables: tuple[str, ...] = ()  # of the project's secrets: a password is made for each

    def data(self, service: str) -> Path:
        return self.root / "data" / service

    def log(self, service: str) -> Path:
        return self.root / "logs" / f"{service}.log"

    def config(self, name: str) -> Path:
        return self.root / "conf" / name

    def record(self, service: str) -> Path:
        return self.root / "state" / f"{service}.json"

    @property
    def ports(self) -> Path:
        return self.root / "state" / "ports.json"

    @property
    def jars(self) -> Path:
        return self.root / "jars"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def endpoints(self) -> Path:
        return self.root / "endpoints.json"

    def make(self) -> None:
        """Create the folders; those that exist keep their mode."""
        for name in ("data", "logs", "conf", "state", "jars"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.secrets.mkdir(mode=0o700, exist_ok=True)
