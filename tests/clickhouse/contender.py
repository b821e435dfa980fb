"""A process that takes the lease again and again, and writes its number as long as it has it."""

import sys
import time

from analytics.clickhouse import client, lease
from analytics.errors import LockLost
from analytics.settings import Settings
from analytics.watch import Watch

ADDED = "INSERT INTO work (lease, who) SELECT {lease}, '{who}'"
WORK = 0.5  # seconds of each turn


def main(url: str, who: str) -> None:
    """Work in turns, until it is killed."""
    settings = Settings(clickhouse_url=url, lease_timeout=1, lock_timeout=600)
    while True:
        try:
            _turn(settings, who)
        except LockLost:
            print("lost", flush=True)


def _turn(settings: Settings, who: str) -> None:
    url = lease.sqlalchemy_url(settings)
    with (
        lease.held(settings, purpose=who, watch=Watch()) as held,
        client.opened(url, timeout=60) as driver,
    ):
        held.fence(driver)
        until = time.monotonic() + WORK
        while time.monotonic() < until:
            client.send(driver, ADDED.format(lease=held.table.number, who=who))
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
