"""The common part of every `op.*` of ours: registration, journal, preview and `--sql`.

Entry: `Directive`, of which each operation is a subclass. Read `directive`, then `context` (the
store, as an operation sees it), then `resources` (what `analytics.environment` prepares for it).
It imports Alembic, `stores.store` and what lies below; no operation and no rebuild.
"""

from analytics.directive.context import OperationContext
from analytics.directive.directive import Directive
from analytics.directive.resources import Resources

__all__ = ["Directive", "OperationContext", "Resources"]
