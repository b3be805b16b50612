"""The commands with which a maintainer keeps the index: every test runs the real program."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_cli import SHEET, environment, run
from tests.llm.scripted import Call, saying, serving

pytestmark = pytest.mark.timeout(400)
"""Whole ingestions, each with processes of its own: slow on a busy machine."""

EDITED = SHEET.replace("Techkist uit", "Techkist en een robot uit")


def write(folder: Path, text: str) -> None:
    path = folder / "corpus" / "lesmateriaal" / "factsheet.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was ingested, edited and ingested again; tests that write use a copy."""
    folder = tmp_path_factory.mktemp("twice")
    write(folder, SHEET)
    assert run(folder, "ingest").returncode == 0
    write(folder, EDITED)
    done = run(folder, "ingest")
    assert done.returncode == 0
    (folder / "verslag.txt").write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.fixture
def home(twice: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(twice, tmp_path / "home"))


def listed(folder: Path) -> list[dict[str, object]]:
    return list(json.loads(run(folder, "index", "list", "--json").stdout))


def test_the_report_shows_what_changed_and_how_it_was_judged(twice: Path) -> None:
    text = (twice / "verslag.txt").read_text(encoding="utf-8")
    assert "praktijkvoorbeelden: 1 gewijzigd" in text
    assert "[+en een robot+]" in text
    page = (twice / "data" / "verslag.html").read_text(encoding="utf-8")
    assert "<ins>en een robot</ins>" in page


def test_rolling_back_activating_and_cleaning(home: Path) -> None:
    newer, older = (str(one["id"]) for one in listed(home))
    assert older in run(home, "index", "rollback").stdout
    assert [one["serving"] for one in listed(home)] == [False, True]
    assert "teruggegaan" in run(home, "ingest").stdout
    assert run(home, "index", "activate", newer).returncode == 0
    assert "Generaties: 1." in run(home, "index", "clean", "--keep", "1").stdout
    assert [one["id"] for one in listed(home)] == [newer]


def test_the_list_fits_a_terminal(twice: Path) -> None:
    done = run(twice, "index", "list")
    assert "in gebruik" in done.stdout
    assert str(listed(twice)[0]["id"]) in done.stdout


def test_a_rehearsal_changes_nothing_and_can_be_kept_as_a_page(home: Path, tmp_path: Path) -> None:
    write(home, SHEET)
    before = sorted(str(path) for path in (home / "data").rglob("*"))
    page = tmp_path / "proef.html"
    done = run(home, "ingest", "--dry-run", "--html", str(page))
    assert "Proef" in done.stdout
    assert "[-en een robot-]" in done.stdout
    assert "Er is niets veranderd" in page.read_text(encoding="utf-8")
    assert sorted(str(path) for path in (home / "data").rglob("*")) == before


def test_a_reviewed_answer_that_its_source_does_not_carry_is_named_with_its_sentence(home: Path) -> None:
    quote = "De Kieswijzer helpt leraren om te kiezen."
    support = f'[{{bron: lesmateriaal/tool/kieswijzer, citaat: "{quote}"}}]'
    (home / "corpus" / "lesmateriaal" / "antwoorden.yaml").write_text(
        f'- id: goed\n  vragen: [Hoe?]\n  antwoord: [{{tekst: "{quote}", steunt_op: {support}}}]\n'
        f'- id: fout\n  vragen: [Wat?]\n  antwoord: [{{tekst: "Er zijn 12 kieswijzers.", steunt_op: {support}}}]\n',
        encoding="utf-8",
    )
    done = run(home, "ingest", "--dry-run")
    assert "Het antwoord 'fout' doet niet mee: 'Er zijn 12 kieswijzers.' klopt niet met de bron" in done.stdout
    assert "antwoorden: 1 nieuw" in done.stdout


def test_a_worse_evaluation_stops_also_where_the_index_is_of_another_embedder(home: Path) -> None:
    folder = home / "corpus" / "lesmateriaal"
    (folder / "evaluatie").mkdir()
    row = {"id": "q1", "question": "Wie leent een Techkist uit?", "style": "gewoon", "gold": ["P1"]}
    (folder / "evaluatie" / "questions.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert run(home, "ingest", "--rebuild").returncode == 0
    serving = str(listed(home)[0]["id"])
    manifest = home / "data" / "index" / serving / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "embedder": "anders"}), encoding="utf-8")
    worse = SHEET.replace("leent een Techkist uit", "heeft kasten").replace(
        "helpt leraren om te kiezen", "leent een Techkist uit"
    )
    write(home, worse)
    done = run(home, "ingest", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["published"], report["generation"]) == (6, False, serving)
    assert "De antwoorden zijn slechter geworden. lesmateriaal: " in report["stopped"]
    assert report["worse"][0]["question"] == "Wie leent een Techkist uit?"
    assert report["worse"][0]["wanted"] == "'Drentstad'"
    assert "Kieswijzer" in report["worse"][0]["got"]
    assert "Gestopt." in (home / "data" / "verslag.html").read_text(encoding="utf-8")
    rehearsed = run(home, "ingest", "--dry-run")
    assert rehearsed.returncode == 0
    assert "Publiceren zou stoppen." in rehearsed.stdout
    assert "Wie leent een Techkist uit?" in rehearsed.stdout


def test_a_run_without_changes_leaves_a_good_page_and_repeats_what_should_be_looked_at(home: Path) -> None:
    (home / "corpus" / "lesmateriaal" / "stuk.pdf").write_bytes(b"geen pdf")
    page = home / "verslag.html"
    assert run(home, "ingest", f"--html={page}").returncode == 0
    before = page.read_text(encoding="utf-8")
    again = run(home, "ingest", f"--html={page}")
    assert "Er is niets veranderd." in again.stdout
    assert "stuk.pdf" in again.stdout
    assert page.read_text(encoding="utf-8") == before


def test_what_is_wrong_with_a_generation_can_be_read_in_a_narrow_terminal(home: Path) -> None:
    newest = str(listed(home)[0]["id"])
    manifest = home / "data" / "index" / newest / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "embedder": "anders"}), encoding="utf-8")
    done = run(home, "index", "list", COLUMNS="80")
    assert "niet bruikbaar" in done.stdout
    assert f"{newest}: De index is gebouwd met de embedder 'anders'" in done.stdout


@pytest.mark.parametrize("item", ["../../x", "lesmateriaal", "/etc/tool/x", "../tool/x"])
def test_only_an_item_can_be_approved(twice: Path, item: str) -> None:
    done = run(twice, "enrich", "--approve", item)
    assert done.returncode == 3
    assert "is geen id van een item" in done.stderr


def test_an_unknown_generation_is_a_clear_error(twice: Path) -> None:
    done = run(twice, "index", "activate", "bestaat-niet")
    assert done.returncode == 1
    assert "kompasbot index list" in done.stderr


def test_watching_and_only_looking_do_not_go_together(home: Path) -> None:
    done = run(home, "ingest", "--watch", "--dry-run")
    assert done.returncode == 1
    assert "--watch gaat niet samen met --dry-run" in done.stderr


def test_without_a_language_model_enrich_lists_what_is_thin_with_templates(twice: Path) -> None:
    done = run(twice, "enrich", OPENAI_API_KEY="", OPENAI_BASE_URL="")
    assert "0 vragen" in done.stdout
    assert "Weinig kenmerken staan er bij 3 items:\n  lesmateriaal/inzicht/jansen: geen\n" in done.stdout
    assert "voor_wie: voor welke groepen" in done.stdout
    assert "Is er onderzocht of" in done.stdout
    assert "vragen.yaml" in done.stdout


async def drafting(call: Call) -> None:
    """Draft one question, one term and one facet for every item that is shown."""
    shown = re.findall(r"^\[(\d+)\].*\n(.+)", call.prompt, re.MULTILINE)
    if '"kenmerk"' in call.prompt:
        table: dict[str, object] = {
            one: [{"kenmerk": "soort", "waarde": f"soort {one}", "zin": text}] for one, text in shown
        }
    else:
        table = {one: {"vragen": [f"Bedachte vraag {one}?"], "termen": [f"term {one}"]} for one, _ in shown}
    await saying(json.dumps(table))(call)


def test_enrich_drafts_with_a_model_and_a_person_approves(home: Path) -> None:
    with serving(drafting) as endpoint:
        done = run(home, "enrich", "--yes", OPENAI_BASE_URL=endpoint.url, OPENAI_API_KEY="x")
    assert done.returncode == 0, done.stderr
    assert "tokens erheen" in done.stdout
    folder = home / "corpus" / "lesmateriaal"
    drafts = (folder / "vragen.concept.yaml").read_text(encoding="utf-8")
    assert "Bedachte vraag 1?" in drafts
    item = next(line.rstrip(":") for line in drafts.splitlines() if line.startswith("lesmateriaal/"))
    assert run(home, "enrich", "--approve", item).returncode == 0
    assert "Bedachte vraag 1?" in (folder / "vragen.yaml").read_text(encoding="utf-8")
    assert item in (folder / "kenmerken.yaml").read_text(encoding="utf-8")
    assert item not in (folder / "kenmerken.concept.yaml").read_text(encoding="utf-8")


def test_enrich_says_what_is_wrong_with_the_model_and_what_to_do(twice: Path) -> None:
    async def refuse(call: Call) -> None:
        await call.error(401)

    with serving(refuse) as endpoint:
        done = run(twice, "enrich", "--yes", OPENAI_BASE_URL=endpoint.url, OPENAI_API_KEY="x")
    assert done.returncode == 8
    assert "De sleutel van het taalmodel is niet geldig." in done.stderr
    assert "OPENAI_API_KEY" in done.stderr
    assert "is bewaard" in done.stderr
    assert "scripted" not in done.stderr


def test_watching_follows_an_edit_and_survives_a_mistake(home: Path) -> None:
    command = [sys.executable, "-m", "kompasbot", "ingest", "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(home)) as watching:
        assert watching.stdout
        pipe, said = watching.stdout, ""
        os.set_blocking(pipe.fileno(), False)

        def wait(words: str) -> None:
            nonlocal said
            limit = time.monotonic() + 80
            while words not in said and time.monotonic() < limit:
                said += (pipe.read() or b"").decode()
                time.sleep(0.1)
            assert words in said, said

        try:
            wait("Ik kijk naar")
            (home / "corpus" / "lesmateriaal" / "vragen.yaml").write_text("kapot: [", encoding="utf-8")
            wait("vragen.yaml, regel")
            (home / "corpus" / "lesmateriaal" / "vragen.yaml").unlink()
            write(home, EDITED.replace("2011", "2012"))
            wait("Klaar.")
        finally:
            watching.send_signal(signal.SIGINT)
            try:
                ended = watching.wait(timeout=30)
            except subprocess.TimeoutExpired:
                watching.kill()
                raise
    assert ended == 0
    assert "Traceback" not in said
