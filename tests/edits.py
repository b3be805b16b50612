"""Edits of the shipped corpus as maintainers make them, and harm as it happens to them, each with what must be said.

An edit is rehearsed in this process, against a generation of the corpus as it is: ``Bench(folder).rehearse(edit)``.
"""

import io
import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml
from docx import Document

from ingest import pipeline
from ingest.blocks import BlockKind
from ingest.gate import Verdict
from ingest.markdown import read_markdown
from ingest.report import ANSWER, Report
from kompasbot.cli.gate import answer_faults, judge
from kompasbot.cli.gauge import gauge
from kompasbot.embedding import embedder_for
from kompasbot.errors import KompasbotError
from kompasbot.settings import Settings, load_settings
from kompasbot.shipped import CHECKOUT
from kompasbot.store.notes import write_notes
from kompasbot.store.publishing import switch
from tests.exports import as_html
from tests.lesson import SHEET as SECOND

SHEET: Final = "regionale-samenwerking"
OTHER: Final = "lesmateriaal"
BASE: Final = "20260101-000000-begin"

Act = Callable[[Path], None]
"""Changes a corpus in its folder."""


@dataclass(frozen=True)
class Edit:
    """``says`` are parts of what stopped it, or for an edit that passes of the report; ``changes`` are the ends of the
    ids of what the report must call changed, removed or new, and nothing else.
    """

    name: str
    act: Act
    says: Sequence[str] = ()
    changes: frozenset[str] | None = None
    accept_fact: bool = False


@dataclass
class Bench:
    """A corpus and a generation of it; ``thin`` leaves out most questions, so that an edit takes seconds."""

    folder: Path
    thin: bool
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Settings(data=self.folder / "data")
        corpus = self.folder / "corpus"
        shutil.copytree(CHECKOUT / "corpus", corpus)
        (corpus / OTHER).mkdir()
        (corpus / OTHER / "factsheet.md").write_text(SECOND, encoding="utf-8")
        if self.thin:
            _thin(corpus / SHEET)
        verdicts: list[Verdict] = []
        served = self.settings.index_dir / BASE

        def keep(draft: Path, earlier: Sequence[Path], url: str | None) -> Verdict:
            shutil.copytree(draft, served)
            verdicts.append(judge(gauge, corpus, draft, earlier, url))
            return verdicts[0]

        pipeline.rehearse(self.settings, corpus, embedder_for(load_settings()), gate=keep, check_answers=answer_faults)
        write_notes(served, verdicts[0].notes(()))
        switch(self.settings.index_dir, BASE)

    def rehearse(self, edit: Edit) -> Report | KompasbotError:
        """What an ingestion of the edited corpus would do, or what it ended with."""
        corpus = self.folder / "edited" / "corpus"
        shutil.rmtree(corpus, ignore_errors=True)
        shutil.copytree(self.folder / "corpus", corpus)
        edit.act(corpus)
        gate = partial(judge, gauge, corpus)
        try:
            return pipeline.rehearse(
                self.settings,
                corpus,
                embedder_for(load_settings()),
                accept_fact=edit.accept_fact,
                gate=gate,
                check_answers=answer_faults,
            )
        except KompasbotError as error:
            return error


def fault_of(edit: Edit, came: Report | KompasbotError, harmful: bool) -> str:
    """What is not as it should be; empty when it is: a harmful edit is stopped with its reason, another passes."""
    stopped = str(came) if isinstance(came, KompasbotError) else came.stopped
    if bool(stopped) is not harmful:
        return f"{edit.name}: {stopped or 'niet tegengehouden'}"
    told = stopped if isinstance(came, KompasbotError) or harmful else _told(came)
    lacking = [part for part in edit.says if not re.search(part, told)]
    if lacking:
        return f"{edit.name}: zegt niet {lacking}, maar: {told[:600]}"
    if edit.changes is not None and isinstance(came, Report):
        changed = {one.id.rpartition("/")[2] for sheet in came.sheets for one in sheet.changes if one.type != ANSWER}
        if changed != edit.changes:
            return f"{edit.name}: veranderd heet {sorted(changed)}, niet {sorted(edit.changes)}"
    return ""


def _told(report: Report) -> str:
    changes = [f"{one.kind}: {one.title}" for sheet in report.sheets for one in sheet.changes]
    findings = [f"{one.where}: {one.message}" for one in report.findings]
    return "\n".join([*changes, *findings, report.evaluation_message])


def _thin(sheet: Path) -> None:
    """Keep some questions of each item, and of the evaluation the rows with facts and every sixth of the others."""
    table = yaml.safe_load((sheet / "vragen.yaml").read_text(encoding="utf-8"))
    lists = {
        item: {name: entry[name][:6] for name in ("vragen", "termen")}
        for item, entry in table.items()
        if "vragen" in entry
    }
    (sheet / "vragen.yaml").write_text(yaml.safe_dump(lists, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for name in ("questions", "outofscope", "dialogues"):
        path = sheet / "evaluatie" / f"{name}.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for number, line in enumerate(lines) if number % 6 == 0 or "must_contain" in line]
        path.write_text("".join(kept), encoding="utf-8")


# ------------------------------------------------------------------------------------------------ ways to change


def text(old: str, new: str, file: str = "factsheet.md") -> Act:
    """Replace a text that must be there."""

    def act(corpus: Path) -> None:
        path = corpus / SHEET / file
        found = path.read_text(encoding="utf-8")
        assert old in found, old
        path.write_text(found.replace(old, new), encoding="utf-8")

    return act


def whole(change: Callable[[str], str], file: str = "factsheet.md") -> Act:
    def act(corpus: Path) -> None:
        path = corpus / SHEET / file
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before
        path.write_text(after, encoding="utf-8")

    return act


def blocks(change: Callable[[list[str]], list[str]]) -> Act:
    """Change the items of the factsheet, each with its heading; what stands before the first is left alone."""

    def change_text(found: str) -> str:
        head, *items = re.split(r"(?m)^(?=### )", found)
        return head + "".join(change(items))

    return whole(change_text)


def both(*acts: Act) -> Act:
    def act(corpus: Path) -> None:
        for one in acts:
            one(corpus)

    return act


def gone(path: str) -> Act:
    def act(corpus: Path) -> None:
        target = corpus / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()

    return act


def added(path: str, content: str | bytes) -> Act:
    def act(corpus: Path) -> None:
        target = corpus / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())

    return act


def rows(file: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Act:
    """Change the rows of a file of the evaluation."""

    def change_text(found: str) -> str:
        old = [json.loads(line) for line in found.splitlines() if line.strip()]
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in change(old))

    return whole(change_text, f"evaluatie/{file}.jsonl")


def in_format(suffix: str) -> Act:
    def act(corpus: Path) -> None:
        path = corpus / SHEET / "factsheet.md"
        found = path.read_text(encoding="utf-8")
        body = found.split("---\n", 2)[2]
        content = _as_word(body) if suffix == "docx" else as_html(body).encode()
        path.unlink()
        path.with_suffix(f".{suffix}").write_bytes(content)

    return act


def _as_word(markdown: str) -> bytes:
    """A Word file with a heading above each item."""
    document = Document()
    for block in read_markdown(markdown, "factsheet").blocks:
        if block.kind is BlockKind.HEADING:
            document.add_heading(block.text, block.level)
        else:
            style = "List Bullet" if block.kind is BlockKind.BULLET else None
            document.add_paragraph(block.text, style)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def first(kind: str) -> int:
    """The number of the first item of a section in the factsheet."""
    return {"inzicht": 0, "praktijkvoorbeeld": 4, "tool": 9}[kind]


def swapped(one: int, two: int) -> Act:
    """Let two items change places, each with what stands below it up to the next heading of a section."""

    def change(items: list[str]) -> list[str]:
        ends = [re.split(r"(?m)^(?=## )", item, maxsplit=1) for item in items]
        ends[one][0], ends[two][0] = ends[two][0], ends[one][0]
        return ["".join(end) for end in ends]

    return blocks(change)


def without(*numbers: int) -> Act:
    """Take items out, and leave the headings of the sections."""

    def change(items: list[str]) -> list[str]:
        return [
            "".join(re.split(r"(?m)^(?=## )", item, maxsplit=1)[1:]) if number in numbers else item
            for number, item in enumerate(items)
        ]

    return blocks(change)


def retold(change: Callable[[int, str], str]) -> Act:
    """Change the text of each item, and leave headings and notes of the editors."""

    def change_items(items: list[str]) -> list[str]:
        found = []
        for number, item in enumerate(items):
            parts = re.split(r"(\n## .*|\n> .*)", item, maxsplit=1)
            heading, _, body = parts[0].partition("\n\n")
            found.append(f"{heading}\n\n{change(number, body.strip())}\n" + "".join(parts[1:]))
        return found

    return blocks(change_items)


def only(number: int, body: str) -> Act:
    """Give one item another text."""
    return retold(lambda at, old: body if at == number else old)


def _with_bodies(items: list[str], source: dict[int, int]) -> list[str]:
    """Put the texts of other items under the headings; the headings of sections stay."""
    ends = [re.split(r"(?m)^(?=## )", item, maxsplit=1) for item in items]
    parts = [end[0].partition("\n") for end in ends]
    return [parts[at][0] + "\n" + parts[source.get(at, at)][2] + "".join(end[1:]) for at, end in enumerate(ends)]


def _cut_documents(corpus: Path) -> None:
    for path in (corpus / SHEET / "documenten").glob("*.md"):
        path.write_text(path.read_text(encoding="utf-8")[:700], encoding="utf-8")


def _copied_factsheet(corpus: Path) -> None:
    shutil.copy(corpus / SHEET / "factsheet.md", corpus / SHEET / "factsheet.txt")


def _rotated(table: str) -> str:
    """The expected questions of each item under the id of the next."""
    ids = re.findall(r"(?m)^(\S+/\S+):$", table)
    following = dict(zip(ids, [*ids[1:], ids[0]], strict=True))
    return re.sub(r"(?m)^(\S+/\S+):$", lambda found: f"{following[found[1]]}:", table)


NEW_EXAMPLE: Final = """### Bouwlab Zuiderdorp

In [Bouwlab Zuiderdorp](#) knutselen kinderen uit groep 7 met hout en sensoren.

"""
NEW_TOOL: Final = """### Netwerkspel Samenspel

Het [Netwerkspel Samenspel](#) laat partners in een middag zien wie wat van elkaar nodig heeft.

"""
NEW_INSIGHT: Final = """### Pietersen: kleine stappen

[Pietersen (2020)](#) zag dat netwerken die met een klein plan begonnen, langer bleven bestaan.

"""
RECIPE: Final = (
    "Schil de appels, snijd ze in partjes en meng ze met kaneel en suiker. Bak de taart een uur op 180 graden."
)
LOREM: Final = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore."
THIRD: Final = """---
titel: Gastlessen
weergave: samenvatting
bijgewerkt: 2026-02-01
---

# Gastlessen

Deze factsheet gaat over gastlessen van vakmensen in de klas.

## Inzichten uit onderzoek

### Bakker: vakmensen voor de klas

Bakker (2018) zag dat leerlingen een beroep beter onthouden als een vakman het zelf laat zien.

## Praktijkvoorbeelden

### Vakmensen Veendorp

In Veendorp geven timmerlieden elke maand een les op drie scholen.

## Tools en handvatten

### Gastleskaart

De Gastleskaart helpt een bedrijf om een les van een uur voor te bereiden.
"""
NOTE: Final = """# Handreiking regionale agenda

## Waarvoor is deze handreiking?

Deze handreiking laat zien hoe een regio in vier bijeenkomsten tot een agenda komt.
"""


def _questions(name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Act:
    return rows("questions", lambda found: [change(row) if name in row["id"] else row for row in found])


P: Final = first("praktijkvoorbeeld")
T: Final = first("tool")

ORDINARY: Final = (
    Edit("two examples change places", swapped(P, P + 3), (), frozenset({"next-education", "steam-limburg"})),
    Edit("the tools in the opposite order", both(swapped(T, T + 4), swapped(T + 1, T + 3)), (), frozenset(
        {"radboud-adviezen", "collegetours", "jet-net-businessmodellen", "docentontwikkelteams"})),
    Edit("the insights moved up by one", both(swapped(0, 1), swapped(1, 2), swapped(2, 3)), (), frozenset(
        {"provan-kenis", "stem-ecosystemen", "diverse-teams", "radboud-effectiviteit"})),
    Edit("a new example at the top", text("## Praktijkvoorbeelden\n\n", f"## Praktijkvoorbeelden\n\n{NEW_EXAMPLE}"),
        ("nieuw: Bouwlab Zuiderdorp",), frozenset({"bouwlab-zuiderdorp", "next-education", "sto-waterland",
        "techhubs-stedendriehoek", "steam-limburg", "fame"})),
    Edit("a new tool between others", text("### Sterk Techniekonderwijs", f"{NEW_TOOL}### Sterk Techniekonderwijs"),
        ("nieuw: Netwerkspel Samenspel",), frozenset({"netwerkspel-samenspel", "sto-samenwerkingstools",
        "docentontwikkelteams", "collegetours"})),
    Edit("a new insight at the end", text("## Praktijkvoorbeelden", f"{NEW_INSIGHT}## Praktijkvoorbeelden"),
        ("nieuw: Pietersen",)),
    Edit("an example deleted", without(P + 4), ("verwijderd: FAME", "Vragen die niet meer meetellen.*/fame")),
    Edit("the first example deleted", without(P), ("verwijderd: Next Education", "niet meer meetellen")),
    Edit("a tool deleted", without(T + 1), ("verwijderd: Jet-Net", "niet meer meetellen")),
    Edit("two items of two sections deleted", without(1, P + 2), ("verwijderd: STEM", "verwijderd: Techhubs")),
    Edit("an example deleted with its questions", both(without(P + 4), rows("questions", lambda found: [
        row for row in found if not row["gold"][0].endswith("/fame")])), ("verwijderd: FAME",)),
    Edit("a number corrected that no question asks for", text("tot en met groep 8", "tot en met groep 7"), (),
        frozenset({"sto-waterland"})),
    Edit("a number corrected together with the evaluation", both(
        text("Education 10 basisscholen", "Education 12 basisscholen"),
        rows("questions", lambda found: [
            row | {"must_contain": ["12"]} if row.get("must_contain") == ["10"] else row for row in found])),
        (), frozenset({"next-education"})),
    Edit("a number corrected, and accepted as meant", text("Education 10 basisscholen", "Education 12 basisscholen"),
        ("verwacht '10', maar dat staat niet meer in de bronnen",), frozenset({"next-education"}), accept_fact=True),
    Edit("a misspelt name corrected", text("Triall", "Traill"), (), frozenset({"stem-ecosystemen"})),
    Edit("an item with a new title", text("### STEAM Limburg", "### Samen sterk: STEAM Limburg"),
        ("gewijzigd: Samen sterk",), frozenset({"steam-limburg"})),
    Edit("the factsheet with a new title", text("titel: Regionale samenwerking", "titel: Samenwerken in de regio")),
    Edit("a partner with a new name", text("de Rijksuniversiteit Groningen", "de Noordelijke Universiteit"),
        (), frozenset({"next-education"})),
    Edit("a sentence in other words", text("In de STO-regio Waterland is een lokaal ingericht waar leerlingen",
        "De STO-regio Waterland richtte een lokaal in, en daar kunnen leerlingen"), (), frozenset({"sto-waterland"})),
    Edit("an item with a sentence more", text("FAME gaat daarom uit van een systeemaanpak.",
        "FAME gaat daarom uit van een systeemaanpak. De musea kregen daar steun voor van een fonds."),
        (), frozenset({"fame"})),
    Edit("an item with a sentence less", text("FAME gaat daarom uit van een systeemaanpak.", ""), (),
        frozenset({"fame"})),
    Edit("an editor's note removed", whole(lambda found: re.sub(r"> Redactie: De zin over.*\n\n", "", found)), (),
        frozenset({"sto-waterland"})),
    Edit("another date", text("bijgewerkt: 2026-11-23", "bijgewerkt: 2026-12-01")),
    Edit("a factsheet added", added("gastlessen/factsheet.md", THIRD), ("nieuw: Gastleskaart",)),
    Edit("a folder of documents added", added("handreikingen/agenda.md", NOTE), ("nieuw: Handreiking",),
        frozenset({"agenda"})),
    Edit("a document removed", gone(f"{SHEET}/documenten/collegetours.md"), ("verwijderd",),
        accept_fact=True),
    Edit("the factsheet as a Word file", in_format("docx")),
    Edit("the factsheet as a web page", in_format("html")),
    Edit("an evaluation with a question more", rows("questions", lambda found: [*found, found[0] | {
        "id": "nieuw-01", "question": "Hoe zit een netwerk in elkaar?"}]), (), frozenset()),
    Edit("an evaluation with two questions less", rows("questions", lambda found: found[2:]),
        ("zijn er 2 weg",), frozenset()),
)  # fmt: skip

HARMFUL: Final = (
    Edit("half of the factsheet", whole(lambda found: found[: len(found) // 2]), (r"Van de 1\d items .* weg",)),
    Edit("no examples any more", without(*range(P, P + 5)), ("5 weg: 'Next Education",)),
    Edit("no tools any more", whole(lambda found: found.split("## Tools")[0]), ("weg: .*Jet-Net",)),
    Edit("every second item gone", without(*range(0, 14, 2)), ("7 weg",)),
    Edit("the first factsheet gone", gone(SHEET), ("De factsheet 'Regionale samenwerking' is weg, met 16 items",)),
    Edit("the second factsheet gone", gone(OTHER), ("De factsheet 'Lesmateriaal' is weg, met 5 items",)),
    Edit("only the file of the factsheet gone", gone(f"{SHEET}/factsheet.md"), ("items.yaml, maar geen factsheet",)),
    Edit("an empty file", added(f"{SHEET}/factsheet.md", ""), ("geen van de koppen",)),
    Edit("another factsheet in its file", added(f"{SHEET}/factsheet.md", THIRD), ("weg|niet zeker",)),
    Edit("the folder of documents gone", gone(f"{SHEET}/documenten"), ("15 documenten .* 15 weg",)),
    Edit("the texts of the documents gone", _cut_documents, ("tekens van de documenten van",)),
    Edit("the expected questions gone", gone(f"{SHEET}/vragen.yaml"), ("verwachte vragen en termen van \\d+ naar 0",)),
    Edit("half of the expected questions gone", whole(lambda found: found[: found.index("regionale-samenwerking/"
        "praktijkvoorbeeld/sto-waterland:")], "vragen.yaml"), ("verwachte vragen en termen van",)),
    Edit("the evaluation gone", gone(f"{SHEET}/evaluatie"), ("vragen in regionale-samenwerking/evaluatie .* weg",)),
    Edit("half of the evaluation gone", rows("questions", lambda found: found[: len(found) // 4]),
        ("vragen in regionale-samenwerking/evaluatie zijn er",)),
    Edit("two of the three files of the evaluation gone", both(gone(f"{SHEET}/evaluatie/questions.jsonl"),
        gone(f"{SHEET}/evaluatie/dialogues.jsonl")), ("vragen in regionale-samenwerking/evaluatie zijn er",)),
    Edit("an evaluation that is no JSON", whole(lambda found: f"{found}{{nee\n", "evaluatie/questions.jsonl"),
        (r"questions\.jsonl, regel \d+: dit is geen geldige JSON",)),
    Edit("a recipe in place of an example", only(P, RECIPE), ("heel andere tekst: 'Next Education",)),
    Edit("nonsense in place of a tool", only(T + 3, LOREM), ("heel andere tekst: 'DocentenOntwikkelTeams",)),
    Edit("the texts of two examples under one another's heading", blocks(
        lambda items: _with_bodies(items, {P: P + 3, P + 3: P})), ("niet zeker welk id",)),
    Edit("all texts one place on", blocks(lambda items: _with_bodies(
        items, {at: (at + 1) % 14 for at in range(14)})), ("niet zeker|heel andere tekst: 'Provan",)),
    Edit("nonsense everywhere", retold(lambda _at, _old: LOREM), ("tekens van de items|heel andere tekst",)),
    Edit("every item cut off", retold(lambda _at, old: old[:40]), ("tekens van de items van",)),
    Edit("a wrong number", text("Education 10 basisscholen", "Education 100 basisscholen"),
        ("'10' bij de vraag '.*basisscholen.*questions.jsonl, regel",)),
    Edit("a fact that dropped out", text(" en een meerjarig convenant bij de schoolbesturen", ""), ("'convenant'",)),
    Edit("every number changed", retold(lambda _at, old: re.sub(r"\d+", "99", old)), ("'10'|'2015'|'groep 3'",)),
    Edit("no spaces any more", retold(lambda _at, old: old.replace(" ", "")), ("heel andere tekst: 'Diverse teams",)),
    Edit("expected questions with the wrong items", whole(_rotated, "vragen.yaml"),
        ("De antwoorden zijn slechter geworden",)),
    Edit("the ids of two items exchanged", both(
        text("praktijkvoorbeeld/next-education", "praktijkvoorbeeld/x", "items.yaml"),
        text("praktijkvoorbeeld/steam-limburg", "praktijkvoorbeeld/next-education", "items.yaml"),
        text("praktijkvoorbeeld/x", "praktijkvoorbeeld/steam-limburg", "items.yaml")),
        ("heel andere tekst: 'Next Education",)),
    Edit("the table of ids gone", gone(f"{SHEET}/items.yaml"), ("weg|niet zeker",)),
    Edit("two factsheets in one folder", _copied_factsheet, ("factsheet",)),
    Edit("a table that is broken", whole(lambda found: f"{found}\n  kapot: [", "links.yaml"), ("links.yaml, regel",)),
)  # fmt: skip
