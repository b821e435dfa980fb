"""The errors of `analytics report`: each names the thing, then the remedy."""

from analytics.errors import Unreachable
from analytics.experiments.errors import NotMigrated, UnknownExperiment
from tests.local.embedded.serving import free_port


def test_an_unknown_experiment_names_existing_ones(database, run):
    done = run("funnel", "nope", "--json")

    assert isinstance(done.exception, UnknownExperiment)
    line = "nothing is known of the experiment nope: name one of: checkout"
    assert (str(done.exception), done.stdout) == (line, "")


def test_without_the_views_the_remedy_is_to_migrate(bare, run):
    done = run("funnel", "checkout")

    assert isinstance(done.exception, NotMigrated)
    assert str(done.exception).endswith("run `alembic -n clickhouse upgrade head`")


def test_with_an_older_view_the_remedy_is_to_migrate(database, run):
    database.sql("ALTER TABLE revenue_daily DROP COLUMN cumulative_revenue")

    done = run("revenue", "checkout")

    assert isinstance(done.exception, NotMigrated)
    assert "revenue_daily has no cumulative_revenue" in str(done.exception)


def test_a_server_that_does_not_answer_is_named(run, monkeypatch):
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("ANALYTICS_CLICKHOUSE_URL", f"clickhouse+http://{address}/any")

    done = run("funnel", "checkout")

    assert isinstance(done.exception, Unreachable)
    assert str(done.exception).startswith(f"ClickHouse at {address} does not answer")


def test_an_unknown_report_is_a_usage_error(run):
    done = run("weather", "checkout")

    assert done.exit_code == 2
    assert "'weather' is not one of 'performance', 'journey'" in done.stderr
