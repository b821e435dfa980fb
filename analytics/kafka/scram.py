"""SCRAM (RFC 5802): the two messages by which a client shows that it knows a password."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable
from secrets import token_urlsafe


def log_in(send: Callable[[bytes], bytes], hashed: str, user: str, password: str) -> None:
    """Send both messages; `hashed` names the hash as hashlib does. Raises what `send` raises."""
    name = user.replace("=", "=3D").replace(",", "=2C")
    bare = f"n={name},r={token_urlsafe(24)}"
    first = send(f"n,,{bare}".encode()).decode()
    said = dict(part.split("=", 1) for part in first.split(","))
    salt, rounds = b64decode(said["s"]), int(said["i"])
    salted = hashlib.pbkdf2_hmac(hashed, password.encode(), salt, rounds)
    final = f"c=biws,r={said['r']}"
    send(f"{final},p={_proof(salted, hashed, f'{bare},{first},{final}')}".encode())


def _proof(salted: bytes, hashed: str, messages: str) -> str:
    key = hmac.digest(salted, b"Client Key", hashed)
    stored = hashlib.new(hashed, key).digest()
    signature = hmac.digest(stored, messages.encode(), hashed)
    return b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True))).decode()
