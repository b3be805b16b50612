"""Uploads: what stands ready, what is refused, and that the corpus stays as it is."""

from pathlib import Path

import pytest

from ingest import folders
from ingest.formats import READERS
from kompasbot.errors import BadRequest, Busy, KompasbotError
from kompasbot.server.manage import copies, job, staging, trial
from kompasbot.server.manage.names import TABLES, TEXTS, document_name
from kompasbot.server.manage.room import Room, write_bytes
from kompasbot.settings import Settings
from tests.server.conftest import make_app
from tests.server.manage.conftest import SHEET, Maintainer, shown, visiting

REPLACE = {"wat": "vervangen", "vervangt": "lesmateriaal/factsheet.md"}


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_format_that_the_ingestion_reads_may_be_uploaded() -> None:
    assert set(TEXTS) == set(READERS)


def test_every_table_that_the_ingestion_reads_may_be_replaced() -> None:
    assert set(TABLES) == set(folders.TABLES)


def test_an_upload_stands_ready_and_can_be_taken_back_while_the_corpus_stays(
    maintainer: Maintainer, own: Settings
) -> None:
    before = everything(own.corpus)
    assert maintainer.upload("Nieuw.DOCX", b"PK", **REPLACE).headers["location"] == "/beheer/bijwerken"
    page = maintainer.read("bijwerken")
    assert "lesmateriaal/factsheet.docx van: Nieuw.DOCX" in page
    assert "Komt in de plaats van lesmateriaal/factsheet.md" in page
    (one,) = staging.staged(Room.of(own))
    assert maintainer.send("intrekken", bestand=one.id).status_code == 303
    assert "Er staan geen bestanden klaar" in maintainer.read("bijwerken")
    assert everything(own.corpus) == before
    assert not list(Room.of(own).contents.iterdir())
    assert maintainer.send("intrekken", bestand=one.id).status_code == 404


def test_a_second_upload_for_the_same_place_takes_the_place_of_the_first(maintainer: Maintainer, own: Settings) -> None:
    maintainer.upload("a.md", "een", **REPLACE)
    maintainer.upload("b.pdf", "twee", **REPLACE)
    (one,) = staging.staged(Room.of(own))
    assert (one.target, one.given) == ("lesmateriaal/factsheet.pdf", "b.pdf")


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ("../../../etc/passwd.md", "passwd.md"),
        ("..\\..\\boot.ini.txt", "boot-ini.txt"),
        ("/etc/cron.d/taak.md", "taak.md"),
        ("factsheet.md", "document-factsheet.md"),
        ("CON.md", "document-con.md"),
        ("README.md", "document-readme.md"),
        (".md", "document.md"),
        ("....md", "document.md"),
        ("\u202egnp.md", "gnp.md"),
        ("<script>alert(1)</script>.html", "script.html"),
        ("Beleid & Plán 2026 (definitief).PDF", "beleid-plan-2026-definitief.pdf"),
        ("a" * 300 + ".md", "a" * 60 + ".md"),
        ("x\x00y\n.md", "x-y.md"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one_in_the_folder_that_was_chosen(given: str, target: str) -> None:
    assert document_name(given) == target


def test_a_file_that_can_not_be_read_is_refused_with_what_can(maintainer: Maintainer) -> None:
    for given in ("bestand", "virus.exe", "a.md.sh", "vragen.yaml", "x.md/", "..", "b.svg"):
        reply = maintainer.upload(given, "tekst", wat="document", map="lesmateriaal")
        assert (reply.status_code, "Kies" in shown(reply)) == (422, True), given


OUTSIDE: tuple[dict[str, str], ...] = (
    {"wat": "vervangen", "vervangt": "../geheim.md"},
    {"wat": "vervangen", "vervangt": "lesmateriaal/../../geheim.md"},
    {"wat": "document", "map": ".."},
    {"wat": "document", "map": "/etc"},
    {"wat": "factsheet", "naam": "../.."},
    {"wat": "factsheet", "naam": "lesmateriaal"},
    {"wat": "iets"},
    {},
)


def test_a_place_outside_the_corpus_or_taken_is_refused(maintainer: Maintainer, own: Settings) -> None:
    (own.corpus.parent / "geheim.md").write_text("geheim")
    for fields in OUTSIDE:
        assert maintainer.upload("a.md", "tekst", **fields).status_code == 422, fields
    assert staging.staged(Room.of(own)) == []


def test_what_stands_in_a_name_is_shown_as_text(maintainer: Maintainer) -> None:
    maintainer.upload('<img src=x onerror="alert(1)">.md', "tekst", **REPLACE)
    page = maintainer.client.get("/beheer/bijwerken").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_an_empty_file_and_no_file_are_refused(maintainer: Maintainer) -> None:
    assert "Het bestand is leeg" in shown(maintainer.upload("a.md", "", **REPLACE))
    assert "geen bestand gekozen" in shown(maintainer.send("bestand", **REPLACE))


def test_a_file_that_is_too_large_is_refused_on_a_page_and_a_far_larger_one_at_once(own: Settings) -> None:
    with visiting(make_app(own.model_copy(update={"max_upload": 2000}))) as maintainer:
        assert maintainer.upload("a.md", "x" * 2000, **REPLACE).status_code == 303
        reply = maintainer.upload("a.md", "x" * 2001, **REPLACE)
        assert (reply.status_code, "0,1 kB te groot. Het mag hoogstens 2 kB" in shown(reply)) == (422, True)
        assert maintainer.upload("a.md", "x" * 9000, **REPLACE).status_code == 413
        (one,) = staging.staged(Room.of(own))
        assert one.size == 2000


def test_elsewhere_the_limit_on_what_is_sent_stays(maintainer: Maintainer) -> None:
    assert maintainer.send("proef", veel="x" * 70_000).status_code == 413
    assert maintainer.client.post("/v1/chat", content=b"x" * 70_000).status_code == 413


def test_more_files_than_there_is_room_for_are_refused(own: Settings) -> None:
    room = Room.of(own)
    for at in range(staging.MOST):
        staging.stage(room, f"lesmateriaal/documenten/d{at}.md", "", f"d{at}.md", b"tekst")
    with pytest.raises(KompasbotError, match="Er staan al 20 bestanden klaar"):
        staging.stage(room, "lesmateriaal/documenten/nog.md", "", "nog.md", b"tekst")


def test_nothing_can_be_changed_while_a_task_runs(maintainer: Maintainer, own: Settings) -> None:
    room = Room.of(own)
    job.write_job(room, job.new_job(job.Kind.TRY))
    with job.alone(room):
        assert job.is_running(room)
        assert "Proef: bezig" in maintainer.read("bijwerken")
        for reply in (
            maintainer.send("proef"),
            maintainer.send("publiceren"),
            maintainer.send("versies", versie=""),
            maintainer.upload("a.md", "tekst", **REPLACE),
        ):
            assert (reply.status_code, "Er loopt al een taak" in shown(reply)) == (409, True)
        with pytest.raises(Busy):
            staging.withdraw(room, "x")
    assert not job.is_running(room)


def test_a_file_that_is_just_being_put_ready_is_no_task(maintainer: Maintainer, own: Settings) -> None:
    with job.alone(Room.of(own)):
        assert not job.is_running(Room.of(own))
        assert "bezig" not in maintainer.read("bijwerken")


def test_a_task_whose_process_died_is_told_as_broken_off(maintainer: Maintainer, own: Settings) -> None:
    job.write_job(Room.of(own), job.new_job(job.Kind.PUBLISH))
    page = maintainer.read("bijwerken")
    assert "Publiceren: afgebroken" in page
    assert "wat klaarstond, staat nog klaar" in page


def test_a_corpus_that_can_not_be_written_is_told_and_not_published_into(own: Settings, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("")
    locked = own.model_copy(update={"corpus": tmp_path / "bestand" / "corpus"})
    staging.stage(Room.of(locked), "nieuw/factsheet.md", "", "a.md", b"tekst")
    with visiting(make_app(locked)) as maintainer:
        assert "De map met factsheets is alleen te lezen" in maintainer.read("bijwerken")
        reply = maintainer.send("publiceren")
    assert reply.status_code == 422
    assert "Vraag wie de server beheert" in shown(reply)
    assert not Room.of(own).job.exists()


def placed(own: Settings, target: str, replaces: str, content: bytes, name: str = "1") -> Room:
    room = Room.of(own)
    staging.stage(room, target, replaces, target, content)
    trial.note_ids(room)
    trial.assemble(room, staging.staged(room))
    trial.place(room, staging.staged(room), name)
    return room


def test_placing_replaces_one_file_keeps_it_and_can_be_repeated(own: Settings) -> None:
    room = placed(own, "lesmateriaal/factsheet.txt", "lesmateriaal/factsheet.md", b"nieuw")
    after = everything(own.corpus)
    assert after == {"lesmateriaal/factsheet.txt": b"nieuw"}
    assert everything(room.kept) == {"1/lesmateriaal/factsheet.md": SHEET.encode()}
    trial.place(room, staging.staged(room), "2")
    assert (everything(own.corpus), len(everything(room.kept))) == (after, 1)


def test_a_replaced_file_can_be_brought_back(own: Settings) -> None:
    room = placed(own, "lesmateriaal/factsheet.txt", "lesmateriaal/factsheet.md", b"nieuw")
    staging.forget(room)
    (copy,) = copies.copies(room)
    one = copies.restage(room, copy.name)
    assert (one.target, one.replaces) == ("lesmateriaal/factsheet.md", "lesmateriaal/factsheet.txt")
    with pytest.raises(KompasbotError, match="niet meer"):
        copies.restage(room, "../../../etc/passwd")


def test_new_ids_get_into_the_corpus_unless_someone_changed_them_meanwhile(own: Settings) -> None:
    room = Room.of(own)
    table = own.corpus / "lesmateriaal" / "items.yaml"
    for meanwhile, kept in (("", b"- nieuw"), ("- van een mens", b"- van een mens")):
        table.unlink(missing_ok=True)
        trial.note_ids(room)
        trial.assemble(room, [])
        write_bytes(room.trial / "lesmateriaal" / "items.yaml", b"- nieuw")
        if meanwhile:
            table.write_text(meanwhile)
        trial.place(room, [], "1")
        assert table.read_bytes() == kept


def test_the_copy_holds_the_corpus_without_hidden_files(own: Settings) -> None:
    (own.corpus / ".git").mkdir()
    (own.corpus / ".git" / "config").write_text("x")
    room = Room.of(own)
    staging.stage(room, "lesmateriaal/documenten/a.md", "", "a.md", b"tekst")
    trial.assemble(room, staging.staged(room))
    assert set(everything(room.trial)) == {"lesmateriaal/factsheet.md", "lesmateriaal/documenten/a.md"}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Documenten", "documenten"),
        ("README", "readme"),
        ("factsheet", "factsheet"),
        (" Evaluatie! ", "evaluatie"),
        ("con", "con"),
        ("LPT1", "lpt1"),
        ("", "nog geen naam"),
        ("   ", "nog geen naam"),
        ("...", "geen letter of cijfer"),
        ("../..", "geen letter of cijfer"),
        ("🎉🎉", "geen letter of cijfer"),
        ("факты", "geen letter of cijfer"),
    ],
)
def test_a_name_that_a_factsheet_can_not_have_is_refused(
    maintainer: Maintainer, own: Settings, given: str, name: str
) -> None:
    reply = maintainer.upload("a.md", "tekst", wat="factsheet", naam=given)
    assert (reply.status_code, name in shown(reply)) == (422, True)
    assert staging.staged(Room.of(own)) == []


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        ("Taal/rekenen", "taal-rekenen"),
        ("../Boven", "boven"),
        ("Eén idée & meer", "een-idee-meer"),
        ("Evaluatie van scholen", "evaluatie-van-scholen"),
        ("2026", "2026"),
        ("a" * 300, "a" * 60),
        ("x" * 59 + " y", "x" * 59),
    ],
)
def test_a_name_of_a_new_factsheet_becomes_a_plain_folder(own: Settings, given: str, folder: str) -> None:
    assert staging.target_for_factsheet(Room.of(own), given, "a.md") == f"{folder}/factsheet.md"


def test_a_factsheet_does_not_get_the_name_of_one_that_is_written_otherwise(own: Settings) -> None:
    (own.corpus / "Oud & Nieuw").mkdir()
    (own.corpus / "Oud & Nieuw" / "factsheet.md").write_text(SHEET)
    (own.corpus / "Los Stuk.md").write_text("tekst")
    for name in ("oud nieuw", "Los stuk"):
        with pytest.raises(BadRequest, match="Er is al een map"):
            staging.target_for_factsheet(Room.of(own), name, "a.md")
