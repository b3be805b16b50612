"""Where counts are kept: in the memory of this process, or in Redis, shared by all processes and machines.

When Redis can't be reached, each process counts in its memory, and Redis is tried again aside after a while.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.limits import RateLimitItem

if TYPE_CHECKING:
    from redis.asyncio import Redis

T = TypeVar("T")
_WAIT_SECONDS: Final = 0.25
_REST_SECONDS: Final = 5.0
_PREFIX: Final = "kompasbot"
_TWO_DAYS: Final = 172_800
_MOST_FULL: Final = 10_000
_MOST_COUNTS: Final = 32_768
_log = logging.getLogger(__name__)


class LocalCounts(Storage):
    """Counts in the memory of this process, at most 32,768 of them: when full, that which began first goes.

    The library's own storage in memory looks through all its keys at every count, and holds as many as come.
    """

    STORAGE_SCHEME = ["async+local"]  # noqa: RUF012 (so declared by the library)

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._counts: dict[str, tuple[int, float]] = {}  # each count, and when it ends; in the order of their begin

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong here."""
        return ValueError

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count ``amount`` on a key, for ``expiry`` seconds from its first count; returns the new count.

        A negative amount takes off, down to zero: the count it was meant for may be gone.
        """
        count, ends = self._current(key)
        if not ends:
            self._counts.pop(key, None)
            if len(self._counts) >= _MOST_COUNTS:
                del self._counts[next(iter(self._counts))]
        count = max(count + amount, 0)
        self._counts[key] = count, ends or self._clock() + expiry
        return count

    async def get(self, key: str) -> int:
        """The count of a key."""
        return self._current(key)[0]

    async def get_expiry(self, key: str) -> float:
        """When the count of a key ends; now when it has none."""
        return self._current(key)[1] or self._clock()

    async def check(self) -> bool:
        """Memory is always there."""
        return True

    async def reset(self) -> int | None:
        """Forget all."""
        count = len(self._counts)
        self._counts.clear()
        return count

    async def clear(self, key: str) -> None:
        """Forget a key."""
        self._counts.pop(key, None)

    def _current(self, key: str) -> tuple[int, float]:
        count, ends = self._counts.get(key, (0, 0.0))
        return (count, ends) if ends > self._clock() else (0, 0.0)


class Counters:
    """Counts and the day's secret, in Redis while that answers, else in memory; ``failed`` is told of each failure."""

    def __init__(
        self, local: LocalCounts, redis_url: str | None = None, failed: Callable[[], None] = lambda: None
    ) -> None:
        self._local = FixedWindowRateLimiter(local)
        self._redis_url = redis_url
        self._failed = failed
        self._shared: FixedWindowRateLimiter | None = None
        self._client: Redis | None = None
        self._rest_until = 0.0
        self._full: dict[str, float] = {}  # when the window of a count that reached its limit ends
        self._known: tuple[int, bytes] | None = None  # the day's secret in Redis, kept while Redis is away
        self._own: tuple[int, bytes] | None = None  # the day's secret where there is no other
        self._probing: asyncio.Task[None] | None = None
        self.redis_answers = bool(redis_url)

    async def hit(self, item: RateLimitItem, key: str) -> float | None:
        """Count one on a key; None when that is within the limit, else the seconds until its window ends.

        A full window is remembered here: refusing what comes until it ends does not ask Redis.
        """
        name, now = item.key_for(key), time.time()
        ends = self._full.get(name, 0.0)
        if ends <= now:
            found = await self._somewhere(lambda limiter: _hit(limiter, item, key))
            if found is None:
                return None
            ends = self._remember(name, found)
        return max(ends - now, 1.0)

    def _remember(self, name: str, ends: float) -> float:
        if len(self._full) >= _MOST_FULL:
            self._full.clear()
        self._full[name] = ends
        return ends

    async def add(self, key: str, seconds: int, amount: int) -> int:
        """Add to a count, or with a negative amount take off it; gives the new count."""
        return await self._somewhere(lambda limiter: limiter.storage.incr(key, seconds, amount))

    async def count(self, key: str) -> int:
        """Read a count."""
        return await self._somewhere(lambda limiter: limiter.storage.get(key))

    async def secret(self, day: int) -> bytes:
        """The random 32 bytes of a day, shared by all who share these counters; an earlier day's are gone for good."""
        if self._known is None or self._known[0] != day:
            self._known = None
        if self._known is None and self._may_ask_redis():
            found = await self._shared_secret(day)
            self._known = (day, found) if found else None
        if self._own is None or self._own[0] != day:
            self._own = (day, secrets.token_bytes(32))
        return (self._known or self._own)[1]

    async def close(self) -> None:
        """Let go of Redis."""
        if self._probing:
            self._probing.cancel()
        if self._client:
            await self._client.aclose()

    async def _somewhere(self, act: Callable[[FixedWindowRateLimiter], Awaitable[T]]) -> T:
        if self._may_ask_redis():
            try:
                found = await act(self._connected())
            except Exception as error:
                self._lost(error)
            else:
                self._found()
                return found
        return await act(self._local)

    def _may_ask_redis(self) -> bool:
        now = time.monotonic()
        if not self._redis_url or now < self._rest_until:
            return False
        if not self.redis_answers:
            self._rest_until = now + _REST_SECONDS
            self._probing = asyncio.get_running_loop().create_task(self._probe())  # aside: no visitor waits for it
            return False
        return True

    async def _probe(self) -> None:
        try:
            await self._connected().storage.incr(f"{_PREFIX}/probe", 60)
        except Exception as error:
            self._lost(error)
        else:
            self._found()

    def _connected(self) -> FixedWindowRateLimiter:
        if self._shared is None:
            from limits.aio.storage import RedisStorage

            waits: dict[str, Any] = {"socket_timeout": _WAIT_SECONDS, "socket_connect_timeout": _WAIT_SECONDS}
            storage = RedisStorage(f"async+{self._redis_url}", implementation="redispy", key_prefix=_PREFIX, **waits)
            self._shared = FixedWindowRateLimiter(storage)
            self._client = storage.bridge.storage  # type: ignore[attr-defined]
        return self._shared

    async def _shared_secret(self, day: int) -> bytes | None:
        try:
            self._connected()
            assert self._client
            name = f"{_PREFIX}:secret:{day}"
            await self._client.set(name, secrets.token_bytes(32), nx=True, ex=_TWO_DAYS)
            kept = await self._client.get(name)
        except Exception as error:
            self._lost(error)
            return None
        return bytes(kept) if isinstance(kept, bytes) else None

    def _lost(self, error: Exception) -> None:
        self._rest_until = time.monotonic() + _REST_SECONDS
        self._failed()
        if self.redis_answers:
            _log.warning("Redis does not answer (%s): limits are counted in memory for now", type(error).__name__)
        self.redis_answers = False

    def _found(self) -> None:
        if not self.redis_answers:
            _log.info("Redis answers again: limits are shared")
            self._known = None  # one that came back empty gives all machines the same new secret
        self.redis_answers, self._rest_until = True, 0.0


async def _hit(limiter: FixedWindowRateLimiter, item: RateLimitItem, key: str) -> float | None:
    """Count one on a key; None when that is within the limit, else the time at which its window ends."""
    if await limiter.hit(item, key):
        return None
    return await limiter.storage.get_expiry(item.key_for(key))
