"""The stack traces that no restart cures: what each means, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A pattern of a trace with its meaning and its remedy."""

    pattern: str
    meaning: str
    remedy: str


KNOWN = (
    Known(
        r"no longer available on the server",
        "its offsets are behind its slot, or of another one",
        "PUT stop, DELETE offsets, PUT resume at Connect: the slot knows the position; or "
        "create the slot again and send the missing rows again",
    ),
    Known(
        r"password authentication failed|no password was provided",
        "PostgreSQL refuses its user",
        "correct the password that the worker fills in",
    ),
    Known(
        r"must be superuser or replication role|permission denied to (?:start WAL sender|use rep)",
        "its role may not read a slot",
        "ALTER ROLE ... REPLICATION",
    ),
    Known(
        r"permission denied for (?:table|schema|relation)",
        "its role lacks a grant",
        "GRANT what is named to its role",
    ),
    Known(
        r"replication slot \S+ does not exist",
        "its slot is gone",
        "create it in a revision: op.create_replication_slot(), and send missing rows again",
    ),
    Known(
        r"publication \S+ does not exist",
        "its publication is gone",
        "create it in a revision: op.create_publication()",
    ),
    Known(
        r"can no longer (?:get changes|be accessed)|has been invalidated",
        "its slot is lost",
        "drop it, create it again, and send the rows again that were written since",
    ),
    Known(
        r"ClassNotFoundException|Unable to find .*(?:snapshotter|class)|could not be found",
        "the worker lacks a class that it names",
        "correct the class, or install the plug-in at the worker",
    ),
    Known(
        r"ConfigException|Invalid value",
        "a value of its definition is not accepted",
        "correct the value that is named",
    ),
    Known(
        r"RecordTooLargeException|larger than the maximum",
        "a message is larger than the topic or the producer takes",
        "raise max.message.bytes of the topic and producer.override.max.request.size",
    ),
    Known(
        r"(?:Topic|Cluster|Group)AuthorizationException|SaslAuthenticationException",
        "Kafka refuses it",
        "grant it what is named, or correct its credentials",
    ),
)


def known(trace: str) -> Known | None:
    """What a trace means, if no restart cures it."""
    return next((each for each in KNOWN if re.search(each.pattern, trace)), None)
