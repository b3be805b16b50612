"""``kompasbot feedback`` as a maintainer uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from kompasbot.records import Judgement, Suggestion
from kompasbot.records.store import Records


def run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "kompasbot", "feedback", *arguments]
    environment = {**os.environ, "KOMPASBOT_DATA": str(folder)}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=True).stdout


def fill(folder: Path) -> None:
    records = Records(folder)
    records.judge(Judgement("a", "up"))
    records.judge(Judgement("b", "down", "Te lang", "Hoe start ik?", "school"))
    records.suggest(Suggestion("Noem ook\n\x1b[31m het mbo.", "regionale-samenwerking", "ik@school.example"))
    records.close()


def test_a_maintainer_reads_what_visitors_sent(tmp_path: Path) -> None:
    fill(tmp_path)
    shown = run(tmp_path)
    assert "Antwoorden die hielpen: 1 van de 2 die zijn beoordeeld." in shown
    assert "site school, hielp niet\n  Vraag: Hoe start ik?\n  Opmerking: Te lang\n" in shown
    assert "Suggesties: 1." in shown
    assert "Bereikbaar via: ik@school.example" in shown
    assert "\x1b" not in shown


def test_all_of_it_as_one_json_document(tmp_path: Path) -> None:
    fill(tmp_path)
    found = json.loads(run(tmp_path, "--json"))
    assert [one["answer_id"] for one in found["feedback"]] == ["b", "a"]
    assert found["suggestions"][0]["contact"] == "ik@school.example"
    assert found["suggestions"][0]["created"][:2] == "20"


def test_nothing_sent_yet_is_said(tmp_path: Path) -> None:
    assert "Suggesties: 0." in run(tmp_path)
