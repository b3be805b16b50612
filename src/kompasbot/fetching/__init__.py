"""Fetches what links point at: guarded, within limits, politely, with the last good copy kept."""

from kompasbot.fetching.checking import Checker
from kompasbot.fetching.fetching import Limits
from kompasbot.fetching.guard import Guard, Refused
from kompasbot.fetching.shelf import Record, Shelf

__all__ = ["Checker", "Guard", "Limits", "Record", "Refused", "Shelf"]
