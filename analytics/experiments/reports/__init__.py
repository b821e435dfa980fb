"""The reports of one experiment: read from ClickHouse's views, shown to people and machines."""
