"""Counting in Redis: against a real one, and a small server on loopback that speaks what is used of its protocol."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import pytest
import redis.asyncio
from pydantic import SecretStr

from kompasbot.cli import backing
from kompasbot.server.guard import counters as module
from kompasbot.server.guard.counters import Counters, LocalCounts
from kompasbot.server.guard.limiter import Limiter
from kompasbot.settings import Settings
from tests.cluster import servers


class Redis(Protocol):
    """What the tests do with a Redis."""

    @property
    def port(self) -> int: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def hang(self) -> None: ...

    async def contents(self) -> bytes:
        """All that it keeps."""
        ...


class Real:
    """A redis-server that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self._part = servers.redis(folder)

    @property
    def port(self) -> int:
        return self._part.port

    async def start(self) -> None:
        await asyncio.to_thread(self._part.start)

    async def stop(self) -> None:
        await asyncio.to_thread(self._part.stop)

    def hang(self) -> None:
        self._part.hang()

    async def contents(self) -> bytes:
        async with redis.asyncio.Redis(port=self.port) as client:
            keys = [bytes(key) async for key in client.scan_iter()]
            values = await client.mget(keys)
            return b" ".join([*keys, *(one for one in values if isinstance(one, bytes))])


class StandIn:
    """A stand-in that counts as the scripts of the ``limits`` library do, and can go away and come back."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}
        self.hangs = False
        self._gone = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self.port = 0

    def hang(self) -> None:
        self.hangs = True

    async def contents(self) -> bytes:
        return b" ".join(key + b" " + value for key, value in self.values.items())

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        self._gone.set()
        for one in list(self._clients):
            one.close()
        await asyncio.sleep(0.05)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        with contextlib.suppress(OSError, EOFError, ValueError):
            while True:
                count = int((await reader.readline())[1:])
                words = []
                for _ in range(count):
                    size = int((await reader.readline())[1:])
                    words.append((await reader.readexactly(size + 2))[:-2])
                if self.hangs:
                    await self._gone.wait()
                    break
                writer.write(self._answer(words))
        self._clients.discard(writer)
        writer.close()

    def _answer(self, words: list[bytes]) -> bytes:
        match words:
            case [b"EVALSHA" | b"EVAL", _, _, key, _, amount]:
                count = int(self.values.get(key, b"0")) + int(amount)
                self.values[key] = str(count).encode()
                return b":%d\r\n" % count
            case [b"SET", key, value, *_]:
                self.values.setdefault(key, value)
                return b"+OK\r\n"
            case [b"GET", key]:
                kept = self.values.get(key)
                return b"$%d\r\n%s\r\n" % (len(kept), kept) if kept else b"$-1\r\n"
            case [b"TTL", *_]:
                return b":60\r\n"
            case [b"HELLO", *_]:
                return b"%1\r\n$5\r\nproto\r\n:3\r\n"
        return b"+OK\r\n"


Play = Callable[[Callable[[Redis], Awaitable[None]]], None]


@pytest.fixture(params=["stand-in", "redis-server"])
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Play:
    """Runs acts with a Redis that is there only for them."""
    if request.param == "redis-server" and servers.program("redis-server") is None:
        reason = "no Redis found; install it (Debian: apt-get install redis-server)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)

    async def whole(acts: Callable[[Redis], Awaitable[None]]) -> None:
        found: Redis = Real(tmp_path) if request.param == "redis-server" else StandIn()
        await found.start()
        try:
            await acts(found)
        finally:
            await found.stop()

    return lambda acts: asyncio.run(whole(acts))


def machine(redis: Redis, failures: list[int] | None = None) -> tuple[Limiter, Counters]:
    """A machine of its own: nothing is shared but Redis."""
    noted = failures if failures is not None else []
    counted = Counters(LocalCounts(), f"redis://127.0.0.1:{redis.port}", lambda: noted.append(1))
    return Limiter(Settings(limit_visitor="2/minute", tokens_per_day=100), counted), counted


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no Redis that is away."""
    monkeypatch.setattr(module, "_WAIT_SECONDS", 5.0)


@pytest.mark.usefixtures("patient")
def test_machines_share_their_counts(play: Play) -> None:
    async def acts(redis: Redis) -> None:
        one, mine = machine(redis)
        other, its = machine(redis)
        found = [await limits.admit("192.0.2.1") for limits in (one, other, one, other)]
        assert [bool(refusal) for refusal in found] == [False, False, True, True]
        assert 1 <= found[2].seconds <= 61 if found[2] else False
        kept = await redis.contents()
        assert b"kompasbot" in kept
        assert b"192.0.2.1" not in kept
        await mine.close()
        await its.close()

    play(acts)


@pytest.mark.usefixtures("patient")
def test_machines_share_what_is_set_aside_of_the_tokens_of_a_day(play: Play) -> None:
    async def acts(redis: Redis) -> None:
        one, mine = machine(redis)
        other, its = machine(redis)
        day = await one.reserve(150)
        assert day is not None
        assert await other.reserve(10) is None
        await one.settle(day, 150, 40)
        assert await other.exhausted() is None
        assert await other.reserve(60) == day
        assert await one.exhausted()
        await mine.close()
        await its.close()

    play(acts)


@pytest.mark.usefixtures("patient")
def test_limits_go_on_without_redis_and_are_shared_again_after(
    play: Play, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_REST_SECONDS", 0.1)
    caplog.set_level(logging.INFO)

    async def acts(redis: Redis) -> None:
        failures: list[int] = []
        limits, counted = machine(redis, failures)
        await limits.admit("192.0.2.1")
        await redis.stop()
        found = [await limits.admit("192.0.2.1") for _ in range(3)]
        assert [bool(refusal) for refusal in found] == [False, False, True]
        assert (counted.redis_answers, len(failures) > 0) == (False, True)
        await redis.start()
        await asyncio.sleep(0.15)
        assert await limits.admit("192.0.2.9") is None
        for _ in range(500):
            if counted.redis_answers:
                break
            await asyncio.sleep(0.02)
        assert counted.redis_answers
        one, its = machine(redis)
        assert [bool(await each.admit("192.0.2.7")) for each in (limits, one, limits)] == [False, False, True]
        await its.close()
        await counted.close()

    play(acts)
    assert "counted in memory" in caplog.text
    assert "Redis answers again" in caplog.text


def test_a_redis_that_hangs_holds_no_visitor_up_for_long(play: Play) -> None:
    async def acts(redis: Redis) -> None:
        limits, counted = machine(redis)
        redis.hang()
        began = asyncio.get_running_loop().time()
        for at in range(20):
            await limits.admit(f"192.0.2.{at}")
        assert asyncio.get_running_loop().time() - began < 3
        await counted.close()

    play(acts)


def test_no_visitor_waits_to_see_whether_a_redis_that_hangs_is_back(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WAIT_SECONDS", 1.0)
    monkeypatch.setattr(module, "_REST_SECONDS", 0.05)

    async def acts(redis: Redis) -> None:
        limits, counted = machine(redis)
        redis.hang()
        await limits.admit("192.0.2.1")
        now = asyncio.get_running_loop().time
        waited = 0.0
        for at in range(10):
            await asyncio.sleep(0.06)
            began = now()
            await limits.admit(f"192.0.2.{at}")
            waited += now() - began
        assert waited < 1.0
        await counted.close()

    play(acts)


@pytest.mark.skipif(servers.program("redis-server") is None, reason="no Redis found")
def test_doctor_names_the_version_of_a_redis_that_answers_and_the_fault_of_one_that_does_not(tmp_path: Path) -> None:
    part = servers.redis(tmp_path)
    settings = Settings(redis_url=SecretStr(f"redis://127.0.0.1:{part.port}"))
    part.start()
    try:
        answering = backing.redis(settings)
    finally:
        part.stop()
    assert (answering.state, answering.found[:7]) == ("goed", "versie ")
    gone = backing.redis(settings)
    assert (gone.state, "KOMPASBOT_REDIS_URL" in gone.hint) == ("let op", True)
