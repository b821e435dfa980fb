"""The comparison of `alembic -n clickhouse check`: the server's objects and the history's."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import renderers
from alembic.operations.ops import UpgradeOps
from alembic.runtime.plugins import Plugin
from alembic.util import PriorityDispatchResult
from sqlalchemy import Connection

from analytics.clickhouse import catalog, label
from analytics.clickhouse.definition import COMMENTED, parse
from analytics.definitions import OBJECTS
from analytics.directive import Directive, Resources

if TYPE_CHECKING:
    from analytics.operations.object import CreateObject

PLUGIN = "analytics.runtime.autogenerate"


def setup(plugin: Plugin) -> None:
    """Register the comparison with Alembic; only the ClickHouse environment uses it."""
    plugin.add_autogenerate_comparator(_compare, "autogenerate", qualifier="clickhouse")


@renderers.dispatch_for(Directive)
def _render(_context: AutogenContext, directive: Directive) -> str:
    return directive.source()


def _compare(context: AutogenContext, upgrade: UpgradeOps) -> PriorityDispatchResult:
    from analytics.runtime import dry_run  # slow to import, and few commands compare

    migration = context.migration_context
    resources = cast(Resources, migration.opts[Resources.OPTION])
    expected = dry_run.objects(migration.opts["script"], resources)
    labels = catalog.labels(cast(Connection, context.connection).connection.dbapi_connection)
    upgrade.ops.extend(d for d in expected.values() if not _exists(d, resources, labels))
    return PriorityDispatchResult.CONTINUE


def _exists(directive: CreateObject, resources: Resources, labels: dict[str, str]) -> bool:
    text = resources.read(OBJECTS, directive.object, version=directive.version)
    definition = parse(directive.object, resources.placeholders.fill(text))
    wanted = label.of(directive.object, directive.version, text)
    if definition.kind in COMMENTED:
        return labels.get(definition.name) == wanted
    return definition.name in labels
