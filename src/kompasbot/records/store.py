"""Keeps records: bounded in number a day, removed after a time, and never more than what the visitor sent."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from kompasbot.errors import LimitReached, RecordsFailure
from kompasbot.personal import mask, mask_numbers
from kompasbot.records.connecting import Database, database_of
from kompasbot.records.tally import Keeping, Tally
from kompasbot.records.tidying import Tidying
from kompasbot.records.turns import Turns, not_kept
from kompasbot.records.values import AnswerCount, Answered, ItemCount, Judgement, KeptQuestion, Suggestion
from kompasbot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from kompasbot.records.tables import JudgementRow, SuggestionRow

    Row = type[JudgementRow] | type[SuggestionRow]

_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _utc(moment: datetime) -> datetime:
    """SQLite gives back times without their zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def records_of(
    settings: Settings, failed: Callable[[], None] = lambda: None, dropped: Callable[[int], None] = lambda _: None
) -> "Records":
    """The records by the settings; nothing is opened yet."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    keeping = Keeping(
        counts=settings.statistics,
        questions=settings.keep_questions,
        records_for=timedelta(days=settings.keep_records_days),
        questions_for=timedelta(days=settings.keep_questions_days),
        questions_a_day=settings.max_questions_a_day,
    )
    most = settings.max_records_a_day
    return Records(settings.data, url, most_a_day=most, keeping=keeping, failed=failed, dropped=dropped)


class Records:
    """Opens its database at the first record, so that a server that gets none never loads SQLAlchemy.

    ``url`` names the database, by default a file in ``folder``; ``most_a_day`` bounds each kind of record; ``keeping``
    is what is kept of answers, and how long all stays. Methods block and may be called from any thread, save ``note``,
    which never waits; they raise :class:`RecordsFailure` when the database can't be used and :class:`LimitReached` when
    the day is full. ``failed`` and ``dropped`` are told what the figures should show.
    """

    def __init__(
        self,
        folder: Path,
        url: str | None = None,
        *,
        most_a_day: int = 1000,
        keeping: Keeping = Keeping(),  # noqa: B008 (frozen)
        now: Callable[[], datetime] = _utc_now,
        failed: Callable[[], None] = lambda: None,
        dropped: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._folder = folder
        self._url = url
        self._most_a_day = most_a_day
        self._now = now
        self._tell_failure = failed
        self._turns = Turns(url)
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._keeping = keeping
        self._tally = Tally(self._database, keeping, now, failed, dropped)
        self._tidying = Tidying(self._database, keeping, now, failed)

    def start(self) -> None:
        """Remove from now on what was kept long enough, until :meth:`close`."""
        self._tidying.start()

    def note(self, answered: Answered) -> None:
        """Count an answer, and keep its question where that is switched on; it is written a few seconds later."""
        if self._keeping.counts or self._keeping.questions:
            self._tally.add(replace(answered, created=answered.created or self._now()))

    def spend(self, euros: float | None) -> None:
        """Count what a call of the language model cost, where prices are set; it is written a few seconds later."""
        if euros and self._keeping.counts:
            self._tally.spend(euros)

    def judge(self, judgement: Judgement) -> None:
        """Keep a judgement, masked; it replaces an earlier one of the same answer."""
        from sqlalchemy.dialects import postgresql, sqlite

        from kompasbot.records.tables import JudgementRow

        remark, question = judgement.remark, judgement.question
        judgement = replace(judgement, remark=remark and mask_numbers(remark), question=question and mask(question))
        with self._session() as session:
            if session.get(JudgementRow, judgement.answer_id) is None:
                self._check_room(session, JudgementRow)
            values = asdict(judgement) | {"created": self._now()}
            dialect = sqlite if self._database().kind == "sqlite" else postgresql
            kept = dialect.insert(JudgementRow).values(values)
            session.execute(kept.on_conflict_do_update(index_elements=["answer_id"], set_=values))

    def suggest(self, suggestion: Suggestion) -> str:
        """Keep a suggestion, masked save for its contact; gives its id."""
        from kompasbot.records.tables import SuggestionRow

        suggestion = replace(suggestion, text=mask_numbers(suggestion.text))
        with self._session() as session:
            self._check_room(session, SuggestionRow)
            row = SuggestionRow(id=uuid4().hex, **asdict(suggestion) | {"created": self._now()})
            session.add(row)
            return row.id

    def judgements(self) -> list[Judgement]:
        """All judgements, the oldest first."""
        from sqlalchemy import select

        from kompasbot.records.tables import JudgementRow as Row

        with self._session(reading=True) as session:
            rows = session.scalars(select(Row).order_by(Row.created))
            return [
                Judgement(
                    r.answer_id, "up" if r.rating == "up" else "down", r.remark, r.question, r.site, _utc(r.created)
                )
                for r in rows
            ]

    def suggestions(self) -> list[Suggestion]:
        """All suggestions, the oldest first."""
        from sqlalchemy import select

        from kompasbot.records.tables import SuggestionRow as Row

        with self._session(reading=True) as session:
            rows = session.scalars(select(Row).order_by(Row.created))
            return [Suggestion(r.text, r.factsheet, r.contact, r.site, _utc(r.created)) for r in rows]

    def answer_counts(self, since: date) -> list[AnswerCount]:
        """How many answers of each kind there were on each day from ``since`` on, the oldest day first."""
        from sqlalchemy import select

        from kompasbot.records.tables import AnswerCountRow as Row

        with self._session(reading=True) as session:
            rows = session.scalars(select(Row).where(Row.day >= since).order_by(Row.day, Row.status, Row.engine))
            return [
                AnswerCount(r.day, r.status, r.engine, r.fallback_reason or None, r.factsheet or None, r.count)
                for r in rows
            ]

    def item_counts(self, since: date) -> list[ItemCount]:
        """How many answers cited each item on each day from ``since`` on, the oldest day first."""
        from sqlalchemy import select

        from kompasbot.records.tables import ItemCountRow as Row

        with self._session(reading=True) as session:
            rows = session.scalars(select(Row).where(Row.day >= since).order_by(Row.day, Row.item_id))
            return [ItemCount(r.day, r.item_id, r.count) for r in rows]

    def costs(self, since: date) -> dict[date, float]:
        """What the language model cost, in euro, on each day from ``since`` on that it cost something."""
        from sqlalchemy import select

        from kompasbot.records.tables import CostRow as Row

        with self._session(reading=True) as session:
            rows = session.scalars(select(Row).where(Row.day >= since).order_by(Row.day))
            return {row.day: row.count / 1e6 for row in rows}

    def questions(
        self, since: datetime | None = None, statuses: frozenset[str] | None = None, limit: int = 1000
    ) -> list[KeptQuestion]:
        """The newest ``limit`` questions that were kept, the newest first."""
        from sqlalchemy import select

        from kompasbot.records.tables import QuestionRow as Row

        chosen = select(Row).order_by(Row.created.desc(), Row.id).limit(limit)
        if since is not None:
            chosen = chosen.where(Row.created >= since.astimezone(UTC))
        if statuses is not None:
            chosen = chosen.where(Row.status.in_(statuses))
        with self._session(reading=True) as session:
            return [
                KeptQuestion(
                    r.id,
                    _utc(r.created),
                    r.text,
                    r.status,
                    r.engine,
                    tuple(json.loads(r.item_ids)),
                    r.factsheet,
                    r.site,
                )
                for r in session.scalars(chosen)
            ]

    def forget_questions(self, before: datetime | None = None) -> int:
        """Remove the questions that were kept before a moment, or all; gives how many."""
        from sqlalchemy import delete, func, select

        from kompasbot.records.tables import QuestionRow as Row

        older = [] if before is None else [Row.created < before.astimezone(UTC)]
        with self._session(reading=True) as session:
            count = session.scalar(select(func.count()).select_from(Row).where(*older)) or 0
            session.execute(delete(Row).where(*older))
            return count

    def close(self) -> None:
        """Write what was counted, and let go of the database."""
        self._tidying.close()
        self._tally.close()
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    @property
    def answers(self) -> bool | None:
        """Whether the database server answers, as far as was seen; None when the database is a file."""
        return self._turns.answers

    @contextmanager
    def _session(self, reading: bool = False) -> "Iterator[Session]":
        """One transaction, to read with all that this process counted. Every error of the database becomes a
        :class:`RecordsFailure`.
        """
        from filelock import Timeout
        from sqlalchemy.exc import SQLAlchemyError
        from sqlalchemy.orm import Session

        errors: tuple[type[Exception], ...] = (SQLAlchemyError, Timeout, *self._database().errors)
        with self._turns.one():
            try:
                engine = self._opened()
                if reading:
                    self._tally.write()
                self._tidying.when_due()
                with Session(engine) as session, session.begin():
                    yield session
            except errors as error:
                self._tell_failure()
                _log.error("a record could not be kept or read: %s", type(error).__name__)
                if reading:
                    raise RecordsFailure("De database is niet te lezen.", "Voer uit: kompasbot doctor.") from error
                raise not_kept() from error

    def _opened(self) -> "Engine":
        from kompasbot.records.database import open_database

        if self._engine is None:
            opened = open_database(self._database())  # not in the lock: who waits for a server that is away waits alone
            with self._lock:
                self._engine = self._engine or opened
        return self._engine

    def _database(self) -> Database:
        return database_of(self._url, self._folder)

    def _check_room(self, session: "Session", row: "Row") -> None:
        from sqlalchemy import func, select

        now = self._now()
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        count = session.scalar(select(func.count()).select_from(row).where(row.created >= today)) or 0
        if count >= self._most_a_day:
            wait = int((today + timedelta(days=1) - now).total_seconds()) + 1
            raise LimitReached("Er zijn vandaag al veel berichten binnengekomen.", "Probeer het morgen opnieuw.", wait)
