"""The rebuild of a materialized view with everything that is fed from it, while rows keep coming.

The entry is `machine.run`. Read it and `procedure` (the steps) first; then `objects`, `graph` with
`owned`, `chains`, `outline` with `refusals`; `barrier`, `holding`; the steps `beginning`, `shadow`,
`losses` with `kept`, `backfill`, `catchup`, `verify`, `swap`, `ending`; how rows are compared:
`comparison`, `question`, `mismatch`, `merged`, `equality`; last the questions `preflight`,
`dry_run`, `outlook`, `status`. It may import `clickhouse` and the floors below it; it knows no
directive and no operation.
"""
