"""The local stack: PostgreSQL, Kafka, Kafka Connect and ClickHouse as processes of one folder.

Entry: `stack` (up, status, down, reset). Read `service` and `services`, then `starting` with
`launching` and `waiting`, `stopping`, `processes` with `records`, `health`; each service has a
module of its name, and `embedded` is the ClickHouse server. It may import all of the package but
`analytics.cli` and `analytics.experiments`; only `analytics.cli` may import it.
"""
