"""Errors of a command that was asked for JSON: they are JSON, too, on stdout."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

import click

from analytics.errors import AnalyticsError


def as_asked(callback: Callable[..., Any]) -> Callable[..., Any]:
    """The function of a command, which under `--json` prints an error and exits with its code."""

    @wraps(callback)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return callback(*arguments, **options)
        except AnalyticsError as error:
            if not options.get("as_json"):
                raise
            click.echo(_machine(redacted(error)))
            click.get_current_context().exit(error.exit_code)

    return run


def redacted(error: AnalyticsError) -> AnalyticsError:
    """The error without a secret of the settings, as far as these can be loaded."""
    from analytics.cli import project  # not for --help
    from analytics.settings import redaction

    with suppress(AnalyticsError):
        return redaction.redacted(project.settings(), error)
    return error


def _machine(error: AnalyticsError) -> str:
    outcome = {
        "error": type(error).__name__,
        "reason": error.thing,
        "where": list(getattr(error, "__notes__", ())),
        "impact": list(getattr(error, "impact", ())),
        "recommendation": error.remedy,
    }
    return json.dumps(outcome, indent=2, ensure_ascii=False)
