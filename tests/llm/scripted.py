"""A scripted OpenAI-compatible server on loopback, by raw sockets: it streams, hangs, breaks and lies as a test tells
it.
"""

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

Body = dict[str, Any]


class Call:
    """One request, and the ways to answer it."""

    def __init__(self, path: str, body: Body, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.path = path
        self.body = body
        self._reader = reader
        self._writer = writer

    @property
    def prompt(self) -> str:
        """All messages as one text."""
        return "\n".join(message["content"] for message in self.body.get("messages", ()))

    @property
    def sources(self) -> dict[int, str]:
        """The numbered sources of the prompt: title and text."""
        found = re.split(r"^\[(\d+)\] ", self.prompt.split("\n\nDit ging eraan vooraf")[0], flags=re.MULTILINE)[1:]
        return {int(number): text.strip() for number, text in zip(found[::2], found[1::2], strict=True)}

    def cited(self, text: str) -> str:
        """A text whose ``[1]`` stands for the source that the prompt names as the best."""
        best = re.search(r"het best: \[(\d)\]", self.prompt)
        return text.replace("[1]", f"[{best[1]}]") if best else text

    async def raw(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def reply(self, status: int, body: Body, headers: Sequence[str] = ()) -> None:
        """A whole answer at once."""
        data = json.dumps(body).encode()
        head = [f"HTTP/1.1 {status} X", "content-type: application/json", f"content-length: {len(data)}", *headers]
        await self.raw("\r\n".join(head).encode() + b"\r\n\r\n" + data)

    async def error(self, status: int, *headers: str) -> None:
        await self.reply(status, {"error": {"message": "scripted", "type": "scripted", "code": None}}, headers)

    async def begin(self) -> None:
        """The head of a stream."""
        await self.raw(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")

    async def line(self, text: str) -> None:
        """One event of the stream, whatever its text."""
        data = f"data: {text}\n\n".encode()
        await self.raw(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def chunk(self, delta: Body | None, finish: str | None = None, **more: Any) -> None:
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
        body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
        await self.line(json.dumps(body | more))

    async def say(self, text: str) -> None:
        await self.chunk({"role": "assistant", "content": self.cited(text)})

    async def finish(self, reason: str | None = "stop", usage: tuple[int, int] | None = (100, 20)) -> None:
        """The proper end of a stream."""
        await self.chunk({}, reason)
        if usage:
            counted = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
            await self.chunk(None, usage=counted)
        await self.line("[DONE]")
        await self.close()

    async def close(self) -> None:
        """The end of the body, without a word."""
        await self.raw(b"0\r\n\r\n")

    async def pause(self) -> None:
        """Let what was said arrive."""
        await asyncio.sleep(0.1)

    async def hang(self) -> None:
        """Say nothing until the client leaves."""
        await self._reader.read(1)

    def reset(self) -> None:
        """Tear the connection."""
        self._writer.transport.abort()


Script = Callable[[Call], Awaitable[None]]


@dataclass
class Scripted:
    """The running server: ``calls`` are the requests so far, ``open`` the number that is still being answered."""

    script: Script
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    open: int = 0
    models: Sequence[str] = ("m",)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                first = await reader.readexactly(1)
                if first == b"\x16":  # someone speaks TLS
                    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    return
                head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
                data = await reader.readexactly(int(length[1])) if length else b"{}"
                call = Call(head.split(" ")[1], json.loads(data), reader, writer)
                await self._answer(call)
                if writer.is_closing():
                    break

    async def _answer(self, call: Call) -> None:
        if call.path.endswith("/models"):
            await call.reply(200, {"object": "list", "data": [{"id": one, "object": "model"} for one in self.models]})
            return
        self.calls.append(call)
        self.open += 1
        try:
            await self.script(call)
        finally:
            self.open -= 1


@contextmanager
def serving(script: Script) -> Iterator[Scripted]:
    """Serve a script on a free port of loopback, in a thread of its own."""
    server, started, loop = Scripted(script), threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
        server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
        started.set()
        await stop.wait()
        listening.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    thread = threading.Thread(target=_running, args=(loop, run()), daemon=True)
    thread.start()
    assert started.wait(5)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5)


def _running(loop: asyncio.AbstractEventLoop, work: Any) -> None:
    try:
        loop.run_until_complete(work)
        loop.run_until_complete(asyncio.sleep(0.01))
    finally:
        loop.close()


def saying(*pieces: str, finish: str | None = "stop", usage: tuple[int, int] | None = (100, 20)) -> Script:
    """Streams these pieces and ends properly; ``[1]`` cites the best source, also where pieces cut it."""

    async def script(call: Call) -> None:
        await call.begin()
        whole = call.cited("".join(pieces))
        for piece, end in zip(pieces, accumulate(map(len, pieces)), strict=True):
            await call.say(whole[end - len(piece) : end])
        await call.finish(finish, usage)

    return script
