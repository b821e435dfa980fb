"""Ordered, reversible schema revisions over PostgreSQL, Debezium, Kafka and ClickHouse.

Entry: `cli.main` for the command `analytics`, and `environment.run` for an env.py. Each package
says in its docstring how to read it; read `history`, `journal`, `stores`, `directive`,
`operations`, `runtime`, then `release`. pyproject.toml lists which package may import which.
"""
