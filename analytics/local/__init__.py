"""The local stack: PostgreSQL, Kafka, Kafka Connect and ClickHouse as processes of one folder."""
