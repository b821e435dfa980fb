"""The rebuild of a materialized view with everything that is fed from it, while rows keep coming.

The entry is `machine.run`. Read it with `procedure` (the steps), then what a rebuild works on:
`objects`, `graph`, `chains`, `outline`; what holds ingest: `barrier`, `holding`; each step:
`beginning`, `shadow`, `chunks`, `backfill`, `verify`, `swap`, `ending`; last the questions beside
it: `preflight`, `dry_run`, `status`. It may import `clickhouse` and the floors below it, and knows
no directive and no operation.
"""
