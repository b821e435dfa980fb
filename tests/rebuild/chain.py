"""The definitions of a chain of three levels, each in one or two versions, and goals for it.

topic -> queue -> landing -> events -> hourly -> daily
                                 \\-> people
"""

from __future__ import annotations

from dataclasses import replace

from analytics.rebuild.outline import Goal

SELECT_HOURLY = """SELECT
    kind,
    toStartOfHour(at) AS hour,
    count()               AS messages,
    sum(value)            AS total,
    uniqExactState(person) AS people{more}
FROM events
WHERE {where}
GROUP BY
    kind,
    hour"""

HOURLY = """CREATE TABLE hourly
(
    kind     UInt8,
    hour     DateTime('UTC'),
    messages UInt64,
    total    Int64,
    people   AggregateFunction(uniqExact, UInt32){more}
)
ENGINE = SummingMergeTree
ORDER BY (kind, hour)"""

DAILY = """CREATE TABLE daily
(
    kind     UInt8,
    day      Date,
    messages UInt64,
    total    Int64,
    people   AggregateFunction(uniqExact, UInt32){more}
)
ENGINE = SummingMergeTree
ORDER BY (kind, day)"""

DAILY_MV = """CREATE MATERIALIZED VIEW daily_mv TO daily AS
SELECT
    kind,
    toDate(hour)                AS day,
    sum(messages)               AS messages,
    sum(total)                  AS total,
    uniqExactMergeState(people) AS people{more}
FROM hourly
GROUP BY
    kind,
    day"""

EVENTS_MV = """CREATE MATERIALIZED VIEW events_mv TO events AS
SELECT
    JSONExtractUInt(message, 'id')               AS id,
    toUInt8(JSONExtractUInt(message, 'kind'))    AS kind,
    toUInt32(JSONExtractUInt(message, 'person')) AS person,
    JSONExtractInt(message, 'value'){factor} AS value,
    toDateTime(JSONExtractUInt(message, 'at'), 'UTC') AS at,
    JSONExtractBool(message, 'bot')    AS bot
FROM landing"""

DEFINITIONS: dict[str, list[str]] = {
    "queue": [
        "CREATE TABLE queue (message String) ENGINE = Kafka SETTINGS "
        "kafka_broker_list = '{brokers}', kafka_topic_list = '{topic}', "
        "kafka_group_name = '{topic}', kafka_format = 'RawBLOB', kafka_num_consumers = 1, "
        "kafka_flush_interval_ms = 200, kafka_poll_timeout_ms = 200{more}".replace("{more}", more)
        for more in ("", ", kafka_max_block_size = 65536")
    ],
    "valve": ["CREATE TABLE valve (message String) ENGINE = Null"],
    "valve_mv": ["CREATE MATERIALIZED VIEW valve_mv TO valve AS SELECT message FROM queue"],
    "landing": [
        "CREATE TABLE landing (message String, partition UInt64, offset UInt64) "
        "ENGINE = MergeTree ORDER BY (partition, offset)"
    ],
    "landing_mv": [
        "CREATE MATERIALIZED VIEW landing_mv TO landing AS "
        "SELECT message, _partition AS partition, _offset AS offset FROM queue"
    ],
    "events": [
        "CREATE TABLE events (id UInt64, kind UInt8, person UInt32, value Int64, "
        "at DateTime('UTC'), bot Bool, half Int64 MATERIALIZED intDiv(value, 2)) "
        "ENGINE = MergeTree PARTITION BY kind % 3 ORDER BY (kind, id)"
    ],
    "events_mv": [EVENTS_MV.replace("{factor}", factor) for factor in ("", " * 2")],
    "people": [
        "CREATE TABLE people (person UInt32, messages UInt64) "
        "ENGINE = SummingMergeTree ORDER BY person"
    ],
    "people_mv": [
        "CREATE MATERIALIZED VIEW people_mv TO people AS "
        "SELECT person, count() AS messages FROM events GROUP BY person"
    ],
    "hourly": [
        HOURLY.replace("{more}", more)
        for more in ("", ",\n    largest  SimpleAggregateFunction(max, Int64)")
    ],
    "hourly_mv": [
        "CREATE MATERIALIZED VIEW hourly_mv TO hourly AS\n"
        + SELECT_HOURLY.replace("{more}", more).replace("{where}", where)
        for more, where in (("", "true"), (",\n    max(half) AS largest", "NOT bot OR kind = 1"))
    ],
    "daily": [
        DAILY.replace("{more}", more)
        for more in ("", ",\n    largest  SimpleAggregateFunction(max, Int64)")
    ],
    "daily_mv": [
        DAILY_MV.replace("{more}", more) for more in ("", ",\n    max(largest) AS largest")
    ],
}
"""Definition -> its versions."""

CHAIN = ("events", "events_mv", "people", "people_mv", "hourly", "hourly_mv", "daily", "daily_mv")
GOALS = {
    "hourly": Goal("hourly_mv", {"hourly_mv": 2, "hourly": 2}),
    "both": Goal("hourly_mv", {"hourly_mv": 2, "hourly": 2, "daily": 2, "daily_mv": 2}),
    "events": Goal("events_mv", {"events_mv": 2}),
}


def back(goal: Goal) -> Goal:
    """The way back from a goal."""
    return replace(goal, versions=dict.fromkeys(goal.versions, 1))
