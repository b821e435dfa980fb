"""Kafka and Kafka Connect: topics, consumer groups and connectors.

Entry: `topics.admin` for the broker, `connector.put` and `connector.remove` for Kafka Connect.
Read `topics` first, then `connect` (the client) with `patience` (its retries), `health` (the
state of a connector) and `connector`. May import `analytics.errors`, and what stands below it in
the import contract; neither store, nor anything above them.
"""
