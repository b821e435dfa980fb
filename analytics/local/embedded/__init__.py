"""ClickHouse's HTTP interface over chDB: an embedded server for local use and tests.

Entry: `__main__`. The groups, each of which may import those after it:
http, (services), query_log, collections, engine, sql, (errors).
"""
