"""The histories as files: no server, no Alembic, no SQLAlchemy.

Entry: `project.read`, both histories of a project; `selection`, the revisions that a command moves.
Read `revision` (one file), `graph` (one history), `targets` (what a target selects in it), `order`
(one order over both histories), `selection`, then `project` and `names`. It imports `settings` and
`errors` only.
"""
