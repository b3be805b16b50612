"""``kompasbot links``: check every link of the factsheets and documents."""

import json
import math
import time
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kompasbot.cli.watch import tell
from kompasbot.errors import CorpusError, KompasbotError

if TYPE_CHECKING:
    from kompasbot.fetching.shelf import Record
    from kompasbot.settings import Settings

_DAY: Final = 24 * 3600.0


def links(
    corpus: Annotated[Path | None, typer.Option(help="Map met de factsheets (anders KOMPASBOT_CORPUS).")] = None,
    stored: Annotated[bool, typer.Option("--stored", help="Toon alleen wat de vorige controle vond.")] = False,
    accept: Annotated[
        list[str] | None, typer.Option(help="Neem van dit adres over wat er nu staat, ook als dat vreemd lijkt.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Geef het verslag als JSON.")] = False,
) -> None:
    """Check every link, keep a copy of what it points at, and print how each was found."""
    from rich.console import Console

    from ingest.linkcheck import check_links
    from ingest.readings import Readings
    from kompasbot.fetching.shelf import Shelf
    from kompasbot.settings import load_settings

    settings = load_settings(corpus=corpus)
    shelf = Shelf(settings.links_dir)
    if stored and accept:
        raise KompasbotError("--stored en --accept gaan niet samen.", "Laat --stored weg.")
    report = check_links(
        settings.corpus,
        shelf,
        None if stored else lambda urls: check(settings, urls, accept or ()),
        Readings(settings.readings_dir),
    )
    if as_json:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
        return
    report.render(Console(soft_wrap=True))
    if not stored:
        typer.echo("\nDe index neemt dit over bij de volgende ingestie: kompasbot ingest.", err=True)


def check(
    settings: "Settings", urls: Sequence[str], accepted: Collection[str] = (), only_new: bool = False
) -> dict[str, "Record"]:
    """Check addresses with a counter on stderr; raises :class:`KompasbotError` for an accepted one that is no link."""
    from ingest.linked import read_copy
    from ingest.readings import Readings
    from kompasbot.fetching.addresses import page_of
    from kompasbot.fetching.checking import Checker
    from kompasbot.fetching.shelf import Shelf

    pages = set(map(page_of, urls))
    unknown = sorted(url for url in accepted if page_of(url) not in pages)
    if unknown:
        raise KompasbotError(
            f"Dit adres staat niet bij een link: {', '.join(unknown)}.",
            "Neem het over zoals 'kompasbot links' het toont.",
        )

    def count(done: int, total: int) -> None:
        if done == total or done % 10 == 0:
            typer.echo(f"links gecontroleerd: {done} van {total}", err=True)

    read = partial(read_copy, readings=Readings(settings.readings_dir))
    return Checker(Shelf(settings.links_dir), read).check(urls, count, accepted, only_new)


def fetch(settings: "Settings", only_new: bool = False) -> None:
    """Check all links before an ingestion, or only those that were never checked, so that it takes new copies along."""
    from ingest.linkcheck import check_links
    from ingest.readings import Readings
    from kompasbot.fetching.shelf import Shelf

    shelf, readings = Shelf(settings.links_dir), Readings(settings.readings_dir)
    check_links(settings.corpus, shelf, lambda urls: check(settings, urls, only_new=only_new), readings)


class Daily:
    """Fetches what links point at for as long as somebody watches: all of it at first and once a day, and in between
    what is linked newly. An error is told and left at that, since the ingestion does without; one in the corpus is
    raised, since the ingestion would stop on it too."""

    def __init__(
        self,
        settings: "Settings",
        fetch: Callable[["Settings", bool], None] = fetch,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._fetch = fetch
        self._clock = clock
        self._fetched = -math.inf

    def is_due(self) -> bool:
        """Whether the last time that all was fetched is a day ago."""
        return self._clock() - self._fetched >= _DAY

    def __call__(self) -> None:
        """Fetch what there is to fetch now."""
        only_new = not self.is_due()
        try:
            self._fetch(self._settings, only_new)
        except CorpusError:
            raise
        except KompasbotError as error:
            tell(error)
        finally:
            if not only_new:
                self._fetched = self._clock()
