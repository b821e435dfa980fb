"""Kafka Connect's REST API: one request, repeated while the worker says "not now"."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.errors import ConnectRefused, Unreachable

if TYPE_CHECKING:
    import requests

REQUEST_TIMEOUT = 95.0  # Connect's own is 90 s
PATIENCE = 120.0  # seconds in which 409 (rebalance) and 5xx are tried again
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0


@dataclass(frozen=True)
class Connect:
    """A worker's address, with what can be asked of it."""

    url: str

    def get(self, path: str) -> Any | None:
        """The resource as Python values; None if there is none (404)."""
        answer = self._send("GET", path)
        return None if answer.status_code == 404 else answer.json()

    def put(self, path: str, body: Any = None) -> Any:
        """Put a resource or an order (`stop`, `resume`); what the worker answers, or None."""
        answer = self._send("PUT", path, body)
        return answer.json() if answer.content else None

    def post(self, path: str, body: Any = None) -> None:
        """Create a resource, or give an order that Connect takes by POST (`restart`)."""
        self._send("POST", path, body)

    def delete(self, path: str) -> None:
        """Delete a resource; nothing to do if there is none."""
        self._send("DELETE", path)

    def _send(self, method: str, path: str, body: Any = None) -> requests.Response:
        deadline, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
        while True:
            answer = self._once(method, path, body)
            if answer.status_code < 400 or answer.status_code == 404:
                return answer
            transient = answer.status_code == 409 or answer.status_code >= 500
            if not transient or time.monotonic() > deadline:
                raise ConnectRefused(
                    f"Kafka Connect at {self.url} answers {method} {path} "
                    f"with {answer.status_code}: {_message(answer)}",
                    "mend the connector's definition and run the same command again",
                )
            time.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _once(self, method: str, path: str, body: Any) -> requests.Response:
        import requests  # slow, and few revisions need it

        try:
            return requests.request(method, self.url + path, json=body, timeout=REQUEST_TIMEOUT)
        except requests.RequestException as error:
            raise Unreachable(
                f"Kafka Connect at {self.url} does not answer",
                "start it (`analytics local up connect`) or mend ANALYTICS_CONNECT_URL",
            ) from error


def _message(answer: requests.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return " ".join(answer.text.split())[:500]
