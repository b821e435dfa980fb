"""The histories as Alembic reads them, each with the resources of its directives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from analytics.directive import Resources
from analytics.errors import TargetError
from analytics.history import names, project
from analytics.journal.entry import Direction
from analytics.placeholders import placeholders
from analytics.settings import Settings, find
from analytics.stores import SOURCE, present


@dataclass(frozen=True)
class AlembicHistory:
    """A history as Alembic reads it, and the resources with which its revisions are recorded."""

    config: Config
    script: ScriptDirectory
    resources: Resources

    def function(self, revision: str, direction: Direction) -> Callable[[], None]:
        """The function of a revision that Alembic runs."""
        module = self.script.get_revision(revision).module
        function: Callable[[], None] = getattr(module, direction)
        return function

    def allowing(self, names: Iterable[str]) -> AlembicHistory:
        """The same, whose revisions may lose what tables and revisions of these names hold."""
        settings = replace(self.resources.settings, allow_data_loss=",".join(sorted(names)))
        return replace(self, resources=replace(self.resources, settings=settings))


def alembic_histories(settings: Settings) -> dict[str, AlembicHistory]:
    """The histories of the project, by name; HistoryError if its ini file names none."""
    histories, ini = {}, settings.ini.file or find()
    project.check(ini)
    for name, store in present(settings).items():
        config = Config(str(ini), ini_section=names.NAMES[name].section)
        config.set_main_option("prepend_sys_path", str(ini.parent))  # also from a folder below it
        config.attributes["configure_logger"] = False
        script = ScriptDirectory.from_config(config)
        resources = Resources(store, settings, placeholders(settings), Path(script.dir))
        histories[name] = AlembicHistory(config, script, resources)
    return histories


def of_connectors(settings: Settings) -> AlembicHistory:
    """The history to which connectors belong; TargetError if the project has not got it."""
    histories = alembic_histories(settings)
    if SOURCE.name not in histories:
        raise TargetError(
            "this project has no history of PostgreSQL, and connectors belong to one",
            "give [alembic] in alembic.ini its script_location, or use Connect's own REST API",
        )
    return histories[SOURCE.name]
