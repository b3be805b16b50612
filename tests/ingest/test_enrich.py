"""Drafts of expected questions: batched, resumable, and never over what a person wrote."""

import json
import re
from pathlib import Path

import pytest

from ingest.corpus import read_corpus
from ingest.drafts import DRAFTS_FILE, approve, load_drafts
from ingest.enrich import QuestionDrafting, batches, draft_all, estimate, parse, thin_items
from ingest.questions import Expected
from kompasbot.errors import CorpusError, UpstreamError
from kompasbot.knowledge import Item
from tests.ingest.building import ITEMS, CorpusBuilder

SHEET = "lesmateriaal"
INSIGHT = f"{SHEET}/inzicht/visser-bloem"
REVIEWED = f"""\
# Met de hand geschreven.
{INSIGHT}:
  vragen:
    - "Wie onderzocht zelf maken?"  # staat er al lang
  termen:
    - eigen werk

{SHEET}/tool/vakhuis:
  vragen: ["Waar vind ik lessen?"]
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    builder = CorpusBuilder(tmp_path)
    builder.factsheet(SHEET)
    builder.write(f"{SHEET}/items.yaml", ITEMS)
    builder.write(f"{SHEET}/vragen.yaml", REVIEWED)
    return tmp_path


def items(corpus: Path) -> tuple[Item, ...]:
    return read_corpus(corpus).knowledge.items


class Model:
    """A model that answers with two questions for each item, or with what it is told to."""

    def __init__(self, *scripted: str | Exception) -> None:
        self.prompts: list[str] = []
        self._scripted = list(scripted)

    def __call__(self, _told: str, text: str) -> str:
        self.prompts.append(text)
        if self._scripted:
            scripted = self._scripted.pop(0)
            if isinstance(scripted, Exception):
                raise scripted
            return scripted
        numbers = re.findall(r"^\[(\d+)\]", text, re.MULTILINE)
        table = {
            one: {"vragen": ["Wie onderzocht zelf maken?", f"Nieuwe vraag {one}?"], "termen": ["knutselen"]}
            for one in numbers
        }
        return f"Graag gedaan!\n```json\n{json.dumps(table)}\n```"


def drafted(corpus: Path, model: Model) -> list[str]:
    wanted = batches(thin_items(corpus, items(corpus)))
    return list(draft_all(QuestionDrafting(corpus), wanted, model, lambda _a, _b: None))


def test_thin_items_are_listed_the_poorest_first(corpus: Path) -> None:
    thin = thin_items(corpus, items(corpus))
    assert [one.questions for one in thin] == [0, 0, 1, 1]


def test_drafts_stand_apart_and_are_not_indexed(corpus: Path) -> None:
    before = (corpus / SHEET / "vragen.yaml").read_text()
    assert len(drafted(corpus, Model())) == 4
    assert (corpus / SHEET / "vragen.yaml").read_text() == before
    assert "Concept" in (corpus / SHEET / DRAFTS_FILE).read_text()
    reading = read_corpus(corpus)
    assert not [item for item in reading.knowledge.items if any("Nieuwe" in question for question in item.questions)]
    assert [one for one in reading.findings if "niemand heeft nagekeken" in one.message]


def test_what_was_reviewed_is_not_drafted_again(corpus: Path) -> None:
    drafted(corpus, Model())
    assert "Wie onderzocht zelf maken?" not in load_drafts(corpus / SHEET)[INSIGHT].questions


def test_a_run_that_was_cut_off_goes_on_where_it_was(corpus: Path) -> None:
    with pytest.raises(UpstreamError):
        drafted(corpus, Model(Model()(*QuestionDrafting(corpus).prompt(items(corpus)[:3])), UpstreamError("weg")))
    kept = len(load_drafts(corpus / SHEET))
    second = Model()
    drafted(corpus, second)
    assert kept == 3
    assert len(second.prompts) == 1
    assert len(load_drafts(corpus / SHEET)) == 4


@pytest.mark.parametrize(
    "answer", ["", "Dat kan ik niet.", "[1, 2]", '{"1": "x"}', '{"1": {"vragen": [1, null]}}', "{kapot"]
)
def test_an_answer_that_can_not_be_used_gives_no_drafts(corpus: Path, answer: str) -> None:
    assert parse(answer, items(corpus)) == {}


def test_a_model_that_never_gives_anything_usable_is_an_error(corpus: Path) -> None:
    with pytest.raises(UpstreamError, match="bruikbare"):
        drafted(corpus, Model("nee", "nee"))


def test_the_cost_is_known_beforehand(corpus: Path) -> None:
    wanted = batches(thin_items(corpus, items(corpus)))
    found = estimate(QuestionDrafting(corpus), wanted, 1.0, 4.0)
    assert (found.items, found.calls) == (4, 2)
    assert found.cost == pytest.approx((found.tokens_in + 4 * found.tokens_out) / 1e6)
    assert estimate(QuestionDrafting(corpus), wanted, None, None).cost is None


def test_approving_adds_lines_and_changes_none(corpus: Path) -> None:
    drafted(corpus, Model())
    moved = approve(corpus / SHEET, INSIGHT)
    text = (corpus / SHEET / "vragen.yaml").read_text()
    assert isinstance(moved, Expected)
    assert [line for line in REVIEWED.splitlines() if line not in text.splitlines()] == []
    assert INSIGHT not in load_drafts(corpus / SHEET)
    item = next(one for one in items(corpus) if one.id == INSIGHT)
    assert item.questions[0] == "Wie onderzocht zelf maken?"
    assert set(moved.questions) <= set(item.questions)
    assert set(item.terms) == {"eigen werk", "knutselen"}


def test_approving_keeps_the_questions_of_sentences(corpus: Path) -> None:
    drafted(corpus, Model())
    path = corpus / SHEET / "vragen.yaml"
    sentence = next(one for one in items(corpus) if one.id == INSIGHT).text.split(". ")[0].removesuffix(".") + "."
    asked = f'  zinnen:\n    - zin: "{sentence}"\n      vragen: ["Wie dan?"]\n'
    first, _, rest = path.read_text().partition(f"{INSIGHT}:\n")
    path.write_text(f"{first}{INSIGHT}:\n{asked}{rest}")
    approve(corpus / SHEET, INSIGHT)
    item = next(one for one in items(corpus) if one.id == INSIGHT)
    assert [(one.sentence, one.questions) for one in item.asked] == [(sentence, ("Wie dan?",))]
    assert len(item.questions) > 1


def test_approving_an_item_without_an_entry_adds_one(corpus: Path) -> None:
    drafted(corpus, Model())
    item = f"{SHEET}/praktijkvoorbeeld/zonneberg"
    approve(corpus / SHEET, item)
    assert next(one for one in items(corpus) if one.id == item).questions


def test_approving_does_not_spoil_a_file_in_another_form_of_yaml(corpus: Path) -> None:
    drafted(corpus, Model())
    reviewed = (corpus / SHEET / "vragen.yaml").read_bytes()
    with pytest.raises(CorpusError, match="passen niet vanzelf"):
        approve(corpus / SHEET, f"{SHEET}/tool/vakhuis")
    assert (corpus / SHEET / "vragen.yaml").read_bytes() == reviewed
    assert f"{SHEET}/tool/vakhuis" in load_drafts(corpus / SHEET)


def test_approving_what_has_no_drafts_is_a_clear_error(corpus: Path) -> None:
    with pytest.raises(CorpusError, match="geen concepten"):
        approve(corpus / SHEET, INSIGHT)
