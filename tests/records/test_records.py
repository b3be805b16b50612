"""What visitors leave behind is kept, bounded, and removed after a time."""

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from kompasbot.errors import LimitReached, RecordsFailure
from kompasbot.records import Judgement, Suggestion
from kompasbot.records.connecting import database_of
from kompasbot.records.database import configuration, open_database
from kompasbot.records.store import Records
from kompasbot.records.tables import Base
from kompasbot.records.tally import Keeping
from tests.records.conftest import Clock, Place


def test_what_was_sent_is_still_there_after_a_restart(place: Place) -> None:
    judgement = Judgement("antwoord-1", "down", "Te kort", "Hoe start ik?", "school")
    suggestion = Suggestion("Noem ook het mbo.", "regionale-samenwerking", "ik@school.example", "school")
    first = Records(*place)
    first.judge(judgement)
    first.suggest(suggestion)
    first.close()
    again = Records(*place)
    assert again.judgements() == [judgement]
    assert again.suggestions() == [suggestion]
    again.close()


def test_a_new_judgement_of_an_answer_replaces_the_old_one(place: Place) -> None:
    records = Records(*place, most_a_day=1)
    records.judge(Judgement("antwoord-1", "up"))
    records.judge(Judgement("antwoord-1", "down", "Toch niet"))
    assert records.judgements() == [Judgement("antwoord-1", "down", "Toch niet")]
    records.close()


def test_a_full_day_is_said_with_the_time_until_the_next(place: Place) -> None:
    clock = Clock()
    records = Records(*place, most_a_day=2, now=clock)
    for _ in range(2):
        records.suggest(Suggestion("Een idee"))
    with pytest.raises(LimitReached) as caught:
        records.suggest(Suggestion("Nog een"))
    assert 3600 <= caught.value.retry_after <= 3601
    records.judge(Judgement("antwoord-1", "up"))
    clock.now += timedelta(hours=2)
    records.suggest(Suggestion("Nog een"))
    assert len(records.suggestions()) == 3
    records.close()


def test_records_go_when_they_were_kept_long_enough(place: Place) -> None:
    clock = Clock()
    records = Records(*place, keeping=Keeping(records_for=timedelta(days=30)), now=clock)
    records.suggest(Suggestion("Oud"))
    clock.now += timedelta(days=29)
    records.suggest(Suggestion("Nieuw"))
    clock.now += timedelta(days=2)
    assert [one.text for one in records.suggestions()] == ["Nieuw"]
    records.close()


def test_many_visitors_at_once_are_all_kept(place: Place) -> None:
    stores = [Records(*place) for _ in range(3)]  # as three replicas on one folder, none of them migrated yet

    def send(number: int) -> None:
        stores[number % 3].suggest(Suggestion(f"Idee {number}"))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores[0].suggestions()) == 12
    for store in stores:
        store.close()


def test_a_folder_that_cannot_be_written_is_a_failure_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("geen map")
    records = Records(tmp_path / "data")
    with pytest.raises(RecordsFailure) as caught:
        records.suggest(Suggestion("Een idee"))
    assert caught.value.hint == "Probeer het later opnieuw."
    records.close()


def test_a_database_that_is_damaged_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes(b"geen database" * 1000)
    with pytest.raises(RecordsFailure):
        Records(tmp_path).judgements()


def test_a_database_server_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RecordsFailure):
        Records(tmp_path, "postgres://niemand@127.0.0.1:1/niets").suggest(Suggestion("Een idee"))


def test_the_migrations_make_exactly_the_tables_that_the_program_uses(place: Place) -> None:
    engine = open_database(database_of(place[1], place[0]))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_the_migrations_can_be_taken_back_and_made_again(place: Place) -> None:
    engine = open_database(database_of(place[1], place[0]))
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "head")
        assert connection.execute(text("SELECT count(*) FROM suggestion")).scalar() == 0
    engine.dispose()


def test_no_column_holds_an_address_of_the_visitor() -> None:
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert columns == {
        "answer_id", "created", "rating", "remark", "question", "site", "id", "text", "factsheet", "contact",
        "day", "status", "engine", "fallback_reason", "count", "item_id", "item_ids",
    }  # fmt: skip


def test_the_server_does_not_load_the_database_before_it_is_used() -> None:
    code = "import sys, kompasbot.server.app; print([m for m in ('sqlalchemy', 'alembic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_same_judgement_sent_twice_at_once_is_kept_once(place: Place) -> None:
    records = Records(*place)
    threads = [threading.Thread(target=records.judge, args=(Judgement("antwoord", "up"),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert records.judgements() == [Judgement("antwoord", "up")]
    records.close()


def test_numbers_that_lead_to_a_person_are_masked_in_what_visitors_send(place: Place) -> None:
    records = Records(*place)
    records.judge(
        Judgement("a", "down", "Mijn bsn is 123456782", "Kan het naar ik@school.example of NL91ABNA0417164300?")
    )
    records.suggest(Suggestion("Stuur het naar NL91 ABNA 0417 1643 00, bel 06-12345678", contact="06-12345678"))
    [judged], [suggested] = records.judgements(), records.suggestions()
    assert judged.remark == "Mijn bsn is [persoonsnummer]"
    assert judged.question == "Kan het naar [e-mailadres] of [bankrekening]?"
    assert (suggested.text, suggested.contact) == ("Stuur het naar [bankrekening], bel 06-12345678", "06-12345678")
    records.close()
