"""The refusals that no user can provoke at will: why, and the test that covers the place if any."""

APART = {
    "kafka/topics.py: consumer group {}: {}": (
        "the broker must answer with an error of its own while it deletes a group",
        "",
    ),
    "postgres/holders.py: a table did not come free {}, and nobody holds it any more": (
        "the holder must go between the time-out and the question who it is",
        "",
    ),
    "postgres/replication.py: replication slot {} is {}: changes are gone from the server": (
        "the server must have dropped WAL that a slot needs",
        "tests/operations/test_connector_slots.py::test_a_lost_slot_is_named_and_made_again",
    ),
    "postgres/standby.py: replication slot {} is to fail over, and PostgreSQL {} has no such "
    "slots": (
        "the server must be older than that of the local stack",
        "tests/postgres/test_privileges.py::test_a_slot_fails_over_since_17",
    ),
    "rebuild/barrier.py: ingest did not stop within {} s, {} times": (
        "an insert must be under way at each of three moments",
        "",
    ),
    "rebuild/objects.py: {} is gone": ("somebody must drop a table between two questions", ""),
    "rebuild/preflight.py: it takes about {} of disk, and {} are free": (
        "the disk of the server must be full",
        "",
    ),
    "rebuild/preflight.py: a statement may use {} of memory, and {} are free": (
        "the embedded server does not measure its free memory",
        "",
    ),
    "rebuild/preflight.py: {} is in {} parts": ("ten thousand inserts must not be merged", ""),
    "rebuild/procedure.py: ClickHouse was restarted in the meantime, and rows that it was writing "
    "may be in one table and not in the next": (
        "the server must be restarted amid a rebuild",
        "",
    ),
    "rebuild/swap.py: {} was changed by another process or user in the meantime": (
        "somebody must change a table between two steps of a rebuild",
        "tests/rebuild/test_verify.py::test_a_change_from_outside_stops_it_before_the_swap",
    ),
    "settings/value.py: there is no setting {}": (
        "the code asks for settings that there are",
        "",
    ),
}
