"""``kompasbot ingest --watch``: ingest again whenever files of the corpus change."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import typer

from kompasbot.errors import CorpusError, KompasbotError

_QUIET_MS: Final = 1_500
"""Editors and copies write in bursts: wait until nothing has changed for so long."""
_LOOK_MS: Final = 500
"""How often it is looked whether to stop."""


def watch(corpus: Path, once: Callable[[], None], is_due: Callable[[], bool] = lambda: False) -> None:
    """Run ``once`` now, after every change, and whenever it ``is_due`` without one, until interrupted or terminated.

    What runs then is finished first. An error is told and does not end it.
    """
    from watchfiles import watch as changes

    if not corpus.is_dir():
        raise CorpusError(
            f"De map {corpus} met de factsheets is er niet.",
            "Maak de map aan, of geef met --corpus of KOMPASBOT_CORPUS de goede map op.",
        )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    _run(once)
    typer.echo(f"Ik kijk naar {corpus}. Stop met Ctrl-C.", err=True)
    looks = changes(
        corpus, debounce=60_000, step=_QUIET_MS, stop_event=stop, rust_timeout=_LOOK_MS, yield_on_timeout=True
    )
    for found in looks:
        if found or is_due():
            _run(once)


def _run(once: Callable[[], None]) -> None:
    try:
        once()
    except KompasbotError as error:
        tell(error)


def tell(error: KompasbotError) -> None:
    """Say on stderr what went wrong, and what to do."""
    typer.echo(f"Fout: {error}", err=True)
    if error.hint:
        typer.echo(f"Wat je kunt doen: {error.hint}", err=True)
