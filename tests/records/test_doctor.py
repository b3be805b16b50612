"""What ``kompasbot doctor`` says of the database."""

from pathlib import Path

import psycopg
import pytest
from alembic import command
from sqlalchemy import text

from kompasbot.cli.backing import database, kept
from kompasbot.cli.finding import Finding
from kompasbot.records.connecting import bring_up, database_of
from kompasbot.records.database import configuration, engine_of
from kompasbot.settings import Settings
from tests.cluster.part import Part
from tests.records.conftest import Place, new_database


def found(place: Place) -> Finding:
    return database(Settings(data=place[0], database_url=place[1]))


def test_a_database_that_is_up_to_date_is_good(place: Place) -> None:
    bring_up(database_of(place[1], place[0]))
    finding = found(place)
    assert (finding.state, finding.hint) == ("goed", "")
    assert "tabellen van versie 0003" in finding.found
    assert ("PostgreSQL 1" if place[1] else "SQLite 3.") in finding.found


def test_looking_leaves_nothing_behind(place: Place) -> None:
    bring_up(database_of(place[1], place[0]))
    found(place)
    with engine_of(database_of(place[1], place[0])).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM item_count")).scalar() == 0


def test_an_older_database_is_brought_up_to_date_later(place: Place) -> None:
    with engine_of(database_of(place[1], place[0])).begin() as connection:
        command.upgrade(configuration(connection), "0001")
    finding = found(place)
    assert finding.state == "goed"
    assert "versie 0001; kompasbot maakt daar zelf 0003 van" in finding.found


def test_a_newer_database_is_a_fault(place: Place) -> None:
    bring_up(database_of(place[1], place[0]))
    with engine_of(database_of(place[1], place[0])).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert (found(place).state, "Werk deze kompasbot bij" in found(place).hint) == ("fout", True)


def test_a_server_that_is_away_is_a_fault_without_its_password(tmp_path: Path) -> None:
    finding = found((tmp_path, "postgresql://kompas:ge@heim@127.0.0.1:1/kompas?sslmode=disable"))
    assert finding.state == "fout"
    assert "KOMPASBOT_DATABASE_URL" in finding.hint
    assert "127.0.0.1:1/kompas" in finding.found
    assert "heim" not in str(finding)


def test_a_server_that_may_not_be_written_is_a_fault(server: Part, tmp_path: Path) -> None:
    url = new_database(server)
    bring_up(database_of(url, tmp_path))
    with psycopg.connect(url) as connection:
        connection.execute("ALTER ROLE kompas SET default_transaction_read_only = on")
    try:
        finding = found((tmp_path, url))
    finally:
        with psycopg.connect(url, options="-c default_transaction_read_only=off") as connection:
            connection.execute("ALTER ROLE kompas RESET default_transaction_read_only")
    assert (finding.state, "niet te beschrijven" in finding.found) == ("fout", True)


def test_a_file_that_is_not_there_yet_is_good_where_it_can_be_made(tmp_path: Path) -> None:
    assert found((tmp_path / "data", None)).state == "goed"
    (tmp_path / "bestand").write_text("geen map")
    assert found((tmp_path / "bestand" / "data", None)).state == "fout"
    assert list(tmp_path.iterdir()) == [tmp_path / "bestand"]


def test_a_file_that_is_damaged_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes(b"geen database" * 1000)
    assert (found((tmp_path, None)).state, "reservekopie" in found((tmp_path, None)).hint) == ("fout", True)


@pytest.mark.parametrize(("keeps", "state"), [(False, "goed"), (True, "let op")])
def test_what_is_kept_of_visitors_is_said(keeps: bool, state: str) -> None:
    finding = kept(Settings(keep_questions=keeps))
    assert finding.state == state
    assert "antwoorden worden geteld" in finding.found
    assert ("Vertel bezoekers" in finding.hint) is keeps
