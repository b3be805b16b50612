"""``kompasbot enrich``: drafts of expected questions, terms and facets for items that lack them."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

if TYPE_CHECKING:
    from ingest.enrich import Draft, Drafting, Lacking, Thin
    from ingest.facetdrafting import ThinFacets
    from kompasbot.knowledge import Item
    from kompasbot.settings import Settings

_Lacking = TypeVar("_Lacking", bound="Lacking")

_SECONDS: Final = 120.0
_RETRIES: Final = 3
_SHOWN: Final = 20

Corpus = Annotated[Path | None, typer.Option(help="Map met de factsheets (anders KOMPASBOT_CORPUS).")]
Yes = Annotated[bool, typer.Option("--yes", help="Vraag niet om bevestiging.")]
Approve = Annotated[str | None, typer.Option(metavar="ITEM", help="Neem de nagekeken concepten van dit item over.")]
AsJson = Annotated[bool, typer.Option("--json", help="Geef de lijst als JSON.")]


def enrich(corpus: Corpus = None, yes: Yes = False, approve: Approve = None, as_json: AsJson = False) -> None:
    """List where questions and facets are thin; draft them when a language model is configured."""
    from ingest.corpus import read_corpus
    from ingest.enrich import QuestionDrafting, batches, thin_items
    from ingest.facetdrafting import FacetDrafting, thin_facets
    from kompasbot.settings import load_settings

    settings = load_settings(corpus=corpus)
    if approve:
        _approve(settings.corpus, approve)
        return
    items = read_corpus(settings.corpus, accept=True).knowledge.items
    thin, poor = thin_items(settings.corpus, items), thin_facets(settings.corpus, items)
    if as_json:
        typer.echo(json.dumps(_rows(thin, poor), ensure_ascii=False, indent=1))
    elif not thin and not poor:
        typer.echo("Bij alle items staan genoeg vragen, termen en kenmerken.")
    else:
        _show_questions(thin)
        _show_facets(poor)
        questions = QuestionDrafting(settings.corpus), batches(thin)
        _draft(settings, [questions, (FacetDrafting(settings.corpus, items), batches(poor))], yes)


def _rows(thin: "list[Thin]", poor: "list[ThinFacets]") -> list[dict[str, object]]:
    """A row for each item that is thin in either way, with what there is of both."""
    lacking: list[Thin | ThinFacets] = [*thin, *poor]
    drafts = {one.item.id: one.drafts for one in thin}
    facet_drafts = {one.item.id: one.drafts for one in poor}
    return [
        {
            "id": item.id,
            "questions": len(item.questions),
            "terms": len(item.terms),
            "drafts": drafts.get(item.id, 0),
            "facets": sorted({str(facet.kind) for facet in item.facets}),
            "facet_drafts": facet_drafts.get(item.id, 0),
        }
        for item in {one.item.id: one.item for one in lacking}.values()
    ]


def _approve(corpus: Path, item: str) -> None:
    from ingest.drafts import approve, load_drafts
    from ingest.facetdrafts import approve_facets, load_facet_drafts
    from ingest.items import is_id
    from kompasbot.errors import CorpusError

    name = item.split("/", maxsplit=1)[0]
    if not is_id(item, name):
        raise CorpusError(f"'{item}' is geen id van een item.", "Kijk met 'kompasbot enrich' welke items er zijn.")
    folder = corpus / name
    has_facets = item in load_facet_drafts(folder)
    if item in load_drafts(folder) or not has_facets:
        moved = approve(folder, item)
        typer.echo(f"Overgenomen in vragen.yaml: {len(moved.questions)} vragen en {len(moved.terms)} termen.")
    if has_facets:
        typer.echo(f"Overgenomen in kenmerken.yaml: {approve_facets(folder, item)} kenmerken.")
    typer.echo("Voer daarna uit: kompasbot ingest")


def _show_questions(thin: "list[Thin]") -> None:
    from ingest.enrich import TEMPLATES

    if not thin:
        return
    _list("Weinig vragen of termen", thin, lambda one: f"{one.questions} vragen, {one.terms} termen")
    typer.echo("\nZo kunnen vragen beginnen:")
    for kind in dict.fromkeys(one.item.type for one in thin):
        typer.echo(f"  {kind}: {'  '.join(TEMPLATES[kind])}")


def _show_facets(poor: "list[ThinFacets]") -> None:
    from ingest.facetdrafting import EXPLAINED

    if not poor:
        return
    _list("\nWeinig kenmerken", poor, lambda one: f"alleen {', '.join(one.kinds)}" if one.kinds else "geen")
    typer.echo("\nDit kun je bij een item zetten, als de tekst het zegt:")
    for kind, explained in EXPLAINED.items():
        typer.echo(f"  {kind}: {explained}")


def _list(what: str, lacking: "Sequence[_Lacking]", lacks: "Callable[[_Lacking], str]") -> None:
    typer.echo(f"{what} staan er bij {len(lacking)} {'item' if len(lacking) == 1 else 'items'}:")
    for one in lacking[:_SHOWN]:
        waiting = f", {one.drafts} regels concept wachten op nakijken" if one.drafts else ""
        typer.echo(f"  {one.item.id}: {lacks(one)}{waiting}")
    if len(lacking) > _SHOWN:
        typer.echo(f"  … en nog {len(lacking) - _SHOWN}")


def _draft(settings: "Settings", jobs: "list[tuple[Drafting, list[list[Item]]]]", yes: bool) -> None:
    """Draft with the language model, after showing the cost; without one, say how to go on."""
    from ingest.enrich import draft_all, estimate
    from kompasbot.cli.ingest import progress_bar

    if not settings.has_endpoint:
        typer.echo("\nSchrijf ze in vragen.yaml en kenmerken.yaml.")
        typer.echo("Met een taalmodel (OPENAI_API_KEY) maakt deze opdracht concepten.")
        return
    jobs = [(drafting, wanted) for drafting, wanted in jobs if wanted]
    if not jobs:
        typer.echo("\nOveral staan al concepten. Kijk ze na, en neem ze over met --approve.")
        return
    typer.echo("")
    for drafting, wanted in jobs:
        found = estimate(drafting, wanted, settings.chat_price_in, settings.chat_price_out)
        cost = "prijs onbekend" if found.cost is None else f"ongeveer € {found.cost:.2f}"
        tokens = f"{found.tokens_in} tokens erheen en {found.tokens_out} terug"
        what = f"Concepten van {drafting.name} voor {found.items} items"
        typer.echo(f"{what}: {found.calls} vragen aan het taalmodel, {tokens}, {cost}.")
    if not yes and not typer.confirm("Doorgaan?"):
        return
    for drafting, wanted in jobs:
        with progress_bar() as progress, chat(settings) as ask:
            done = list(draft_all(drafting, wanted, ask, partial(progress, drafting.name)))
        typer.echo(f"Bij {len(done)} items staan nu concepten in {drafting.file}. Kijk ze na voor je ze overneemt.")
        if drafting.refused:
            typer.echo(f"Weggelaten: {drafting.refused} voorstellen waarvan de zin niet in de tekst staat.")


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
