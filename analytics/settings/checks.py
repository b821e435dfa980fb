"""The checks of alembic.ini's own sections, before anything uses them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analytics.errors import SettingError
from analytics.settings import redaction
from analytics.settings.ini import COMPUTED, PLACEHOLDER, Ini
from analytics.settings.value import NAMES, SECRET_SETTINGS, typed, variable

NAME = r"[a-z][a-z0-9_]*"


def check(ini: Ini) -> None:
    """SettingError for the first fault."""
    _check_names(ini)
    _check_clashes(ini)
    for role, each in ini.roles.items():
        if each.secret not in ini.secrets:
            raise SettingError(
                f"{role} in {ini.section('roles')} has the password {each.secret}, "
                "which is no secret",
                f"add {each.secret} = env:VARIABLE to [secrets], or name another one",
            )
    _check_references(ini)
    for name, text in ini.settings.items():
        _check_setting(ini, name, text)


def _check_names(ini: Ini) -> None:
    for section, names in _names(ini).items():
        for name in names:
            if not re.fullmatch(NAME, name):
                raise SettingError(
                    f"{name} in {ini.section(section)} is no name",
                    "write a lower case letter, then lower case letters, digits and underscores",
                )


def _check_clashes(ini: Ini) -> None:
    """A name that has two meanings; secrets share the names of settings, too, since -x has both."""
    taken = dict.fromkeys(COMPUTED, "is computed from the settings")
    for section, names in _names(ini).items():
        for name in (f"{each}_role" if section == "roles" else each for each in names):
            if section == "secrets" and name in NAMES:
                taken.setdefault(name, "is a setting")
            if name in taken:
                raise SettingError(
                    f"{name} of {ini.section(section)} {taken[name]}, too",
                    "give it another name, and use that in definitions and revisions",
                )
            taken[name] = f"is in [{section}]"


def _names(ini: Ini) -> dict[str, Mapping[str, object]]:
    return {"placeholders": ini.placeholders, "secrets": ini.secrets, "roles": ini.roles}


def _check_references(ini: Ini) -> None:
    """Placeholders in placeholders: each must exist, and none leads back to itself."""
    texts = ini.texts
    known = {*COMPUTED, *ini.placeholders, *ini.secrets, *texts}
    for name, text in texts.items():
        for used in PLACEHOLDER.findall(text):
            if used not in known:
                raise SettingError(
                    f"{name} in {ini.file} uses ${{{used}}}, which is no placeholder",
                    f"add it to [placeholders], or use one of: {', '.join(sorted(known))}",
                )
    for name in texts:
        _follow(ini, texts, (name,))


def _follow(ini: Ini, texts: Mapping[str, str], path: tuple[str, ...]) -> None:
    for used in dict.fromkeys(PLACEHOLDER.findall(texts.get(path[-1], ""))):
        if used in path:
            circle = " -> ".join((*path[path.index(used) :], used))
            raise SettingError(
                f"placeholders in {ini.file} use each other in a circle: {circle}",
                "write one of them without the others",
            )
        _follow(ini, texts, (*path, used))


def _check_setting(ini: Ini, name: str, text: str) -> None:
    place = ini.section("settings")
    if name not in NAMES:
        raise SettingError(
            f"{name} in {place} is no setting",
            f"write one of: {', '.join(sorted({*NAMES} - {*SECRET_SETTINGS}))}",
        )
    if name in SECRET_SETTINGS or redaction.has_password(text):
        raise SettingError(
            f"{name} in {place} holds a secret",
            f"remove it there, and export {variable(name)}, or put it into the file "
            f"{variable(name).lower()} of ANALYTICS_SECRETS_DIR",
        )
    typed(name, text, shown=f"{name} in {place}")
