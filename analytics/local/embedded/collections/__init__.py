"""Named collections, which the engine cannot keep: their statements, their file, their use.

Entry: `registry.NamedCollections` keeps, `expansion.expand` uses. May import engine, sql, errors.
"""
