"""Dates as people write them."""

from datetime import date
from typing import Final

MONTHS: Final = tuple("januari februari maart april mei juni juli augustus september oktober november december".split())


def day_in_words(day: date) -> str:
    """A day in Dutch: ``23 november 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
