"""``kompasbot links`` as a person uses it; the links lead into the own network, so nothing is sent."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
