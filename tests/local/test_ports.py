"""A port is the wanted one or the next free one, and nobody else's meanwhile."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Timer

import pytest

from analytics.local import ports
from analytics.local.errors import LocalStackError


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def claims() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


def test_a_free_port_is_taken(listener, claims) -> None:
    wanted = listener.getsockname()[1]
    listener.close()

    assert ports.claim([wanted], claims) == (wanted,)


def test_a_busy_port_is_left_to_its_owner(listener, claims) -> None:
    busy = listener.getsockname()[1]

    (taken,) = ports.claim([busy], claims)

    assert taken > busy


def test_a_busy_port_that_data_names_is_an_error(listener, claims, monkeypatch) -> None:
    monkeypatch.setattr(ports, "PATIENCE", 0.2)
    busy = listener.getsockname()[1]

    with pytest.raises(LocalStackError, match=f"port {busy} is in use"):
        ports.claim_exactly([busy], claims)

    listener.close()
    assert ports.claim_exactly([busy], claims) == (busy,)


def test_a_port_that_comes_free_in_a_moment_is_waited_for(listener, claims) -> None:
    busy = listener.getsockname()[1]
    Timer(0.5, listener.close).start()

    assert ports.claim_exactly([busy], claims) == (busy,)


def test_two_folders_have_ports_of_their_own(tmp_path) -> None:
    one, other = (ports.of_folder(tmp_path / name, (25432, 25433)) for name in "ab")

    assert not set(one) & set(other)
    assert ports.of_folder(tmp_path / "a", (25432, 25433)) == one


def test_one_claim_never_names_a_port_twice(listener, claims) -> None:
    wanted = listener.getsockname()[1]

    first, second = ports.claim([wanted, wanted + 1], claims)

    assert wanted < first < second


def test_another_stack_that_starts_meanwhile_looks_further(listener, claims) -> None:
    wanted = listener.getsockname()[1]
    listener.close()
    (mine,) = ports.claim([wanted], claims)

    with ExitStack() as others:
        assert ports.claim([wanted], others) > (mine,)


def test_a_claim_ends_with_its_holder(listener) -> None:
    wanted = listener.getsockname()[1]
    listener.close()
    with ExitStack() as first:
        ports.claim([wanted], first)

    with ExitStack() as second:
        assert ports.claim([wanted], second) == (wanted,)


def test_a_port_with_connections_in_time_wait_is_free(listener) -> None:
    address = listener.getsockname()
    with socket.create_connection(address) as client:
        accepted, _ = listener.accept()
        accepted.close()  # the side that closes first waits
        client.recv(1)
    listener.close()

    assert ports.is_free(address[1])
