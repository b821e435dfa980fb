"""`op.create_role` and `op.drop_role`: what another system may do in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from analytics.directive import Directive, Target
from analytics.postgres import roles

FOLDER = "roles"


@dataclass(frozen=True)
class CreateRole(Directive, name="create_role"):
    """`op.create_role("debezium", version=1)`

    Runs `roles/<role>_v<version>.sql` (CREATE ROLE and its grants) inside the revision's
    transaction, and gives `${<role>_role}` the password of the setting
    `ANALYTICS_<ROLE>_ROLE_PASSWORD`, which leaves this process as a SCRAM verifier only.
    """

    role: str
    version: int

    rolls_back: ClassVar[bool] = True

    def apply(self, target: Target) -> None:
        """Create it, with its password and its grants."""
        target.send(target.read(FOLDER, self.role, version=self.version))
        password = target.bench.settings.need(f"{self.role}_role_password")
        name = target.fill(f"${{{self.role}_role}}")
        roles.set_password(target.connection, name, password=password)

    def script(self, target: Target) -> str:
        """The statements; the password is asked for by psql."""
        text = target.fill(target.read(FOLDER, self.role, version=self.version))
        name = target.fill(f"${{{self.role}_role}}")
        return f"{text.rstrip()}\n-- \\password {name}"


@dataclass(frozen=True)
class DropRole(Directive, name="drop_role"):
    """`op.drop_role("debezium")`

    Takes back what the role was granted in this database and drops it.
    """

    role: str

    rolls_back: ClassVar[bool] = True

    def apply(self, target: Target) -> None:
        """Drop it; nothing to do without it."""
        roles.drop(target.connection, target.fill(f"${{{self.role}_role}}"))

    def script(self, target: Target) -> str:
        """The statements."""
        name = target.fill(f"${{{self.role}_role}}")
        return f"DROP OWNED BY {name};\nDROP ROLE {name};"
