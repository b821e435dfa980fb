"""The client of Kafka Connect's REST API: requests, repeated while the worker is not ready."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analytics.errors import ConnectRefused
from analytics.kafka import tls, workers
from analytics.kafka.workers import VARIABLE, Worker

if TYPE_CHECKING:
    import requests

    from analytics.kafka.unanswered import Failure
    from analytics.settings import Settings

Config = dict[str, str]
REQUEST_TIMEOUT = 95.0  # Connect's own is 90 s
PATIENCE = 120.0  # seconds in which a request is repeated
PAUSE = 0.5  # seconds until all workers are tried again
CORRECT = f"correct {VARIABLE}"
REMEDIES = {
    400: "fix the connector's definition and run the same command again",
    401: "correct ANALYTICS_CONNECT_USERNAME and ANALYTICS_CONNECT_PASSWORD, or the user in "
    f"{VARIABLE} (http://user:password@host:port)",
    403: "give the user of ANALYTICS_CONNECT_USERNAME the right to do this",
    404: CORRECT,
}
MISSING = ((404, "GET"), (404, "DELETE"))
LATER = "look at the worker's log, and run the same command again when it is ready"


@dataclass
class Connect:
    """The workers of a cluster: any of them takes each request.

    It goes to the one that answered last, and if that cannot be reached, to the next one. Raised
    are Unreachable without an answer, and ConnectRefused for a refusal that lasts. Workers of which
    one has answered and that are gone are waited for: they may be starting again.
    """

    url: str = field(repr=False)  # one, or several with commas
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    has_answered: bool = field(default=False, init=False)
    workers: list[Worker] = field(init=False)  # the one that answered last is the first

    def __post_init__(self) -> None:
        self.workers = list(workers.parse(self.url, self.username, self.password))
        if self.ca_file:
            tls.context(self.ca_file, "ANALYTICS_CONNECT_CA_FILE")

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

    def _send(self, method: str, path: str, body: Any = None) -> requests.Response:
        answer = self._answer(method, path, body)
        if answer.status_code < 400 or (answer.status_code, method) in MISSING:
            return answer
        error = ConnectRefused(
            f"Kafka Connect at {self.workers[0].shown} answers {method} {path} "
            f"with {answer.status_code}: {_message(answer)}",
            REMEDIES.get(answer.status_code, REMEDIES[400] if answer.status_code == 422 else LATER),
        )
        error.status = answer.status_code
        raise error

    def _answer(self, method: str, path: str, body: Any) -> requests.Response:
        from analytics.kafka.unanswered import Failure  # slow, and few revisions need it

        until = time.monotonic() + PATIENCE
        while isinstance(outcome := self._round(method, path, body), Failure):
            may_start = self.has_answered and not outcome.was_sent
            if not may_start or time.monotonic() > until:
                raise outcome.explain(self.workers) from outcome.error
            time.sleep(PAUSE)
        return outcome

    def _round(self, method: str, path: str, body: Any) -> requests.Response | Failure:
        """The answer of the first worker that gives one, else the failure of the last one."""
        from analytics.kafka import patience, unanswered

        is_safe = method != "POST"  # to be sent twice
        options = {"json": body, "verify": self.ca_file or True, "timeout": REQUEST_TIMEOUT}
        for worker in tuple(self.workers):
            adapter = patience.adapter(PATIENCE, is_safe=is_safe, is_known=self.has_answered)
            try:
                answer = patience.send(worker, method, path, adapter=adapter, **options)
            except unanswered.CAUSES as error:
                failure = unanswered.Failure(error, worker)
                if failure.was_sent and not is_safe:
                    return failure
                continue
            self._first(worker)
            return answer
        return failure

    def _first(self, worker: Worker) -> None:
        """It has answered: the next request begins with it."""
        self.has_answered = True
        self.workers.sort(key=lambda each: each is not worker)

    def _values(self, answer: requests.Response) -> Any:
        try:
            return answer.json()
        except ValueError as error:
            at, said = self.workers[0].shown, _message(answer)[:100]
            raise ConnectRefused(
                f"what answers at {at} is no Kafka Connect: {said}", CORRECT
            ) from error


def of(settings: Settings) -> Connect:
    """The workers that the settings name; SettingError without one, or for what cannot be used."""
    return Connect(
        settings.need("connect_url"),
        settings.connect_username,
        settings.need("connect_password") if settings.connect_username else None,
        settings.connect_ca_file,
    )


def _message(answer: requests.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return " ".join(answer.text.split())[:500]
