"""A release: the histories of both stores moved in one order, under one lock.

Entry: `run` (plan, run, write); `status`, `repair` and `rebuilds` answer what a user asks beside
it. Read `plan` (a value) and `plan_file`, `histories`, `preview` (what each revision would do),
`planner` (which revisions), `losses` and `needs` (what stops it), `runner` (Alembic on one
history), then `run`, and `rehearsal` (a plan on private stores). It imports `runtime`,
`operations`, `rebuild`, `stores` and all below them; only `cli` and the demo import it.
"""
