"""Neighbours while a Chroma server is gone and back: what a visitor's question gets, and how long it waits."""

import logging
import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from kompasbot.breaker import Breaker
from kompasbot.errors import UpstreamError
from kompasbot.store.neighbours import Neighbours

_ASKED = np.zeros(2, np.float32)


class Server:
    """Answers with row 1, fails, or hangs until it is let go."""

    def __init__(self) -> None:
        self.gone = False
        self.hangs = threading.Event()
        self.hangs.set()
        self.asked = 0

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        self.asked += 1
        self.hangs.wait(timeout=30)
        if self.gone:
            raise ConnectionError("weg")
        return [(1, 1.0)]

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        if self.gone:
            raise ConnectionError("weg")
        return np.full((len(rows), 2), 1, np.float32)

    def close(self) -> None:
        pass


class Copy:
    """The copy on this machine answers with row 2."""

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        return [(2, 1.0)]

    def vectors(self, rows: Sequence[int]) -> NDArray[np.float32]:
        return np.full((len(rows), 2), 2, np.float32)

    def close(self) -> None:
        pass


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def wait_for(found: Neighbours, row: int) -> None:
    limit = time.monotonic() + 20
    while found.nearest(_ASKED, 1)[0][0] != row:
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_the_copy_answers_while_the_server_is_gone_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    server, clock = Server(), Clock()
    found = Neighbours(lambda: server, Copy(), Breaker(1, 5.0, clock))
    assert found.nearest(_ASKED, 1) == [(1, 1.0)]
    server.gone = True
    assert [found.nearest(_ASKED, 1) for _ in range(3)] == [[(2, 1.0)]] * 3
    assert server.asked == 2
    server.gone = False
    clock.now += 5
    wait_for(found, 1)
    assert [one.message for one in caplog.records] == [
        "the Chroma server does not answer (ConnectionError): answering from the copy of the vectors on this machine",
        "the Chroma server answers questions again",
    ]


def test_nobody_waits_while_a_server_that_hung_is_tried_again() -> None:
    server, clock = Server(), Clock()
    found = Neighbours(lambda: server, Copy(), Breaker(1, 5.0, clock))
    server.gone = True
    found.nearest(_ASKED, 1)
    server.gone = False
    server.hangs.clear()
    clock.now += 5
    began = time.monotonic()
    assert [found.nearest(_ASKED, 1) for _ in range(3)] == [[(2, 1.0)]] * 3
    assert time.monotonic() - began < 10
    server.hangs.set()
    wait_for(found, 1)


def test_without_a_copy_it_is_said_that_there_are_no_neighbours() -> None:
    server, clock = Server(), Clock()
    found = Neighbours(lambda: server, None, Breaker(1, 5.0, clock))
    server.gone = True
    for _ in range(3):
        with pytest.raises(UpstreamError):
            found.nearest(_ASKED, 1)
    assert server.asked == 1
    with pytest.raises(UpstreamError):
        found.vectors([0])


def test_vectors_of_passages_come_from_the_copy_and_without_one_from_the_server() -> None:
    server = Server()
    assert Neighbours(lambda: server, Copy()).vectors([4, 1]).tolist() == [[2, 2], [2, 2]]
    assert Neighbours(lambda: server).vectors([4]).tolist() == [[1, 1]]
    server.gone = True
    with pytest.raises(UpstreamError):
        Neighbours(lambda: server).vectors([4])


def test_a_server_that_was_never_there_is_connected_to_when_it_comes() -> None:
    server, clock, there = Server(), Clock(), [False]

    def connect() -> Server:
        if not there[0]:
            raise ConnectionError("weg")
        return server

    found = Neighbours(connect, Copy(), Breaker(1, 5.0, clock))
    assert found.nearest(_ASKED, 1) == [(2, 1.0)]
    there[0] = True
    clock.now += 5
    wait_for(found, 1)
