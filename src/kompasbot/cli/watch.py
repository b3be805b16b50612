"""``kompasbot ingest --watch``: ingest again whenever files of the corpus change."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import typer

from kompasbot.errors import CorpusError, KompasbotError

_QUIET_MS: Final = 1_500
"""Editors and copies write in bursts: wait until nothing has changed for so long."""


def watch(corpus: Path, once: Callable[[], None]) -> None:
    """Run ``once`` now and after every change, until interrupted; an error is told and does not end it."""
    from watchfiles import watch as changes

    if not corpus.is_dir():
        raise CorpusError(
            f"De map {corpus} met de factsheets is er niet.",
            "Maak de map aan, of geef met --corpus of KOMPASBOT_CORPUS de goede map op.",
        )
    _run(once)
    typer.echo(f"Ik kijk naar {corpus}. Stop met Ctrl-C.", err=True)
    for _ in changes(corpus, debounce=60_000, step=_QUIET_MS, raise_interrupt=False):
        _run(once)


def _run(once: Callable[[], None]) -> None:
    try:
        once()
    except KompasbotError as error:
        typer.echo(f"Fout: {error}", err=True)
        if error.hint:
            typer.echo(f"Wat je kunt doen: {error.hint}", err=True)
