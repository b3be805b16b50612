"""What was kept long enough goes, also when nobody asks anything."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kompasbot.records import Answered, Judgement, Suggestion
from kompasbot.records.connecting import Database, database_of
from kompasbot.records.store import Records
from kompasbot.records.tally import Keeping
from kompasbot.records.tidying import Tidying
from tests.records.conftest import Clock, Place

KEEPING = Keeping(counts=False, questions=False, records_for=timedelta(days=30), questions_for=timedelta(days=7))
"""All is switched off again."""
TABLES = ("answer_count", "item_count", "judgement", "kept_question", "suggestion")


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.02)


def fill(place: Place, clock: Clock, mark: str) -> None:
    """A row in every table."""
    records = Records(*place, keeping=Keeping(questions=True), now=clock)
    records.note(Answered("answered", "extractive", None, None, ("a/tool/b",), f"vraag {mark}"))
    records.judge(Judgement(f"antwoord-{mark}", "up"))
    records.suggest(Suggestion(f"idee {mark}"))
    records.close()


def rows(database: Database) -> dict[str, int]:
    """How many rows each table holds, without what tidying would do when they are read in the usual way."""
    with database.transaction() as cursor:
        return {name: cursor.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}


def test_a_server_without_traffic_removes_what_was_kept_long_enough(place: Place) -> None:
    clock, database = Clock(), database_of(place[1], place[0])
    fill(place, clock, "oud")
    clock.now += timedelta(days=25)
    fill(place, clock, "nieuw")
    clock.now += timedelta(days=6)
    assert rows(database) == dict.fromkeys(TABLES, 2)
    records = Records(*place, keeping=KEEPING, now=clock)
    records.start()
    until(lambda: rows(database) == dict.fromkeys(TABLES, 1))
    records.close()


def test_it_is_done_again_after_a_while_and_ends_with_the_server(place: Place) -> None:
    clock, database = Clock(), database_of(place[1], place[0])
    fill(place, clock, "oud")
    tidying = Tidying(lambda: database, KEEPING, clock, every=timedelta(seconds=0.05))
    tidying.start()
    clock.now += timedelta(days=8)
    until(lambda: rows(database)["kept_question"] == 0)
    assert rows(database)["judgement"] == 1
    clock.now += timedelta(days=30)
    until(lambda: set(rows(database).values()) == {0})
    tidying.close()
    assert "kompasbot-opruimen" not in [one.name for one in threading.enumerate()]


def test_processes_that_tidy_at_once_do_not_hinder_each_other(place: Place) -> None:
    clock, database = Clock(), database_of(place[1], place[0])
    fill(place, clock, "oud")
    clock.now += timedelta(days=31)
    failures: list[int] = []
    several = [Tidying(lambda: database, KEEPING, clock, lambda: failures.append(1)) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.close()
    assert (set(rows(database).values()), failures) == ({0}, [])


def test_no_database_is_made_to_tidy_it(tmp_path: Path) -> None:
    Tidying(lambda: database_of(None, tmp_path), KEEPING, Clock()).tidy()
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_is_left_alone(place: Place) -> None:
    database = database_of(place[1], place[0])
    database.connect().close()
    Tidying(lambda: database, KEEPING, Clock()).tidy()
    assert database.version() is None


def test_a_database_that_can_not_be_tidied_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    (tmp_path / "records.db").write_text("geen database " * 100, encoding="utf-8")
    failures: list[int] = []
    every = timedelta(seconds=0.02)
    tidying = Tidying(lambda: database_of(None, tmp_path), KEEPING, Clock(), lambda: failures.append(1), every)
    tidying.start()
    until(lambda: len(failures) > 2)
    tidying.close()
    assert caplog.text.count("can't be removed (DatabaseError)") == 1


def test_a_command_that_reads_what_is_kept_sees_nothing_that_was_kept_long_enough(place: Place) -> None:
    clock = Clock()
    fill(place, clock, "oud")
    clock.now += timedelta(days=400)
    records = Records(*place, now=clock)
    assert records.answer_counts(date.min) == []
    records.close()
