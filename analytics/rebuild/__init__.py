"""The rebuild of a materialized view with everything that is fed from it, while rows keep coming.

The entry is `machine.run`. Read it and `procedure` (the steps) first; then `objects`, `graph`,
`chains`, `outline`; `barrier`, `holding`; the steps `beginning`, `shadow`, `backfill`, `verify`,
`swap`, `ending`; last the questions `preflight`, `dry_run`, `status`. It may import `clickhouse`
and the floors below it; it knows no directive and no operation.
"""
