"""One name for each page, below a base path and without: no other way of writing it passes a limit or a switch."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kompasbot.settings import Settings
from kompasbot.shipped import shipped
from tests.server.conftest import make_app, running

BASE = "/kompas"
_FORMS = (
    *("/kompas/kompas/{}", "/kompas/kompas/kompas/{}", "/kompas/%6bompas/{}", "/%6Bompas/kompas/{}", "/KOMPAS/{}"),
    *("/kompas//{}", "//kompas/{}", "///kompas///{}", "/kompas/.//{}", "/kompas/./{}", "/./kompas/{}", "/kompas/%2f{}"),
    *("/kompas%2f{}", "/kompas%2fkompas%2f{}", "/kompas/x/../{}", "/kompas/../kompas/{}", "/x/../kompas/{}"),
    *("/kompas/beheer/../{}", "/kompas/healthz/../{}", "/kompas/%2e/{}", "/kompas/%2e%2e/kompas/{}", "/kompas/..%2f{}"),
    *("/kompas/x%2f..%2f{}", "/kompas/{}%0a", "/kompas/{}%0d%0a", "/kompas/{}%0A%0A", "/kompas/{}%09", "/kompas/{}%20"),
    *("/kompas/%0a{}", "/kompas%0a/{}", "/kompas/{}/", "/kompas/{}//", "/kompas/{}/.", "/kompas/{}%2f", "/kompas/{};x"),
    *("/kompas/{}%3f", "/kompas/{}%23", "/kompas/{}.", "/kompas/\\{}", "/kompas/%5c{}", "/kompas%5c{}"),
    *("/kompas/%255c{}", "/{}", "//{}", "/%2f{}", "/./{}", "/{}%0a", "/x/../{}", "/kompas/{}%00", "/%00kompas/{}"),
    "/kompas/%e2%80%8b{}",
)  # fmt: skip


def writings(name: str) -> list[str]:
    """Ways to write the path of a page below ``BASE`` that might be read as it by one program and not by another."""
    encoded = "".join(f"%{ord(letter):02x}" for letter in name)
    names = (name.upper(), name.title(), encoded, f"%{ord(name[0]):02X}{name[1:]}", name.replace("/", "%2f"))
    doubly = f"%25{ord(name[0]):02x}{name[1:]}"
    forms = [form.format(name) for form in _FORMS]
    return [*forms, *(f"{BASE}/{other}" for other in (*names, doubly)), *(f"{BASE}{BASE}/{other}" for other in names)]


def asked(address: str, path: str, method: str = "GET") -> tuple[int, bytes]:
    """Status and body of a path that is sent exactly as it is written."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    connection.putrequest(method, path)
    connection.endheaders()
    reply = connection.getresponse()
    found = reply.status, reply.read()
    connection.close()
    return found


def test_no_writing_of_a_path_passes_a_limit(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, base_path=BASE, limit_visitor="1/hour")
    with running(make_app(settings)) as address:
        assert asked(address, f"{BASE}/v1/items")[0] == 200
        passed = [path for path in writings("v1/items") if asked(address, path)[0] not in {404, 429}]
    assert len(writings("v1/items")) >= 60
    assert passed == []


@pytest.mark.parametrize(("switch", "name"), [("api", "v1/items"), ("web", "insluiten"), ("web", "pagina.css")])
def test_no_writing_of_a_path_passes_a_switch(tmp_path: Path, switch: str, name: str) -> None:
    off = Settings.model_validate({"data": tmp_path, "base_path": BASE, switch: False})
    with running(make_app(off)) as address:
        assert asked(address, f"{BASE}/{name}")[0] == 503
        passed = [path for path in writings(name) if asked(address, path)[0] not in {404, 503}]
    assert passed == []


def test_a_page_has_one_name(tmp_path: Path) -> None:
    """With and without the base path, which a proxy may take off; letters may be written as their codes."""
    with running(make_app(Settings(data=tmp_path, base_path=BASE))) as address:
        for name in ("metrics", "v1/items", "chat", "pagina.css"):
            encoded = "".join(f"%{ord(letter):02x}" for letter in name)
            same = {f"/{name}", f"{BASE}/{name}", f"{BASE}/{encoded}", f"{BASE}/%{ord(name[0]):02X}{name[1:]}"}
            same |= {f"/%6Bompas/{name}", f"{BASE}/{name.replace('/', '%2f')}", f"{BASE}%2f{name}"}
            found = {path for path in [*writings(name), *same] if asked(address, path)[0] != 404}
            assert found <= same


@pytest.mark.parametrize("base_path", ["", BASE])
def test_no_path_leads_to_a_file_elsewhere_on_the_machine(tmp_path: Path, base_path: str) -> None:
    secret = tmp_path / "geheim.json"
    secret.write_text('{"sleutel": "geheim"}', encoding="utf-8")
    up = "../" * len(shipped("web").parts)
    starts = (
        "/",
        "//",
        "/%2f",
        "/%2f%2f",
        f"/{up}",
        f"/{up.replace('.', '%2e')}",
        f"/widget/{up}",
        "/widget//",
        "/.//",
    )
    with running(make_app(Settings(data=tmp_path, base_path=base_path))) as address:
        for start in starts:
            for path in (f"{start}{str(secret).lstrip('/')}", f"{base_path}{start}{str(secret).lstrip('/')}"):
                status, body = asked(address, path)
                assert (status, b"geheim" in body) == (404, False), path
