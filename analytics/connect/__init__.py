"""Kafka Connect: its REST API, and connectors as definitions."""
