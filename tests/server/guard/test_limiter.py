"""Who may ask how much."""

import asyncio
from typing import Any

import pytest
from limits import parse

from kompasbot.server.guard.counters import Counters, LocalCounts
from kompasbot.server.guard.limiter import Limiter, Refusal, network
from kompasbot.settings import Settings


class Clock:
    now = 86_400.0 * 20_000 + 3600

    def __call__(self) -> float:
        return self.now


def limiter(counts: LocalCounts | None = None, clock: Clock | None = None, **settings: Any) -> Limiter:
    return Limiter(Settings(**settings), Counters(counts or LocalCounts()), clock or Clock())


async def ask(limits: Limiter, address: str, times: int) -> list[str | None]:
    found = [await limits.admit(address) for _ in range(times)]
    return [one.limit if one else None for one in found]


def test_one_visitor_is_limited_and_another_is_not() -> None:
    limits = limiter(limit_visitor="2/minute")
    assert asyncio.run(ask(limits, "10.0.0.1", 3)) == [None, None, "visitor"]
    assert asyncio.run(ask(limits, "10.0.0.2", 1)) == [None]


def test_all_together_are_limited() -> None:
    limits = limiter(limit_total="2/minute")
    found = [asyncio.run(limits.admit(f"10.0.0.{at}")) for at in range(3)]
    assert [one.limit if one else None for one in found] == [None, None, "total"]


def test_a_visitor_who_is_refused_does_not_use_up_what_others_may_ask() -> None:
    limits = limiter(limit_visitor="1/minute", limit_total="2/minute")
    assert asyncio.run(ask(limits, "10.0.0.1", 5)) == [None, *["visitor"] * 4]
    assert asyncio.run(ask(limits, "10.0.0.2", 1)) == [None]


def test_a_refusal_says_how_long_to_wait() -> None:
    limits = limiter(limit_visitor="1/minute")
    asyncio.run(limits.admit("10.0.0.1"))
    refused = asyncio.run(limits.admit("10.0.0.1"))
    assert refused
    assert 50 < refused.seconds <= 60


@pytest.mark.parametrize(
    ("settings", "limited"),
    [
        ({}, False),
        ({"host": "0.0.0.0"}, True),
        ({"trusted_proxies": "127.0.0.1"}, True),
        ({"host": "0.0.0.0", "limit_visitor": "uit"}, False),
        ({"limit_visitor": "60/minute"}, True),
    ],
)
def test_limits_are_off_only_while_nobody_else_can_come_in(settings: dict[str, str], limited: bool) -> None:
    assert (asyncio.run(ask(limiter(None, None, **settings), "10.0.0.1", 61))[-1] == "visitor") is limited


def test_the_address_of_a_visitor_is_not_kept() -> None:
    counts = LocalCounts()
    asyncio.run(ask(limiter(counts, limit_visitor="9/minute"), "203.0.113.77", 3))
    assert "/visitor/" in repr(vars(counts))
    assert "203.0.113.77" not in repr(vars(counts))


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("unix", "unix"),
    ],
)
def test_an_ipv6_visitor_can_not_change_his_address_to_ask_more(address: str, stands_for: str) -> None:
    assert network(address) == stands_for


def test_the_tokens_of_a_day_run_out_and_come_back() -> None:
    async def play() -> list[Refusal | None]:
        clock = Clock()
        limits = limiter(clock=clock, tokens_per_day=100)
        found = [await limits.exhausted()]
        for _ in range(2):
            day = await limits.reserve(90)
            assert day is not None
            await limits.settle(day, 90, 60)
            found.append(await limits.exhausted())
        clock.now += 86_400
        return [*found, await limits.exhausted()]

    assert asyncio.run(play()) == [None, None, Refusal("tokens", 82_800), None]


def test_what_was_set_aside_counts_until_it_is_known_what_was_spent() -> None:
    """Also for who shares the counts, and for a call that began before midnight."""

    async def play() -> None:
        counts, clock = LocalCounts(), Clock()
        here, there = (limiter(counts, clock, tokens_per_day=100) for _ in range(2))
        day = await here.reserve(150)
        assert day is not None
        assert [await there.reserve(10), await here.reserve(10)] == [None, None]
        await here.settle(day, 150, 40)
        assert await there.reserve(10) == day
        clock.now += 86_400
        assert await here.reserve(100) == day + 1
        await there.settle(day, 10, 90)
        assert await there.exhausted()

    asyncio.run(play())


def test_what_was_set_aside_and_forgotten_does_not_make_a_count_negative() -> None:
    async def play() -> int | None:
        limits = limiter(tokens_per_day=100)
        await limits.settle(20_000, 500, 20)
        return await limits.reserve(10)

    assert asyncio.run(play()) == 20_000


def test_what_comes_while_a_limit_is_reached_is_refused_without_asking_the_shared_counters() -> None:
    """A flood costs Redis nothing: where counts are kept sees the request that reached the limit, and no more."""
    counts = LocalCounts()
    limits = limiter(counts, limit_total="2/hour")
    key = f"{parse('2/hour').key_for('total/all')}"
    assert asyncio.run(ask(limits, "10.0.0.1", 50)) == [None, None, *["total"] * 48]
    assert asyncio.run(counts.get(key)) == 3


def test_counts_end_and_their_number_is_bounded() -> None:
    async def play() -> None:
        clock = Clock()
        counts = LocalCounts(clock)
        assert [await counts.incr("first", 60), await counts.incr("first", 60)] == [1, 2]
        assert await counts.get_expiry("first") == clock.now + 60
        clock.now += 60
        assert [await counts.get("first"), await counts.incr("first", 60)] == [0, 1]
        for at in range(40_000):
            await counts.incr(f"visitor {at}", 60)
        assert [await counts.get("first"), await counts.get("visitor 39999")] == [0, 1]
        assert await counts.reset() == 32_768

    asyncio.run(play())
