"""The retries of one request to Kafka Connect: by urllib3, until a point in time.

A worker answers 409 while it rebalances, 5xx while it starts, and closes connections that were
idle. Each attempt can take as long as the worker's own time-out, so the time is limited and not
the number of attempts.
"""

from __future__ import annotations

import time
from typing import Any

from requests import Response, Session
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from analytics.kafka.workers import Worker

RETRIED = (409, *range(500, 600))
UNKNOWN_TRIES = 3  # repeated after a closed connection, of a worker that has never answered


class Patience(Retry):
    """urllib3's Retry with an end: `until`, in seconds of the monotonic clock."""

    def __init__(self, *args: Any, until: float, **options: Any) -> None:
        super().__init__(*args, **options)
        self.until = until

    def new(self, **changes: Any) -> Patience:
        """The state after another attempt; the end stays."""
        return super().new(until=self.until, **changes)

    def is_exhausted(self) -> bool:
        """Whether to give up: the time is over, or the last attempt has used its own time-out."""
        timed_out = any(isinstance(each.error, ReadTimeoutError) for each in self.history)
        return timed_out or time.monotonic() > self.until or super().is_exhausted()


def adapter(seconds: float, *, is_safe: bool, is_known: bool) -> HTTPAdapter:
    """An adapter that repeats a request for so long; then the last answer is returned.

    Repeated are 409 and 5xx, and if the request is safe to send twice, connections that were closed
    without an answer: a second POST would find what the first has created, and be refused (so 409
    is not repeated for it). A worker that is not known yet gets few tries: it may be none, or want
    TLS. A connection that cannot be opened is not repeated: the caller goes to the next worker.
    """
    closed = None if is_known else UNKNOWN_TRIES
    patience = Patience(
        until=time.monotonic() + seconds,
        total=None,
        connect=0,
        read=closed if is_safe else 0,
        other=0,
        status_forcelist=RETRIED if is_safe else RETRIED[1:],
        allowed_methods=None,
        backoff_factor=0.1,
        backoff_jitter=0.5,
        backoff_max=5.0,
        raise_on_status=False,
        respect_retry_after_header=False,
    )
    return HTTPAdapter(max_retries=patience)


def send(
    worker: Worker, method: str, path: str, *, adapter: HTTPAdapter, **options: Any
) -> Response:
    """The answer of a worker to a request; raises as `requests` does."""
    auth = HTTPBasicAuth(*worker.auth) if worker.auth else None
    with Session() as session:
        session.mount(worker.url, adapter)
        return session.request(method, worker.url + path, auth=auth, **options)
