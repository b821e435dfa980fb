"""TLS: the authorities that are trusted, and what an error of a handshake means."""

from __future__ import annotations

import socket
import ssl

from analytics.errors import SettingError, Unreachable

OTHER_NAME = (62, 64)  # OpenSSL's codes: the host, or the IP address, is not in the certificate
OUT_OF_DATE = (9, 10)  # not valid yet, expired
PROBE = 3.0  # seconds that a server may take for a handshake


def context(ca_file: str | None, variable: str) -> ssl.SSLContext:
    """What a client trusts: the authorities in a file, else those of this machine.

    SettingError, which names the variable, if the file cannot be used.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise SettingError(
            f"{variable}={ca_file} cannot be read ({error.strerror or error})",
            "name a file with the PEM certificates of the authorities to trust",
        ) from None


def explain(error: BaseException, server: str, ca_variable: str, address: str) -> Unreachable:
    """The error for a handshake that has failed.

    `address` tells how to talk without TLS.
    """
    words = getattr(error, "verify_message", "") or getattr(error, "reason", "") or str(error)
    return Unreachable(
        f"{server} and this client do not agree on TLS ({words})",
        _remedy(getattr(error, "verify_code", 0), ca_variable, address),
    )


def _remedy(code: int, ca_variable: str, address: str) -> str:
    """What to do about OpenSSL's code of a certificate; 0: the handshake has not come so far."""
    if not code:
        return f"if it speaks no TLS, {address}; else look at its log"
    if code in OTHER_NAME:
        return "use the name that its certificate is for, or give it one for this name"
    if code in OUT_OF_DATE:
        return "renew its certificate, or set the clocks right"
    return f"let {ca_variable} name a file with the certificate of its authority"


def speaks(host: str, port: int) -> bool:
    """Whether a server at this address answers a TLS handshake, whatever its certificate."""
    anything = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), timeout=PROBE) as plain,
            anything.wrap_socket(plain, server_hostname=host),
        ):
            return True
    except OSError:
        return False
