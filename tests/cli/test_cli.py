"""The command line as a person uses it: every test runs the real program."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

SHEET = """# Lesmateriaal

## Inzichten uit onderzoek

- [Jansen (2011)](#) liet zien dat zelfgemaakt materiaal vaker wordt gebruikt.

## Praktijkvoorbeelden

- De bibliotheek van [Drentstad](#) leent een Techkist uit.

## Tools en handvatten

- De [Kieswijzer](#) helpt leraren om te kiezen.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small corpus, already ingested."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "corpus" / "lesmateriaal").mkdir(parents=True)
    (folder / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    assert run(folder, "ingest").returncode == 0
    return folder


def environment(folder: Path, **more: str) -> dict[str, str]:
    mine = {"KOMPASBOT_DATA": str(folder / "data"), "KOMPASBOT_CORPUS": str(folder / "corpus"), "COLUMNS": "200"}
    return {**os.environ, **mine, **more}


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kompasbot", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=100, env=environment(folder, **more), check=False
    )


def test_a_first_start_ingests_once_and_leaves_later_changes_to_the_maintainer(tmp_path: Path) -> None:
    sheet = tmp_path / "corpus" / "lesmateriaal" / "factsheet.md"
    sheet.parent.mkdir(parents=True)
    sheet.write_text(SHEET, encoding="utf-8")
    assert run(tmp_path, "ingest", "--first").returncode == 0
    serving = (tmp_path / "data" / "index" / "CURRENT").read_text()
    sheet.write_text(SHEET.replace("Drentstad", "Zuidstad"), encoding="utf-8")
    done = run(tmp_path, "ingest", "--first")
    assert (done.returncode, "Er is al een index." in done.stderr) == (0, True)
    assert (tmp_path / "data" / "index" / "CURRENT").read_text() == serving


def test_help_is_quick_and_loads_nothing_heavy(tmp_path: Path) -> None:
    began = time.perf_counter()
    done = run(tmp_path, "--help")
    assert time.perf_counter() - began < 2
    assert "doctor" in done.stdout
    heavy = ("chromadb", "fastapi", "openai", "pydantic")
    code = f"import sys, kompasbot.cli; print([m for m in {heavy} if m in sys.modules])"
    probe = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert probe.stdout.strip() == "[]"


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_every_command_keeps_numpy_to_one_thread_unless_told(given: dict[str, str], threads: str) -> None:
    there = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    tell = "import os, sys; from kompasbot.cli import root; root()"
    tell += "; print(os.environ['OPENBLAS_NUM_THREADS'], 'numpy' in sys.modules)"
    command = [sys.executable, "-c", tell]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={**there, **given}, check=True)
    assert done.stdout.split() == [threads, "False"]


def test_the_version_is_shown(tmp_path: Path) -> None:
    assert run(tmp_path, "--version").stdout.startswith("kompasbot 0.")


def test_ask_answers_with_sources(home: Path) -> None:
    done = run(home, "ask", "Waar leent de bibliotheek een Techkist uit?")
    assert "De bibliotheek van Drentstad leent een Techkist uit. [1]" in done.stdout
    assert "[1] praktijkvoorbeeld" in done.stdout


def test_ask_gives_json(home: Path) -> None:
    assert json.loads(run(home, "ask", "--json", "Hallo!").stdout)["status"] == "smalltalk"


def test_ask_tells_why(home: Path) -> None:
    question = "Waar leent de bibliotheek een Techkist uit?"
    told = run(home, "ask", "--why", question).stdout
    assert told.index("Zo is de vraag begrepen") > told.index("[1] praktijkvoorbeeld")
    for line in ("Hier is gezocht", "Dit is het oordeel: beantwoord", "Dit werd er van elke zin"):
        assert line in told
    found = json.loads(run(home, "ask", "--why", "--json", question).stdout)
    assert found["trace"]["verdict"]["status"] == found["status"] == "answered"


def test_ingest_gives_json_and_keeps_messages_apart(home: Path) -> None:
    assert json.loads(run(home, "ingest", "--json").stdout)["published"] is False


def question_set(folder: Path, gold: str) -> Path:
    """A set of one question, whose right answer is ``gold``."""
    folder.mkdir()
    row = {"id": "q1", "question": "Wat doet de Kieswijzer?", "style": "plain", "gold": [gold]}
    (folder / "questions.jsonl").write_text(json.dumps(row), encoding="utf-8")
    return folder


def test_eval_gives_figures_and_compares_them_with_an_earlier_run(home: Path, tmp_path: Path) -> None:
    folder, saved = question_set(tmp_path / "goed", "T1"), tmp_path / "cijfers.json"
    figures = json.loads(run(home, "eval", str(folder), "--json", "--save", str(saved)).stdout)
    assert figures["answers"]["ALL"]["first_right"] == 1
    assert json.loads(saved.read_text()) == figures
    again = run(home, "eval", str(folder), "--compare", str(saved), "--gate")
    assert again.returncode == 0
    assert "gelijk aan die van de eerdere meting" in again.stdout


def test_eval_stops_at_the_gate_with_its_own_exit_code(home: Path, tmp_path: Path) -> None:
    done = run(home, "eval", str(question_set(tmp_path / "fout", "I1")), "--gate")
    assert done.returncode == 9
    assert "answers/first_right: 0.000, minstens" in done.stderr
    assert "q1  verwacht: lesmateriaal/inzicht/jansen" in done.stdout


def test_doctor_finds_all_well(home: Path) -> None:
    done = run(home, "doctor", "--json", KOMPASBOT_PORT="0")
    assert done.returncode == 0
    assert {one["part"]: one["state"] for one in json.loads(done.stdout)}["index"] == "goed"


def test_doctor_warns_of_what_is_open_to_all_and_of_a_redis_that_is_away(home: Path) -> None:
    open_to_all = {"KOMPASBOT_HOST": "0.0.0.0", "KOMPASBOT_PORT": "0", "KOMPASBOT_LIMIT_VISITOR": "uit"}
    done = run(home, "doctor", "--json", **open_to_all, KOMPASBOT_REDIS_URL="redis://:geheim@127.0.0.1:1")
    found = {one["part"]: one for one in json.loads(done.stdout)}
    assert (found["toegang"]["state"], found["Redis"]["state"]) == ("let op", "let op")
    assert "KOMPASBOT_LIMIT_VISITOR" in found["toegang"]["hint"]
    assert "geheim" not in done.stdout


def test_doctor_says_what_to_do_without_an_index(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor")
    assert done.returncode == 1
    assert "kompasbot ingest" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ask", "Wat is dit?"), 5, "Er is nog geen index"),
        (("ingest", "--corpus", "bestaat-niet"), 3, "bestaat-niet"),
        (("onzin",), 2, "onzin"),
        (("eval", "--engine", "gpt"), 2, "extractive"),
        (("eval", "leeg"), 3, "staan geen vragen"),
        (("eval", "--compare", "weg.json"), 3, "geen cijfers"),
    ],
)
def test_a_failure_has_a_message_and_its_exit_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_names_the_variable(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", KOMPASBOT_PORT="negen")
    assert (done.returncode, "KOMPASBOT_PORT" in done.stderr) == (1, True)


def test_a_port_in_use_is_a_clear_error(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(home, "serve", "--port", port)
    assert done.returncode == 7
    assert f"Poort {port}" in done.stderr


def test_serve_answers_and_stops(home: Path) -> None:
    command = [sys.executable, "-m", "kompasbot", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(home)) as server:
        try:
            assert server.stderr
            address = server.stderr.readline().split()[-1]
            for _ in range(200):
                try:
                    if httpx.get(f"{address}/readyz").status_code == 200:
                        break
                except httpx.HTTPError:
                    time.sleep(0.1)
            found = httpx.get(f"{address}/v1/search", params={"q": "Techkist"}).json()
            assert found["results"][0]["type"] == "praktijkvoorbeeld"
        finally:
            server.terminate()
        assert server.wait(timeout=20) in (0, -15)


def test_doctor_names_the_websites_that_may_use_the_assistant(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", "--json", KOMPASBOT_SITES='{"school": ["https://www.School.example/"]}')
    found = {one["part"]: one["found"] for one in json.loads(done.stdout)}
    assert found["websites"] == "school: https://www.school.example"


def test_a_list_of_websites_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", KOMPASBOT_SITES="school")
    assert done.returncode == 1
    assert "KOMPASBOT_SITES is geen geldige JSON" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ingest", "--dryrun"], "De optie '--dryrun' is er niet. Bedoel je --dry-run?"),
        (["index", "activate"], "Er ontbreekt iets: 'GENERATIE'."),
        (["eval", "--misses", "veel"], "De waarde bij '--misses' kan niet."),
        (["bestaatniet"], "De opdracht 'bestaatniet' is er niet."),
        (["doctor", "te", "veel"], "Er staat te veel of te weinig achter deze opdracht."),
    ],
)
def test_a_mistake_in_a_command_is_explained_in_dutch(tmp_path: Path, arguments: list[str], says: str) -> None:
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "--help" in done.stderr
    assert "Error" not in done.stderr
