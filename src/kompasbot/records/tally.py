"""Counts answers without slowing them: in memory at first, every few seconds in the database by a thread of its own.

Counts are added to what stands there, so that any number of processes and machines keep one statistic. While the
database is away they stay in memory, up to a bound. SQLAlchemy is not used: see ``connecting``.
"""

import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from kompasbot.errors import RecordsFailure
from kompasbot.personal import mask
from kompasbot.records.connecting import Database, bring_up
from kompasbot.records.values import Answered

_EVERY_SECONDS: Final = 5.0
_MOST_KEYS: Final = 20_000
_MOST_QUESTIONS: Final = 2_000
_log = logging.getLogger(__name__)

AnswerKey = tuple[date, str, str, str, str]
ItemKey = tuple[date, str]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept of answers, how much, and how long that and what visitors send stays."""

    counts: bool = True
    questions: bool = False
    records_for: timedelta = timedelta(days=365)
    questions_for: timedelta = timedelta(days=90)
    questions_a_day: int = 5000


@dataclass(slots=True)
class Pending:
    """What was counted and not yet written."""

    answers: Counter[AnswerKey] = field(default_factory=Counter)
    items: Counter[ItemKey] = field(default_factory=Counter)
    costs: Counter[tuple[date]] = field(default_factory=Counter)
    """Millionths of a euro."""
    questions: list[Answered] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.answers or self.questions or self.costs)

    def add(self, answers: Counter[AnswerKey], items: Counter[ItemKey], questions: Iterable[Answered]) -> int:
        """Add to it within the bounds; gives how many there was no room for."""
        lost = _merge(self.answers, answers) + _merge(self.items, items)
        asked = list(questions)
        room = max(_MOST_QUESTIONS - len(self.questions), 0)
        self.questions += asked[:room]
        return lost + len(asked[room:])


class Tally:
    """``failed`` is told of each time that the database could not be written, ``dropped`` how many counts were lost."""

    def __init__(
        self,
        database: Callable[[], Database],
        keeping: Keeping,
        now: Callable[[], datetime],
        failed: Callable[[], None] = lambda: None,
        dropped: Callable[[int], None] = lambda _: None,
        every: float = _EVERY_SECONDS,
    ) -> None:
        self._database = database
        self._keeping = keeping
        self._now = now
        self._failed = failed
        self._dropped = dropped
        self._every = every
        self._pending = Pending()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_away = False
        self._is_ready = False

    def add(self, answered: Answered) -> None:
        """Count an answer; the database is written later."""
        keeping, day = self._keeping, (answered.created or self._now()).date()
        answers: Counter[AnswerKey] = Counter()
        items: Counter[ItemKey] = Counter()
        if keeping.counts:
            kind = (answered.status, answered.engine, answered.fallback_reason or "", answered.factsheet or "")
            answers[(day, *kind)] = 1
            items.update({(day, item_id): 1 for item_id in answered.item_ids})
        kept = [answered] if keeping.questions and answered.question else []
        with self._lock:
            lost = self._pending.add(answers, items, kept)
            self._start()
        if lost:
            self._dropped(lost)

    def spend(self, euros: float) -> None:
        """Count what a call of the language model cost."""
        with self._lock:
            self._pending.costs[(self._now().date(),)] += round(euros * 1e6)
            self._start()

    def write(self) -> None:
        """Write what was counted. Raises what the database raises, and keeps the counts then."""
        with self._writing:
            with self._lock:
                taken, self._pending = self._pending, Pending()
            if not taken:
                return
            try:
                self._write(taken)
            except Exception:
                self._is_ready = False
                with self._lock:
                    lost = self._pending.add(taken.answers, taken.items, taken.questions)
                    self._pending.costs += taken.costs
                if lost:
                    self._dropped(lost)
                raise

    def close(self) -> None:
        """Write the rest; waits for the database as long as one transaction may take."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=60)
            self._thread = None
        self._write_calmly()
        if self._pending:
            _log.error("statistics of %d answers were lost at the stop", self._pending.answers.total())

    def _start(self) -> None:
        if self._thread is None and not self._stop.is_set():
            self._thread = threading.Thread(target=self._go_on, name="kompasbot-statistiek", daemon=True)
            self._thread.start()

    def _go_on(self) -> None:
        while not self._stop.wait(self._every):
            self._write_calmly()

    def _write_calmly(self) -> None:
        try:
            self.write()
        except Exception as error:  # whatever it is, answers go on
            self._failed()
            if not self._is_away:
                _log.warning("statistics can't be written (%s): they stay in memory for now", _cause(error))
            self._is_away = True
            return
        if self._is_away:
            _log.info("statistics are written again")
        self._is_away = False

    def _write(self, taken: Pending) -> None:
        database = self._database()
        if not self._is_ready:
            bring_up(database)
            self._is_ready = True
        with database.transaction() as cursor:
            # In one order, so that processes that write the same rows wait for each other instead of both.
            _upsert(cursor, database, "answer_count", _ANSWER_KEY, sorted(taken.answers.items()))
            _upsert(cursor, database, "item_count", _ITEM_KEY, sorted(taken.items.items()))
            _upsert(cursor, database, "cost_count", ("day",), sorted(taken.costs.items()))
            if taken.questions:
                self._keep(cursor, database, taken.questions)

    def _keep(self, cursor: Any, database: Database, asked: Sequence[Answered]) -> None:
        """Keep questions, masked; the day's bound is the same for all processes."""
        now, mark = self._now(), database.mark
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        cursor.execute(f"SELECT count(*) FROM kept_question WHERE created >= {mark}", (database.moment(today),))
        room = max(self._keeping.questions_a_day - cursor.fetchone()[0], 0)
        rows = [_row(one, database.moment(one.created or now)) for one in asked[:room]]
        if rows:
            cursor.executemany(f"INSERT INTO kept_question VALUES ({', '.join([mark] * 8)})", rows)


_ANSWER_KEY: Final = ("day", "status", "engine", "fallback_reason", "factsheet")
_ITEM_KEY: Final = ("day", "item_id")


def _upsert(
    cursor: Any, database: Database, table: str, key: Sequence[str], counts: Sequence[tuple[tuple[Any, ...], int]]
) -> None:
    if not counts:
        return
    names = ", ".join(key)
    statement = (
        f"INSERT INTO {table} ({names}, count) VALUES ({', '.join([database.mark] * (len(key) + 1))}) "
        f"ON CONFLICT ({names}) DO UPDATE SET count = {table}.count + excluded.count"
    )
    cursor.executemany(statement, [(day.isoformat(), *more, count) for (day, *more), count in counts])


def _row(one: Answered, created: str) -> tuple[str | None, ...]:
    item_ids = json.dumps(list(one.item_ids), ensure_ascii=False)
    return (uuid4().hex, created, mask(one.question), one.status, one.engine, item_ids, one.factsheet, one.site)


def _merge(counts: Counter[Any], more: Counter[Any]) -> int:
    """Add counts to counts; a new key only while there is room."""
    lost = 0
    for key, count in more.items():
        if key in counts or len(counts) < _MOST_KEYS:
            counts[key] += count
        else:
            lost += count
    return lost


def _cause(error: Exception) -> str:
    """What went wrong, without what a driver tells of addresses and passwords."""
    return str(error) if isinstance(error, RecordsFailure) else type(error).__name__
