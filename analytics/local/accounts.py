"""The system user that PostgreSQL runs as: it refuses root, so root lends it one."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable
from pathlib import Path

from analytics.local.errors import LocalStackError

ACCOUNT = "analytics-postgres"
PASS_CLOSED_FOLDERS = ("dac_read_search", "dac_override")  # the weaker capability first


def own(path: Path) -> None:
    """Give a file or folder to the user that PostgreSQL runs as."""
    if os.geteuid() == 0:
        account = _account()
        os.chown(path, account.pw_uid, account.pw_gid)


def becomes(*paths: Path) -> tuple[str, ...]:
    """The start of a command line that changes to that user; nothing for an ordinary user.

    Where one of `paths` lies below a folder closed to that user (a project in /root), it keeps
    the capability to pass closed folders; `no_setuid_fixup` makes access(2) honour that.
    """
    if os.geteuid() != 0:
        return ()
    account = _account()
    user = ("setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups")
    if not _any_closed(paths):
        return user
    keep = f"+{_capability()}"
    return (
        *user,
        *(f"--inh-caps=-all,{keep}", f"--ambient-caps=-all,{keep}", f"--bounding-set=-all,{keep}"),
        "--securebits=+no_setuid_fixup",
    )


def _account() -> pwd.struct_passwd:
    """The system user, created when it is missing."""
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        _create()
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise LocalStackError(
            f"the system user {ACCOUNT} cannot be created",
            f"create it (useradd --system {ACCOUNT}) or run as an ordinary user",
        ) from None


def _create() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        command = (useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin")
        subprocess.run([*command, ACCOUNT], capture_output=True, check=False)


def _any_closed(paths: Iterable[Path]) -> bool:
    folders = {folder for path in paths for folder in (path, *path.parents)} - set(paths)
    return any(not folder.stat().st_mode & stat.S_IXOTH for folder in folders if folder.exists())


def _capability() -> str:
    """What root itself has of the capabilities that would do (containers take some away)."""
    has = int(_status_field("CapPrm"), 16)
    numbers = {"dac_override": 1, "dac_read_search": 2}
    for name in PASS_CLOSED_FOLDERS:
        if has >> numbers[name] & 1:
            return name
    raise LocalStackError(
        "PostgreSQL cannot reach its folder, which is closed to its user",
        "set ANALYTICS_LOCAL_DIR to a folder that all users can pass",
    )


def _status_field(name: str) -> str:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
