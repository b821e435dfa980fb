"""The environment: the common body of all env.py files, `environment.run("postgres")`.

Arguments of the caller win over the settings: `config.attributes["connection"]`, `["engine"]` or
`["url"]`, and on the command line `-x url=...`; `-x <setting>=...` replaces any other setting.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.config import fileConfig
from pathlib import Path
from typing import Any

from alembic import context
from alembic.config import Config
from alembic.runtime.plugins import Plugin
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from analytics import settings as configuration
from analytics.directive import Resources
from analytics.errors import AnalyticsError, located
from analytics.history import names as histories
from analytics.placeholders import placeholders
from analytics.runtime import autogenerate, guard
from analytics.runtime.context import SCRIPT, Handover, Move
from analytics.settings import NAMES, Ini, Settings
from analytics.stores import STORES, connections
from analytics.stores.store import Store
from analytics.watch import Watch

Plugin.setup_plugin_from_module(autogenerate, autogenerate.PLUGIN)


def run(history: str, **options: Any) -> None:
    """Run Alembic's command on a history; `options` are passed to `context.configure`.

    Every error that a user can act on ends as Alembic's CommandError: one line, exit code not 0. A
    release gets our errors as they are.
    """
    _configure_logging(context.config)
    store = STORES[history]
    if handover := context.config.attributes.get(Handover.KEY):
        _run(store, handover, options)
        return
    try:
        ini = configuration.of_alembic(context.config.config_file_name)
        settings = configuration.load(ini, **_handed_over(store, ini))
        _run(store, Handover(settings, Watch(_say, progress=_say_progress)), options)
    except AnalyticsError as error:
        raise CommandError(located(error)) from error
    except CommandError as error:
        raise _with_remedy(error, history) from error


def _run(store: Store, handover: Handover, options: dict[str, Any]) -> None:
    store.register()
    (_offline if context.is_offline_mode() else _online)(store, handover, options)


def _configure_logging(config: Config) -> None:
    """Configure logging by the ini file, if it has loggers and the caller allows it."""
    wanted = config.attributes.get("configure_logger", True)
    if wanted and config.config_file_name and config.file_config.has_section("loggers"):
        fileConfig(config.config_file_name, disable_existing_loggers=False)


def _handed_over(store: Store, ini: Ini) -> dict[str, Any]:
    """Settings from `config.attributes` and `-x`, the store's own URL under its name."""
    arguments: dict[str, Any] = dict(context.get_x_argument(as_dictionary=True))
    attributes = context.config.attributes
    handed = attributes.get("connection") or attributes.get("engine")
    if handed is not None:
        arguments["url"] = handed.engine.url.render_as_string(hide_password=False)
    url = attributes.get("url", arguments.pop("url", None))
    unknown = sorted(arguments.keys() - {*NAMES, *ini.secrets})
    if unknown:
        raise CommandError(f"-x {unknown[0]}: no such setting; use url or a name of Settings")
    return arguments | ({store.setting: url} if url else {})


def _online(store: Store, handover: Handover, options: dict[str, Any]) -> None:
    settings, watch = handover.settings, handover.watch
    names = placeholders(settings)
    with connections.translated(store, settings), _connection(store, settings) as connection:
        store.prepare(connection.connection, settings)
        resources = Resources(store, settings, names, Path(context.script.dir), watch=watch)
        _configure(resources, options, connection=connection)
        ini = context.config.config_file_name
        move = Move(resources, context.get_context(), ini=Path(ini) if ini else None)
        guard.run(move, _run_migrations, held=handover.lock)


def _run_migrations() -> None:
    with context.begin_transaction():
        context.run_migrations()


def _say(line: str) -> None:
    print(f"analytics: {line}", file=sys.stderr)


def _say_progress(line: str, _done: int, _total: int) -> None:
    _say(line)


def _offline(store: Store, handover: Handover, options: dict[str, Any]) -> None:
    """Write the script; a placeholder stays as it is if its setting is missing."""
    settings, folder = handover.settings, Path(context.script.dir)
    names = placeholders(settings, lenient=True)
    resources = Resources(store, settings, names, folder, watch=handover.watch)
    dialect = {"dialect_name": store.dialect, "dialect_opts": SCRIPT}
    _configure(resources, options, literal_binds=True, **dialect)
    guard.register_operations()
    _run_migrations()


def _configure(resources: Resources, options: dict[str, Any], **more: Any) -> None:
    if resources.store.autogenerate_plugins:
        more["autogenerate_plugins"] = resources.store.autogenerate_plugins
    context.configure(
        transaction_per_migration=True, **more | options | {Resources.OPTION: resources}
    )


@contextmanager
def _connection(store: Store, settings: Settings) -> Iterator[Connection]:
    attributes = context.config.attributes
    if attributes.get("connection") is not None:
        yield attributes["connection"]
        return
    engine = attributes.get("engine") or create_engine(
        store.url(settings), poolclass=NullPool, connect_args=dict(store.connect_args)
    )
    with engine.connect() as connection:
        yield connection


def _with_remedy(error: CommandError, history: str) -> CommandError:
    """Alembic's own error, with a remedy where it has none."""
    if "Can't locate revision" in str(error):
        command = histories.NAMES[history].command
        return CommandError(
            f"{error}: `{command} history` lists those that have a file; if the database is at "
            f"another one, `{command} stamp --purge REVISION` records where it really is"
        )
    return error
