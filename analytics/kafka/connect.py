"""The client of Kafka Connect's REST API: requests, repeated while the worker is not ready."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analytics.address import without_user
from analytics.errors import ConnectRefused, Unreachable

if TYPE_CHECKING:
    import requests

    from analytics.settings import Settings

Config = dict[str, str]
REQUEST_TIMEOUT = 95.0  # Connect's own is 90 s
PATIENCE = 120.0  # seconds in which a request is repeated
CORRECT = "correct ANALYTICS_CONNECT_URL"
REMEDIES = {
    400: "fix the connector's definition and run the same command again",
    401: "correct user and password in ANALYTICS_CONNECT_URL (http://user:password@host:port)",
    403: "give the user of ANALYTICS_CONNECT_URL the right to do this",
    404: CORRECT,
}
MISSING = ((404, "GET"), (404, "DELETE"))
LATER = "look at the worker's log, and run the same command again when it is ready"


@dataclass
class Connect:
    """A worker's address, with the requests that it takes.

    Each raises Unreachable without an answer, and ConnectRefused for a refusal that lasts. A worker
    that has answered once and is gone is waited for: it may be starting again.
    """

    url: str
    has_answered: bool = field(default=False, init=False)

    def get(self, path: str) -> Any | None:
        """The resource as Python values; None if there is none (404)."""
        answer = self._send("GET", path)
        return None if answer.status_code == 404 else self._values(answer)

    def put(self, path: str, body: Any = None) -> Any:
        """Put a resource or an order (`stop`, `resume`); the worker's answer, or None."""
        answer = self._send("PUT", path, body)
        return self._values(answer) if answer.content else None

    def post(self, path: str, body: Any = None) -> None:
        """Create a resource, or give an order that Connect takes by POST (`restart`)."""
        self._send("POST", path, body)

    def delete(self, path: str) -> None:
        """Delete a resource; nothing to do if there is none."""
        self._send("DELETE", path)

    def configs(self) -> dict[str, Config]:
        """The configs of all connectors, by name."""
        listed = self.get("/connectors?expand=info") or {}
        return {name: each["info"]["config"] for name, each in listed.items()}

    @property
    def shown(self) -> str:
        """The address without credentials."""
        return without_user(self.url)

    def _send(self, method: str, path: str, body: Any = None) -> requests.Response:
        answer = self._answer(method, path, body)
        if answer.status_code < 400 or (answer.status_code, method) in MISSING:
            return answer
        error = ConnectRefused(
            f"Kafka Connect at {self.shown} answers {method} {path} "
            f"with {answer.status_code}: {_message(answer)}",
            REMEDIES.get(answer.status_code, REMEDIES[400] if answer.status_code == 422 else LATER),
        )
        error.status = answer.status_code
        raise error

    def _answer(self, method: str, path: str, body: Any) -> requests.Response:
        import requests  # slow, and few revisions need it

        from analytics.kafka.patience import adapter

        try:
            with requests.Session() as session:
                retries = adapter(PATIENCE, is_safe=method != "POST", is_known=self.has_answered)
                session.mount(self.url, retries)
                answer = session.request(
                    method, self.url + path, json=body, timeout=REQUEST_TIMEOUT
                )
        except requests.RequestException as error:
            raise Unreachable(
                f"Kafka Connect at {self.shown} does not answer ({_reason(error)})",
                f"start it (`analytics local up connect`) or {CORRECT}",
            ) from error
        self.has_answered = True
        return answer

    def _values(self, answer: requests.Response) -> Any:
        try:
            return answer.json()
        except ValueError as error:
            raise ConnectRefused(
                f"what answers at {self.shown} is no Kafka Connect: {_message(answer)[:100]}",
                CORRECT,
            ) from error


def of(settings: Settings) -> Connect:
    """The worker that the settings name; SettingError without one."""
    return Connect(settings.need("connect_url").rstrip("/"))


def _reason(error: Exception) -> str:
    """The library's words in short: the innermost error, without an address."""
    while error.__context__ is not None and isinstance(error.__context__, Exception):
        error = error.__context__
    return f"{type(error).__name__}: {without_user(str(error))[:200]}"


def _message(answer: requests.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return " ".join(answer.text.split())[:500]
