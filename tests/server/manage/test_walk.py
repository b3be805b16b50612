"""The whole way with the real program: upload, dry run, publish, the next answer knows it, go back.

One story, told by several tests in their order over one server.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kompasbot.server.manage.room import Room
from kompasbot.settings import Settings
from kompasbot.store import current, generations
from tests.server.manage.conftest import PLATE, SHEET, TOKEN, Maintainer, real

pytestmark = pytest.mark.timeout(400)
"""Whole ingestions, each with processes of its own: slow on a busy machine."""

REPLACE = {"wat": "vervangen", "vervangt": "lesmateriaal/factsheet.md"}
UNCERTAIN = SHEET.replace("Het [Vakhuis](#) verzamelt lessen in een kast", "Lessen liggen samen in een [kast](#)")
QUESTION = "Wat is de Bouwplaat?"
KNOWN = "De Bouwplaat is een bouwdoos voor bruggen van karton."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("walk")
    (folder / "corpus").mkdir()
    return Settings(data=folder / "data", corpus=folder / "corpus", admin_token=TOKEN)


@pytest.fixture(scope="module")
def at_work(settings: Settings) -> Iterator[Maintainer]:
    with real(settings) as found:
        yield found


def test_a_first_factsheet_is_published_into_an_empty_corpus(at_work: Maintainer, settings: Settings) -> None:
    assert at_work.client.get("/beheer/items").status_code == 503
    assert "Er is nog geen versie" in at_work.read("versies")
    at_work.upload("Mijn factsheet.md", SHEET, wat="factsheet", naam="Lesmateriaal")
    at_work.send("publiceren")
    page = at_work.wait()
    assert "De nieuwe versie is in gebruik. 1 bestand staat nu in de map met factsheets." in page
    assert (settings.corpus / "lesmateriaal" / "factsheet.md").read_text() == SHEET
    assert "lesmateriaal/tool/kieswijzer" in (settings.corpus / "lesmateriaal" / "items.yaml").read_text()
    assert "Kieswijzer" in at_work.asked("Wat is de Kieswijzer?", lambda answer: "[1]" in answer)


def test_a_dry_run_shows_what_would_change_and_changes_nothing(at_work: Maintainer, settings: Settings) -> None:
    before = current(settings.index_dir)
    at_work.upload("nieuw.md", SHEET + PLATE, **REPLACE)
    at_work.send("proef")
    page = at_work.wait()
    assert "Proef: klaar" in page
    assert "tools: 1 nieuw, 2 ongewijzigd" in page
    assert "Bouwplaat lesmateriaal/tool/bouwplaat" in page
    assert current(settings.index_dir) == before
    assert (settings.corpus / "lesmateriaal" / "factsheet.md").read_text() == SHEET
    assert not Room.of(settings).trial.exists()


def test_a_publication_is_known_to_the_next_answer_and_keeps_what_it_replaced(
    at_work: Maintainer, settings: Settings
) -> None:
    at_work.send("publiceren")
    page = at_work.wait()
    assert "Publiceren: klaar" in page
    assert "Er staan geen bestanden klaar" in page
    assert KNOWN in at_work.asked(QUESTION, lambda answer: KNOWN in answer)
    assert (settings.corpus / "lesmateriaal" / "factsheet.md").read_text() == SHEET + PLATE
    kept = [path.read_text() for path in Room.of(settings).kept.rglob("factsheet.md")]
    assert kept == [SHEET]
    assert "nieuw : Bouwplaat lesmateriaal/tool/bouwplaat" in at_work.read("versies")


def test_publishing_what_is_published_says_that_nothing_changed(at_work: Maintainer, settings: Settings) -> None:
    before = generations(settings.index_dir)
    at_work.send("publiceren")
    assert "Er is niets veranderd." in at_work.wait()
    assert generations(settings.index_dir) == before


def test_going_back_lets_the_version_before_answer(at_work: Maintainer, settings: Settings) -> None:
    older, newer = generations(settings.index_dir)
    assert "Deze versie is er niet meer" in at_work.send("versies", versie="../../x").text
    at_work.send("versies", versie="")
    assert "Teruggaan naar de vorige versie: klaar" in at_work.wait()
    assert current(settings.index_dir) == older
    assert KNOWN not in at_work.asked(QUESTION, lambda answer: KNOWN not in answer)
    at_work.send("publiceren")
    page = at_work.wait()
    assert "Van deze bestanden is teruggegaan naar een eerdere versie" in page
    assert "Publiceer toch" in page
    at_work.send("versies", versie=newer)
    assert "Een andere versie in gebruik nemen: klaar" in at_work.wait()
    assert KNOWN in at_work.asked(QUESTION, lambda answer: KNOWN in answer)


def test_a_loss_that_is_too_large_stops_the_publication_and_says_why(at_work: Maintainer, settings: Settings) -> None:
    at_work.upload("half.md", SHEET.split("## Praktijkvoorbeelden", maxsplit=1)[0], **REPLACE)
    at_work.send("publiceren")
    page = at_work.wait()
    assert "Publiceren: tegengehouden" in page
    assert "Van de 5 items van 'Lesmateriaal' zijn er 4 weg" in page
    assert "Ja, ik heb het bekeken en wil toch publiceren" in page
    assert "Gestopt." in page
    assert "tools: 2 verwijderd" in page or "tools: 3 verwijderd" in page
    assert "--force" not in page
    assert "lesmateriaal/factsheet.md van: half.md" in page
    assert (settings.corpus / "lesmateriaal" / "factsheet.md").read_text() == SHEET + PLATE


def test_an_item_that_is_not_certain_asks_for_a_decision(at_work: Maintainer) -> None:
    at_work.upload("onzeker.md", UNCERTAIN, **REPLACE)
    at_work.send("proef")
    page = at_work.wait()
    assert "Proef: niet gelukt" in page
    assert "lijkt maar weinig op 'Vakhuis'" in page
    assert "Publiceer met deze ids" in page
    assert "Publiceren zou stoppen." in page
    at_work.send("proef", overnemen="ja")
    assert "Aangenomen:" in at_work.wait()


def test_a_fact_that_changed_is_shown_and_published_with_one_click(at_work: Maintainer, settings: Settings) -> None:
    row = {"id": "jaar", "question": "Wat zag Jansen?", "style": "feit", "gold": ["I1"], "must_contain": ["2011"]}
    evaluation = settings.corpus / "lesmateriaal" / "evaluatie"
    evaluation.mkdir()
    (evaluation / "questions.jsonl").write_text(json.dumps(row), encoding="utf-8")
    at_work.upload("jaar.md", (SHEET + PLATE).replace("2011", "2012"), **REPLACE)
    at_work.send("publiceren")
    page = at_work.wait()
    assert "Publiceren: tegengehouden" in page
    assert "'2011' bij de vraag 'Wat zag Jansen?' (lesmateriaal/evaluatie/questions.jsonl, regel 1)" in page
    assert "Jansen (2011) liet zien" in page
    assert "Jansen (2012) liet zien" in page
    assert "De nieuwe tekst klopt: publiceer" in page
    assert "Publiceer toch" not in page
    at_work.send("publiceren", feiten="ja")
    page = at_work.wait()
    assert "De nieuwe versie is in gebruik. 1 bestand staat nu in de map met factsheets." in page
    assert "Deze vraag verwacht '2011', maar dat staat niet meer in de bronnen." in page
