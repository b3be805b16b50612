"""The maintainers' handbook: every command in it is one that the program takes."""

import os
import re
import shlex
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer.main
import yaml
from rich.console import Console

from ingest.answers import read_answers
from ingest.corpus import read_corpus
from ingest.facets import FACETS_FILE, read_facets
from ingest.files import CorpusFile
from ingest.findings import Finding
from ingest.folders import left_out
from ingest.formats import read_source
from ingest.linkcheck import WORDS, LinkReport, LinkRow
from ingest.linked import old_copies
from ingest.pipeline import TURNED_BACK
from ingest.readings import Readings
from ingest.report import Report, compare
from kompasbot.cli import app
from kompasbot.errors import UnreadableFile
from kompasbot.evaluation.reviewed import faults
from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import FacetKind, Health, ItemType, Knowledge, Known, Link, Origin
from tests.shelf import knowledge

HANDBOOK = Path(__file__).resolve().parents[1] / "docs" / "beheer.md"
TEXT = HANDBOOK.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = sorted(
    {line for block in BLOCKS for line in block.splitlines() if line.startswith("kompasbot")}
    | set(re.findall(r"`(kompasbot [a-z][^`]*)`", TEXT))
)
DOUBTED = "de pagina heeft nu veel minder tekst dan de kopie (210 tekens in plaats van 8400)"
REFUSED = "de website geeft nu een fout (code 500); probeer het later nog eens"


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
        "ingest --fetch",
        "ingest --watch --fetch",
        "links",
        "links --stored",
        "links --accept",
        "index list",
        "index rollback",
        "index clean",
        "enrich --approve",
        "questions export",
        "questions delete",
    ):
        assert any(f"{line} ".startswith(f"kompasbot {needed} ") for line in COMMANDS), needed


def test_the_handbook_speaks_of_files_documents_and_links_and_points_to_more() -> None:
    for needed in (".pdf", ".docx", "documenten/", "links.yaml", "KOMPASBOT_FETCH", "](documenten.md)"):
        assert needed in TEXT, needed


def test_the_handbook_explains_every_health_of_a_link_in_the_words_of_the_report() -> None:
    for health, (word, _) in WORDS.items():
        assert f"\n| {word} (`{health}`) |" in TEXT, health


def examples(name: str) -> str:
    """The example of a YAML file in the handbook."""
    blocks: list[str] = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    return next(block for block in blocks if name in block)


def test_the_examples_of_facets_and_answers_are_as_an_ingestion_reads_them() -> None:
    items = read_corpus(HANDBOOK.parents[1] / "corpus").knowledge.items
    findings: list[Finding] = []
    facets = read_facets(yaml.safe_load(examples("waarde:")), items, "kenmerken.yaml", findings)
    answers = read_answers(yaml.safe_load(examples("steunt_op:")), "regionale-samenwerking", items, "", findings)
    assert findings == []
    assert ([len(found) for found in facets.values()], len(answers)) == ([2], 1)
    assert faults(Knowledge((), items, answers=answers)) == {}


def test_the_picture_of_a_lost_sentence_is_what_the_report_prints(tmp_path: Path) -> None:
    shutil.copytree(HANDBOOK.parents[1] / "corpus", tmp_path / "corpus")
    where = tmp_path / "corpus" / "regionale-samenwerking" / "kenmerken.yaml"
    where.write_text(
        "regionale-samenwerking/praktijkvoorbeeld/fame:\n  land:\n    - waarde: Verenigde Staten\n"
        "      zin: In het Amerikaanse programma FAME werkten drie musea samen.\n",
        encoding="utf-8",
    )
    lost = [one for one in read_corpus(tmp_path / "corpus").findings if FACETS_FILE in one.where]
    assert f"```text\n{told(*lost).strip()}\n```" in TEXT


def test_the_handbook_explains_every_field_of_facets_and_answers() -> None:
    for field in (*FacetKind, "ook", "zin", "bron", "vragen", "stappen", "over", "niveau: eenvoudig", "taal: en"):
        assert f"`{field}`" in TEXT, field


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


def rendered(what: Report | LinkReport) -> str:
    with Path(os.devnull).open("w") as nothing:
        console = Console(width=200, record=True, file=nothing, soft_wrap=True)
        what.render(console)
        return console.export_text()


def told(*findings: Finding) -> str:
    """What a report prints of findings."""
    compared = compare(None, knowledge())
    printed = rendered(Report("x", False, False, **compared, findings=findings, seconds={}, reason="Niets."))
    return printed[printed.index("Let op") :]


def test_the_picture_of_the_links_is_what_the_program_prints() -> None:
    url, item = "https://www.lijm.example", "lesmateriaal/tool/vakhuis"
    found = [
        Record(f"{url}/rapport", Health.OK, DOUBTED, "2026-11-24", fetched="2026-11-20", doubted=True),
        Record(f"{url}/oud", Health.MOVED, "", "2026-11-24", moved_to=f"{url}/nieuw", fetched="2026-11-24"),
        Record(f"{url}/weg", Health.DEAD, "de pagina bestaat niet meer (code 404)", "2026-11-24"),
    ]
    labels = ("Vakhuis", "lessen", "het jaarverslag")
    rows = [
        LinkRow.of(item, Link(label, one.url, Known.KNOWN), one, one.fetched or "")
        for label, one in zip(labels, found, strict=True)
    ]
    printed = rendered(LinkReport((*rows, LinkRow.of(item, Link("kast"), None, ""))))
    assert f"```text\n{printed.strip()}\n```" in TEXT


def test_the_picture_of_an_old_copy_is_what_the_report_prints(tmp_path: Path) -> None:
    shelf, url = Shelf(tmp_path), "https://www.lijm.example/rapport"
    with shelf.writing():
        copy = shelf.put(b"Lijm plakt.", "md")
        record = Record(url, Health.OK, REFUSED, "2026-11-24", kind="md", body=copy.stem, fetched="2026-11-20")
        shelf.save({url: record}, datetime.now(UTC))
    document = replace(
        knowledge().items[0],
        id="lesmateriaal/document/lijm-example-rapport",
        type=ItemType.DOCUMENT,
        origin=Origin.DOCUMENT,
        links=(Link("Rapport", url),),
    )
    assert f"```text\n{told(*old_copies(tmp_path, [document])).strip()}\n```" in TEXT


def test_the_picture_of_a_damaged_file_is_what_the_report_prints(tmp_path: Path) -> None:
    (tmp_path / "rapport.pdf").write_bytes(b"%PDF-1.4 kapot")
    with pytest.raises(UnreadableFile) as harm:
        read_source(CorpusFile("regionale-samenwerking/documenten/rapport.pdf", tmp_path / "rapport.pdf"), Readings())
    assert f"```text\n{told(left_out(harm.value)).strip()}\n```" in TEXT
