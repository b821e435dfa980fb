"""One HTTP request to a service on this machine, whatever proxies the user has."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException

from analytics.local.service import HOST


def request(port: int, method: str, path: str, *, body: str = "", timeout: float = 2) -> str:
    """The body of a 200; OSError says what came instead."""
    connection = HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request(method, path, body=body.encode())
        response = connection.getresponse()
        text = response.read().decode(errors="replace").strip()
    except HTTPException as error:
        raise OSError(f"no answer in HTTP ({type(error).__name__})") from error
    finally:
        connection.close()
    if response.status != 200:
        raise OSError(f"{method} {path} is answered with {response.status}: {text[:200]}")
    return text
