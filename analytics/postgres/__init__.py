"""PostgreSQL as a store of revisions, and the home of the lock and the record of releases.

Entry: `store.PostgresStore`; Alembic loads `impl`. Read `lock` with `holders`, `sessions`,
`releases` and `journal`, then `impl` (with `concurrently`, `commits` and `patience`), then the
objects that operations change (`replication`, `roles`), what a connector reads (`source`,
`published`, `reader`, `slots`), then `statements` with `impact` and `types`, and what a role may do
(`privileges`, `denied`). May import `watch`, `journal`, `sql`, `settings` and what stands below
them in the import contract; not ClickHouse and not Kafka.
"""
