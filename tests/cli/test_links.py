"""``kompasbot links`` as a person uses it; the links lead into the own network, so nothing is sent."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kompasbot.cli.links import Daily
from kompasbot.cli.watch import watch
from kompasbot.errors import Busy, CorpusError
from kompasbot.fetching.shelf import Shelf
from kompasbot.settings import Settings

pytestmark = pytest.mark.timeout(400)
"""Whole ingestions, each with processes of its own: slow on a busy machine."""

SHEET = """# Lesmateriaal

## Inzichten uit onderzoek

- [Jansen (2011)](http://127.0.0.1:9/onderzoek) liet zien dat zelfgemaakt materiaal vaker wordt gebruikt.

## Praktijkvoorbeelden

- De bibliotheek van [Drentstad](#) leent een Techkist uit.

## Tools en handvatten

- De [Kieswijzer](http://169.254.169.254/) helpt leraren om te kiezen.
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "corpus" / "lesmateriaal").mkdir(parents=True)
    (tmp_path / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    mine = {"KOMPASBOT_DATA": str(folder / "data"), "KOMPASBOT_CORPUS": str(folder / "corpus"), "COLUMNS": "200"}
    command = [sys.executable, "-m", "kompasbot", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, env={**os.environ, **mine}, check=False)


def test_links_are_checked_and_shown_with_the_reason_and_the_total(home: Path) -> None:
    done = run(home, "links")
    assert done.returncode == 0
    assert "geen toegang Jansen (2011)" in done.stdout
    assert "dit adres wordt niet opgehaald: " in done.stdout
    assert "geen adres Drentstad" in done.stdout
    assert "3 links: 2 geen toegang, 1 zonder adres." in done.stdout
    assert "links gecontroleerd: 2 van 2" in done.stderr


def test_links_as_json_is_one_document_and_writes_nothing_in_the_corpus(home: Path) -> None:
    report = json.loads(run(home, "links", "--json").stdout)
    assert report["counts"] == {"ok": 0, "moved": 0, "dead": 0, "blocked": 2, "unchecked": 0, "no_address": 1}
    assert [path.name for path in (home / "corpus" / "lesmateriaal").iterdir()] == ["factsheet.md"]


def test_stored_shows_what_the_last_check_found_and_checks_nothing(home: Path) -> None:
    assert "2 niet gecontroleerd" in run(home, "links", "--stored").stdout
    run(home, "links")
    done = run(home, "links", "--stored")
    assert "2 geen toegang" in done.stdout
    assert "gecontroleerd:" not in done.stderr


def test_ingest_fetches_only_when_asked_and_takes_the_health_along(home: Path) -> None:
    assert "links gecontroleerd" not in run(home, "ingest").stderr
    done = run(home, "ingest", "--fetch", "--json")
    assert "links gecontroleerd: 2 van 2" in done.stderr
    assert json.loads(done.stdout)["published"] is True


def test_accepting_an_address_that_is_no_link_is_a_clear_error(home: Path) -> None:
    done = run(home, "links", "--accept", "http://127.0.0.1:9/onderzoek", "--accept", "https://onbekend.example/")
    assert done.returncode == 1
    assert "Dit adres staat niet bij een link: https://onbekend.example/." in done.stderr


@contextmanager
def watching(folder: Path) -> Iterator[Callable[[str], None]]:
    """``ingest --watch --fetch`` while it runs; the function waits until it has said something new."""
    mine = {"KOMPASBOT_DATA": str(folder / "data"), "KOMPASBOT_CORPUS": str(folder / "corpus"), "COLUMNS": "200"}
    command = [sys.executable, "-m", "kompasbot", "ingest", "--watch", "--fetch"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **mine}
    ) as running:
        assert running.stdout
        pipe, said = running.stdout, ""
        os.set_blocking(pipe.fileno(), False)

        def wait(words: str) -> None:
            nonlocal said
            limit = time.monotonic() + 80
            while words not in said and time.monotonic() < limit:
                said += (pipe.read() or b"").decode()
                time.sleep(0.1)
            assert words in said, said
            said = said.partition(words)[2]

        try:
            yield wait
        finally:
            running.send_signal(signal.SIGINT)
            try:
                running.wait(timeout=60)
            except subprocess.TimeoutExpired:
                running.kill()
                raise


def test_watching_fetches_what_is_linked_newly_and_survives_a_fetch_that_fails(home: Path) -> None:
    sheet = home / "corpus" / "lesmateriaal" / "factsheet.md"
    with Shelf(home / "data" / "links").writing(), watching(home) as wait:
        wait("Er loopt al een controle van de links.")
        wait("Klaar.")
        wait("Ik kijk naar")
    with watching(home) as wait:
        wait("links gecontroleerd: 2 van 2")
        wait("Ik kijk naar")
        sheet.write_text(SHEET.replace("(#)", "(http://10.0.0.1/techkist)"), encoding="utf-8")
        wait("links gecontroleerd: 1 van 1")
        wait("Klaar.")


def test_all_is_fetched_at_first_and_once_a_day_even_when_it_fails() -> None:
    now, asked = 1000.0, list[bool]()

    def fetch(_settings: Settings, only_new: bool) -> None:
        asked.append(only_new)
        raise Busy("Er loopt al een controle van de links.")

    daily = Daily(Settings(), fetch, lambda: now)
    for hours in (0, 1, 23, 23.5, 24, 25, 47, 48):
        now = 1000 + hours * 3600
        assert daily.is_due() is (hours in {0, 24, 48})
        daily()
    assert asked == [False, True, True, True, False, True, True, False]


def test_mistake_in_the_corpus_is_left_to_the_ingestion() -> None:
    def fetch(_settings: Settings, _only_new: bool) -> None:
        raise CorpusError("De map is leeg.")

    with pytest.raises(CorpusError):
        Daily(Settings(), fetch)()


def test_watching_runs_again_when_it_is_due_without_a_change(tmp_path: Path) -> None:
    ran = []

    def once() -> None:
        ran.append(time.monotonic())
        if len(ran) == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        watch(tmp_path, once, lambda: len(ran) == 1)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert len(ran) == 2
