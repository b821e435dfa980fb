"""The engine's configuration files, written into the data folder before it starts."""

from __future__ import annotations

import uuid
from html import escape
from pathlib import Path

from analytics.local.errors import LocalStackError

FOLDER = "server"
"""Our own files inside the data folder: configuration, lock, query log, named collections."""
USERS = """\
<clickhouse>
    <profiles><default>
        <implicit_select>0</implicit_select>
        <allow_introspection_functions>0</allow_introspection_functions>
        <!-- the fast decoder aborts the process about once in a hundred files -->
        <input_format_orc_use_fast_decoder>0</input_format_orc_use_fast_decoder>
        <!-- as a scalar, NOT EXISTS with now() in its condition is answered wrongly -->
        <execute_exists_as_scalar_subquery>0</execute_exists_as_scalar_subquery>
    </default></profiles>
    <quotas><default/></quotas>
    <users><default>
        <password/>
        <networks><ip>::/0</ip></networks>
        <profile>default</profile>
        <quota>default</quota>
        <access_management>1</access_management>
        <named_collection_control>1</named_collection_control>
    </default></users>
</clickhouse>
"""
CONFIG = """\
<clickhouse>
    {extra}
    <default_database></default_database>
    <database>default</database>
    <display_name>{name}</display_name>
    <users_config>{users}</users_config>
</clickhouse>
"""


def write(root: Path, name: str, extra: str = "") -> Path:
    """Prepare the data folder; returns the configuration file for the engine."""
    folder = root / FOLDER
    _databases(root / "metadata")
    users, config = folder / "users.xml", folder / "config.xml"
    users.write_text(USERS)
    config.write_text(CONFIG.format(name=escape(name), users=escape(str(users)), extra=extra))
    return config


def extra(file: Path) -> str:
    """The elements inside `<clickhouse>` of a user's configuration file."""
    from xml.etree import ElementTree

    try:
        document = ElementTree.parse(file).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise LocalStackError(f"{file} cannot be read as XML ({error})", "correct it") from error
    if document.tag not in {"clickhouse", "yandex"}:
        raise LocalStackError(f"{file} holds <{document.tag}>", "its root must be <clickhouse>")
    return "".join(ElementTree.tostring(element, encoding="unicode") for element in document)


def _databases(metadata: Path) -> None:
    """Real databases in place of chDB's Memory and Overlay ones, which keep no table."""
    metadata.mkdir(parents=True, exist_ok=True)
    for database in ("system", "default"):
        file = metadata / f"{database}.sql"
        if not file.exists():
            file.write_text(f"ATTACH DATABASE {database} UUID '{uuid.uuid4()}' ENGINE = Atomic\n")
