"""``kompasbot check`` as a maintainer uses it: every test runs the real program."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_cli import SHEET, environment, run


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small corpus, already ingested."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "corpus" / "lesmateriaal").mkdir(parents=True)
    (folder / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    assert run(folder, "ingest").returncode == 0
    return folder


def answers(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_sentence_is_checked_against_an_item_named_by_its_place(home: Path) -> None:
    done = run(home, "check", "--item", "lesmateriaal/inzicht/1", "--sentence", "Jansen (2012) liet dat zien.")
    assert done.returncode == 0
    (found,) = answers(done)
    assert (found["supported"], found["verdict"]) == (False, "contradicted")
    assert found["reasons"] == ["het getal '2012' staat niet in de bron"]


def test_a_file_gives_a_line_a_row_by_place_or_id_and_passes_other_fields_over(home: Path) -> None:
    rows = [
        {"item": "lesmateriaal/praktijkvoorbeeld/1", "sentence": "In Drentstad leent de bibliotheek een Techkist uit."},
        {"item": example(home), "sentence": "In Zeestad staat een Techkist.", "kind": "name"},
    ]
    found = answers(check_rows(home, "\n".join(json.dumps(row) for row in rows) + "\n\n"))
    assert [(one["item"], one["supported"]) for one in found] == [(rows[0]["item"], True), (rows[1]["item"], False)]


def example(home: Path) -> str:
    """The id of the practice example."""
    found = json.loads(run(home, "ask", "--json", "Waar leent de bibliotheek een Techkist uit?").stdout)
    return str(found["citations"][0]["item_id"])


def check_rows(home: Path, text: str) -> subprocess.CompletedProcess[str]:
    (home / "rijen.jsonl").write_text(text, encoding="utf-8")
    return run(home, "check", "--file", str(home / "rijen.jsonl"))


def test_rows_that_cannot_be_checked_are_named_by_line_and_cost_no_other_row(home: Path) -> None:
    good = json.dumps({"item": "lesmateriaal/tool/1", "sentence": "De Kieswijzer helpt leraren."})
    done = check_rows(home, f'{{"item": "lesmateriaal/tool/9", "sentence": "x"}}\nonzin\n{good}\n{{"item": "a"}}\n[]\n')
    assert done.returncode == 1
    assert [one["verdict"] for one in answers(done)] == ["error", "error", "supported", "error", "error"]
    assert [one.get("line") for one in answers(done)] == [1, 2, None, 4, 5]
    assert "Regel 2: Dit is geen JSON" in done.stderr
    assert "lesmateriaal/tool/9" in done.stderr
    assert "Traceback" not in done.stderr


def test_rows_are_read_from_standard_input(home: Path) -> None:
    row = json.dumps({"item": "lesmateriaal/tool/1", "sentence": "De Kieswijzer helpt docenten bij het kiezen."})
    command = [sys.executable, "-m", "kompasbot", "check", "--file", "-"]
    done = subprocess.run(command, input=row, capture_output=True, text=True, env=environment(home), check=True)
    assert answers(done)[0]["supported"] is True


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--item", "lesmateriaal/tool/1"), 1, "--sentence"),
        ((), 1, "--file"),
        (("--file", "bestaat-niet.jsonl"), 1, "bestaat-niet.jsonl"),
        (("--item", "lesmateriaal/tool/7", "--sentence", "x"), 1, "lesmateriaal/tool/7"),
    ],
)
def test_wrong_use_says_what_to_do(home: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = run(home, "check", *arguments)
    assert (done.returncode, says in done.stderr, "Wat je kunt doen" in done.stderr) == (code, True, True)
    assert "Traceback" not in done.stderr


def test_without_an_index_it_says_how_to_build_one(tmp_path: Path) -> None:
    done = run(tmp_path, "check", "--item", "a", "--sentence", "b")
    assert done.returncode == 5
    assert "kompasbot ingest" in done.stderr
