"""Keeps records: bounded in number a day, removed after a time, and never more than what the visitor sent."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from kompasbot.errors import LimitReached
from kompasbot.records.turns import Turns, gone, not_kept
from kompasbot.records.values import Judgement, Suggestion
from kompasbot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from kompasbot.records.tables import JudgementRow, SuggestionRow

    Row = type[JudgementRow] | type[SuggestionRow]

_log = logging.getLogger(__name__)
_TIDY_EVERY: Final = timedelta(hours=6)
_OPEN_SECONDS: Final = 10.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _utc(moment: datetime) -> datetime:
    """SQLite gives back times without their zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def records_of(settings: Settings) -> "Records":
    """The records by the settings; nothing is opened yet."""
    url = settings.database_url.get_secret_value() if settings.database_url else None
    keep = timedelta(days=settings.keep_records_days)
    return Records(settings.data, url, most_a_day=settings.max_records_a_day, keep=keep)


class Records:
    """Opens its database at the first record, so that a server that gets none never loads SQLAlchemy.

    ``url`` names the database, by default a file in ``folder``; ``most_a_day`` bounds each kind of record, ``keep`` how
    long one stays. Methods block and may be called from any thread; they raise :class:`RecordsFailure` when the
    database can't be used and :class:`LimitReached` when the day is full.
    """

    def __init__(
        self,
        folder: Path,
        url: str | None = None,
        *,
        most_a_day: int = 1000,
        keep: timedelta = timedelta(days=365),
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._folder = folder
        self._url = url
        self._most_a_day = most_a_day
        self._keep = keep
        self._now = now
        self._lock = threading.Lock()
        self._turns = Turns(url)
        self._engine: Engine | None = None
        self._tidied: datetime | None = None

    def judge(self, judgement: Judgement) -> None:
        """Keep a judgement; it replaces an earlier one of the same answer."""
        from kompasbot.records.tables import JudgementRow

        with self._session() as session:
            if session.get(JudgementRow, judgement.answer_id) is None:
                self._check_room(session, JudgementRow)
            session.merge(JudgementRow(**asdict(judgement) | {"created": self._now()}))

    def suggest(self, suggestion: Suggestion) -> str:
        """Keep a suggestion; gives its id."""
        from kompasbot.records.tables import SuggestionRow

        with self._session() as session:
            self._check_room(session, SuggestionRow)
            row = SuggestionRow(id=uuid4().hex, **asdict(suggestion) | {"created": self._now()})
            session.add(row)
            return row.id

    def judgements(self) -> list[Judgement]:
        """All judgements, the oldest first."""
        from sqlalchemy import select

        from kompasbot.records.tables import JudgementRow as Row

        with self._session() as session:
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

        with self._session() as session:
            rows = session.scalars(select(Row).order_by(Row.created))
            return [Suggestion(r.text, r.factsheet, r.contact, r.site, _utc(r.created)) for r in rows]

    def close(self) -> None:
        """Close the database, if it was opened."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    @property
    def answers(self) -> bool | None:
        """Whether the database server answers, as far as was seen; None when the database is a file."""
        return self._turns.answers

    @contextmanager
    def _session(self) -> "Iterator[Session]":
        """One transaction; every error of the database becomes a :class:`RecordsFailure`."""
        from alembic.util import CommandError
        from filelock import Timeout
        from sqlalchemy.exc import SQLAlchemyError
        from sqlalchemy.orm import Session

        with self._turns.one():
            try:
                with Session(self._opened()) as session, session.begin():
                    self._tidy(session)
                    yield session
            except (SQLAlchemyError, CommandError, Timeout, OSError) as error:
                if self.answers is None or not gone(error):
                    _log.error("a record could not be kept or read", exc_info=error)
                raise not_kept() from error

    def _opened(self) -> "Engine":
        from kompasbot.records.database import open_database

        if not self._lock.acquire(timeout=_OPEN_SECONDS):
            raise TimeoutError("the database is being opened for too long")
        try:
            if self._engine is None:
                self._engine = open_database(self._url, self._folder)
            return self._engine
        finally:
            self._lock.release()

    def _check_room(self, session: "Session", row: "Row") -> None:
        from sqlalchemy import func, select

        now = self._now()
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        count = session.scalar(select(func.count()).select_from(row).where(row.created >= today)) or 0
        if count >= self._most_a_day:
            wait = int((today + timedelta(days=1) - now).total_seconds()) + 1
            raise LimitReached("Er zijn vandaag al veel berichten binnengekomen.", "Probeer het morgen opnieuw.", wait)

    def _tidy(self, session: "Session") -> None:
        """Remove what is older than it may be, now and then."""
        from sqlalchemy import delete

        from kompasbot.records.tables import JudgementRow, SuggestionRow

        now = self._now()
        if self._tidied is not None and now - self._tidied < _TIDY_EVERY:
            return
        for row in (JudgementRow, SuggestionRow):
            session.execute(delete(row).where(row.created < now - self._keep))
        self._tidied = now
