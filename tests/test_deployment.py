"""The files for running it: they name what exists, and a backup comes back whole."""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from kompasbot.settings import Settings, load_settings
from tests.cli.test_cli import SHEET, environment, run

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "draaien"
BACKUP = str(FOLDER / "reservekopie.py")


@pytest.mark.parametrize("name", ["Containerfile", "compose.yaml", "kompasbot.service", "README.md"])
def test_every_setting_that_is_named_exists(name: str) -> None:
    named = set(re.findall(r"KOMPASBOT_([A-Z_]+)", (FOLDER / name).read_text(encoding="utf-8")))
    assert named
    assert named - {"CONFIG"} <= {field.upper() for field in Settings.model_fields}


def test_the_settings_file_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPASBOT_CONFIG", str(FOLDER / "kompasbot.toml"))
    assert load_settings().trusted_proxies == "127.0.0.1"


def test_every_figure_to_watch_is_one_that_is_given() -> None:
    named = set(re.findall(r"`(kompasbot_[a-z_]+)", (FOLDER / "README.md").read_text(encoding="utf-8")))
    source = (FOLDER.parents[1] / "src/kompasbot/server/metrics.py").read_text(encoding="utf-8")
    assert named
    assert all(f'"{name.removesuffix("_total")}"' in source for name in named)


def test_the_containers_can_be_put_together() -> None:
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    assert (FOLDER / compose["services"]["kompasbot"]["build"]["context"] / "pyproject.toml").is_file()
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    copied = [path for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for path in line.split()]
    assert [path for path in copied if not (FOLDER.parents[1] / path).exists()] == []


def test_a_backup_brings_everything_back(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "lesmateriaal").mkdir(parents=True)
    (tmp_path / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    assert run(tmp_path, "ingest").returncode == 0
    data, copy = tmp_path / "data", tmp_path / "kopie.tar.gz"
    with closing(sqlite3.connect(data / "records.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE suggestion (text)")
        database.execute("INSERT INTO suggestion VALUES ('Meer voorbeelden')")
        database.commit()
        subprocess.run([sys.executable, BACKUP, "maak", str(data), str(copy)], check=True, capture_output=True)
    data.rename(tmp_path / "kwijt")
    subprocess.run([sys.executable, BACKUP, "terug", str(copy), str(data)], check=True, capture_output=True)
    found = json.loads(run(tmp_path, "ask", "--json", "Waar leent de bibliotheek een Techkist uit?").stdout)
    assert found["status"] == "answered"
    with closing(sqlite3.connect(data / "records.db")) as database:
        assert database.execute("SELECT text FROM suggestion").fetchall() == [("Meer voorbeelden",)]


def test_a_backup_is_not_put_back_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "iets").touch()
    command = [sys.executable, BACKUP, "terug", str(tmp_path / "geen.tar.gz"), str(tmp_path / "data")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(tmp_path))
    assert done.returncode == 1
    assert "niet leeg" in done.stderr
