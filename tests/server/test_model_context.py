"""The Model Context Protocol, through the client of its own SDK."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.memory import create_connected_server_and_client_session

from kompasbot import __version__
from kompasbot.retrieval.index import Index
from kompasbot.server.app import follow
from kompasbot.server.model_context import make_http_app, make_server
from kompasbot.settings import Settings
from kompasbot.store.live import Live
from tests.cli.test_cli import SHEET, environment, run
from tests.server.conftest import fixed, running
from tests.shelf import ITEMS, index

KIESWIJZER = next(one for one in ITEMS if one.title.startswith("Kieswijzer"))


def started(settings: Settings) -> Live[Index]:
    live = fixed(settings)
    live.start()
    return live


async def call(session: ClientSession, tool: str, **arguments: object) -> dict[str, Any]:
    reply = await session.call_tool(tool, arguments)
    assert not reply.isError, reply.content
    assert reply.structuredContent is not None
    return reply.structuredContent


async def refusal(session: ClientSession, tool: str, **arguments: object) -> str:
    reply = await session.call_tool(tool, arguments)
    assert reply.isError
    return str(getattr(reply.content[0], "text", ""))


def with_session(settings: Settings, acts: Callable[[ClientSession], Awaitable[None]]) -> None:
    async def play() -> None:
        server = make_server(settings, started(settings))
        async with create_connected_server_and_client_session(server) as session:
            await acts(session)

    asyncio.run(play())


def test_the_tools_only_read(settings: Settings) -> None:
    async def acts(session: ClientSession) -> None:
        tools = (await session.list_tools()).tools
        assert [one.name for one in tools] == ["search", "fetch"]
        assert all(one.annotations and one.annotations.readOnlyHint for one in tools)

    with_session(settings, acts)


def test_what_is_found_can_be_fetched(settings: Settings) -> None:
    async def acts(session: ClientSession) -> None:
        found = (await call(session, "search", query="Welke methode past bij mijn klas?"))["results"]
        assert found[0]["id"] == KIESWIJZER.id
        item = await call(session, "fetch", id=found[0]["id"])
        assert item["text"] == KIESWIJZER.text
        assert item["metadata"]["type"] == "tool"
        assert await call(session, "fetch", id=found[0]["url"]) == item

    with_session(settings, acts)


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("fetch", {"id": "nergens"}, "Er is geen item met dit id."),
        ("search", {"query": "  "}, "De zoekvraag is leeg."),
        ("search", {"query": "x" * 2001}, "De zoekvraag is langer dan 2000 tekens."),
        ("search", {"query": "robot", "limit": 1000}, "Bij 'limit': Dit getal is te groot."),
        ("search", {}, "Bij 'query': Dit veld ontbreekt."),
        ("search", {"query": 7}, "Bij 'query': Dit moet tekst zijn."),
        ("schrijf", {}, "Deze tool bestaat niet. Gebruik 'search' of 'fetch'."),
    ],
)
def test_a_call_that_can_not_be_answered_says_why_in_dutch(
    settings: Settings, tool: str, arguments: dict[str, object], says: str
) -> None:
    async def acts(session: ClientSession) -> None:
        assert (await refusal(session, tool, **arguments)).startswith(says)

    with_session(settings, acts)


def test_an_unexpected_error_is_not_told_to_the_caller(settings: Settings) -> None:
    def broken(_id: str) -> Index:
        raise RuntimeError("geheim")

    async def play() -> None:
        settings.index_dir.mkdir(parents=True, exist_ok=True)
        live = Live(settings.index_dir, lambda _: index(), lambda _: None)
        live.borrow = broken  # type: ignore[method-assign, assignment]
        async with create_connected_server_and_client_session(make_server(settings, live)) as session:
            assert (await refusal(session, "fetch", id="x")).startswith("Er ging iets mis in kompasbot.")

    asyncio.run(play())


def test_the_server_says_which_kompasbot_it_is(settings: Settings) -> None:
    options = make_server(settings, started(settings)).create_initialization_options()
    assert (options.server_name, options.server_version) == ("kompasbot", __version__)


def test_without_an_index_the_assistant_is_told(settings: Settings) -> None:
    async def play() -> None:
        server = make_server(settings, follow(settings))
        async with create_connected_server_and_client_session(server) as session:
            assert "Er is nog geen index" in await refusal(session, "search", query="robot")

    asyncio.run(play())


def test_it_works_over_http_and_is_limited_as_the_rest(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, limit_visitor="20/minute")

    async def play(address: str) -> None:
        async with streamable_http_client(f"{address}/mcp") as (read, write, _), ClientSession(read, write) as session:
            await session.initialize()
            found = await call(session, "search", query="robot voor kleuters")
            assert found["results"][0]["title"] == "De Wit: robots in de kleuterklas"

    with running(make_http_app(settings, started(settings))) as address:
        asyncio.run(play(address))
        statuses = [httpx.post(f"{address}/mcp", json={}).status_code for _ in range(20)]
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("more", "host", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "localhost:8766", 200),
        ({}, "kompas.example", 421),
        ({"host": "192.0.2.7"}, "192.0.2.7:8766", 200),
        ({"host": "192.0.2.7"}, "kompas.example", 421),
        ({"host": "0.0.0.0"}, "kompas.lan", 200),
        ({"trusted_proxies": "127.0.0.1"}, "kompas.example", 200),
    ],
)
def test_it_goes_by_its_own_names_and_behind_a_proxy_by_any(
    tmp_path: Path, more: dict[str, str], host: str, status: int
) -> None:
    settings = Settings(data=tmp_path, **more)  # type: ignore[arg-type]
    with running(make_http_app(settings, started(settings))) as address:
        assert asked(address, host=host).status_code == status


def test_a_page_elsewhere_can_not_ask_it_through_a_visitors_browser(settings: Settings) -> None:
    with running(make_http_app(settings, started(settings))) as address:
        assert asked(address, origin="https://elders.example").status_code == 403
        assert asked(address, origin="http://localhost:3000").status_code == 200


def test_over_http_it_tells_how_it_is_and_keeps_no_streams_open(settings: Settings) -> None:
    with running(make_http_app(settings, started(settings))) as address:
        asked(address)
        assert httpx.get(f"{address}/healthz").json() == {"status": "ok"}
        assert httpx.get(f"{address}/readyz").json()["status"] == "ok"
        assert (
            'kompasbot_requests_total{method="POST",route="/mcp",status="200"} 1.0'
            in httpx.get(f"{address}/metrics").text
        )
        assert httpx.get(f"{address}/mcp", headers={"Accept": "text/event-stream"}).status_code == 405


def asked(address: str, **headers: str) -> httpx.Response:
    """The reply to a search over bare HTTP."""
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search", "arguments": {"query": "robot"}},
    }
    return httpx.post(f"{address}/mcp", json=call, headers={"Accept": "application/json, text/event-stream", **headers})


def test_the_command_speaks_over_standard_input_and_output(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "lesmateriaal").mkdir(parents=True)
    (tmp_path / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    assert run(tmp_path, "ingest").returncode == 0
    command = StdioServerParameters(command=sys.executable, args=["-m", "kompasbot", "mcp"], env=environment(tmp_path))

    async def play() -> None:
        async with stdio_client(command) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            found = (await call(session, "search", query="Wie leent een Techkist uit?", limit=1))["results"]
            item = await call(session, "fetch", id=found[0]["id"])
            assert "Drentstad" in json.dumps(item)

    asyncio.run(play())


def test_the_log_of_the_command_says_nothing_of_calls(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": HELLO},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "search", "arguments": {"query": "geheim", "limit": 0}}},
        {"id": 3, "method": "tools/call", "params": {"name": ["geheim"]}},
    ]
    command = [sys.executable, "-m", "kompasbot", "mcp"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment(tmp_path)) as program:
        assert program.stdin
        assert program.stdout
        for line in lines:
            program.stdin.write(json.dumps({"jsonrpc": "2.0", **line}).encode() + b"\n")
        program.stdin.flush()
        replies = b"".join(program.stdout.readline() for line in lines if "id" in line)
        _, log = program.communicate(b"geheim\n", timeout=60)
    assert b"Bij 'limit': Dit getal is te klein." in replies
    assert (program.returncode, log) == (0, b"")


HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "proef", "version": "1"}}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 30_000,
        b'{"a":' * 12_000,
        b"[" * 500 + b"]" * 500,
        b"[" * 65 + b"1" + b"]" * 65,
        b"\xff\xfe{",
        b"9" * 6_000,
        b"{",
    ],
)
def test_a_body_that_can_not_be_read_is_an_error_of_its_sender(settings: Settings, body: bytes) -> None:
    headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    with running(make_http_app(settings, started(settings))) as address:
        reply = httpx.post(f"{address}/mcp", content=body, headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, -32700)
