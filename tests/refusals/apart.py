"""The refusals that no user can provoke at will: why, and the test that covers the place if any."""

APART = {
    "rebuild/barrier.py: ingest did not stop within {} s, {} times": (
        "an insert must be under way at each of three moments",
        "",
    ),
}
