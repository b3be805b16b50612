"""Sixteen ways in which an endpoint fails, as scripts and addresses."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.bench import free_port
from tests.llm.scripted import Call, Script, saying, serving

FIRST = "De Kieswijzer helpt leraren om lesmateriaal te kiezen. [1]"


async def header_hang(call: Call) -> None:
    await call.hang()


async def first_token_hang(call: Call) -> None:
    await call.begin()
    await call.chunk({"role": "assistant", "content": ""})
    await call.hang()


async def stall(call: Call) -> None:
    await call.begin()
    await call.say(f"{FIRST} De Kieswijzer")
    await call.hang()


async def reset(call: Call) -> None:
    await call.begin()
    await call.say(f"{FIRST} De Kieswijzer")
    await call.pause()
    call.reset()


async def no_finish(call: Call) -> None:
    await call.begin()
    await call.say(FIRST)
    await call.close()


async def error_in_stream(call: Call) -> None:
    await call.begin()
    await call.say(f"{FIRST} De Kieswijzer")
    await call.pause()
    await call.line('{"error": {"message": "overloaded", "type": "server_error", "code": 500}}')
    await call.close()


async def malformed(call: Call) -> None:
    await call.begin()
    await call.say(f"{FIRST} De Kieswijzer")
    await call.pause()
    await call.line('{"id": "c", "choices": [{"delta": {"content": ')
    await call.close()


async def unauthorized(call: Call) -> None:
    await call.error(401)


async def too_busy(call: Call) -> None:
    await call.error(429, "retry-after: 30")


async def broken(call: Call) -> None:
    await call.error(500)


@contextmanager
def _address(script: Script) -> Iterator[str]:
    with serving(script) as server:
        yield server.url


@contextmanager
def refused() -> Iterator[str]:
    yield f"http://127.0.0.1:{free_port()}/v1"


@contextmanager
def unknown_name() -> Iterator[str]:
    yield "http://kompasbot-bestaat-niet.invalid/v1"


@contextmanager
def not_tls() -> Iterator[str]:
    with serving(saying(FIRST)) as server:
        yield server.url.replace("http:", "https:")


@contextmanager
def connect_hang() -> Iterator[str]:
    """A listener whose queue is full: further connections get no answer."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(3):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
            waiting.append(one)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            for one in waiting:
                one.close()


FALLBACK: dict[str, tuple[Callable[[], object], str]] = {
    "refused": (refused, "verbinding"),
    "DNS": (unknown_name, "verbinding"),
    "TLS": (not_tls, "verbinding"),
    "connect hang": (connect_hang, "binnen de tijd"),
    "header hang": (lambda: _address(header_hang), "begon niet op tijd"),
    "first-token hang": (lambda: _address(first_token_hang), "begon niet op tijd"),
    "401": (lambda: _address(unauthorized), "sleutel"),
    "429 with Retry-After": (lambda: _address(too_busy), "te druk"),
    "500 three times": (lambda: _address(broken), "storing"),
}
"""Nothing can be shown: the extractive engine answers, and the reason holds these words."""

UNFINISHED: dict[str, tuple[Script, str]] = {
    "mid-stream stall": (stall, "melding.afgebroken"),
    "reset": (reset, "melding.afgebroken"),
    "end without finish_reason": (no_finish, "melding.misschien_afgebroken"),
    "null finish_reason": (saying(FIRST, finish=None), "melding.misschien_afgebroken"),
    "error object in the stream": (error_in_stream, "melding.afgebroken"),
    "malformed JSON": (malformed, "melding.afgebroken"),
}
"""One sentence was shown already: it stays, with this notice."""
