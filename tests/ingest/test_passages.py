"""Passages are short, whole and word for word."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.passages import LONGEST, cut, cut_text, embedded_text
from kompasbot.knowledge import AskedSentence, Item, ItemType, Origin, Passage, PassageKind, Section

SENTENCE = "Dit is een gewone zin van ongeveer vijftig tekens."


def item(text: str = "Tekst.", **more: object) -> Item:
    base = Item("les/tool/x", "les", ItemType.TOOL, 1, "Titel", text, Origin.SUMMARY, "2026-01-01")
    return Item(**{**{name: getattr(base, name) for name in base.__slots__}, **more})


def test_item_gives_title_text_questions_and_terms_in_order() -> None:
    passages = cut([item(questions=("Hoe?", "Wie?"), terms=("schroef", "moer"))])
    assert [(one.kind, one.text) for one in passages] == [
        (PassageKind.TITLE, "Titel"),
        (PassageKind.TEXT, "Tekst."),
        (PassageKind.QUESTION, "Hoe?"),
        (PassageKind.QUESTION, "Wie?"),
        (PassageKind.TERMS, "schroef, moer"),
    ]
    assert {one.item_id for one in passages} == {"les/tool/x"}


def test_questions_of_a_sentence_say_which_one_answers_them() -> None:
    passages = cut([item(questions=("Hoe?",), asked=(AskedSentence("Tekst.", ("Wat dan?",)),))])
    asked = [(one.text, one.answer) for one in passages if one.kind is PassageKind.QUESTION]
    assert asked == [("Hoe?", None), ("Wat dan?", "Tekst.")]


def test_item_without_questions_and_terms_has_no_passages_for_them() -> None:
    assert [one.kind for one in cut([item()])] == [PassageKind.TITLE, PassageKind.TEXT]


def test_passages_of_a_document_keep_heading_and_page() -> None:
    sections = (Section("Een.", "Kop", 1), Section("Twee.", None, 2))
    texts = [one for one in cut([item(sections=sections)]) if one.kind is PassageKind.TEXT]
    assert [(one.text, one.heading, one.page) for one in texts] == [("Een.", "Kop", 1), ("Twee.", None, 2)]


def test_title_and_heading_are_embedded_with_the_text() -> None:
    assert embedded_text(item(), Passage("", "i", PassageKind.TEXT, "Tekst.", "Kop")) == "Titel: Kop: Tekst."
    assert embedded_text(item(), Passage("", "i", PassageKind.TEXT, "Tekst.")) == "Titel: Tekst."
    assert embedded_text(item(), Passage("", "i", PassageKind.TITLE, "Titel")) == "Titel"
    assert embedded_text(item(), Passage("", "i", PassageKind.QUESTION, "Hoe?")) == "Hoe?"


def _text(one: Item) -> Passage:
    return next(passage for passage in cut([one]) if passage.kind is PassageKind.TEXT)


def test_digest_covers_the_embedded_text_and_nothing_else() -> None:
    def digest(section: Section, item_id: str = "les/tool/x") -> str:
        return _text(item(id=item_id, sections=(section,))).digest

    plain = digest(Section("Tekst.", "Kop", 1))
    assert len(plain) == 32
    assert digest(Section("Tekst.", "Kop", 2), "les/tool/y") == plain
    assert digest(Section("Tekst.", "Andere kop", 1)) != plain
    assert digest(Section("Tekst!", "Kop", 1)) != plain


def test_short_text_is_one_passage() -> None:
    assert cut_text("Een.\n\nTwee.\n\n- drie\n- vier") == ["Een.\n\nTwee.\n\n- drie\n- vier"]


def test_cut_falls_between_paragraphs_first() -> None:
    paragraph = " ".join([SENTENCE] * 5)
    assert cut_text(f"{paragraph}\n\n{paragraph}") == [paragraph, paragraph]


def test_long_list_is_cut_between_its_entries() -> None:
    entries = [f"- {SENTENCE} {number}" for number in range(30)]
    pieces = cut_text("\n".join(entries))
    assert "\n".join(pieces).split("\n") == entries
    assert all(piece.startswith("- ") for piece in pieces)


def test_long_paragraph_is_cut_between_sentences() -> None:
    pieces = cut_text(" ".join([SENTENCE] * 40))
    assert all(piece.endswith("tekens.") and len(piece) <= LONGEST for piece in pieces)


def test_long_entry_of_a_list_keeps_its_mark() -> None:
    assert cut_text("- " + " ".join([SENTENCE] * 40))[0].startswith("- Dit is")


def test_sentence_that_is_too_long_is_cut_between_words() -> None:
    pieces = cut_text("woord " * 400)
    assert len(pieces) > 1
    assert {word for piece in pieces for word in piece.split()} == {"woord"}


WORDS = st.sampled_from(["Een", "zin", "met", "woorden.", "En", "nog", "een?", "lang" * 30, "(o.a.", "dr."])
LINES = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)
TEXTS = st.lists(st.lists(LINES, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=6).map("\n\n".join)


@given(TEXTS, st.integers(150, 400))
def test_pieces_fit_and_stand_in_the_text_word_for_word(text: str, longest: int) -> None:
    pieces = cut_text(text, longest)
    assert all(piece in text and len(piece) <= longest for piece in pieces)
    assert " ".join(pieces).split() == text.split()
