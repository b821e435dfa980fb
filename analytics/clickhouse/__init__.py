"""ClickHouse: Alembic's implementation for the dialect, definitions as statements, catalog."""
