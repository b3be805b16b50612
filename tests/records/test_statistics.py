"""Answers are counted without anything of visitors; questions are kept only where that is switched on."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kompasbot.records import AnswerCount, Answered, ItemCount
from kompasbot.records.connecting import Database, database_of
from kompasbot.records.store import Records
from kompasbot.records.tally import Keeping, Tally
from tests.records.conftest import Clock, Place

SOME = Answered("answered", "extractive", None, "regio", ("regio/tool/a", "regio/tool/b"), "Hoe start ik?", "school")
DAY = date(2026, 3, 1)


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_what_the_language_model_cost_is_summed_by_day(place: Place) -> None:
    clock = Clock()
    records = Records(*place, now=clock)
    for euros in (0.0002, 0.012345, None, 0.0):
        records.spend(euros)
    clock.now += timedelta(hours=2)
    records.spend(1.5)
    records.close()
    again = Records(*place, now=clock)
    assert again.costs(DAY) == {DAY: 0.012545, DAY + timedelta(days=1): 1.5}
    assert again.costs(DAY + timedelta(days=1)) == {DAY + timedelta(days=1): 1.5}
    again.close()


def test_costs_are_not_counted_where_nothing_is(place: Place) -> None:
    records = Records(*place, keeping=Keeping(counts=False))
    records.spend(1.5)
    assert records.costs(date.min) == {}
    records.close()


def test_answers_and_cited_items_are_counted_by_day(place: Place) -> None:
    clock = Clock()
    records = Records(*place, now=clock)
    for _ in range(3):
        records.note(SOME)
    records.note(Answered("refused", "extractive"))
    records.note(Answered("partial", "extractive", "dagbudget", "regio", ("regio/tool/a",)))
    clock.now += timedelta(hours=2)
    records.note(SOME)
    assert records.answer_counts(DAY) == [
        AnswerCount(DAY, "answered", "extractive", None, "regio", 3),
        AnswerCount(DAY, "partial", "extractive", "dagbudget", "regio", 1),
        AnswerCount(DAY, "refused", "extractive", None, None, 1),
        AnswerCount(DAY + timedelta(days=1), "answered", "extractive", None, "regio", 1),
    ]
    assert records.item_counts(DAY + timedelta(days=1)) == [
        ItemCount(DAY + timedelta(days=1), "regio/tool/a", 1),
        ItemCount(DAY + timedelta(days=1), "regio/tool/b", 1),
    ]
    assert records.questions() == []
    records.close()


def test_what_was_counted_is_written_at_the_stop_and_added_up(place: Place) -> None:
    for _ in range(2):
        records = Records(*place)
        records.note(SOME)
        records.close()
    again = Records(*place)
    assert [one.count for one in again.answer_counts(date.min)] == [2]
    again.close()


def test_what_was_counted_is_written_by_itself_meanwhile(place: Place) -> None:
    tally = Tally(lambda: database_of(place[1], place[0]), Keeping(), lambda: datetime.now(UTC), every=0.05)
    tally.add(SOME)
    reader = Records(*place)
    until(lambda: [one.count for one in reader.answer_counts(date.min)] == [1])
    tally.close()
    reader.close()


def test_processes_that_write_at_once_lose_nothing(place: Place) -> None:
    stores = [Records(*place) for _ in range(4)]

    def count(records: Records) -> None:
        for _ in range(5):
            records.note(SOME)
            records.note(Answered("refused", "extractive"))
            records.answer_counts(DAY)  # writes

    threads = [threading.Thread(target=count, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.status: one.count for one in stores[0].answer_counts(DAY)} == {"answered": 20, "refused": 20}
    for one in stores:
        one.close()


class Faulty:
    """A database that can be away."""

    def __init__(self, database: Database) -> None:
        self.is_away = True
        self._database = database

    def __call__(self) -> Database:
        return Database("sqlite", "/dev/null/niets") if self.is_away else self._database


def test_a_database_that_is_away_costs_a_log_line_and_no_counts(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    failures: list[int] = []
    database = Faulty(database_of(place[1], place[0]))
    tally = Tally(database, Keeping(), Clock(), lambda: failures.append(1), every=0.05)
    tally.add(SOME)
    until(lambda: len(failures) >= 3)
    tally.add(SOME)
    database.is_away = False
    until(lambda: "written again" in caplog.text)
    tally.close()
    records = Records(*place)
    assert [one.count for one in records.answer_counts(DAY)] == [2]
    assert caplog.text.count("can't be written") == 1
    records.close()


def test_the_memory_is_bounded_and_what_is_lost_is_told(tmp_path: Path) -> None:
    lost: list[int] = []
    tally = Tally(Faulty(database_of(None, tmp_path)), Keeping(), Clock(), dropped=lost.append, every=60)
    for number in range(10_001):
        tally.add(Answered("answered", "extractive", item_ids=(f"a{number}", f"b{number}")))
    assert sum(lost) == 2
    tally.close()


def test_counting_takes_next_to_no_time(tmp_path: Path) -> None:
    records = Records(tmp_path, keeping=Keeping(questions=True))
    began = time.perf_counter()
    for _ in range(1000):
        records.note(SOME)
    assert time.perf_counter() - began < 5
    records.close()


def test_counts_go_when_they_were_kept_long_enough(place: Place) -> None:
    clock = Clock()
    records = Records(*place, keeping=Keeping(records_for=timedelta(days=30)), now=clock)
    records.note(SOME)
    clock.now += timedelta(days=31)
    records.note(Answered("refused", "extractive"))
    assert [one.status for one in records.answer_counts(DAY)] == ["refused"]
    assert records.item_counts(DAY) == []
    records.close()


def test_nothing_is_counted_when_that_is_switched_off(tmp_path: Path) -> None:
    records = Records(tmp_path, keeping=Keeping(counts=False))
    records.note(SOME)
    records.close()
    assert list(tmp_path.iterdir()) == []


def test_questions_are_kept_masked_where_that_is_switched_on(place: Place) -> None:
    records = Records(*place, keeping=Keeping(questions=True))
    records.note(
        Answered("partial", "llm", None, "regio", ("a", "b"), "Mail ik@school.example, bsn 123456782", "school")
    )
    [kept] = records.questions()
    assert kept.text == "Mail [e-mailadres], bsn [persoonsnummer]"
    assert (kept.status, kept.engine, kept.item_ids, kept.factsheet, kept.site) == (
        "partial", "llm", ("a", "b"), "regio", "school",
    )  # fmt: skip
    assert abs(kept.created - datetime.now(UTC)) < timedelta(minutes=2)
    records.close()


def test_questions_are_found_by_status_and_time_the_newest_first(place: Place) -> None:
    clock = Clock()
    records = Records(*place, keeping=Keeping(questions=True), now=clock)
    for status, question in (("answered", "een"), ("partial", "twee"), ("refused", "drie")):
        records.note(Answered(status, "extractive", question=question))
        clock.now += timedelta(minutes=10)
    assert [one.text for one in records.questions()] == ["drie", "twee", "een"]
    assert [one.text for one in records.questions(statuses=frozenset(("answered", "partial")))] == ["twee", "een"]
    assert [one.text for one in records.questions(since=clock.now - timedelta(minutes=15))] == ["drie"]
    assert [one.text for one in records.questions(limit=1)] == ["drie"]
    assert records.forget_questions(clock.now - timedelta(minutes=15)) == 2
    assert [one.text for one in records.questions()] == ["drie"]
    assert (records.forget_questions(), records.questions()) == (1, [])
    records.close()


def test_questions_are_bounded_a_day_and_in_time(place: Place) -> None:
    clock = Clock()
    keeping = Keeping(questions=True, questions_a_day=2, questions_for=timedelta(days=7))
    records = Records(*place, keeping=keeping, now=clock)
    for number in range(3):
        records.note(Answered("answered", "extractive", question=f"vraag {number}"))
        assert len(records.questions()) == min(number + 1, 2)
    clock.now += timedelta(days=8)
    records.note(Answered("answered", "extractive", question="later"))
    assert [one.text for one in records.questions()] == ["later"]
    records.close()
