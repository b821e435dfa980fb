"""`python -m analytics.local.embedded`: the command line of the embedded ClickHouse."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from analytics.errors import AnalyticsError
from analytics.local.embedded.engine import config
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.http import server

log = logging.getLogger("analytics.local.embedded")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line, parsed."""
    parser = argparse.ArgumentParser(prog="analytics.local.embedded", description=__doc__)
    parser.add_argument("--path", type=Path, required=True, help="the data folder")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--user", action="append", default=[], metavar="NAME:PASSWORD")
    parser.add_argument("--config", type=Path, help="a file with more server configuration")
    parser.add_argument("--name", default="embedded", help="the server's display name")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args(given)


def users(pairs: Sequence[str]) -> dict[str, str]:
    """Names and passwords; `default` without one unless it is among them."""
    named = dict(pair.partition(":")[::2] for pair in pairs)
    return {"default": "", **named}


def serve(options: argparse.Namespace) -> None:
    """Serve until SIGTERM or SIGINT."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    os.umask(0o077)  # the engine's metadata hold passwords
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # file('-') must not wait for a terminal
    running = server.start(
        options.path,
        users(options.user),
        address=(options.host, options.port),
        name=options.name,
        extra=config.extra(options.config) if options.config else "",
    )
    version = running.services.engine.version
    log.info("ClickHouse %s on http://%s:%s", version, *running.server_address[:2])
    ended.wait()
    server.stop(running)
    log.info("stopped")


def main() -> None:
    """Run; an error that users can act on is one line on stderr."""
    options = arguments()
    level = logging.DEBUG if options.verbose else logging.INFO
    logging.basicConfig(level=level, format="%(asctime)s %(message)s")
    try:
        serve(options)
    except (AnalyticsError, DBError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    sys.stderr.flush()
    os._exit(0)  # a thread that still waits for a client must not keep a stopped server


if __name__ == "__main__":
    main()
