"""The Model Context Protocol, through the client of its own SDK."""

import asyncio
import json
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

from kompasbot.retrieval.index import Index
from kompasbot.server.app import follow
from kompasbot.server.model_context import make_http_app, make_server
from kompasbot.settings import Settings
from kompasbot.store.live import Live
from tests.cli.test_cli import SHEET, environment, run
from tests.server.conftest import fixed, running
from tests.shelf import ITEMS

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
        async with create_connected_server_and_client_session(server._mcp_server) as session:
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
        ("fetch", {"id": "nergens"}, "geen item"),
        ("search", {"query": "  "}, "Geef een zoekvraag"),
        ("search", {"query": "x" * 2001}, "Geef een zoekvraag"),
        ("search", {"query": "robot", "limit": 1000}, "limit"),
    ],
)
def test_a_call_that_can_not_be_answered_says_why(
    settings: Settings, tool: str, arguments: dict[str, object], says: str
) -> None:
    async def acts(session: ClientSession) -> None:
        assert says in await refusal(session, tool, **arguments)

    with_session(settings, acts)


def test_without_an_index_the_assistant_is_told(settings: Settings) -> None:
    async def play() -> None:
        server = make_server(settings, follow(settings))
        async with create_connected_server_and_client_session(server._mcp_server) as session:
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
