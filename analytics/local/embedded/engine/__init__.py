"""chDB over one folder, and what it lacks of a server: sessions, processes, data as streams.

Entry: `engine.Engine`. May import sql and errors.
"""
