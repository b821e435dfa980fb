"""Kafka and Kafka Connect: topics, consumer groups and connectors.

Entry: `topics.admin` for the broker, `connector.put` and `connector.remove` for Kafka Connect.
Read `topics` with `topic_settings` and `login` (a first connection), then `connect` (the client)
with `workers` (its addresses), `patience` (its retries), `unanswered` and `tls` (why no answer
came), `rules` with `validation` (what a definition must not say), `connector` with `creation`,
`health` (the gate), and `routes` with `arrivals` (where rows go, and whether they come). May import
`analytics.errors`, and what stands below it in the import contract; neither store, nor anything
above them.
"""
