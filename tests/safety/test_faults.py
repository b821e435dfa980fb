"""A release that breaks at any message, in any way: the same command again ends as undisturbed."""

import os
import random
import re
import threading
from functools import partial

import pytest

import analytics.operations  # noqa: F401  (registers them)
from analytics.directive import Directive
from analytics.local import stack as local_stack
from tests.local.commands import kill
from tests.pipeline import catalog
from tests.safety import project as projects
from tests.safety.releases import COMMANDS, SAMPLE, Release, both_ways, record, undisturbed

pytestmark = pytest.mark.services
sampled = pytest.mark.sampled(take=5)

ROUNDS = int(os.environ.get("ROUNDS", "1"))
stores = pytest.mark.parametrize("store", ["postgres", "clickhouse"])
ROWS = "SELECT count() FROM visits"
INSERT = rb"(?:\A|\r\n\r\n)INSERT INTO visits SELECT"


@pytest.fixture
def look(databases, stack):
    """Catalogs, versions and rows of both stores, topics, groups and connectors."""

    def there():
        postgres = catalog.postgres(databases, stack)
        clickhouse = catalog.clickhouse(databases, stack)
        if "ENGINE = Kafka" in str(clickhouse["tables"]):
            del clickhouse["groups"]  # its table joins it when it pleases
        with databases.postgres() as connection:
            versions = sorted(connection.execute("SELECT version_num FROM alembic_version"))
            invalid = list(connection.execute("SELECT 1 FROM pg_index WHERE NOT indisvalid"))
            people = "('people'," in str(postgres["relations"]) and list(
                connection.execute("SELECT count(*), sum(id) FROM people")
            )
        versions += databases.clickhouse("SELECT version_num FROM alembic_version")
        visits = "'visits\\t" in str(clickhouse["tables"]) and databases.clickhouse(
            "SELECT count(), sum(n) FROM visits"
        )
        return postgres, clickhouse, versions, invalid, people, visits

    return there


@pytest.fixture
def small(project, look, proxied):
    """The small project, whose releases go through the proxy."""
    _, through = proxied
    return Release(project, look, through)


@sampled
@stores
def test_the_same_command_again_ends_as_undisturbed(small, proxied, store):
    again(small, proxied[0], store)


def again(release, proxy, server):
    """Break it on both ways, each time at another message: the same command again mends it."""
    ends, messages = undisturbed(release, proxy)
    for verb, fault in both_ways(messages):
        code = release.broken(verb, fault, proxy) if fault else 0
        said = release.run(verb)
        assert release.look() == ends[verb], f"{verb}, {fault} of {messages}: {said}"
        record(test="same", server=server, verb=verb, fault=fault, code=code)


@sampled
@stores
def test_the_other_command_after_a_half_ends_as_undisturbed(small, proxied, store):
    proxy, _ = proxied
    ends, messages = undisturbed(small, proxy)

    for verb, fault in both_ways(messages):
        back = "upgrade" if verb == "downgrade" else "downgrade"
        code = small.broken(verb, fault, proxy) if fault else 0
        said = small.run(back)
        assert small.look() == ends[back], f"{verb}, {fault} of {messages}: {said}"
        record(test="other", server=store, verb=verb, fault=fault, code=code)
        small.run(verb)


@pytest.mark.parametrize("store", ["postgres"])
@pytest.mark.parametrize(
    ("verb", "text", "then"),
    [
        ("upgrade", b"INSERT INTO people", "upgrade"),
        ("downgrade", b"DROP PUBLICATION", "downgrade"),
        ("downgrade", b"DROP PUBLICATION", "upgrade"),
    ],
)
def test_what_a_rollback_has_undone_is_not_taken_for_done(small, proxied, verb, text, then):
    proxy, _ = proxied
    ends, _ = undisturbed(small, proxy)
    if verb == "downgrade":
        small.run("upgrade")

    assert small.broken(verb, (text, "kill after"), proxy) == -9
    small.run(then)

    assert small.look() == ends[then]


@sampled
@stores
@pytest.mark.parametrize("verb", COMMANDS)
def test_a_server_that_dies_meanwhile_and_comes_back(small, proxied, store, verb, databases):
    proxy, _ = proxied
    ends, messages = undisturbed(small, proxy)
    if verb == "downgrade":
        small.run("upgrade")

    for _ in range(min(SAMPLE, 5) or 20):
        process = small.start(verb)
        died = threading.Event()
        at = random.randint(1, messages[verb])
        proxy.arm(at, "before", lambda died=died: (kill(store), died.set()))
        process.communicate(timeout=180)
        if proxy.seen >= at:
            assert died.wait(timeout=60)
            local_stack.up()
        proxy.arm(-1, "", lambda: None)
        said = small.run_and_answer(verb, rows=partial(databases.clickhouse, ROWS))
        assert small.look() == ends[verb], f"{verb}, server died at {at} of {messages}: {said}"
        record(test="restart", server=store, verb=verb, fault=[at, "restart"], code=0)
        small.run("upgrade" if verb == "downgrade" else "downgrade")


def test_without_the_journal_a_row_is_doubled(small, proxied, databases):
    proxy, _ = proxied
    small.environment["ANALYTICS_GUARDED"] = "false"
    process = small.project.start("clickhouse", "upgrade", **small.environment)
    proxy.arm(INSERT, "after", process.kill)
    process.communicate(timeout=60)

    code, _ = small.project.run("clickhouse", "upgrade", **small.environment)

    assert (code, databases.clickhouse("SELECT count() FROM visits")) == (0, [["2000"]])


@sampled
def test_eight_at_once_of_which_one_is_killed(project, look, databases):
    release = Release(project, look)
    release.run("upgrade")
    end = look()
    release.run("downgrade")

    for _ in range(ROUNDS):
        processes = [release.start("upgrade") for _ in range(8)]
        victim = random.choice(processes)
        timer = threading.Timer(random.uniform(0.5, 4), victim.kill)
        timer.start()
        outputs = [process.communicate(timeout=180)[1] for process in processes]
        timer.cancel()
        codes = [process.returncode for process in processes if process is not victim]
        assert codes == [0] * 7, outputs
        assert victim.returncode in (0, -9)
        assert look() == end
        record(test="eight", server="both", verb="upgrade", fault=None, code=victim.returncode)
        release.run("downgrade")


@pytest.fixture
def pipeline(look, tmp_path):
    """The product's own histories and all other operations, with the real Kafka and Connect."""
    return Release(projects.with_every_operation(tmp_path / "pipeline"), look)


def test_every_operation_is_among_those_that_are_broken(tmp_path, project):
    """A new one is registered with `Directive`, and missing here until it is in a history."""
    written = projects.with_every_operation(tmp_path / "pipeline").folder
    texts = [path.read_text() for place in (written, project.folder) for path in revisions(place)]

    used = {name for text in texts for name in re.findall(r"op\.(\w+)\(", text)}
    assert {each.name for each in registered(Directive)} - used == set()


def revisions(folder):
    return folder.glob("migrations*/versions/*.py")


def registered(kind):
    for each in kind.__subclasses__():
        yield each
        yield from registered(each)


def killed_at_lines(pipeline, _proxied):
    """Killed after any line that the journal has written."""
    ends, lines = {}, {}
    for verb in COMMANDS:
        lines[verb] = pipeline.run(verb).count("\n")
        ends[verb] = pipeline.look()

    for number in range(SAMPLE or max(lines.values())):
        for verb in COMMANDS:
            at = random.randint(1, lines[verb]) if SAMPLE else number
            process = pipeline.start(verb)
            for _, _ in zip(range(at), process.stderr, strict=False):
                pass
            process.kill()
            process.communicate(timeout=60)
            said = pipeline.run(verb)
            assert pipeline.look() == ends[verb], f"{verb}, killed after line {at}: {said}"
            record(test="pipeline", server="all", verb=verb, fault=[at, "kill"], code=-9)


def broken_at_connect(pipeline, proxied):
    """Broken at any message to Kafka Connect."""
    proxy, pipeline.environment = proxied
    again(pipeline, proxy, "connect")


WAYS = (killed_at_lines, broken_at_connect)


@pytest.mark.parametrize("store", ["connect"])
@pytest.mark.parametrize(
    "way", random.sample(WAYS, 1) if SAMPLE else WAYS, ids=lambda w: w.__name__
)
@sampled
def test_the_pipeline_broken_anywhere(pipeline, proxied, store, way):
    way(pipeline, proxied)
