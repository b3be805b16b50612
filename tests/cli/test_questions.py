"""``kompasbot questions`` as a maintainer uses it."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from kompasbot.records import Answered
from kompasbot.records.store import Records
from kompasbot.records.tally import Keeping


def run(folder: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kompasbot", "questions", *arguments]
    environment = {**os.environ, "KOMPASBOT_DATA": str(folder)}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=100, env=environment, check=False, input=said
    )


def day(ago: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=ago)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    records = Records(tmp_path, keeping=Keeping(questions=True))
    for ago, status, question in (
        (100, "answered", "Te lang geleden"),
        (30, "answered", "Hoe start ik?"),
        (20, "partial", '=HYPERLINK("x")\nen "meer"'),
        (10, "refused", "Mail ik@school.example"),
    ):
        moment = datetime.combine(day(ago), time(12), UTC)
        records.note(Answered(status, "extractive", None, "regio", ("a", "b"), question, "school", moment))
    records.close()
    return tmp_path


def test_the_questions_as_csv_that_a_spreadsheet_can_open(filled: Path) -> None:
    done = run(filled, "export")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows == [
        ["tijd", "vraag", "status", "engine", "items", "factsheet", "site"],
        [f"{day(10)} 12:00:00", "Mail [e-mailadres]", "refused", "extractive", "a b", "regio", "school"],
        [f"{day(20)} 12:00:00", '\'=HYPERLINK("x")\nen "meer"', "partial", "extractive", "a b", "regio", "school"],
        [f"{day(30)} 12:00:00", "Hoe start ik?", "answered", "extractive", "a b", "regio", "school"],
    ]
    assert done.stderr == "Vragen: 3.\n"


def test_a_choice_of_them_as_json_in_a_file(filled: Path) -> None:
    file = filled / "vragen.json"
    done = run(filled, "export", "--json", "--status", "partial", "--status", "answered", "--since", str(day(20)),
               "-o", str(file))  # fmt: skip
    [found] = json.loads(file.read_text(encoding="utf-8"))
    assert (done.returncode, done.stdout) == (0, "")
    assert (found["status"], found["item_ids"], found["created"]) == (
        "partial",
        ["a", "b"],
        f"{day(20)}T12:00:00+00:00",
    )


def test_old_questions_are_thrown_away_after_a_question(filled: Path) -> None:
    assert run(filled, "delete", "--before", str(day(10)), said="n\n").returncode == 1
    assert run(filled, "delete", "--before", str(day(10)), said="j\n").stdout == "Weggegooid: 2 vragen.\n"
    assert json.loads(run(filled, "delete", "--all", "--yes", "--json").stdout) == {"deleted": 1}


def test_nothing_kept_says_how_to_keep(tmp_path: Path) -> None:
    done = run(tmp_path, "export")
    assert done.stdout.splitlines() == ["tijd,vraag,status,engine,items,factsheet,site"]
    assert "KOMPASBOT_KEEP_QUESTIONS=true" in done.stderr


def test_a_choice_must_be_made_before_anything_is_thrown_away(tmp_path: Path) -> None:
    done = run(tmp_path, "delete", "--yes")
    assert done.returncode == 1
    assert "Kies --all, of --before" in done.stderr
