"""`op.create_role` and `op.drop_role`: roles of other systems in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from analytics.directive import Directive, OperationContext
from analytics.postgres import privileges, roles
from analytics.sql.tokens import POSTGRES, scan

FOLDER = "roles"


@dataclass(frozen=True)
class CreateRole(Directive, name="create_role"):
    """`op.create_role("debezium", version=1)`

    Runs `roles/<role>_v<version>.sql` (CREATE ROLE and its grants) inside the revision's
    transaction, and gives `${<role>_role}` its password: both are in the role's line in [roles] of
    alembic.ini. The password leaves this process as a SCRAM verifier only.
    """

    role: str
    version: int

    rolls_back: ClassVar[bool] = True

    def apply(self, context: OperationContext) -> None:
        """Create it, with its password and its grants; SettingError if the password is not set."""
        name, secret = _named(context, self.role)
        password = context.resources.settings.need(secret)
        context.send(context.read(FOLDER, self.role, version=self.version))
        roles.set_password(context.connection, name, password=password)

    def needs(self, context: OperationContext) -> set[str]:
        """The role's password."""
        return {_named(context, self.role)[1]}

    def privileges(self, context: OperationContext) -> set[str]:
        """The attribute CREATEROLE, and REPLICATION to give it."""
        text = context.read(FOLDER, self.role, version=self.version)
        gives = any(token.word == "REPLICATION" for token in scan(POSTGRES, text.encode()))
        kinds = ("REPLICATION", "SUPERUSER before PostgreSQL 16") if gives else ()
        return {privileges.of(kind) for kind in ("CREATEROLE", *kinds)}

    def script(self, context: OperationContext) -> str:
        """The statements; psql asks for the password."""
        name, _ = _named(context, self.role)
        text = context.fill(context.read(FOLDER, self.role, version=self.version))
        return f"{text.rstrip()}\n-- \\password {name}"


@dataclass(frozen=True)
class DropRole(Directive, name="drop_role"):
    """`op.drop_role("debezium")`

    Revokes the grants of the role in this database, drops what it owns there, and drops the role.
    """

    role: str

    rolls_back: ClassVar[bool] = True

    def apply(self, context: OperationContext) -> None:
        """Drop it; nothing to do if there is none."""
        roles.drop(context.connection, _named(context, self.role)[0])

    def privileges(self, context: OperationContext) -> set[str]:
        """The attribute CREATEROLE, and since PostgreSQL 16 the ADMIN OPTION on it."""
        name, _ = _named(context, self.role)
        return {privileges.of("CREATEROLE"), privileges.of("ADMIN OPTION on role", name)}

    def script(self, context: OperationContext) -> str:
        """The statements."""
        return roles.drop_script(_named(context, self.role)[0])


def _named(context: OperationContext, role: str) -> tuple[str, str]:
    """The role's name in PostgreSQL, and that of its secret; DefinitionError without its line."""
    secret = context.resources.settings.ini.role(role).secret
    return context.fill(f"${{{role}_role}}"), secret
