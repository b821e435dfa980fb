"""One history inside Alembic: a command runs under the lock, with a journal, and goes on later.

Entry: `guard.run`, which `analytics.environment` calls. Read `context` (the command and what it
works with), `guard`, `checks` (before the first statement), `resume` (around each revision), then
`dry_run` (the steps of a revision, without a server) and `autogenerate` (`alembic check`). It moves
one store at a time (`checks` asks the others for their heads), and imports `operations`, `stores`
and all below them; no `release`.
"""
