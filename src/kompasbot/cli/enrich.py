"""``kompasbot enrich``: drafts of expected questions and terms for items that lack them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from ingest.enrich import Draft, Thin
    from kompasbot.settings import Settings

_SECONDS: Final = 120.0
_RETRIES: Final = 3
_SHOWN: Final = 20

Corpus = Annotated[Path | None, typer.Option(help="Map met de factsheets (anders KOMPASBOT_CORPUS).")]
Yes = Annotated[bool, typer.Option("--yes", help="Vraag niet om bevestiging.")]
Approve = Annotated[str | None, typer.Option(metavar="ITEM", help="Neem de nagekeken concepten van dit item over.")]
AsJson = Annotated[bool, typer.Option("--json", help="Geef de lijst als JSON.")]


def enrich(corpus: Corpus = None, yes: Yes = False, approve: Approve = None, as_json: AsJson = False) -> None:
    """List where questions are thin; draft them when a language model is configured."""
    from ingest.corpus import read_corpus
    from ingest.enrich import thin_items
    from kompasbot.settings import load_settings

    settings = load_settings(corpus=corpus)
    if approve:
        _approve(settings.corpus, approve)
        return
    thin = thin_items(settings.corpus, read_corpus(settings.corpus, accept=True).knowledge.items)
    if as_json:
        rows = [
            {"id": one.item.id, "questions": one.questions, "terms": one.terms, "drafts": one.drafts} for one in thin
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif not thin:
        typer.echo("Bij alle items staan genoeg vragen en termen.")
    else:
        _show(thin)
        _draft(settings, thin, yes)


def _approve(corpus: Path, item: str) -> None:
    from ingest.drafts import approve
    from ingest.items import is_id
    from kompasbot.errors import CorpusError

    folder = item.split("/", maxsplit=1)[0]
    if not is_id(item, folder):
        raise CorpusError(f"'{item}' is geen id van een item.", "Kijk met 'kompasbot enrich' welke items er zijn.")
    moved = approve(corpus / folder, item)
    typer.echo(f"Overgenomen in vragen.yaml: {len(moved.questions)} vragen en {len(moved.terms)} termen.")
    typer.echo("Voer daarna uit: kompasbot ingest")


def _show(thin: "list[Thin]") -> None:
    from ingest.enrich import TEMPLATES

    typer.echo(f"Weinig vragen of termen staan er bij {len(thin)} {'item' if len(thin) == 1 else 'items'}:")
    for one in thin[:_SHOWN]:
        waiting = f", {one.drafts} regels concept wachten op nakijken" if one.drafts else ""
        typer.echo(f"  {one.item.id}: {one.questions} vragen, {one.terms} termen{waiting}")
    if len(thin) > _SHOWN:
        typer.echo(f"  … en nog {len(thin) - _SHOWN}")
    typer.echo("\nZo kunnen vragen beginnen:")
    for kind in dict.fromkeys(one.item.type for one in thin):
        typer.echo(f"  {kind}: {'  '.join(TEMPLATES[kind])}")


def _draft(settings: "Settings", thin: "list[Thin]", yes: bool) -> None:
    """Draft with the language model, after showing the cost; without one, say how to go on."""
    from ingest.enrich import batches, draft_all, estimate
    from kompasbot.cli.ingest import progress_bar

    wanted = batches(thin)
    if not settings.has_endpoint:
        typer.echo("\nSchrijf ze in vragen.yaml. Met een taalmodel (OPENAI_API_KEY) maakt deze opdracht concepten.")
        return
    if not wanted:
        typer.echo("\nOveral staan al concepten. Kijk ze na, en neem ze over met --approve.")
        return
    found = estimate(wanted, settings.chat_price_in, settings.chat_price_out)
    cost = "prijs onbekend" if found.cost is None else f"ongeveer € {found.cost:.2f}"
    tokens = f"{found.tokens_in} tokens erheen en {found.tokens_out} terug"
    typer.echo(f"\nConcepten voor {found.items} items: {found.calls} vragen aan het taalmodel, {tokens}, {cost}.")
    if not yes and not typer.confirm("Doorgaan?"):
        return
    with progress_bar() as progress, chat(settings) as ask:
        done = list(draft_all(settings.corpus, wanted, ask, lambda at, of: progress("concepten", at, of)))
    typer.echo(f"Bij {len(done)} items staan nu concepten in vragen.concept.yaml. Kijk ze na voor je ze overneemt.")


@contextmanager
def chat(settings: "Settings") -> "Iterator[Draft]":
    """Asks the language model, batch after batch; its failures say that what was done is kept."""
    import asyncio

    from ingest.enrich import LONGEST_ANSWER
    from kompasbot.chatmodel import ChatModel, Turn
    from kompasbot.endpoint import EndpointFailure
    from kompasbot.errors import UpstreamError

    model = ChatModel(settings)
    with asyncio.Runner() as runner:

        def draft(told: str, given: str) -> str:
            turns = (Turn("system", told), Turn("user", given))
            try:
                return runner.run(model.complete(turns, LONGEST_ANSWER, _SECONDS, _RETRIES))[0]
            except EndpointFailure as failure:
                hint = f"{failure.hint} Wat al klaar was, is bewaard: de volgende keer gaat het daar verder."
                raise UpstreamError(str(failure), hint) from failure

        try:
            yield draft
        finally:
            runner.run(model.aclose())
