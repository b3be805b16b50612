"""Judging replies to conversations: what is told, how directly, and what must not be said."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from kompasbot.answering.answer import Answer, Block, BlockKind, Citation, EngineUsed, Sentence, Speaker, Status
from kompasbot.evaluation import QuestionSet, evaluate, load_set, shortcomings
from kompasbot.evaluation.asking import Asker, Reply
from kompasbot.evaluation.conversations import FOLLOW_UP, OUT_OF_SCOPE, SINGLE, Judgement, judge
from kompasbot.evaluation.figures import Figures
from kompasbot.evaluation.gold import Key, Wanted
from kompasbot.evaluation.questions import Conversation, Said
from kompasbot.evaluation.strings import holds, plain
from kompasbot.knowledge import ItemType, Known, Origin
from kompasbot.store.notes import Resolved
from tests.shelf import SHEET, assistant, index

KIST = f"{SHEET}/praktijkvoorbeeld/techkist-drentstad"
TOLD = "In Drentstad leent de bibliotheek een Techkist uit aan 12 basisscholen. [1]"


SOURCE = Citation(1, KIST, SHEET, ItemType.EXAMPLE, 1, "Kist", TOLD, None, Known.UNKNOWN, Origin.SUMMARY, "2026-01-01")


def row(*earlier: str, **more: object) -> Conversation:
    roles = ["user", "assistant"]
    messages = [Said(role=roles[at % 2], content=text) for at, text in enumerate([*earlier, "Wie leent er iets uit?"])]
    given: dict[str, object] = {"kind": "teacher", "status": ["answered"], "gold": [KIST], **more}
    return Conversation(id="a", messages=tuple(messages), **given)


def reply(*texts: str, status: str = "answered", own: Sequence[str] = (), notice: bool = False) -> Reply:
    cited = tuple(Sentence(text, (1,), Speaker.ITEM) for text in texts)
    kind = BlockKind.NOTICE if notice else BlockKind.SECTION
    block = Block(kind, (*map(Sentence, own), *cited))
    known = Status(status) if status in list(Status) else Status.REFUSED
    answer = Answer("1", known, (block,), (SOURCE,) if texts else (), (), EngineUsed("extractive"), "i")
    return Reply(status, (), answer)


def judged(asked: Conversation, given: Reply) -> Judgement:
    key = Key(index(), SHEET)
    asker = Asker(index(), assistant(), key, "extractive")
    return judge(asker, asked, asker.wanted(asked, asked.id, asked, asked.question) or Wanted(), given)


def mark(judgement: Judgement, figure: str) -> float | None:
    found = judgement.marks[figure]
    return found[0] if found else None


def test_a_good_reply_tells_the_facts_at_once() -> None:
    asked = row(says=[["techkist", "kist"], ["12"]], first=["bibliotheek"])
    found = judged(asked, reply(TOLD))
    assert found.why == ""
    assert [mark(found, name) for name in ("good", "says", "direct", "denied", "hedged", "cites")] == [1, 1, 1, 0, 0, 1]


def test_what_is_not_told_is_named_and_counts_by_its_share() -> None:
    found = judged(row(says=[["techkist"], ["gratis", "kosteloos"]]), reply(TOLD))
    assert (mark(found, "says"), mark(found, "full"), mark(found, "good")) == (0.5, 0, 0)
    assert found.why == "niet verteld: gratis of kosteloos"


def test_the_answer_must_begin_with_what_was_asked() -> None:
    late = reply("Er is veel te vertellen over lesmateriaal in de klas. " * 5, TOLD)
    assert "niet direct" in judged(row(first=["drentstad"]), late).why
    assert judged(row(first=["drentstad"]), reply(TOLD, own=["Dit vond ik."])).why == ""


@pytest.mark.parametrize("given", [reply("Dat staat niet in de bronnen."), reply(own=["Nee."], status="refused")])
def test_to_deny_or_refuse_what_is_known_is_a_false_denial(given: Reply) -> None:
    found = judged(row(**{"not": ["niet in de bronnen"]}), given)
    assert (mark(found, "denied"), mark(found, "good")) == (1, 0)


def test_only_where_nothing_but_an_answer_will_do_a_refusal_is_a_denial() -> None:
    found = judged(row(status=["answered", "refused"], says=[["techkist"]]), reply(own=["Nee."], status="refused"))
    assert (mark(found, "denied"), mark(found, "says"), mark(found, "good")) == (None, None, 1)


def test_a_notice_hedges_and_a_question_back_asks() -> None:
    assert mark(judged(row(), reply(TOLD, notice=True)), "hedged") == 1
    back = reply(own=["Welke kist bedoel je?"], status="clarify")
    accepted = judged(row(status=["answered", "clarify"], says=[["techkist"]]), back)
    assert (mark(accepted, "asks"), mark(accepted, "says"), accepted.why) == (1, None, "")
    assert "status clarify, niet answered" in judged(row(), back).why


def test_a_reply_that_repeats_earlier_ones_is_an_echo() -> None:
    asked = row("Wat is er?", f"{TOLD}", echo=True)
    assert judged(asked, reply(TOLD)).why == "herhaalt zichzelf"
    assert judged(asked, reply("De kist bevat bouwdozen. [1]", TOLD)).why == ""
    assert mark(judged(row("Wat is er?", TOLD), reply(TOLD)), "echo") is None


def test_the_groups_are_those_of_single_questions_follow_ups_and_what_is_out_of_scope() -> None:
    kinds = [
        row(),
        row(kind="dialogue.first"),
        row(kind="dialogue.follow"),
        row(kind="o-near"),
        row(status=["refused"]),
    ]
    assert [judged(asked, reply(TOLD)).group for asked in kinds] == [
        SINGLE,
        SINGLE,
        FOLLOW_UP,
        OUT_OF_SCOPE,
        OUT_OF_SCOPE,
    ]


@pytest.mark.parametrize(
    ("text", "wanted", "is_held"),
    [
        ("Er zijn 10 scholen", "10", True),
        ("Er zijn 100 scholen", "10", False),
        ("in 2.010 gevallen", "010", False),
        ("De VSO-school", "vs", False),
        ("de VS", "vs", True),
        ("een meerjarig convenant", "convenant", True),
        ("Zij zei \u201cja\u201d", '"ja"', True),
        ("- een **convenant** [1]", "een convenant", True),
    ],
)
def test_a_string_is_held_as_a_person_would_say(text: str, wanted: str, is_held: bool) -> None:
    assert holds(plain(text), wanted) is is_held


def test_a_fact_that_an_edit_took_out_of_its_items_is_not_asked_for_any_more() -> None:
    asked = row(says=[["13"], ["techkist"]])
    key = Key(index(), SHEET)
    asker = Asker(index(), assistant(), key, "extractive", {asked.digest: Resolved({}, {"13": 2, "techkist": 2})})
    wanted = asker.wanted(asked, asked.id, asked, asked.question) or Wanted()
    assert judge(asker, asked, wanted, reply(TOLD)).why == ""
    assert asker.rows[asked.digest].gone == ("13",)


LINE = (
    '{"id": "g1", "kind": "dialogue.follow", "messages": [{"role": "user", "content": "Wat is de Techkist?"}, '
    '{"role": "assistant", "content": "Een kist. [1]", "citations": [{"number": 1, "item_id": "x"}]}, '
    '{"role": "user", "content": "Wie leent de Techkist uit?"}], "status": ["answered"], "says": [["bibliotheek"]], '
    '"not": ["weet ik niet"], "echo": true, "gold": ["P1d", "redactie"], "any_of": ["T*"]}'
)


def test_a_file_of_conversations_is_read_and_measured(tmp_path: Path) -> None:
    (tmp_path / "gesprekken.jsonl").write_text(LINE, encoding="utf-8")
    questions = load_set(tmp_path)
    [asked] = questions.conversations
    assert (asked.forbidden, asked.echo, asked.question) == (("weet ik niet",), True, "Wie leent de Techkist uit?")
    figures = evaluate(index(), assistant(), questions)
    assert figures.get("conversations", "good", FOLLOW_UP) == 1
    assert figures.get("conversations", "n") == figures.get("sound", "n") == 1
    assert figures.get("retrieval", "r@1") is None


@pytest.mark.parametrize(
    ("part", "says"),
    [('"role": "user"', "messages.0.role"), ('"status": ["answered"]', "status"), ('["P1d", "redactie"]', "gold.0")],
)
def test_a_wrong_field_of_a_conversation_is_named(tmp_path: Path, part: str, says: str) -> None:
    wrong = {'"role": "user"': '"role": "bot"', '"status": ["answered"]': '"status": []'}.get(part, '["X9"]')
    (tmp_path / "gesprekken.jsonl").write_text(LINE.replace(part, wrong, 1), encoding="utf-8")
    with pytest.raises(Exception, match=rf"gesprekken\.jsonl, regel 1: het veld '{says}'"):
        load_set(tmp_path)


def figures_of(**row: float) -> Figures:
    return Figures({"conversations": {"ALL": dict(row), SINGLE: {"good": row["good"]}}})


def test_the_gate_knows_which_figures_of_conversations_should_be_low() -> None:
    before = figures_of(good=0.8, denied=0.02, words=50)
    assert shortcomings(figures_of(good=0.9, denied=0.0, words=90), before) == ()
    assert "conversations/denied: 0.200" in shortcomings(figures_of(good=0.8, denied=0.2, words=50), before)[0]
    assert "conversations/in-scope singles/good" in shortcomings(figures_of(good=0.5, denied=0, words=1))[0]


def test_positions_are_looked_up_once_and_hold(tmp_path: Path) -> None:
    (tmp_path / "gesprekken.jsonl").write_text(LINE.replace('"P1d", "redactie"', '"P1"'), encoding="utf-8")
    questions = load_set(tmp_path)
    first = evaluate(index(), assistant(), questions)
    [digest] = first.rows
    assert first.rows[digest].gold == {"P1": KIST}
    moved = {digest: Resolved({"P1": f"{SHEET}/praktijkvoorbeeld/weg"})}
    again = evaluate(index(), assistant(), QuestionSet(name="x", conversations=questions.conversations), known=moved)
    assert [(one.id, one.items) for one in again.set_aside] == [("g1", (f"{SHEET}/praktijkvoorbeeld/weg",))]
    assert again.get("conversations", "n") is None


def test_an_empty_question_is_a_fault_of_the_reply_and_no_end() -> None:
    asked = Conversation(id="a", kind="x", messages=(Said(role="user", content=" "),), status=("answered",))
    asker = Asker(index(), assistant(), Key(index(), SHEET), "extractive")
    from kompasbot.answering.answer import Message

    given = asyncio.run(asker.ask(asked, "a", [Message("user", " ")]))
    assert "status ongeldige-vraag" in judge(asker, asked, Wanted(), given).why
