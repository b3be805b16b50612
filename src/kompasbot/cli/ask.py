"""``kompasbot ask``: one question, answered in the terminal."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kompasbot.answering.answer import Answer, Citation, Question
    from kompasbot.answering.assistant import Assistant
    from kompasbot.retrieval.index import Index


def ask(
    question: Annotated[str, typer.Argument(help="De vraag.")],
    factsheet: Annotated[str | None, typer.Option(help="Zoek alleen in deze factsheet.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Geef het antwoord als JSON.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Laat ook zien waarom het antwoord zo is.")] = False,
) -> None:
    """Answer one question from the published index."""
    from kompasbot.answering.answer import Message, Question
    from kompasbot.answering.assistant import Assistant
    from kompasbot.prompts import load_texts
    from kompasbot.retrieval.index import open_index
    from kompasbot.settings import load_settings

    settings = load_settings()
    index = open_index(settings)
    try:
        asked = Question((Message("user", question),), factsheet, why=why)
        answer = asyncio.run(_answered(Assistant(settings, load_texts()), index, asked))
    finally:
        index.close()
    if as_json:
        from kompasbot.server.wire import answer_out

        typer.echo(answer_out(answer).model_dump_json(indent=1))
    else:
        show(answer, {one.id: one.title for one in index.items.values()})


async def _answered(assistant: "Assistant", index: "Index", question: "Question") -> "Answer":
    try:
        return await assistant.answer(index, question)
    finally:
        await assistant.aclose()


def show(answer: "Answer", titles: Mapping[str, str]) -> None:
    """Print an answer for a person: the text, its sources by type, what else can be asked, and why where that is there.

    ``titles`` of items by id say which of them link to a document.
    """
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.print(answer.text, markup=False)
    grouped: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        grouped.setdefault(citation.type, []).append(citation)
    if grouped:
        console.print("\n[bold]Bronnen[/]")
    for kind, citations in grouped.items():
        for citation in citations:
            console.print(f"  [{citation.number}] ", end="", markup=False)
            console.print(f"{kind}: {citation.title}", markup=False)
            place = where(citation, titles)
            if place:
                console.print(f"      {place}", style="dim", markup=False)
            if citation.url:
                sure = "" if citation.known == "bekend" else " (vermoedelijke vindplaats)"
                console.print(f"      {citation.url}{sure}", style="dim", markup=False)
    if answer.suggestions:
        console.print(f"\n[bold]{'Kies een vraag' if answer.status == 'clarify' else 'Vraag ook eens'}[/]")
        for suggestion in answer.suggestions:
            console.print(f"  {suggestion}", markup=False)
    if answer.trace:
        from kompasbot.cli.why import lines

        console.print()
        for line in lines(answer.trace):
            console.print(line, markup=False, style=None if line.startswith(" ") else "bold")


def where(citation: "Citation", titles: Mapping[str, str]) -> str:
    """Where in a document the quote of a citation stands, and what links to it: empty for an item of a factsheet."""
    if citation.document is None:
        return ""
    page, heading = citation.document.page, citation.document.heading
    parts = (f"bladzijde {page}" if page else "", f"kop '{heading}'" if heading else "")
    place = ", ".join(filter(None, parts))
    linked = ", ".join(f"'{titles.get(one, one)}'" for one in citation.linked_from)
    return "; ".join(filter(None, (place, linked and f"gelinkt vanuit item {linked}")))
