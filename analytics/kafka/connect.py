"""The client of Kafka Connect's REST API: requests, repeated while the worker is not ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.errors import ConnectRefused, Unreachable

if TYPE_CHECKING:
    import requests

REQUEST_TIMEOUT = 95.0  # Connect's own is 90 s
PATIENCE = 120.0  # seconds in which a request is repeated


@dataclass(frozen=True)
class Connect:
    """A worker's address, with the requests that it takes.

    Each raises Unreachable without an answer, and ConnectRefused for a refusal that lasts.
    """

    url: str

    def get(self, path: str) -> Any | None:
        """The resource as Python values; None if there is none (404)."""
        answer = self._send("GET", path)
        return None if answer.status_code == 404 else answer.json()

    def put(self, path: str, body: Any = None) -> Any:
        """Put a resource or an order (`stop`, `resume`); the worker's answer, or None."""
        answer = self._send("PUT", path, body)
        return answer.json() if answer.content else None

    def post(self, path: str, body: Any = None) -> None:
        """Create a resource, or give an order that Connect takes by POST (`restart`)."""
        self._send("POST", path, body)

    def delete(self, path: str) -> None:
        """Delete a resource; nothing to do if there is none."""
        self._send("DELETE", path)

    def _send(self, method: str, path: str, body: Any = None) -> requests.Response:
        answer = self._answer(method, path, body)
        if answer.status_code < 400 or answer.status_code == 404:
            return answer
        raise ConnectRefused(
            f"Kafka Connect at {self.url} answers {method} {path} "
            f"with {answer.status_code}: {_message(answer)}",
            "fix the connector's definition and run the same command again",
        )

    def _answer(self, method: str, path: str, body: Any) -> requests.Response:
        import requests  # slow, and few revisions need it

        from analytics.kafka.patience import adapter

        try:
            with requests.Session() as session:
                session.mount(self.url, adapter(PATIENCE, is_safe=method != "POST"))
                return session.request(method, self.url + path, json=body, timeout=REQUEST_TIMEOUT)
        except requests.RequestException as error:
            raise Unreachable(
                f"Kafka Connect at {self.url} does not answer",
                "start it (`analytics local up connect`) or correct ANALYTICS_CONNECT_URL",
            ) from error


def _message(answer: requests.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return " ".join(answer.text.split())[:500]
