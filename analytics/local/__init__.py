"""The local stack: PostgreSQL, Kafka, Kafka Connect and ClickHouse as processes of one folder."""

from importlib.util import find_spec

from analytics.errors import LocalStackError

if find_spec("psutil") is None:
    raise LocalStackError("the local stack is not installed", "pip install 'analytics[local]'")
