"""Small corpora for the tests of the reading side, written with fictional names."""

import textwrap
from dataclasses import dataclass
from pathlib import Path

from ingest.blocks import SourceText
from ingest.factsheets import ParsedFactsheet, ParsedItem, parse_factsheet
from ingest.markdown import read_markdown

CHECKOUT = Path(__file__).resolve().parents[2]
SHIPPED = CHECKOUT / "corpus" / "regionale-samenwerking"
EXPORT = CHECKOUT / "tests" / "data" / "export-lesmateriaal.md"
REAL_EXPORT = CHECKOUT.parent / "shared" / "factsheets" / "regionale-samenwerking.md"

FACTSHEET = """\
---
titel: Lesmateriaal
bijgewerkt: 2026-01-15
weergave: samenvatting
---

# Lesmateriaal

Deze factsheet gaat over lesmateriaal.

## Inzichten uit onderzoek

### Visser en Bloem over zelf ontwerpen

Materiaal van leraren zelf wordt vaker gebruikt, volgens [Visser & Bloem (2011)](#).

> Redactie: Het jaartal is niet gecontroleerd.

## Praktijkvoorbeelden

### Lab Zonneberg

In [Lab Zonneberg](#) bouwen leerlingen een brug van karton.

## Tools en handvatten

### Vakhuis

[Vakhuis](#) verzamelt lessen in een kast.
"""
ITEMS = """\
# Met de hand nagekeken.
- id: lesmateriaal/inzicht/visser-bloem
  titel: "Visser en Bloem over zelf ontwerpen"
  namen: ["Visser", "Bloem"]
  kernwoorden: ["leraren", "zelf"]
- id: lesmateriaal/praktijkvoorbeeld/zonneberg
  titel: "Lab Zonneberg"
  namen: ["Lab Zonneberg"]
  kernwoorden: ["brug", "karton"]
- id: lesmateriaal/tool/vakhuis
  titel: "Vakhuis"
  namen: ["Vakhuis"]
  kernwoorden: ["kast"]
- id: lesmateriaal/algemeen/over
  titel: "Over deze factsheet"
  namen: []
  kernwoorden: ["factsheet", "lesmateriaal"]
"""


def source(text: str, where: str = "lesmateriaal/factsheet.md") -> SourceText:
    """A text as its reader would give it."""
    return read_markdown(textwrap.dedent(text), where)


def parse(text: str) -> ParsedFactsheet:
    """A factsheet from Markdown."""
    return parse_factsheet(source(text))


def parse_file(path: Path) -> ParsedFactsheet:
    """A factsheet from a file of the checkout."""
    return parse_factsheet(read_markdown(path.read_text(encoding="utf-8"), path.name))


def of_type(factsheet: ParsedFactsheet, kind: str) -> list[ParsedItem]:
    """The items of one section."""
    return [item for item in factsheet.items if item.type == kind]


@dataclass(frozen=True)
class CorpusBuilder:
    """Writes files into a corpus folder."""

    path: Path

    def write(self, where: str, content: str | bytes) -> Path:
        """Write a file of the corpus, with its folders."""
        path = self.path / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def factsheet(self, folder: str = "lesmateriaal", text: str = FACTSHEET) -> None:
        """Write a factsheet in our own form."""
        self.write(f"{folder}/factsheet.md", text)
