"""The statements that may run twice, and the proposals for the others."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.clickhouse.reruns import judge
from analytics.sql.tokens import tokens
from tests.clickhouse.statements import GUARDED, SAFE, UNSAFE

WAIVER = 'op.run_sql("{}", once=True), or reruns="why it is safe" for once=True'
WORDS = ("t", "ADD", "DROP", "UPDATE", "COLUMN", "IF EXISTS", "WHERE", *"a.,;=(){}`'")
BLANKS = st.sampled_from(
    [" ", "\n", "\t\r\n", " /* ; DROP TABLE x */ ", " -- IF EXISTS '\n", "\xa0"]
)


@pytest.mark.parametrize("text", SAFE)
def test_what_changes_nothing_more_is_safe(text):
    assert judge(text) is None


@pytest.mark.parametrize(("text", "rewritten"), GUARDED)
def test_what_lacks_a_guard_is_rewritten_with_it(text, rewritten):
    verdict = judge(text)

    assert verdict is not None
    assert "fails on the second run" in verdict.reason
    assert verdict.rewrite == rewritten
    assert judge(rewritten) is None


@pytest.mark.parametrize(("text", "reason"), UNSAFE)
def test_what_no_guard_makes_safe_is_unsafe(text, reason):
    verdict = judge(text)

    assert verdict is not None
    assert reason in verdict.reason
    assert verdict.rewrite.startswith("op.")


def test_a_rewrite_keeps_the_text_around_it():
    verdict = judge("-- first\ncreate  table/* a */`é`\n(a Int8)\nENGINE = Null; -- done")

    assert verdict is not None
    assert verdict.rewrite == (
        "-- first\ncreate  table IF NOT EXISTS/* a */`é`\n(a Int8)\nENGINE = Null; -- done"
    )


def test_replacing_a_table_is_an_object_of_ours():
    verdict = judge("CREATE OR REPLACE TABLE hits (a Int8) ENGINE = Null")

    assert verdict is not None
    assert verdict.rewrite == 'op.create_object("hits", version=N)'


def test_a_fault_without_a_guard_is_the_one_that_is_named():
    verdict = judge(text := "ALTER TABLE t ADD COLUMN a Int8, FREEZE")

    assert verdict is not None
    assert "frozen" in verdict.reason
    assert verdict.rewrite == WAIVER.format(text)


@example("ALTER TABLE t ADD COLUMN IF NOT EXISTS a Int8 ;", [" "])
@given(
    st.sampled_from([*SAFE, *(text for text, _ in (*GUARDED, *UNSAFE))]),
    st.lists(BLANKS, min_size=1),
)
def test_blanks_comments_and_case_change_no_verdict(text, blanks):
    pieces = [token.text.decode() for token in tokens(text.encode())]
    spread = "".join(piece + blanks[i % len(blanks)] for i, piece in enumerate(pieces))

    verdicts = [judge(form) for form in (text, spread, text.swapcase(), spread.swapcase())]

    assert len({verdict and verdict.reason.lower() for verdict in verdicts}) == 1


@given(st.text() | st.lists(st.sampled_from(WORDS)).map(lambda row: "ALTER TABLE " + " ".join(row)))
def test_every_text_is_judged_and_a_rewrite_is_safe(text):
    verdict = judge(text)

    assert verdict is None or verdict.rewrite.startswith("op.") or judge(verdict.rewrite) is None
