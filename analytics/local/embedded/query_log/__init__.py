"""system.query_log: the events of each query, without secrets, in a file and then in the table.

Entry: `history.History` over `log.QueryLog`. May import collections, engine, sql, errors.
"""
