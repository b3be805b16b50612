"""The report of an ingestion as one HTML page that needs nothing else: no script, no file, no network."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from ingest.edits import ADDED, GONE, Edit
from ingest.findings import Finding
from ingest.report import HEALTH, PLURAL, Change, Report, SheetReport, percentage
from kompasbot.knowledge import Health

_STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; }
code { color: #555; font-size: .85em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ccc; }
del { color: #8c1c13; background: #fbe9e7; }
ins { color: #14532d; background: #e6f4ea; text-decoration: underline; }
.fout { color: #8c1c13; font-weight: bold; } .waarschuwing { color: #6b4a00; font-weight: bold; }
.info { color: #0b4f71; }
li { margin: .3rem 0; }
"""


def page(report: Report) -> str:
    """The whole page."""
    title = "Verslag van een proef" if report.rehearsal else "Verslag van de ingestie"
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="nl"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{title}</h1>",
            f"<p>{_outcome(report)}</p>",
            *_stop(report),
            *_facts(report),
            *_worse(report),
            *_totals(report),
            *(line for sheet in report.sheets for line in _sheet(sheet)),
            *_findings(report.findings),
            *_seconds(report),
            "</main></body></html>\n",
        )
    )


def _outcome(report: Report) -> str:
    if report.published:
        return f"De nieuwe index <strong>{escape(report.generation)}</strong> is in gebruik."
    if report.rehearsal:
        return "Dit zou er gebeuren. Er is niets veranderd."
    if report.stopped and not report.generation:
        return "Er is niets gepubliceerd. Er is nog geen index in gebruik."
    if report.stopped:
        return f"Er is niets gepubliceerd. De index <strong>{escape(report.generation)}</strong> blijft in gebruik."
    return f"{escape(report.reason)} De index <strong>{escape(report.generation)}</strong> blijft in gebruik."


def _stop(report: Report) -> Iterator[str]:
    if report.stopped:
        said = "Publiceren zou stoppen." if report.rehearsal else "Gestopt."
        yield f'<p class="fout">{said} {escape(report.stopped).replace(chr(10), "<br>")}</p>'
        yield f'<p class="advies">{escape(report.advice)}</p>'


def _facts(report: Report) -> Iterator[str]:
    if report.facts:
        yield "<h2>Feiten die veranderd zijn</h2>"
        rows = ((one.question, one.fact, one.before, one.after, one.where) for one in report.facts)
        heads = ("Vraag", "Verwacht", "Antwoord eerst", "Antwoord nu", "Staat in")
        yield from _table(heads, (tuple(map(escape, row)) for row in rows))


def _worse(report: Report) -> Iterator[str]:
    if report.worse:
        yield "<h2>Vragen die slechter gaan</h2>"
        rows = ((one.question, one.wanted, one.got) for one in report.worse)
        yield from _table(("Vraag", "Moet geven", "Geeft nu"), (tuple(map(escape, row)) for row in rows))


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield "<table><thead><tr>"
    yield "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield "</tr></thead><tbody>"
    yield from ("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    yield "</tbody></table>"


def _totals(report: Report) -> Iterator[str]:
    rows = [("Passages", report.passages.sentence()), ("Nieuwe vectoren", str(report.embedded))]
    if report.tokens is not None:
        cost = "" if report.cost is None else f", ongeveer € {report.cost:.2f}"
        rows.append(("Embeddingmodel", f"ongeveer {report.tokens} tokens{cost}"))
    if any(report.links.values()):
        rows.append(("Links", ", ".join(f"{number} {kind}" for kind, number in report.links.items())))
    if report.health:
        states = (f"{number} {HEALTH[Health(kind)]}" for kind, number in report.health.items())
        rows.append(("Toestand van de links", ", ".join(states)))
    if report.questions_asked:
        found = f"{report.questions_found} van {report.questions_asked} vinden hun eigen item"
        rows.append(("Verwachte vragen", found))
    for name, figure in report.evaluation.items():
        before = report.evaluation_before.get(name)
        rows.append(
            (f"Evaluatie, {name}", percentage(figure) + ("" if before is None else f" (was {percentage(before)})"))
        )
    if report.evaluation_message and not report.stopped:
        rows.append(("Evaluatie", report.evaluation_message))
    yield "<table><tbody>"
    yield from (f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    yield "</tbody></table>"


def _sheet(sheet: SheetReport) -> Iterator[str]:
    yield f"<h2>{escape(sheet.title)} <code>{escape(sheet.id)}</code></h2><ul>"
    yield from (f"<li>{PLURAL[kind]}: {counts.sentence()}</li>" for kind, counts in sheet.counts.items())
    yield "</ul>"
    for kind in ("nieuw", "gewijzigd", "verwijderd"):
        mine = [change for change in sheet.changes if change.kind == kind]
        if mine:
            yield f"<h3>{kind.capitalize()}</h3><ul>"
            yield from map(_change, mine)
            yield "</ul>"


def _change(change: Change) -> str:
    shown = "".join(f"<li>{escape(edit.field)}: {_edit(edit)}</li>" for edit in change.edits)
    more = f"<ul>{shown}</ul>" if shown else ""
    return f"<li>{escape(change.title)} <code>{escape(change.id)}</code>{more}</li>"


def _edit(edit: Edit) -> str:
    tags = {GONE: "del", ADDED: "ins"}
    return " ".join(
        f"<{tags[piece.kind]}>{escape(piece.text)}</{tags[piece.kind]}>" if piece.kind in tags else escape(piece.text)
        for piece in edit.pieces
    )


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    rows = [
        (
            f'<span class="{one.severity}">{one.severity}</span>',
            f"<code>{escape(one.where)}</code>",
            escape(one.message),
            escape(one.hint),
        )
        for one in findings
    ]
    if rows:
        yield "<h2>Let op</h2>"
        yield from _table(("Soort", "Waar", "Wat", "Wat je kunt doen"), rows)


def _seconds(report: Report) -> Iterator[str]:
    if report.seconds:
        steps = ", ".join(f"{escape(name)} {seconds:.1f} s" for name, seconds in report.seconds.items())
        yield f"<h2>Duur</h2><p>{steps}</p>"
