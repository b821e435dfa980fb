"""The shop's own figures: the same question to PostgreSQL and to ClickHouse, in SQL of each."""

from __future__ import annotations

import time
from collections import Counter

from tests.conftest import Databases

PATIENCE = 60  # seconds until what was committed has been read

Rows = list[list[str]]
Question = tuple[str, str]  # to PostgreSQL, to ClickHouse

SOLD = """
    FROM shop.orders AS o
    JOIN shop.order_lines AS l ON l.order_id = o.id
    JOIN shop.products AS p ON p.id = l.product_id"""
HOUR = "to_char(o.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:00:00')"
DAY = "to_char(o.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
COUNTED = """count(DISTINCT o.id), count(DISTINCT o.customer_id), sum(l.quantity),
    trim_scale(sum(l.quantity * l.unit_price))"""
LARGEST = ", trim_scale(max(l.quantity * l.unit_price))"
HOURLY = "uniqExactMerge(orders), uniqExactMerge(customers), sum(units), sumMerge(revenue)"
DAILY = "uniqExactMerge(orders), uniqExactMerge(customers), sum(units), sum(revenue)"

ALWAYS: dict[str, Question] = {
    "messages": (
        "SELECT count(*), count(*) FROM shop.outbox",
        "SELECT count(), uniqExact(headers['id']) FROM inbox",
    ),
    "what happened to orders": (
        """SELECT to_char((payload ->> 'at')::timestamptz AT TIME ZONE 'UTC',
            'YYYY-MM-DD HH24:00:00'), type, count(*),
            trim_scale(sum((payload ->> 'total')::numeric))
        FROM shop.outbox GROUP BY 1, 2""",
        "SELECT hour, event, sum(events), sum(total) FROM events_hourly GROUP BY hour, event",
    ),
    "orders as they are": (
        """SELECT o.status, o.details ->> 'coupon', o.details ->> 'city', max(o.version),
            count(DISTINCT o.id), trim_scale(sum(l.quantity * l.unit_price))
        FROM shop.orders AS o JOIN shop.order_lines AS l ON l.order_id = o.id GROUP BY 1, 2, 3""",
        """SELECT status, details['coupon'], address.city, max(version), count(), sum(total)
        FROM orders FINAL GROUP BY ALL""",
    ),
    "payments": (
        """SELECT method, to_char(paid_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), count(*),
            trim_scale(sum(amount))
        FROM shop.payments GROUP BY 1, 2""",
        """SELECT method, toDate(paid_at), count(), sum(amount)
        FROM payments FINAL GROUP BY ALL""",
    ),
    "unpaid orders": (
        """SELECT o.country, count(DISTINCT o.id), trim_scale(sum(l.quantity * l.unit_price))
        FROM shop.orders AS o JOIN shop.order_lines AS l ON l.order_id = o.id
        WHERE o.status != 'cancelled'
          AND NOT EXISTS (SELECT FROM shop.payments AS p WHERE p.order_id = o.id)
        GROUP BY 1""",
        "SELECT country, orders, total FROM unpaid_orders",
    ),
    "top products": (
        f"""SELECT p.id, p.title, sum(l.quantity), trim_scale(sum(l.quantity * l.unit_price))
        {SOLD} GROUP BY 1""",
        "SELECT product_id, title, units, revenue FROM top_products",
    ),
}


def questions(revision: str) -> dict[str, Question]:
    """What both stores must answer alike when ClickHouse is at this revision."""
    where = " WHERE NOT o.is_test" if revision >= "0009" else ""
    country = "upper(o.country)" if revision >= "0011" else "o.country"
    by_hour = f"SELECT {HOUR}, {country}, p.category, {COUNTED}"
    by_day = f"SELECT {DAY}, {country}, {COUNTED}"
    wide = revision >= "0010"
    largest, ours = (LARGEST, ", max(largest)") if wide else ("", "")
    found = ALWAYS | {
        "sales by the hour": (
            f"{by_hour}{largest} {SOLD}{where} GROUP BY 1, 2, 3",
            f"SELECT hour, country, category, {HOURLY}{ours} FROM sales_hourly "
            "GROUP BY hour, country, category",
        ),
        "sales by the day": (
            f"{by_day} {SOLD}{where} GROUP BY 1, 2",
            f"SELECT day, country, {DAILY} FROM sales_daily GROUP BY day, country",
        ),
        "the report": (
            f"{by_day}{largest} {SOLD}{where} GROUP BY 1, 2",
            "SELECT * FROM revenue_report",
        ),
        "products by the day": (
            f"SELECT {DAY}, l.product_id, sum(l.quantity) {SOLD}{where} GROUP BY 1, 2",
            """SELECT day, product.1, product.2 FROM (
                SELECT toDate(hour) AS day, arrayJoin(sumMap(products)) AS product
                FROM sales_hourly GROUP BY day)""",
        ),
    }
    return found | (_wide(country, where) if wide else {}) | _channels(revision)


def _wide(country: str, where: str) -> dict[str, Question]:
    """What is kept since the largest line is."""
    return {
        "lines": (
            f"SELECT {HOUR}, trim_scale(min(l.unit_price)), count(*) {SOLD}{where} GROUP BY 1",
            "SELECT hour, min(cheapest), countMerge(lines) FROM sales_hourly GROUP BY hour",
        ),
        "days by category": (
            f"SELECT {DAY}, {country}, p.category, {COUNTED}{LARGEST} {SOLD}{where} "
            "GROUP BY 1, 2, 3",
            f"SELECT day, country, category, {DAILY}, max(largest) FROM sales_daily "
            "GROUP BY day, country, category",
        ),
    }


def _channels(revision: str) -> dict[str, Question]:
    """The channel of each line, which the view writes from 0011 on."""
    if revision < "0008":
        return {}
    channel = "o.details ->> 'channel'" if revision >= "0011" else "'web:100%'"
    return {
        "lines by channel": (
            f"SELECT {channel}, count(*) {SOLD} GROUP BY 1",
            "SELECT channel, count() FROM order_lines GROUP BY channel",
        )
    }


def await_equal(databases: Databases, revision: str) -> int:
    """Return when ClickHouse answers every question as PostgreSQL does; how many messages."""
    deadline = time.monotonic() + PATIENCE
    while (differing := differences(databases, revision)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert differing == {}, f"at {revision}"
    return int(databases.clickhouse("SELECT count() FROM inbox")[0][0])


def differences(databases: Databases, revision: str) -> dict[str, Rows]:
    """By the question that is answered in two ways: some rows that only one store has."""
    found = {}
    with databases.postgres() as ledger:
        for name, (ours, theirs) in questions(revision).items():
            expected = Counter(tuple(map(str, row)) for row in ledger.execute(ours))
            answer = Counter(map(tuple, databases.clickhouse(theirs)))
            if differing := [*(expected - answer), *(answer - expected)]:
                found[name] = [list(row) for row in differing[:6]]
    return found
