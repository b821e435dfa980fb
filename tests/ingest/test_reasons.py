"""Reasons of rejection: the view, the remedies, the page and the malformed kinds agree."""

import re

from tests.conftest import ROOT
from tests.ingest import malformed

OBJECTS = ROOT / "migrations_ch/objects"
ROW = re.compile(r"^\| `(\w+)` \| (.+) \| (.+) \|$", re.M)
TEXT = re.compile(r"'((?:[^']|'')*)'")


def remedies():
    """Reason -> remedy, as the table has them."""
    text = (OBJECTS / "rejected_messages_v01.sql").read_text()
    reasons, remedies, _ = text.partition("transform(")[2].split("]")
    pairs = zip(TEXT.findall(reasons), TEXT.findall(remedies), strict=True)
    return {reason: remedy.replace("''", "'") for reason, remedy in pairs}


def rules():
    """The reasons that the view gives, in its order."""
    text = (OBJECTS / "rejected_messages_mv_v01.sql").read_text()
    return list(dict.fromkeys(re.findall(r"^ +\('(\w+)',", text, re.M)))


def test_each_reason_has_its_remedy():
    assert set(remedies()) == set(rules())
    assert all(remedies().values())


def test_the_page_has_each_reason_with_its_remedy():
    page = ROW.findall((ROOT / "docs/ingest.md").read_text())

    assert [reason for reason, _, _ in page] == rules()
    assert {reason: remedy for reason, _, remedy in page} == remedies()


def test_there_is_a_malformed_message_for_each_reason():
    assert {reason for reason, _ in malformed.KINDS.values()} == set(rules())
