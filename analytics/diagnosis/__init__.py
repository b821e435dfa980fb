"""The known errors of servers and connectors: their meaning, and what to do about them.

Entry: `known()`, which finds an error by its text. Read `known` (one of them), then the tables:
`postgres`, `connect`, `kafka`, `clickhouse`. It imports nothing of ours and no driver.
"""

from __future__ import annotations

import re

from analytics.diagnosis import clickhouse, connect, kafka, postgres
from analytics.diagnosis.known import Known

TABLES = {  # the most general words last
    "PostgreSQL": postgres.KNOWN,
    "Kafka": kafka.KNOWN,
    "ClickHouse": clickhouse.KNOWN,
    "Connect": connect.KNOWN,
}


def known(text: str) -> Known | None:
    """The error that a server's text, or a stack trace, is; None for one that is not known.

    The innermost cause of a trace counts before the others.
    """
    each = [known for table in TABLES.values() for known in table]
    causes = [text[found.start() :] for found in re.finditer("Caused by", text)]
    for part in (*reversed(causes), text):
        if match := next((one for one in each if re.search(one.pattern, part)), None):
            return match
    return None
