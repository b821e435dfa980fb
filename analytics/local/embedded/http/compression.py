"""HTTP compression, both ways."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from typing import Any, Protocol

from analytics.local.embedded.errors import DBError

BY_ENGINE = {
    **{name: name for name in ("deflate", "lz4", "zstd", "br", "xz", "bz2", "snappy")},
    **{"gzip": "gzip", "x-gzip": "gzip"},
}
"""Content-Encoding -> the engine's name for it; the engine unpacks an INSERT's data itself."""


class Packer(Protocol):
    """A streaming compressor."""

    def compress(self, data: bytes, /) -> bytes:
        """Take some bytes."""

    def flush(self) -> bytes:
        """End."""


def unpacked(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The pieces of a query's text, unpacked."""
    if encoding in {"", "identity"}:
        yield from pieces
        return
    unpack = _unpacker(encoding)
    for piece in pieces:
        try:
            yield unpack(piece)
        except (zlib.error, RuntimeError, ValueError, EOFError) as error:
            raise DBError(354, f"The body is not {encoding}: {error}") from error


def packer(accepted: str, level: int) -> tuple[str, bytes, Packer] | None:
    """The best compression the client accepts: its name, its first bytes, the compressor."""
    names = {name.split(";")[0].strip() for name in accepted.lower().split(",")}
    if "lz4" in names:
        from lz4.frame import LZ4FrameCompressor

        lz4: Any = LZ4FrameCompressor()
        return "lz4", lz4.begin(), lz4
    if "zstd" in names:
        return "zstd", b"", _zstd().ZstdCompressor(level=1)
    for name, window in (("gzip", 31), ("deflate", 15)):
        if name in names:
            return name, b"", zlib.compressobj(level, zlib.DEFLATED, window)
    return None


def _unpacker(encoding: str) -> Any:
    if encoding in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress
    if encoding == "lz4":
        from lz4.frame import LZ4FrameDecompressor

        return LZ4FrameDecompressor().decompress
    if encoding == "zstd":
        return _zstd().ZstdDecompressor().decompress
    if encoding == "br":
        raise DBError(48, "A query's text cannot be packed with br, only an INSERT's data")
    raise DBError(48, f"Unknown content encoding {encoding}")


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd
