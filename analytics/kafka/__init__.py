"""Kafka and Kafka Connect: topics, consumer groups and connectors.

Entry: `topics.admin` for the broker, `connector.put` and `connector.remove` for Kafka Connect.
Read `topics` with `topic_settings`, then `connect` (the client) with `workers` (its addresses),
`patience` (its retries), `unanswered` and `tls` (why no answer came), `rules` (what a definition
must not say), `connector` with `creation`, and `health` (the gate) with `traces` (what its failures
mean). May import `analytics.errors`, and what stands below it in the import contract; neither
store, nor anything above them.
"""
