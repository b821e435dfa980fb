"""The shop's releases killed at random moments, under load: the ends are those of undisturbed ones.

SHOP_KILLS is how many are killed; `make proof` does a hundred.
"""

import os
import random
import signal
import time

import pytest

from tests.foreign import oracle, traffic
from tests.foreign.stores import AFTER, BACK, BEFORE, FORTH, MADE
from tests.safety.releases import record

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.sampled(take=1)]

KILLS = int(os.environ.get("SHOP_KILLS", "2"))
FIRST = (KILLS + 3) // 4  # of these: kills of the first release, which makes everything
ROUNDS = 20  # in one pair of databases, so that these stay small
RATE = 40
SIGNALS = [signal.SIGKILL] * 4 + [signal.SIGTERM, signal.SIGINT]
ENDS = {0, 4, *(-each for each in SIGNALS)}
OTHER = {"upgrade": "downgrade", "downgrade": "upgrade"}

SECOND = {
    "upgrade": ["upgrade", *FORTH],
    "downgrade": ["downgrade", *BACK],
    "undo": ["downgrade"],
}
ALL = {
    "upgrade": ["upgrade", *BACK],
    "downgrade": ["downgrade", "base", "--allow-data-loss"],
    "undo": ["downgrade", "--allow-data-loss"],
}


def killed(shop, commands, verb, took):
    """Kill a command, sometimes its repetition, too, then run it or the opposite one to its end."""
    known, moments, code = releases(shop), [], None
    while code is None or (code and random.random() < 0.25):
        after, by = random.uniform(0.2, took[verb]), random.choice(SIGNALS)
        code = shop.broken(*commands[verb], after=after, by=by)
        moments.append({"after": round(after, 2), "signal": by.name, "code": code})
        assert code in ENDS, moments
    then = random.choice(list(OTHER))
    has_begun = verb == "upgrade" and releases(shop) > known
    shop.run(*commands["undo" if then == "downgrade" and has_begun else then])
    return then, moments


def releases(shop):
    """How many releases are recorded: one that is killed early enough has not begun."""
    with shop.databases.postgres() as connection:
        return connection.execute("SELECT count(*) FROM analytics_releases").fetchone()


def timed(shop, commands, verb):
    """An undisturbed run: what stands after it, and how long it took."""
    began = time.monotonic()
    shop.run(*commands[verb])
    return shop.made(), time.monotonic() - began


@pytest.mark.parametrize("first", range(0, KILLS - FIRST, ROUNDS))
def test_the_second_release_killed_under_load(first, opened):
    with traffic.open_shop(opened.databases, rate=RATE):
        ends = {verb: timed(opened, SECOND, verb) for verb in OTHER}
    took = {verb: seconds for verb, (_, seconds) in ends.items()}
    verb, messages = "upgrade", 0

    for _ in range(first, min(first + ROUNDS, KILLS - FIRST)):
        with traffic.open_shop(opened.databases, rate=RATE):
            then, moments = killed(opened, SECOND, verb, took)
        revision = (AFTER if then == "upgrade" else BEFORE)["clickhouse"]
        messages = oracle.await_equal(opened.databases, revision)
        assert opened.made() == ends[then][0], (verb, then, moments)
        assert not MADE.search(str(opened.made()["tables"]))
        record(test="killed", release="second", verb=verb, then=then, moments=moments)
        verb = OTHER[then]
    record(test="counted", messages=messages)


def test_the_first_release_killed(shop):
    nothing = shop.look()
    ends = {verb: timed(shop, ALL, verb) for verb in OTHER}
    took = {verb: seconds for verb, (_, seconds) in ends.items()}
    verb = "upgrade"

    for _ in range(FIRST):
        then, moments = killed(shop, ALL, verb, took)
        assert shop.made() == ends[then][0], (verb, then, moments)
        assert then == "upgrade" or shop.look() == nothing, (verb, then, moments)
        if (verb, then) == ("upgrade", "upgrade"):  # not of the rows that half a way back has left
            count(shop)
        record(test="killed", release="first", verb=verb, then=then, moments=moments)
        verb = OTHER[then]


def count(shop):
    """Open the shop for a while: every count is right."""
    traffic.customers(shop.databases)
    traffic.serve(shop.databases, 100)
    messages = oracle.await_equal(shop.databases, BEFORE["clickhouse"])
    record(test="counted", messages=messages)
