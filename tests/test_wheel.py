"""The built wheel works by itself: its program, its prompts and its web files."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, timeout=100)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of a fresh environment that has the wheel, and our dependencies on its path."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=100)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, timeout=100)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder / "bin" / "kompasbot"


def test_the_wheel_holds_what_the_program_ships(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "kompasbot/_shipped/prompts/teksten.yaml" in names
    assert "kompasbot/_shipped/web/index.html" in names
    assert "kompasbot/_shipped/corpus/begrippen.yaml" in names
    assert "kompasbot/answering/faithfulness/gelijk.yaml" in names
    assert "kompasbot/_shipped/web/widget/element.js" in names
    assert "kompasbot/records/migrations/versions/v0001_judgements_and_suggestions.py" in names
    assert "kompasbot/records/migrations/schema.sql" in names
    assert "ingest/pipeline.py" in names
    assert not [name for name in names if name.startswith(("tests/", "corpus/"))]


def test_an_installed_program_ingests_and_answers(program: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "corpus" / "les" / "factsheet.md"
    sheet.parent.mkdir(parents=True)
    sheet.write_text(
        "## Inzichten uit onderzoek\n\n- [Jansen (2011)](#) onderzocht lijm.\n\n"
        "## Tools en handvatten\n\n- De [Lijmwijzer](#) helpt.\n"
    )
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "KOMPASBOT_CORPUS": str(tmp_path / "corpus")}

    def run(*arguments: str) -> str:
        command = [str(program), *arguments]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert json.loads(run("ingest", "--json"))["published"] is True
    assert (tmp_path / ".local/share/kompasbot/index/CURRENT").is_file()
    assert "Jansen (2011) onderzocht lijm. [1]" in run("ask", "Wat onderzocht Jansen?")
