"""The shop's application: orders, changes and payments, each in a transaction with its outbox."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg

from tests.conftest import Databases

RATE = 150  # orders a second
CUSTOMERS = 40
BEGAN = datetime(2026, 2, 27, tzinfo=UTC)
HOURS = 80
COUNTRIES = ("DE", "de", "fr", "FR", "PL")
COUPONS = ("", "50% off", "a:b", "{%s}")

Connection = psycopg.Connection[tuple[object, ...]]

PEOPLE = """
INSERT INTO shop.customers (email, country)
SELECT 'c' || n || '@example.org', 'DE' FROM generate_series(1, %s) AS n"""
ORDER = """
INSERT INTO shop.orders (customer_id, country, is_test, details, placed_at)
VALUES (%s, %s, %s, %s, %s) RETURNING id"""
LINE = """
INSERT INTO shop.order_lines (order_id, line_no, product_id, quantity, unit_price)
SELECT %s, %s, id, %s, price FROM shop.products WHERE id = %s"""
CHANGE = "UPDATE shop.orders SET status = %s, version = version + 1 WHERE id = %s"
PAY = """
INSERT INTO shop.payments (order_id, method, amount, paid_at)
SELECT o.id, %s, sum(l.quantity * l.unit_price), o.placed_at + interval '1 hour'
FROM shop.orders AS o JOIN shop.order_lines AS l ON l.order_id = o.id
WHERE o.id = %s GROUP BY o.id RETURNING id"""
ANNOUNCE = """
INSERT INTO shop.outbox (aggregateid, type, payload)
SELECT o.id, %(event)s, jsonb_build_object(
    'id', o.id, 'customer_id', o.customer_id, 'status', o.status, 'version', o.version,
    'country', o.country, 'is_test', o.is_test, 'placed_at', o.placed_at,
    'at', o.placed_at + o.version * interval '40 minutes',
    'channel', o.details ->> 'channel', 'details', o.details,
    'address', jsonb_build_object('city', o.details ->> 'city', 'zip', '0' || o.id),
    'total', sum(l.quantity * l.unit_price)::text,
    'lines', jsonb_agg(jsonb_build_object(
        'no', l.line_no, 'product_id', l.product_id, 'category', p.category,
        'quantity', l.quantity, 'unit_price', l.unit_price::text)))
FROM shop.orders AS o
JOIN shop.order_lines AS l ON l.order_id = o.id
JOIN shop.products AS p ON p.id = l.product_id
WHERE o.id = %(id)s
GROUP BY o.id"""


class Declined(Exception):
    """The customer has changed their mind: the transaction is rolled back."""


@dataclass
class Application:
    """What the shop has done so far, as far as it needs it to go on."""

    connection: Connection
    chance: random.Random
    placed: list[int] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)

    def serve(self) -> None:
        """One transaction: mostly a new order, sometimes a change, sometimes none after all."""
        kind = self.chance.random()
        try:
            with self.connection.transaction():
                if kind < 0.7 or not self.placed:
                    self._order(declined=kind < 0.07)
                elif kind < 0.95 or not self.paid:
                    self._change(self.chance.choice(self.placed[-300:]), declined=kind > 0.94)
                else:
                    self._correct(self.chance.choice(self.paid[-300:]))
        except Declined:
            pass

    def _order(self, *, declined: bool) -> None:
        chance = self.chance
        placed_at = BEGAN + timedelta(milliseconds=chance.randrange(HOURS * 3_600_000))
        details = {
            "channel": chance.choice(("web", "app:ios", "100%")),
            "coupon": chance.choice(COUPONS),
            "city": chance.choice(("Łódź", "Köln", "Aix")),
        }
        customer, country = chance.randint(1, CUSTOMERS), chance.choice(COUNTRIES)
        row = (customer, country, chance.random() < 0.1, json.dumps(details), placed_at)
        (order,) = self.connection.execute(ORDER, row).fetchone() or (0,)
        for number in range(1, chance.randint(2, 4)):
            line = (order, number, chance.randint(1, 5), chance.randint(1, 5))
            self.connection.execute(LINE, line)
        self._announce(int(str(order)), "OrderPlaced", declined=declined)
        self.placed.append(int(str(order)))

    def _change(self, order: int, *, declined: bool) -> None:
        status = self.chance.choice(("paid", "paid", "cancelled"))
        self.connection.execute(CHANGE, (status, order))
        if status == "paid":
            method = self.chance.choice(("card", "invoice"))
            (payment,) = self.connection.execute(PAY, (method, order)).fetchone() or (0,)
        self._announce(order, "OrderChanged", declined=declined)
        if status == "paid":
            self.paid.append(int(str(payment)))

    def _correct(self, payment: int) -> None:
        """Take back a payment, or change it."""
        if self.chance.random() < 0.3:
            self.connection.execute("DELETE FROM shop.payments WHERE id = %s", (payment,))
        else:
            change = "UPDATE shop.payments SET amount = amount + 0.37 WHERE id = %s"
            self.connection.execute(change, (payment,))

    def _announce(self, order: int, event: str, *, declined: bool) -> None:
        self.connection.execute(ANNOUNCE, {"event": event, "id": order})
        if declined:
            raise Declined


def customers(databases: Databases) -> None:
    """The shop has customers."""
    with databases.postgres() as connection:
        connection.execute(PEOPLE, (CUSTOMERS,))


def serve(databases: Databases, times: int) -> None:
    """So many transactions, one after another."""
    with databases.postgres() as connection:
        application = Application(connection, random.Random(times))
        for _ in range(times):
            application.serve()


@contextmanager
def open_shop(databases: Databases, *, rate: int = RATE) -> Iterator[None]:
    """Customers come and go until the block ends."""
    stop, failed = threading.Event(), list[Exception]()
    server = threading.Thread(target=_serve, args=(databases, stop, failed, rate), daemon=True)
    server.start()
    try:
        yield
    finally:
        stop.set()
        server.join()
    assert not failed, failed[0]


def _serve(databases: Databases, stop: threading.Event, failed: list[Exception], rate: int) -> None:
    with databases.postgres() as connection:
        application = Application(connection, random.Random(databases.name))
        began, number = time.monotonic(), 0
        while not stop.is_set() and not failed:
            while number < (time.monotonic() - began) * rate and not stop.is_set():
                try:
                    application.serve()
                except psycopg.Error as error:
                    failed.append(error)
                number += 1
            time.sleep(0.005)
