"""Ctrl-C during a release: the first waits for a safe point, the second does not."""

import os
import signal
import threading

import pytest

from analytics import interruption
from analytics.errors import Interrupted


@pytest.mark.parametrize("number", interruption.SIGNALS)
def test_the_first_signal_waits_to_be_asked_about(number):
    said = []

    with interruption.deferred(said.append) as check:
        check()
        os.kill(os.getpid(), number)
        with pytest.raises(Interrupted, match="run the same command again"):
            check()

    assert said == [interruption.FIRST]


def test_the_second_signal_stops_at_once():
    with interruption.deferred(print), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)


def test_signals_are_as_before_when_it_is_over():
    before = [signal.getsignal(each) for each in interruption.SIGNALS]

    with interruption.deferred(print):
        pass

    assert [signal.getsignal(each) for each in interruption.SIGNALS] == before


def test_in_another_thread_nothing_changes():
    checked = []

    def work():
        with interruption.deferred(print) as check:
            check()
            checked.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert checked == [signal.getsignal(signal.SIGINT)]
