"""Finds the files that ship with the program: beside this module in a wheel, else in the checkout.

It says too where data and factsheets stand by default, which depends on the same.
"""

import os
import sys
from pathlib import Path

from kompasbot.errors import KompasbotError

_PACKAGE = Path(__file__).resolve().parent
CHECKOUT = _PACKAGE.parents[1]


def shipped(name: str) -> Path:
    """Return the folder ``name``: ``prompts``, ``web`` or, for the synonyms, ``corpus``.

    Raises :class:`KompasbotError` naming both places tried.
    """
    places = (_PACKAGE / "_shipped" / name, CHECKOUT / name)
    for place in places:
        if place.is_dir():
            return place
    raise KompasbotError(
        f"De map '{name}' van kompasbot is niet gevonden ({places[0]} of {places[1]}).",
        "Installeer kompasbot opnieuw.",
    )


def in_checkout() -> bool:
    """Whether this program runs from a checkout of the project (an editable install) and not from a wheel."""
    return (CHECKOUT / "pyproject.toml").is_file() and not (_PACKAGE / "_shipped").exists()


def default_data() -> Path:
    """Where data stand by default: in the checkout, else in the user's data folder."""
    return CHECKOUT / "data" if in_checkout() else _user_data() / "kompasbot"


def default_corpus() -> Path:
    """Where the factsheets stand by default: in the checkout, else in the working folder."""
    return CHECKOUT / "corpus" if in_checkout() else Path("corpus")


def _user_data() -> Path:
    """The user's data folder by the platform's custom (XDG on Linux)."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
