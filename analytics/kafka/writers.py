"""The connectors that write to a topic, as their worker remembers it."""

from __future__ import annotations

from analytics.kafka.connect import Connect


def of(connect: Connect, topic: str) -> list[str]:
    """The connectors that have written to a topic and are not stopped. Raises as `Connect` does."""
    listed = connect.get("/connectors?expand=status") or {}
    states = {name: each["status"]["connector"]["state"] for name, each in listed.items()}
    running = [name for name, state in states.items() if state != "STOPPED"]
    return [name for name in running if topic in _written(connect, name)]


def _written(connect: Connect, name: str) -> list[str]:
    answer = connect.get(f"/connectors/{name}/topics") or {}
    topics: list[str] = answer.get(name, {}).get("topics", [])
    return topics
