"""What the counted answers say: pure functions over the counts, for the overview."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from kompasbot.records.values import AnswerCount, ItemCount
from kompasbot.server.manage.plots import Series

DAYS: Final = 30
STATUSES: Final = {
    "answered": "beantwoord",
    "partial": "deels beantwoord",
    "refused": "niet beantwoord",
    "clarify": "vraag terug",
    "smalltalk": "groet of praatje",
}
MISSED: Final = frozenset(("partial", "refused"))


def window(today: date, days: int = DAYS) -> list[date]:
    """The last days, the oldest first."""
    return [today - timedelta(days=days - 1 - at) for at in range(days)]


def by_status(counts: Iterable[AnswerCount]) -> list[Series]:
    """Answers a day, a series a status."""
    found: dict[str, Counter[date]] = {status: Counter() for status in STATUSES}
    for one in counts:
        if one.status in found:
            found[one.status][one.day] += one.count
    return [Series(STATUSES[status], status, days) for status, days in found.items()]


def totals(counts: Iterable[AnswerCount], of: str) -> Counter[str]:
    """Answers by one of their properties (status, engine, fallback_reason, factsheet), where they have it."""
    found: Counter[str] = Counter()
    for one in counts:
        value = getattr(one, of)
        if value:
            found[value] += one.count
    return found


def cited(counts: Iterable[ItemCount]) -> Counter[str]:
    """How often each item was cited."""
    found: Counter[str] = Counter()
    for one in counts:
        found[one.item_id] += one.count
    return found


def percentage(part: int, whole: int) -> str:
    """A share as a person reads it."""
    return f"{round(100 * part / whole)} %" if whole else "–"


def whole(counts: Sequence[AnswerCount]) -> int:
    """How many answers there were."""
    return sum(one.count for one in counts)
