"""The project that a command works on: the file that `analytics -c FILE` names, or the nearest."""

from __future__ import annotations

from pathlib import Path

import click

from analytics import settings as configuration
from analytics.settings import Ini, Settings


def file() -> Path:
    """The project's alembic.ini."""
    return configuration.find(click.get_current_context().find_root().params.get("config"))


def ini() -> Ini:
    """The names of its own that the project has there."""
    return configuration.project(file())


def settings() -> Settings:
    """The settings of the project."""
    return configuration.load(ini())
