"""Who works: a person or a job, and a process."""

import getpass
import os
import socket

from analytics.journal import person
from analytics.postgres import lock

PROCESS = f"{socket.gethostname()}:{os.getpid()}"


def test_it_is_the_user_of_the_system(monkeypatch):
    monkeypatch.delenv("ANALYTICS_WHO", raising=False)

    assert person.who() == f"{getpass.getuser()}@{PROCESS}"


def test_a_job_says_its_own_name(monkeypatch):
    monkeypatch.setenv("ANALYTICS_WHO", "deploy 4711")

    assert person.who() == f"deploy 4711@{PROCESS}"
    assert lock.application_name("up") == f"analytics up deploy 4711@{PROCESS}"


def test_a_user_without_a_name_is_a_number(monkeypatch):
    def nobody():
        raise OSError("no username")

    monkeypatch.delenv("ANALYTICS_WHO", raising=False)
    monkeypatch.setattr(getpass, "getuser", nobody)

    assert person.who() == f"user {os.getuid()}@{PROCESS}"


def test_a_long_name_leaves_room_for_the_purpose(monkeypatch):
    monkeypatch.setenv("ANALYTICS_WHO", "a very long name of a job " * 3)

    assert lock.application_name("upgrade 0007") == f"analytics upgrade 0007 {PROCESS}"
    assert len(lock.application_name("p" * 99)) == lock.APPLICATION_NAME_BYTES
