"""``kompasbot doctor``: what is configured, what works, what to do."""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kompasbot.cli import backing
from kompasbot.cli.finding import Finding

if TYPE_CHECKING:
    from kompasbot.settings import Settings

_ENOUGH_BYTES: Final = 500_000_000
_PACKAGES: Final = ("kompasbot", "chromadb", "fastapi", "langchain", "openai", "sqlalchemy", "redis")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Geef de bevindingen als JSON.")] = False,
) -> None:
    """Check every part; exit 1 when something that is needed does not work."""
    from kompasbot.settings import load_settings

    settings = load_settings()
    findings = [check(settings) for check in _CHECKS]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    else:
        _show(findings)
    if any(one.state == "fout" for one in findings):
        raise typer.Exit(1)


def _show(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table("Onderdeel", "Stand", "Gevonden", "Wat te doen", show_lines=False)
    colours = {"goed": "green", "let op": "yellow", "fout": "red"}
    for one in findings:
        table.add_row(one.part, f"[{colours[one.state]}]{one.state}[/]", escape(one.found), escape(one.hint))
    Console().print(table)


def _versions(_settings: "Settings") -> Finding:
    from importlib.metadata import version

    found = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return Finding("versies", "goed", f"Python {sys.version.split()[0]}, {found}")


def _corpus(settings: "Settings") -> Finding:
    from ingest.files import corpus_digest
    from kompasbot.errors import KompasbotError

    try:
        corpus_digest(settings.corpus)
    except KompasbotError as error:
        return Finding("corpus", "fout", str(error), error.hint)
    return Finding("corpus", "goed", str(settings.corpus))


def _index(settings: "Settings") -> Finding:
    from ingest.files import corpus_digest
    from kompasbot.embedding import embedder_for
    from kompasbot.errors import KompasbotError
    from kompasbot.retrieval.index import open_index

    try:
        index = open_index(settings)
    except KompasbotError as error:
        return Finding("index", "fout", str(error), error.hint)
    try:
        found = f"{index.id}: {len(index.items)} items en documenten, embedder {embedder_for(settings).name}"
        title = next((item.title for item in index.knowledge.items), "")
        if not index.search(title, 1):
            return Finding("index", "let op", found, f"Zoeken naar '{title}' vond niets. Voer uit: kompasbot ingest.")
        if index.sources != corpus_digest(settings.corpus, settings.links_dir):
            return Finding("index", "let op", found, "Het corpus is veranderd. Voer uit: kompasbot ingest.")
    except KompasbotError as error:
        return Finding("index", "let op", str(error), error.hint)
    finally:
        index.close()
    return Finding("index", "goed", found)


def _disk(settings: "Settings") -> Finding:
    place = next((one for one in (settings.data, *settings.data.absolute().parents) if one.exists()), settings.data)
    free = shutil.disk_usage(place).free
    found = f"{free / 1e9:.1f} GB vrij in {place}"
    if free < _ENOUGH_BYTES:
        return Finding("schijf", "let op", found, "Maak ruimte vrij: een nieuwe index staat naast de oude.")
    return Finding("schijf", "goed", found)


def _port(settings: "Settings") -> Finding:
    from kompasbot.cli.serve import listen
    from kompasbot.errors import Busy

    try:
        listen(settings.host, settings.port).close()
    except Busy as error:
        return Finding("poort", "let op", str(error), f"{error.hint} Of de server draait al.")
    return Finding("poort", "goed", f"{settings.host}:{settings.port} is vrij")


def _file(_settings: "Settings") -> Finding:
    from kompasbot.settings import config_file

    path = config_file()
    return Finding("instellingen", "goed", f"uit de omgeving en {path.absolute()}" if path else "uit de omgeving")


def _access(settings: "Settings") -> Finding:
    from kompasbot.server.guard.limiter import limits_of

    visitor, total = ([str(one) for one in found] for found in limits_of(settings))
    shown = [f"per bezoeker {' en '.join(visitor)}"] if visitor else []
    shown += [f"samen {' en '.join(total)}"] if total else []
    key = "met sleutel voor beheer" if settings.admin_token else "beheer uit"
    found = f"{', '.join(shown) or 'geen grenzen'}; {key}; {_processes(settings.workers)}"
    if not settings.behind_loopback and not (visitor and total):
        hint = "De server is van buiten te bereiken: zet KOMPASBOT_LIMIT_VISITOR en KOMPASBOT_LIMIT_TOTAL niet uit."
        return Finding("toegang", "let op", found, hint)
    if settings.trusted_proxies == "*":
        hint = "Zo kan iedereen zich voor een ander uitgeven: noem in KOMPASBOT_TRUSTED_PROXIES het adres van de proxy."
        return Finding("toegang", "let op", found, hint)
    if not settings.behind_loopback and not settings.trusted_proxies:
        hint = "Staat er een proxy voor? Noem zijn adres in KOMPASBOT_TRUSTED_PROXIES, anders tellen allen als een."
        return Finding("toegang", "goed", found, hint)
    return Finding("toegang", "goed", found)


def _processes(number: int) -> str:
    return "1 proces" if number == 1 else f"{number} processen"


def _language_model(settings: "Settings") -> Finding:
    if not settings.has_endpoint:
        return Finding("taalmodel", "goed", "niet ingesteld: antwoorden komen uit de zinnen van de factsheets")
    from kompasbot.chatmodel.probe import probe
    from kompasbot.endpoint import EndpointFailure
    from kompasbot.validators import without_secrets

    where = f"{settings.chat_model} op {without_secrets(settings.openai_base_url or 'OpenAI')}"
    try:
        seconds = probe(settings)
    except EndpointFailure as failure:
        hint = f"{failure.hint} Tot die tijd antwoordt kompasbot zonder taalmodel."
        return Finding("taalmodel", "let op", f"{where}: {failure}", hint)
    return Finding("taalmodel", "goed", f"{where}: antwoordt na {seconds:.1f} s")


def _embeddings(settings: "Settings") -> Finding:
    from kompasbot.embedding import embedder_for
    from kompasbot.errors import KompasbotError

    if not settings.embeds_by_endpoint:
        return _built_in(settings)
    try:
        length = len(embedder_for(settings).embed_question("technologieonderwijs"))
    except KompasbotError as error:
        return Finding("embeddings", "let op", f"{settings.embedding_model}: {error}", error.hint)
    return Finding("embeddings", "goed", f"{settings.embedding_model}: vectoren van {length} getallen")


def _built_in(settings: "Settings") -> Finding:
    """Which embedder of ours serves, and what the lesser one costs."""
    from kompasbot.embedding import embedder_for, local_embedder
    from kompasbot.embedding.e5 import why_not
    from kompasbot.errors import KompasbotError

    try:
        embedder = embedder_for(settings)
        embedder.embed_question("technologieonderwijs")
    except KompasbotError as error:
        return Finding("embeddings", "fout", str(error), error.hint)
    if embedder.name != local_embedder().name:
        return Finding("embeddings", "goed", f"ingebouwd, e5: vergelijkt op betekenis ({embedder.name})")
    reason = why_not() or "zo ingesteld"
    hint = (
        "Vragen in andere woorden dan de bron vinden minder vaak iets. Zet KOMPASBOT_EMBEDDER op auto, gebruik een "
        "Linux-machine met x86-64, of stel een embeddingmodel in met KOMPASBOT_EMBEDDING_MODEL."
    )
    return Finding("embeddings", "let op", f"ingebouwd, hashed: vergelijkt alleen woorden ({reason})", hint)


def _websites(settings: "Settings") -> Finding:
    sites = "; ".join(f"{name}: {', '.join(origins)}" for name, origins in settings.sites.items())
    return Finding("websites", "goed", sites or "alleen de bladzijden van deze server")


_CHECKS: Final[tuple[Callable[["Settings"], Finding], ...]] = (
    _versions,
    _file,
    _corpus,
    _index,
    _disk,
    _port,
    _access,
    backing.database,
    backing.kept,
    backing.redis,
    backing.chroma,
    backing.traces,
    _language_model,
    _embeddings,
    _websites,
)
