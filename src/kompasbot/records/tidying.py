"""Removes what was kept long enough, from every table and whatever is switched on now: at the start and every hour.

SQLAlchemy is not used: see ``connecting``.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kompasbot.records.connecting import VERSION, Database, bring_up
from kompasbot.records.tally import Keeping

_EVERY: Final = timedelta(hours=1)
_log = logging.getLogger(__name__)


class Tidying:
    """Tidies one database, by a thread of its own once that is started; ``failed`` is told when that was not possible.

    Any number of processes may do this to the same database.
    """

    def __init__(
        self,
        database: Callable[[], Database],
        keeping: Keeping,
        now: Callable[[], datetime],
        failed: Callable[[], None] = lambda: None,
        every: timedelta = _EVERY,
    ) -> None:
        self._database = database
        self._keeping = keeping
        self._now = now
        self._failed = failed
        self._every = every
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._tidied: datetime | None = None
        self._said: str | None = None

    def start(self) -> None:
        """Tidy now and from now on, aside."""
        self._thread = threading.Thread(target=self._go_on, name="kompasbot-opruimen", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; waits for the database as long as one transaction may take."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=60)

    def when_due(self) -> None:
        """Tidy, unless that was done shortly before: for commands, which no thread works for."""
        if self._tidied is None or self._now() - self._tidied >= self._every:
            self.tidy()

    def tidy(self) -> None:
        """Remove what is older than it may be. Makes no database, and raises what the database raises."""
        database, now, keeping = self._database(), self._now(), self._keeping
        if database.kind == "sqlite" and not Path(database.address).is_file():
            return
        version = database.version()
        if version is None:
            return
        if version != VERSION:
            bring_up(database)
        last_day = (now - keeping.records_for).date().isoformat()
        oldest = {
            "answer_count": ("day", last_day),
            "item_count": ("day", last_day),
            "cost_count": ("day", last_day),
            "judgement": ("created", database.moment(now - keeping.records_for)),
            "suggestion": ("created", database.moment(now - keeping.records_for)),
            "kept_question": ("created", database.moment(now - keeping.questions_for)),
        }
        with database.transaction() as cursor:
            for table, (column, value) in oldest.items():
                cursor.execute(f"DELETE FROM {table} WHERE {column} < {database.mark}", (value,))
        self._tidied = now

    def _go_on(self) -> None:
        while True:
            self._tidy_calmly()
            if self._stop.wait(self._every.total_seconds()):
                return

    def _tidy_calmly(self) -> None:
        try:
            self.tidy()
        except Exception as error:  # whatever it is, answers go on
            self._failed()
            if self._said != type(error).__name__:
                _log.warning("what was kept long enough can't be removed (%s): tried again later", type(error).__name__)
            self._said = type(error).__name__
        else:
            self._said = None
