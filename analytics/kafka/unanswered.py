"""A request to Kafka Connect that was not answered: whether it was sent, and why it failed."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass

import requests
from requests.exceptions import SSLError
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from analytics.errors import AnalyticsError, Unreachable
from analytics.kafka import tls
from analytics.kafka.workers import VARIABLE, Worker

CAUSES = requests.RequestException


@dataclass(frozen=True)
class Failure:
    """The error of a request to a worker."""

    error: requests.RequestException
    worker: Worker

    @property
    def was_sent(self) -> bool:
        """Whether the worker may have the request: no, if no connection could be opened."""
        cause = self.error.args[0] if self.error.args else None
        reason = cause.reason if isinstance(cause, MaxRetryError) else cause
        return not isinstance(reason, (NewConnectionError, ConnectTimeoutError))

    def explain(self, tried: Sequence[Worker]) -> AnalyticsError:
        """The error for a user; this is the last of the workers that were tried."""
        shown = f"Kafka Connect at {self.worker.shown}"
        if isinstance(self.error, SSLError):
            cause, without = _innermost(self.error, ssl.SSLError), f"write http:// in {VARIABLE}"
            return tls.explain(cause, shown, "ANALYTICS_CONNECT_CA_FILE", without)
        if self.was_sent and not self.worker.is_encrypted and tls.speaks(*self.worker.host):
            return Unreachable(f"{shown} speaks TLS only", f"write https:// in {VARIABLE}")
        cause = _innermost(self.error, Exception)
        return Unreachable(
            f"Kafka Connect at {', '.join(each.shown for each in tried)} does not answer "
            f"({type(cause).__name__}: {str(cause)[:200]})",
            f"start it (`analytics local up connect`) or correct {VARIABLE}",
        )


def _innermost(error: BaseException, kind: type[BaseException]) -> BaseException:
    """The last error of a kind in a chain: the library's own words, without an address."""
    found = error
    while isinstance(error.__context__, Exception):
        error = error.__context__
        found = error if isinstance(error, kind) else found
    return found
