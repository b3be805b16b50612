"""Passwords in addresses: no command tells them, whatever the servers behind it answer."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kompasbot.errors import UpstreamError
from kompasbot.records.connecting import Database
from kompasbot.server.logs import JsonLines, TextLines
from kompasbot.settings import Settings
from kompasbot.store.place import place_of
from kompasbot.store.server import ChromaServer
from kompasbot.validators import without_secrets
from tests.cli.test_cli import SHEET, run

SECRET = "wachtw00rd"
COMMANDS = [
    ("doctor",),
    ("index", "list"),
    ("index", "list", "--json"),
    ("index", "rollback"),
    ("index", "clean"),
    ("ask", "Wat is de Kieswijzer?"),
    ("ask", "--json", "Wat is de Kieswijzer?"),
    ("ingest",),
    ("ingest", "--dry-run"),
    ("eval",),
    ("check", "lesmateriaal/tool/kieswijzer", "De Kieswijzer helpt leraren."),
    ("enrich",),
    ("feedback",),
    ("questions", "export"),
    ("links",),
]


class Refusing(BaseHTTPRequestHandler):
    """Answers everything with 401, and quotes what it was asked."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.end_headers()
        self.wfile.write(f"nee: {self.path}".encode())

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def refusing() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def addresses(port: int) -> dict[str, str]:
    host = f"beheer:{SECRET}@127.0.0.1:{port}"
    return {
        "CHROMA_URL": f"http://{host}/?token={SECRET}",
        "OPENAI_BASE_URL": f"http://{host}/v1?key={SECRET}",
        "OPENAI_API_KEY": f"sk-{SECRET}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{host}",
        "KOMPASBOT_REDIS_URL": f"redis://{host}/0",
        "KOMPASBOT_DATABASE_URL": f"postgresql://{host}/kompasbot?password={SECRET}",
        "KOMPASBOT_ADMIN_TOKEN": f"{SECRET}-{SECRET}",
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "corpus" / "lesmateriaal").mkdir(parents=True)
    (folder / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    assert run(folder, "ingest").returncode == 0
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_tells_a_secret(home: Path, refusing: int, command: tuple[str, ...]) -> None:
    done = run(home, *command, **addresses(refusing))
    assert SECRET not in done.stdout + done.stderr
    own_index = {name: value for name, value in addresses(refusing).items() if name != "CHROMA_URL"}
    done = run(home, *command, **own_index)
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.slow
def test_what_is_examined_and_not_reached_is_told_without_a_secret(home: Path) -> None:
    done = run(home, "doctor", **addresses(1))
    assert "http://127.0.0.1:1/v1" in done.stdout
    assert SECRET not in done.stdout + done.stderr


def test_settings_and_what_is_made_of_them_do_not_show_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in addresses(1).items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert SECRET not in f"{settings!r} {settings} {place_of(settings)!r}"
    assert SECRET not in repr(Database("postgresql", addresses(1)["KOMPASBOT_DATABASE_URL"]))


def test_what_a_server_did_wrong_is_told_without_its_secret(refusing: int) -> None:
    for port in (refusing, 1):
        with pytest.raises(UpstreamError) as caught:
            ChromaServer(addresses(port)["CHROMA_URL"]).client()
        assert SECRET not in f"{caught.value} {caught.value.hint}"
        assert f"http://127.0.0.1:{port}/" in str(caught.value)


@pytest.mark.parametrize("form", [JsonLines(), TextLines()])
def test_a_log_has_addresses_without_their_secrets(form: logging.Formatter) -> None:
    record = logging.LogRecord(
        "x", logging.WARNING, "", 0, "asking %s failed", (addresses(1)["OPENAI_BASE_URL"],), None
    )
    line = form.format(record)
    assert "asking http://127.0.0.1:1/v1 failed" in line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://a:b@host:1/x", "http://host:1/x"),
        ("http://a:p@ss@host/x?k=v#f: nee", "http://host/x nee"),
        ("postgresql://host/db?password=x", "postgresql://host/db"),
        ("Wat? mail a@b.nl", "Wat? mail a@b.nl"),
        ("'http://a@host/x?y'.", "'http://host/x'."),
    ],
)
def test_only_what_may_be_secret_is_left_out_of_an_address(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
