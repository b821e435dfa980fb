"""The statement that gives what a server has asked for; the messages are ClickHouse's own."""

import pytest

from analytics.clickhouse import denied

MESSAGE = (
    "Code: 497. DB::Exception: {}: Not enough privileges. To execute this query, "
    "it's necessary to have the grant {}. (ACCESS_DENIED) (version 25.8.2.1 (official build))"
)


@pytest.mark.parametrize(
    ("asked", "gives"),
    [
        ("DROP TABLE ON shop.x", "GRANT DROP TABLE ON shop.x TO anna"),
        ("INSERT(a, b) ON shop.x", "GRANT INSERT(a, b) ON shop.x TO anna"),
        (
            "SELECT, INSERT ON shop.x. (Missing permissions: INSERT ON shop.x)",
            "GRANT INSERT ON shop.x TO anna",
        ),
        (
            "TABLE ENGINE ON Kafka. (Missing permissions: USAGE ON *.*)",
            "GRANT TABLE ENGINE ON Kafka TO anna; GRANT KAFKA ON *.* TO anna",
        ),
        ("TABLE ENGINE ON Log", "GRANT TABLE ENGINE ON Log TO anna"),
        (
            "SELECT ON shop.x WITH GRANT OPTION",
            "GRANT SELECT ON shop.x TO anna WITH GRANT OPTION",
        ),
    ],
)
def test_the_statement_gives_what_is_missing(asked, gives):
    assert denied.remedy(MESSAGE.format("anna", asked)) == gives


def test_a_user_whose_name_is_no_word_is_quoted():
    message = MESSAGE.format("anna@shop", "SELECT ON shop.x")

    assert denied.remedy(message) == "GRANT SELECT ON shop.x TO `anna@shop`"


def test_a_message_without_a_grant_has_no_statement():
    assert denied.remedy("Code: 497. DB::Exception: anna: Not enough privileges.") is None
