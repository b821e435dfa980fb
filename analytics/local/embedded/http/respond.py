"""From a request to its answer: the statement is read, checked, recorded and run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from analytics.local.embedded.collections.expansion import expand
from analytics.local.embedded.engine.engine import Connection
from analytics.local.embedded.engine.options import Options
from analytics.local.embedded.engine.sessions import restrict
from analytics.local.embedded.errors import DBError
from analytics.local.embedded.http import external
from analytics.local.embedded.http.answer import Answer
from analytics.local.embedded.http.body import Body
from analytics.local.embedded.http.compression import unpacked
from analytics.local.embedded.http.execute import execute, load, unload
from analytics.local.embedded.http.external import External
from analytics.local.embedded.http.job import Job
from analytics.local.embedded.http.options import authenticate, options
from analytics.local.embedded.http.request import Request
from analytics.local.embedded.http.source import Source, split
from analytics.local.embedded.query_log.history import History, of_request
from analytics.local.embedded.services import Services
from analytics.local.embedded.sql import disguise, refusals
from analytics.local.embedded.sql.edits import splice
from analytics.local.embedded.sql.scan import scan
from analytics.local.embedded.sql.statement import Statement

VIEWED = (b"processes", b"named_collections")
"""Tables of the engine's own that the server shows through a view."""


def respond(
    services: Services, request: Request, body: Body, *, answer: Answer, socket: int
) -> None:
    """Run the request's query and answer it; raises what the client must be told."""
    user = authenticate(request, services.users)
    if request.method == "POST" and not body.stated:
        raise DBError(381, "There is neither Transfer-Encoding: chunked nor a Content-Length")
    values, query, tables = _read_form(request, body)
    wanted = options(request, user, external.without(values, tables))
    answer.query_id = wanted.query_id
    if not query and body.done and not tables and request.method != "POST":
        answer.whole(200, b"Ok.\n", {"Content-Type": "text/html; charset=UTF-8"})
        return
    source = split(query, body, _encoding(request))
    answer.holds = True
    replaces = wanted.on("replace_running_query")
    with services.processes.running(wanted.query_id, replace=replaces):
        columns = of_request(request.method, request.headers)
        history = History(services.query_log, wanted, source.statement, request=columns)
        with _recorded(history), _checked(services, request, wanted, source) as connection:
            expanded = expand(_through_views(source.statement), services.collections.all)
            source = Source(expanded.statement, source.data, source.codec, source.whole)
            job = Job(services, wanted, source, connection, answer, socket)
            _run(job, tables, history, secrets=expanded.secrets)
    answer.release()
    services.engine.connect_ahead()


@contextmanager
def _checked(
    services: Services, request: Request, wanted: Options, source: Source
) -> Iterator[Connection]:
    """The connection for a statement that may run."""
    only_reads = wanted.only_reads or request.method in {"GET", "HEAD"}
    refusals.check(source.statement, wanted.user, only_reads=only_reads)
    if _reads_log(source.statement):
        services.query_log.load()
    with services.sessions.connection(wanted) as connection:
        yield connection


def _run(job: Job, tables: list[External], history: History, *, secrets: frozenset[str]) -> None:
    if job.options.on("enable_http_compression"):
        job.answer.pack_level = job.options.number("http_zlib_compression_level", 3)
    load(job, tables)
    restrict(job.connection, job.options)
    history.start()
    try:
        history.finish(execute(job))
    except DBError as error:
        raise error.without(secrets) from None
    finally:
        unload(job, tables)


@contextmanager
def _recorded(history: History) -> Iterator[None]:
    try:
        yield
    except DBError as error:
        history.fail(error)
        raise
    except OSError as error:
        history.fail(DBError(210, f"The client went away: {error}"))
        raise


def _read_form(request: Request, body: Body) -> tuple[dict[str, str], bytes, list[External]]:
    """The values of URL and form, the query's text in them, and external tables."""
    values = request.params
    kind = request.headers.get("content-type", "")
    tables: list[External] = []
    if external.is_form(kind):
        form = external.parse(kind, unpacked(body.pieces(), _encoding(request)))
        values = {**form.fields, **values}
        tables = external.tables(form.files, values)
    return values, values.get("query", "").encode("utf-8", "surrogateescape"), tables


def _reads_log(statement: Statement) -> bool:
    if statement.words[:3] == ("SYSTEM", "FLUSH", "LOGS"):
        return True
    return b"query_log" in statement.text[: statement.end]


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "").strip().lower()


def _through_views(statement: Statement) -> Statement:
    if b"ystem" not in statement.text and b"YSTEM" not in statement.text:
        return statement
    edits = [
        (start, end, b"system." + table + disguise.SUFFIX.encode())
        for table in VIEWED
        for start, end in statement.mentions(b"system", table)
    ]
    return scan(splice(statement.text, edits)) if edits else statement
