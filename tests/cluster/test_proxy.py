"""The shipped configuration of nginx, with https and below a path, before a real server whose answers come slowly."""

import asyncio
import itertools
import re
import ssl
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from kompasbot.answering.answer import Event, Question
from kompasbot.answering.assistant import Assistant
from kompasbot.cli.serve import options
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.server.model_context import make_http_app
from kompasbot.settings import Settings
from tests.bench import ROOT, free_port
from tests.cluster import servers
from tests.server.conftest import fixed, make_app, running
from tests.server.manage.conftest import TOKEN
from tests.server.test_paths import writings

QUESTION = {"messages": [{"role": "user", "content": "Wat is de Kieswijzer?"}]}
_PAUSE = 0.3


class Unhurried(Assistant):
    """Lets some time pass between the parts of an answer."""

    async def events(self, index: Index, question: Question) -> AsyncIterator[Event]:
        async for event in super().events(index, question):
            yield event
            await asyncio.sleep(_PAUSE)


@dataclass(frozen=True)
class Site:
    """Where visitors come in; each is somebody else by an address of their own on loopback."""

    port: int
    trust: ssl.SSLContext

    def visitor(self, last: int) -> httpx.Client:
        """A browser at the address 127.0.0.``last``."""
        way = httpx.HTTPTransport(verify=self.trust, local_address=f"127.0.0.{last}")
        return httpx.Client(base_url=f"https://127.0.0.1:{self.port}/kompas", transport=way, timeout=20)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    servers.need("nginx", "openssl")
    with tempfile.TemporaryDirectory(prefix="kompasbot-proxy-") as name, ExitStack() as ending:
        folder = Path(name)
        folder.chmod(0o711)  # nginx keeps what is sent in a folder of its own, as another user
        trust = certificate(folder)
        settings = Settings(
            data=folder / "data",
            base_path="/kompas",
            trusted_proxies="127.0.0.1",
            limit_visitor="8/minute",
            admin_token=TOKEN,
        )
        app = make_app(settings, Unhurried(settings, load_texts()))
        kompasbot = ending.enter_context(running(app, **options(settings)))
        live = fixed(settings)
        live.start()
        tools = ending.enter_context(running(make_http_app(settings, live), **options(settings)))
        port = free_port()
        text = servers.shipped(port, [port_of(kompasbot)]).replace("127.0.0.1:8766", f"127.0.0.1:{port_of(tools)}")
        text = below_path(text.replace("/etc/ssl/kompas.", f"{folder}/kompas."))
        there = Site(port, trust)

        def ready() -> bool:
            try:
                with there.visitor(2) as browser:
                    return browser.get("/healthz").status_code == 200
            except httpx.HTTPError:
                return False

        nginx = servers.nginx_with(folder, port, text, ready)
        ending.callback(nginx.stop)
        nginx.start()
        yield there


def certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate for loopback; gives what trusts it."""
    files = ["-keyout", str(folder / "kompas.key"), "-out", str(folder / "kompas.pem")]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=kompas", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", *kind, *files, *names]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    return ssl.create_default_context(cafile=str(folder / "kompas.pem"))


def below_path(text: str) -> str:
    """The configuration after the command that the handbook gives for a path."""
    told = re.search(
        r"^sed -i -E '(s#.+#)' ", (ROOT / "docs/draaien/README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert told
    return subprocess.run(["sed", "-E", told[1]], input=text, capture_output=True, text=True, check=True).stdout


def port_of(address: str) -> int:
    found = urlsplit(address).port
    assert found
    return found


def test_pages_and_files_of_the_widget_come_below_the_path_over_https_for_good(site: Site) -> None:
    with site.visitor(3) as browser:
        page = browser.get("/")
        scripts = re.findall(r'src="(/kompas/[^"]+\.js)"', page.text)
        assert scripts
        files = [httpx.URL(f"https://127.0.0.1:{site.port}{script}") for script in (*scripts, "/kompas/kompas-chat.js")]
        assert {browser.get(one).status_code for one in files} == {200}
        assert page.headers["strict-transport-security"].startswith("max-age=")
        bare = browser.get(f"https://127.0.0.1:{site.port}/kompas")
        assert (bare.status_code, bare.headers["location"]) == (301, f"https://127.0.0.1:{site.port}/kompas/")


def test_an_answer_comes_whole_as_json(site: Site) -> None:
    with site.visitor(4) as browser:
        reply = browser.post("/v1/chat", json=QUESTION)
    assert (reply.status_code, reply.json()["status"]) == (200, "answered")


def test_a_stream_comes_part_by_part(site: Site) -> None:
    seen: dict[str, float] = {}
    with site.visitor(5) as browser, browser.stream("POST", "/v1/chat", json={**QUESTION, "stream": True}) as reply:
        for line in reply.iter_lines():
            if line.startswith("event: "):
                seen.setdefault(line.removeprefix("event: "), time.monotonic())
    times = list(seen.values())
    assert list(seen)[-1] == "done"
    assert len(times) >= 3
    assert min(later - former for former, later in itertools.pairwise(times)) > _PAUSE / 3
    assert times[-1] - times[0] > _PAUSE


def test_a_visitor_is_counted_by_the_address_that_nginx_sees(site: Site) -> None:
    def statuses(last: int, times: int, **headers: str) -> list[int]:
        with site.visitor(last) as browser:
            return [browser.get("/v1/items", headers=headers).status_code for _ in range(times)]

    assert statuses(6, 9) == [200] * 8 + [429]
    assert statuses(6, 1, **{"X-Forwarded-For": "192.0.2.9"}) == [429]
    assert statuses(7, 1, **{"X-Forwarded-For": "127.0.0.6"}) == [200]


def test_a_maintainer_signs_in_with_a_cookie_for_https_alone(site: Site) -> None:
    with site.visitor(8) as browser:
        reply = browser.post("/beheer/inloggen", data={"sleutel": TOKEN})
        cookie = reply.headers["set-cookie"]
        assert reply.status_code == 303
        assert reply.headers["location"].startswith("/kompas/beheer")
        assert "; Secure" in cookie
        assert "Path=/kompas/beheer;" in cookie
        assert "strict-transport-security" in reply.headers
        assert browser.get("/beheer").status_code == 200


def test_only_files_of_maintainers_may_be_large(site: Site) -> None:
    with site.visitor(9) as browser:
        large = b"x" * 300_000
        assert browser.post("/v1/chat", content=large).status_code == 413
        assert browser.post("/beheer/bestand", files={"bestand": ("a.md", large)}).status_code in {303, 401, 403}


def test_figures_are_not_for_visitors(site: Site) -> None:
    with site.visitor(10) as browser:
        assert browser.get("/metrics").status_code == 403
    with site.visitor(1) as browser:
        assert "kompasbot_requests_total" in browser.get("/metrics").text


def test_no_writing_of_their_path_gives_visitors_the_figures(site: Site) -> None:
    with site.visitor(12) as browser:
        at = f"https://127.0.0.1:{site.port}"
        replies = {
            path: browser.send(httpx.Request("GET", at, extensions={"target": path.encode()}))
            for path in writings("metrics")
        }
    assert {path for path, reply in replies.items() if "kompasbot_requests_total" in reply.text} == set()
    assert len([reply for reply in replies.values() if reply.status_code in {400, 403, 404}]) == len(replies)


def test_other_assistants_search_through_it_by_any_name(site: Site) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    search = {**call, "params": {"name": "search", "arguments": {"query": "Kieswijzer"}}}
    headers = {"Accept": "application/json, text/event-stream", "Host": "kompas.example"}
    with site.visitor(11) as browser:
        reply = browser.post("/mcp", json=search, headers=headers)
    assert (reply.status_code, reply.json()["result"]["isError"]) == (200, False)
