"""ClickHouse's errors: codes, names, HTTP statuses, and the text that clients read."""

from __future__ import annotations

from collections.abc import Iterable

NAMES = {
    **{36: "BAD_ARGUMENTS", 48: "NOT_IMPLEMENTED", 62: "SYNTAX_ERROR", 78: "UNKNOWN_TYPE_OF_QUERY"},
    **{
        69: "ARGUMENT_OUT_OF_BOUND",
        115: "UNKNOWN_SETTING",
        164: "READONLY",
        194: "REQUIRED_PASSWORD",
    },
    **{
        210: "NETWORK_ERROR",
        216: "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
        344: "SUPPORT_IS_DISABLED",
    },
    **{
        354: "ZLIB_INFLATE_FAILED",
        358: "INTO_OUTFILE_NOT_ALLOWED",
        372: "SESSION_NOT_FOUND",
        373: "SESSION_IS_LOCKED",
    },
    **{381: "HTTP_LENGTH_REQUIRED", 394: "QUERY_WAS_CANCELLED", 516: "AUTHENTICATION_FAILED"},
    **{669: "NAMED_COLLECTION_DOESNT_EXIST", 670: "NAMED_COLLECTION_ALREADY_EXISTS"},
    **{1002: "UNKNOWN_EXCEPTION"},
}
BAD_REQUEST = {
    *{6, 8, 15, 25, 26, 27, 36, 38, 41, 44, 53, 62, 69, 72, 117},
    *{376, 427, 441, 456, 457, 675, 676},
}
NOT_FOUND = {46, 47, 50, 56, 60, 63, 73, 78, 81, 94, 115, 336}
STATUS = {
    **dict.fromkeys(BAD_REQUEST, 400),
    **dict.fromkeys(NOT_FOUND, 404),
    **{48: 501, 76: 503, 159: 408, 192: 403, 193: 403, 194: 401, 209: 503, 381: 411, 516: 403},
}
"""Exception code -> HTTP status, as the server maps them; 500 for all others."""


class DBError(Exception):
    """An exception as ClickHouse words it: `Code: N. DB::Exception: ... (NAME)`."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        whole = message.startswith("Code: ")
        name = NAMES.get(code, "UNKNOWN_EXCEPTION")
        self.text = message if whole else f"Code: {code}. DB::Exception: {message} ({name})"
        super().__init__(self.text)

    @property
    def status(self) -> int:
        """The HTTP status that goes with it."""
        return STATUS.get(self.code, 500)

    @property
    def is_syntax(self) -> bool:
        """Whether the statement was not even parsed."""
        return self.code == 62 and "Syntax error: failed at" in self.text

    def without(self, secrets: Iterable[str]) -> DBError:
        """The same error, with these values hidden."""
        text = self.text
        for secret in secrets:
            text = text.replace(secret, "[HIDDEN]")
        return DBError(self.code, text)


def line(error: DBError, version: str) -> bytes:
    """What the client reads: the text, and the version as a server adds it."""
    tail = "" if "(version" in error.text[-60:] else f" (version {version} (official build))"
    return f"{error.text}{tail}\n".encode("utf-8", "surrogateescape")
