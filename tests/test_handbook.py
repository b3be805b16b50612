"""The maintainers' handbook: every command in it is one that the program takes."""

import os
import re
import shlex
from pathlib import Path

import pytest
import typer.main
from rich.console import Console

from ingest.pipeline import TURNED_BACK
from ingest.report import Report, compare
from kompasbot.cli import app
from tests.shelf import knowledge

HANDBOOK = Path(__file__).resolve().parents[1] / "docs" / "beheer.md"
TEXT = HANDBOOK.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = sorted(
    {line for block in BLOCKS for line in block.splitlines() if line.startswith("kompasbot")}
    | set(re.findall(r"`(kompasbot [a-z][^`]*)`", TEXT))
)


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_handbook_is_one_that_the_program_takes(line: str) -> None:
    words = shlex.split(line)[1:]
    command = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    context = command.make_context("kompasbot", list(words))
    name_of = {option: str(parameter.name) for parameter in command.params for option in parameter.opts}
    assert all(context.params[name_of[word]] for word in words if word.startswith("--"))


def test_the_handbook_names_every_command_of_a_maintainer() -> None:
    for needed in (
        "ingest --dry-run",
        "ingest --watch",
        "index list",
        "index rollback",
        "index clean",
        "enrich --approve",
        "questions export",
        "questions delete",
    ):
        assert any(needed in line for line in COMMANDS), needed


def test_every_option_that_the_handbook_explains_exists() -> None:
    command = typer.main.get_command(app).commands["ingest"]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    table = TEXT[TEXT.index("## Als de ingestie stopt") : TEXT.index("## Terug naar")]
    assert set(re.findall(r"`(--\w+)`", table)) <= known


def test_the_pictures_show_what_the_program_prints() -> None:
    with Path(os.devnull).open("w") as nothing:
        console = Console(width=200, record=True, file=nothing)
        report = Report("x", True, False, **compare(None, knowledge()), findings=(), seconds={}, questions_asked=1)
        report.render(console)
        printed = console.export_text()
    first_words = {line.split(":")[0] for line in printed.splitlines() if ":" in line and not line.startswith("   ")}
    assert {"Passages", "Links", "Verwachte vragen"} <= first_words
    assert {line for line in first_words if f"\n{line}:" not in TEXT and f"{line.strip()}:" not in TEXT} == set()
    assert TURNED_BACK in TEXT
