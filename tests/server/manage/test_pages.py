"""What the pages show: full, empty, and which setting to switch on."""

import re
from datetime import UTC, date, datetime, timedelta

from kompasbot.answering.answer import Status
from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Health
from kompasbot.records import Answered, Judgement, Suggestion
from kompasbot.records.store import records_of
from kompasbot.records.values import AnswerCount, KeptQuestion
from kompasbot.server.manage.figures import by_status, percentage, window
from kompasbot.server.manage.grouping import MOST, grouped
from kompasbot.server.manage.layout import PAGE_SIZE, cut, number_of
from kompasbot.server.manage.plots import bars, share
from kompasbot.settings import Settings
from tests.server.conftest import make_app
from tests.server.manage.conftest import Maintainer, shown, visiting
from tests.shelf import ITEMS

ASKED = ("Hoe vraag ik subsidie aan?", "waar kan ik subsidie aanvragen", "Wat kost een lasrobot?")
CITED, UNCITED = ITEMS[1], ITEMS[2]


def fill(settings: Settings) -> None:
    """What a few days of use leave behind."""
    records, now = records_of(settings), datetime.now(UTC)
    for at, text in enumerate(ASKED):
        records.note(
            Answered("refused", "extractive", None, "lesmateriaal", (), text, "school", now - timedelta(days=at))
        )
    for _ in range(5):
        records.note(Answered("answered", "llm", None, "lesmateriaal", (CITED.id,), "Goed?", None, now))
    records.note(Answered("partial", "extractive", "te traag", "lesmateriaal", (CITED.id,), "Half <b>?", None, now))
    records.spend(1.234)
    records.judge(Judgement("a", "up", "Dank je <script>alert(1)</script>", "Mijn vraag", "school"))
    records.judge(Judgement("b", "down"))
    records.suggest(Suggestion("Noem ook het mbo", "lesmateriaal", "ik@school.example"))
    records.close()


def test_where_nothing_is_kept_a_page_says_what_to_switch_on(own: Settings) -> None:
    off = own.model_copy(update={"statistics": False, "keep_questions": False})
    with visiting(make_app(off)) as maintainer:
        assert "Zet KOMPASBOT_STATISTICS op true" in maintainer.read("")
        assert "Zet KOMPASBOT_STATISTICS op true" in maintainer.read("items")
        assert "Zet KOMPASBOT_KEEP_QUESTIONS op true" in maintainer.read("vragen")
        assert "Zet KOMPASBOT_FETCH op true" in maintainer.read("links")
        assert "Er zijn nog geen opmerkingen" in maintainer.read("reacties")
        assert "Er zijn nog geen suggesties" in maintainer.read("suggesties")


def test_where_it_is_on_and_nothing_came_yet_a_page_says_so(own: Settings) -> None:
    with visiting(make_app(own.model_copy(update={"keep_questions": True}))) as maintainer:
        assert "In de laatste 30 dagen zijn er geen antwoorden geteld" in maintainer.read("")
        assert "geen vragen bewaard die niet of maar deels" in maintainer.read("vragen")
        assert "KOMPASBOT_" not in maintainer.read("vragen") + maintainer.read("items") + maintainer.read("")
        assert f"Nooit genoemd: {len(ITEMS)}" in maintainer.read("items")


def test_the_pages_show_what_is_kept(own: Settings) -> None:
    settings = own.model_copy(update={"keep_questions": True})
    fill(settings)
    with visiting(make_app(settings)) as maintainer:
        overview = maintainer.read("")
        assert "9 antwoorden 56 % van de vragen beantwoord 11 % deels beantwoord 33 % niet beantwoord" in overview
        assert "met taalmodel Antwoorden: 5 Deel: 56 %" in overview
        assert "te traag Antwoorden: 1" in overview
        assert "1 van de 2 beoordeelde antwoorden hielpen" in overview
        questions = maintainer.read("vragen")
        assert "subsidie" in questions
        assert "En 1 vraag die erop lijkt" in questions
        assert "Goed?" not in questions
        items = maintainer.read("items")
        assert re.search(rf"{re.escape(CITED.id)} Soort: \w+ Factsheet: lesmateriaal Antwoorden: 6", items)
        assert UNCITED.id in items[items.index("Nooit genoemd") :]
        assert CITED.id not in items[items.index("Nooit genoemd") :]
        reactions = maintainer.client.get("/beheer/reacties").text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in reactions
        assert "<script>alert" not in reactions
        assert "Bereikbaar via: ik@school.example" in maintainer.read("suggesties")


def test_what_the_language_model_cost_is_shown_where_it_cost_something(own: Settings) -> None:
    with visiting(make_app(own)) as maintainer:
        assert "Wat het taalmodel kost" not in maintainer.read("")
    fill(own)
    with visiting(make_app(own)) as maintainer:
        assert "Samen € 1,23 in de laatste 30 dagen" in maintainer.read("")


def test_links_that_do_not_work_come_first_with_the_reason(own: Settings) -> None:
    links = [link for item in ITEMS for link in item.links if link.url]
    shelf = Shelf(own.links_dir)
    with shelf.writing():
        worst = Record(links[-1].url or "", Health.DEAD, "de pagina bestaat niet meer", "2026-11-01T10:00:00+00:00")
        shelf.save({worst.url: worst}, datetime.now(UTC))
    with visiting(make_app(own)) as maintainer:
        page = maintainer.read("links")
    listed = page[page.index("Alle links") :]
    assert "Zet KOMPASBOT_FETCH" not in page
    assert "werkt niet Aantal: 1" in page
    assert listed.index("de pagina bestaat niet meer") < 400
    assert "1 november 2026, 10:00 uur (UTC)" in listed


def test_a_long_list_comes_in_pages(own: Settings) -> None:
    records = records_of(own)
    for at in range(2 * PAGE_SIZE + 1):
        records.suggest(Suggestion(f"Suggestie nummer {at:03}"))
    records.close()
    with visiting(make_app(own)) as maintainer:
        first = maintainer.read("suggesties")
        assert first.count("Suggestie nummer") == PAGE_SIZE
        assert "Pagina 1 van 3 Volgende" in first
        last = shown(maintainer.client.get("/beheer/suggesties?pagina=999"))
        assert (last.count("Suggestie nummer"), "Vorige Pagina 3 van 3" in last) == (1, True)
        for odd in ("-1", "0", "abc", "9" * 50, "½"):
            assert "Pagina 1 van 3" in shown(maintainer.client.get("/beheer/suggesties", params={"pagina": odd})), odd


def test_a_page_that_fails_says_so_in_dutch(own: Settings) -> None:
    with visiting(make_app(own)) as maintainer:
        reply = maintainer.client.post("/beheer/versies", data={"sleutel": "fout"})
        assert (reply.status_code, reply.headers["content-type"]) == (422, "text/html; charset=utf-8")
        assert "Dit lukte niet" in shown(reply)
        odd = maintainer.client.post(
            "/beheer/bestand", content=b"--x\r\nkapot", headers={"content-type": "multipart/form-data; boundary=x"}
        )
        assert (odd.status_code, "formulier" in shown(odd)) == (422, True)


def test_the_bearer_key_still_opens_the_figures_for_programs(maintainer: Maintainer) -> None:
    headers = {"authorization": "Bearer een-lange-sleutel-voor-beheer"}
    assert maintainer.client.get("/beheer/toestand", headers=headers).json()["versie"]


def kept(text: str) -> KeptQuestion:
    return KeptQuestion("1", datetime.now(UTC), text, "refused", "extractive", (), None, None)


def test_questions_that_are_alike_stand_together_the_most_asked_first() -> None:
    texts = ["Wat is het weer?", "Hoe vind ik een stage?", *ASKED, "subsidie aanvragen hoe", "Kan ik stage lopen?"]
    groups = [[one.text for one in group.members] for group in grouped([kept(text) for text in texts])]
    assert groups[0] == [ASKED[0], ASKED[1], "subsidie aanvragen hoe"]
    assert ["Hoe vind ik een stage?", "Kan ik stage lopen?"] in groups
    assert ["Wat is het weer?"] in groups
    assert grouped([]) == []


def test_grouping_looks_at_a_bounded_number() -> None:
    groups = grouped([kept(f"vraag over onderwerp {at}" * 200) for at in range(MOST + 10)])
    assert sum(len(group.members) for group in groups) == MOST


def test_a_plot_says_in_text_and_table_what_it_shows() -> None:
    days = window(date(2026, 3, 2), 3)
    counts = [
        AnswerCount(days[1], "answered", "llm", None, None, 7),
        AnswerCount(days[2], "partial", "llm", None, None, 2),
    ]
    plot = bars("Antwoorden per dag", days, by_status(counts))
    assert "samen 9 in 3 dagen" in plot
    assert plot.count("<rect") == 2
    assert "<title>1 maart, beantwoord: 7</title>" in plot
    assert "2 maart" in plot[plot.index("<table") :]
    assert "28 februari" not in plot
    assert "<rect" not in bars("Leeg", days, by_status([]))
    assert "met 0, zonder 0" in share([("met", "llm", 0), ("zonder", "extractive", 0)])


def test_every_kind_of_answer_is_counted_apart() -> None:
    day = date(2026, 3, 2)
    counts = [AnswerCount(day, status.value, "extractive", None, None, 1 + at) for at, status in enumerate(Status)]
    counted = {one.look: sum(one.values.values()) for one in by_status(counts)}
    assert counted == {status.value: 1 + at for at, status in enumerate(Status)}


def test_the_overview_tells_how_often_a_question_was_asked_back(own: Settings) -> None:
    records = records_of(own)
    for status in ("answered", "clarify", "clarify", "refused", "smalltalk"):
        records.note(Answered(status, "extractive"))
    records.close()
    with visiting(make_app(own)) as maintainer:
        page = maintainer.read("")
    assert "50 % kreeg een vraag terug" in page
    assert "25 % niet beantwoord" in page


def test_figures_of_nothing_are_no_division_by_nothing() -> None:
    assert (percentage(0, 0), percentage(1, 3)) == ("–", "33 %")
    assert number_of(None) == 1
    assert cut("/x", [], "3") == ([], None)
