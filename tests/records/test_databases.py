"""The database itself: brought up to date with what it holds, shared by processes, and gone for a while."""

import logging
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from kompasbot.errors import RecordsFailure
from kompasbot.records import Answered, Judgement, Suggestion
from kompasbot.records.connecting import VERSION, Database, bring_up, database_of
from kompasbot.records.database import configuration, engine_of
from kompasbot.records.store import Records
from tests.cluster.part import Part
from tests.records.conftest import Place, new_database

SOME = Answered("answered", "extractive", None, "regio", ("regio/tool/a",))


def database(place: Place) -> Database:
    return database_of(place[1], place[0])


def at_version(place: Place, version: str) -> None:
    """A database as an earlier version of the program left it."""
    engine = engine_of(database(place))
    with engine.begin() as connection:
        command.upgrade(configuration(connection), version)


def test_an_older_database_is_brought_up_to_date_with_what_it_holds(place: Place) -> None:
    at_version(place, "0001")
    with engine_of(database(place)).begin() as connection:
        connection.execute(
            text("INSERT INTO judgement VALUES ('a', '2026-01-02 03:04:05.000006', 'down', 'Te kort', NULL, 'school')")
        )
        connection.execute(
            text("INSERT INTO suggestion VALUES ('b', '2026-01-02 03:04:05.000006', 'Noem het mbo', NULL, NULL, NULL)")
        )
    records = Records(*place)
    records.note(SOME)
    assert [one.count for one in records.answer_counts(date.min)] == [1]
    assert records.judgements() == [Judgement("a", "down", "Te kort", None, "school")]
    assert records.suggestions() == [Suggestion("Noem het mbo")]
    records.close()


def test_replicas_that_start_together_on_an_older_database_all_go_on(place: Place) -> None:
    at_version(place, "0001")
    stores = [Records(*place) for _ in range(3)]

    def use(records: Records) -> None:
        records.suggest(Suggestion("Een idee"))
        records.note(SOME)
        records.close()

    threads = [threading.Thread(target=use, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = Records(*place)
    assert len(reader.suggestions()) == 3
    assert [one.count for one in reader.answer_counts(date.min)] == [3]
    reader.close()


def test_a_database_of_a_newer_version_is_left_alone_and_said(place: Place) -> None:
    bring_up(database(place))
    with engine_of(database(place)).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordsFailure, match="nieuwere versie"):
        Records(*place).suggestions()


def test_a_new_file_gets_exactly_the_tables_that_the_migrations_make(tmp_path: Path) -> None:
    bring_up(Database("sqlite", str(tmp_path / "new.db")))
    at_version_of = Database("sqlite", str(tmp_path / "migrated.db"))
    with engine_of(at_version_of).begin() as connection:
        command.upgrade(configuration(connection), "head")
    assert schema(tmp_path / "new.db") == schema(tmp_path / "migrated.db")


def schema(file: Path) -> list[str]:
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    connection.close()
    return ["".join(row[0].split()) for row in rows]


def test_the_newest_migration_is_the_one_the_program_expects(tmp_path: Path) -> None:
    with engine_of(Database("sqlite", str(tmp_path / "any.db"))).connect() as connection:
        assert ScriptDirectory.from_config(configuration(connection)).get_current_head() == VERSION


def test_a_file_is_written_while_others_read(tmp_path: Path) -> None:
    connection = Database("sqlite", str(tmp_path / "any.db")).connect()
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


COUNTING = """
import sys
from pathlib import Path
from kompasbot.records import Answered
from kompasbot.records.store import Records
records = Records(Path(sys.argv[1]), sys.argv[2] or None)
for _ in range(10):
    for item in "ab", "ba":
        records.note(Answered("answered", "extractive", None, "regio", tuple(item)))
    records._tally.write()
records.close()
assert "sqlalchemy" not in sys.modules
"""


def test_processes_that_count_the_same_at_once_lose_nothing(place: Place) -> None:
    bring_up(database(place))  # by what this process has loaded: the others then need no more than to count
    command_line = [sys.executable, "-c", COUNTING, str(place[0]), place[1] or ""]
    running = [subprocess.Popen(command_line, stderr=subprocess.PIPE) for _ in range(2)]
    said = [one.communicate(timeout=90)[1].decode() for one in running]
    assert [one.returncode for one in running] == [0, 0], said
    records = Records(*place)
    assert [one.count for one in records.answer_counts(date.min)] == [40]
    assert {one.item_id: one.count for one in records.item_counts(date.min)} == {"a": 40, "b": 40}
    records.close()


def test_a_server_that_was_away_is_found_again(server: Part, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    failures: list[int] = []
    records = Records(tmp_path, new_database(server), failed=lambda: failures.append(1))
    records.suggest(Suggestion("Voor de storing"))
    server.kill()
    records.note(SOME)
    with pytest.raises(RecordsFailure) as caught:
        records.suggest(Suggestion("Tijdens de storing"))
    server.start()
    records.suggest(Suggestion("Na de storing"))
    assert caught.value.hint == "Probeer het later opnieuw."
    assert failures
    assert [one.text for one in records.suggestions()] == ["Voor de storing", "Na de storing"]
    assert [one.count for one in records.answer_counts(date.min)] == [1]
    records.close()


def test_a_server_that_hangs_holds_nobody_up_for_long(server: Part, tmp_path: Path) -> None:
    records = Records(tmp_path, new_database(server))
    records.suggest(Suggestion("Voor de storing"))
    server.hang()
    try:
        began = time.monotonic()
        records.note(SOME)
        assert time.monotonic() - began < 1
        with pytest.raises(RecordsFailure):
            records.suggest(Suggestion("Tijdens de storing"))
        assert time.monotonic() - began < 30
    finally:
        server.resume()
    assert [one.count for one in records.answer_counts(date.min)] == [1]
    records.close()


def test_a_statement_that_takes_too_long_is_ended(server: Part) -> None:
    connection = database_of(new_database(server), Path()).connect(patience=0.2)
    began = time.monotonic()
    with pytest.raises(psycopg.errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(60)")
    assert time.monotonic() - began < 30
    connection.close()


def test_a_lock_of_another_is_not_waited_for_without_end(server: Part, tmp_path: Path) -> None:
    url = new_database(server)
    records = Records(tmp_path, url)
    records.note(SOME)
    assert records.answer_counts(date.min)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE suggestion")
        with pytest.raises(RecordsFailure):
            records.suggest(Suggestion("Een idee"))
    records.suggest(Suggestion("Nog een"))
    records.close()


@pytest.mark.parametrize("url", ["mysql://x@127.0.0.1/kompas", "sqlite://"])
def test_another_kind_of_database_is_refused_with_what_to_use(url: str, tmp_path: Path) -> None:
    with pytest.raises(RecordsFailure) as caught:
        Records(tmp_path, url).suggestions()
    assert "postgresql://" in caught.value.hint
