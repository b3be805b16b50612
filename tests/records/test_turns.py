"""Turns at a database server that is gone and back."""

import threading

import pytest

from kompasbot.errors import LimitReached, RecordsFailure
from kompasbot.records import turns as module
from kompasbot.records.turns import Turns, not_kept

_URL = "postgresql://kompas@127.0.0.1/kompas"


def fail(turns: Turns, cause: Exception) -> None:
    with pytest.raises(RecordsFailure), turns.one():
        raise not_kept() from cause


def test_while_a_server_is_gone_one_tries_it_and_the_others_do_not_wait() -> None:
    turns, entered = Turns(_URL), []
    fail(turns, ConnectionError("weg"))
    assert turns.answers is False
    with turns.one():
        with pytest.raises(RecordsFailure), turns.one():
            entered.append(1)
        assert not entered
    assert turns.answers is True


def test_a_server_that_is_gone_is_tried_by_the_next_one() -> None:
    turns = Turns(_URL)
    fail(turns, ConnectionError("weg"))
    fail(turns, ConnectionError("nog steeds weg"))
    assert turns.answers is False
    with turns.one():
        pass
    assert turns.answers is True


def test_an_answer_that_is_no_good_does_not_mean_that_the_server_is_gone() -> None:
    class Refused(Exception):
        sqlstate = "23505"

    turns = Turns(_URL)
    fail(turns, Refused())
    with pytest.raises(LimitReached), turns.one():
        raise LimitReached("Er zijn vandaag al veel berichten binnengekomen.")
    assert turns.answers is True


def test_a_server_that_stops_is_gone() -> None:
    class Stopping(Exception):
        sqlstate = "57P01"

    turns = Turns(_URL)
    fail(turns, Stopping())
    assert turns.answers is False


def test_a_file_is_always_there() -> None:
    turns = Turns(None)
    fail(turns, OSError("schijf vol"))
    with turns.one():
        pass
    assert turns.answers is None


def test_those_who_wait_do_not_take_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT_SECONDS", 0.1)
    turns, leave, inside = Turns(_URL), threading.Event(), threading.Semaphore(0)

    def stay() -> None:
        with turns.one():
            inside.release()
            leave.wait(timeout=30)

    staying = [threading.Thread(target=stay, daemon=True) for _ in range(12)]
    for one in staying:
        one.start()
    for _ in staying:
        assert inside.acquire(timeout=30)
    with pytest.raises(RecordsFailure), turns.one():
        pass
    leave.set()
    for one in staying:
        one.join(timeout=30)
    with turns.one():
        pass
