"""ClickHouse as a store of revisions: definitions, steps, journal, versions, and its catalog.

Entry: `store.ClickHouseStore`; Alembic loads `impl`. Read `client`, `definition` (with `clauses`,
`label` and `usable`), `impl` (with `sending`, `inflight` and `mutations`), `journal` and
`version_log` first; then the judgements of statements: `statements`, `reruns` (with `rerun_rules`),
`impact` (with `types`). May import `watch`, `journal`, `definitions`, `sql`, `settings` and what
stands below them in the import contract; not PostgreSQL and not Kafka.
"""
