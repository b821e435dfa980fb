"""Ctrl-C during a release: the first waits for a safe point, the second does not."""

import os
import signal
import threading

import pytest

from analytics import watch
from analytics.errors import Interrupted


@pytest.mark.parametrize("number", watch.SIGNALS)
def test_the_first_signal_waits_to_be_asked_about(number):
    said = []

    with watch.deferred(said.append) as check:
        check()
        os.kill(os.getpid(), number)
        with pytest.raises(Interrupted, match="run the same command again"):
            check()

    assert said == [watch.FIRST]


def test_a_signal_amid_a_line_of_output_does_not_disturb_it():
    said, output = [], threading.Lock()

    def say(line):
        assert output.acquire(timeout=10)
        said.append(line)

    with watch.deferred(say) as check:
        with output:
            os.kill(os.getpid(), signal.SIGINT)
            said.append("a line")
        with pytest.raises(Interrupted):
            check()

    assert said == ["a line", watch.FIRST]


def test_the_second_signal_stops_at_once():
    with watch.deferred(print), pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)


def test_signals_are_as_before_when_it_is_over():
    before = [signal.getsignal(each) for each in watch.SIGNALS]

    with watch.deferred(print):
        pass

    assert [signal.getsignal(each) for each in watch.SIGNALS] == before


def test_in_another_thread_nothing_changes():
    checked = []

    def work():
        with watch.deferred(print) as check:
            check()
            checked.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert checked == [signal.getsignal(signal.SIGINT)]
