"""ClickHouse's HTTP interface over chDB: an embedded server for local use and tests."""
