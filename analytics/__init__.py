"""Ordered, reversible schema revisions over PostgreSQL, Debezium, Kafka and ClickHouse."""
