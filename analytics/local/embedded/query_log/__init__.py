"""system.query_log."""
