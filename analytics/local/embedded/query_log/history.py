"""One query's events for system.query_log."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from analytics.local.embedded.engine.options import Options
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.query_log.log import QueryLog
from analytics.local.embedded.query_log.masking import shown
from analytics.local.embedded.sql.statement import Statement

METHODS = {"GET": 1, "HEAD": 1, "POST": 2, "PUT": 3}


def of_request(method: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The columns that describe the HTTP request."""
    return {
        "http_method": METHODS.get(method, 0),
        "http_user_agent": headers.get("user-agent", ""),
        "http_referer": headers.get("referer", ""),
    }


class History:
    """QueryStart before the engine is called, then how it ended.

    After kill -9, QueryStart alone means in doubt.
    """

    def __init__(
        self,
        query_log: QueryLog,
        options: Options,
        statement: Statement,
        *,
        request: Mapping[str, Any],
    ) -> None:
        self.query_log = query_log
        self.started = time.time()
        self.began = False
        self.row = {
            "query_id": options.query_id,
            "user": options.user,
            "query": shown(statement),
            "query_kind": "Select" if statement.kind in {"(", "WITH"} else statement.kind.title(),
            "current_database": options.database or "default",
            "query_start_time": int(self.started),
            "query_start_time_microseconds": f"{self.started:.6f}",
            **request,
            "log_comment": options.settings.get("log_comment", ""),
            "Settings": dict(options.settings),
        }

    def start(self) -> None:
        """The engine is about to be called."""
        self.began = True
        self._add("QueryStart", {})

    def finish(self, statistics: dict[str, int]) -> None:
        """It is done."""
        self._add("QueryFinish", statistics)

    def fail(self, error: DBError) -> None:
        """It failed."""
        kind = "ExceptionWhileProcessing" if self.began else "ExceptionBeforeStart"
        self._add(kind, {"exception_code": error.code, "exception": error.text})

    def _add(self, kind: str, more: dict[str, Any]) -> None:
        now = time.time()
        times = {
            "event_time": int(now),
            "event_time_microseconds": f"{now:.6f}",
            "query_duration_ms": int((now - self.started) * 1000),
        }
        self.query_log.add({**self.row, "type": kind, **times, **more})
