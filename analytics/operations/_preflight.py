"""The look at all that a connector needs, before anything of a running one is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analytics.directive import OperationContext
from analytics.errors import Refused
from analytics.kafka import connect as worker
from analytics.kafka import connector as connectors
from analytics.kafka import remarks, rules, validation
from analytics.kafka.connect import Config
from analytics.operations.gate import continuity
from analytics.postgres import included, slots, source
from analytics.settings import brokers

if TYPE_CHECKING:
    from analytics.operations.gate.canary import Canary


def check(
    context: OperationContext, config: Config, former: Config | None, *, slot: str | None = None
) -> None:
    """Refused for what would not work or lose rows; nothing is stopped or sent for it.

    `former` is the connector whose reader may read the slot meanwhile. `slot` is looked at in
    place of the config's own, which will be made from it. What the definition leaves out on
    purpose is said. Raises as `Connect` does, too.
    """
    connect = worker.of(context.resources.settings)
    own = connectors.config_of(connect, config["name"])
    rules.check(config, own, context.resources.placeholders.hidden)
    rules.check_alone(connect, config)
    source.check(context.connection, config | {"slot.name": slot or config["slot.name"]}, former)
    if former is not None:
        continuity.check(context.connection, connect, former)
    said = list(remarks.of(config, own))
    if left_out := source.left_out(context.connection, config):
        said.append(f"publication {config['publication.name']} leaves out {left_out}")
    if slots.is_older(context.connection, config["slot.name"], config["publication.name"]):
        said.append(
            f"publication {config['publication.name']} was created or altered after what its slot "
            "has still to read: rows that were written without it are lost"
        )
    _say(context, config, said)
    validation.validate(connect, config)


def check_topics(context: OperationContext, config: Config, canaries: list[Canary]) -> None:
    """Refused if a topic that it will write to is not there, and nobody makes it by itself.

    Without an address of the broker nothing is known, and that is said.
    """
    from analytics.kafka import routes, topics  # slow to import

    servers = context.resources.settings.kafka_bootstrap_servers
    if servers is None and not canaries:
        unknown = "ANALYTICS_KAFKA_BOOTSTRAP_SERVERS is not set: whether its topics are there is"
        return _say(context, config, [f"{unknown} not known"])
    tables = included.read_tables(context.connection, config)
    wanted = [*routes.topics_of(tables, config), *(each.topic for each in canaries)]
    said = list(remarks.of_ways(tables, config, " ".join(each.sql for each in canaries)))
    with topics.admin(brokers.of(context.resources.settings)) as client:
        missing = routes.missing(client, wanted, config)
        said += remarks.of_topics(client, routes.of_rows(tables, config))
    if missing:
        raise Refused(
            f"connector {config['name']} would write to {', '.join(missing)}: there is no such "
            "topic, and the broker makes none by itself",
            "create it in an earlier revision: "
            + "; ".join(f'op.create_topic("{topic}")' for topic in missing),
        )
    _say(context, config, said)


def _say(context: OperationContext, config: Config, lines: Iterable[str]) -> None:
    for line in lines:
        context.resources.watch.say(f"connector {config['name']}: {line}")
