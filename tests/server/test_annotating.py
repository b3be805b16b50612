"""The pieces of a stream put together again, whatever the answer looks like."""

from hypothesis import given
from hypothesis import strategies as st

from kompasbot.answering.answer import BlockKind, Cited, Done, EngineUsed, Said, Status
from kompasbot.answering.draft import Basis, Draft, Paragraph, Statement
from kompasbot.server.annotating import Telling, annotations_of
from tests.shelf import ITEMS

WORDS = st.sampled_from(["Een zin.", "Nog een zin met é en 😀.", "Een citaat [9] in de tekst."])
SOURCES = st.lists(st.sampled_from([Basis(one, one.text[:20]) for one in ITEMS[:4]]), max_size=3)
STATEMENTS = st.builds(lambda text, found: Statement(text, tuple(found)), WORDS, SOURCES)
PARAGRAPHS = st.builds(
    lambda said, heading, as_list: Paragraph(BlockKind.SECTION, tuple(said), heading, as_list),
    st.lists(STATEMENTS, min_size=1, max_size=3),
    st.sampled_from([None, "Een kop"]),
    st.booleans(),
)


@given(st.lists(PARAGRAPHS, min_size=1, max_size=4))
def test_pieces_and_annotations_of_a_stream_are_those_of_the_whole(paragraphs: list[Paragraph]) -> None:
    draft, telling = Draft("1", Status.ANSWERED, "i", EngineUsed("extractive")), Telling("http://hier/")
    told, annotations = "", []
    for paragraph in paragraphs:
        for event in draft.write(paragraph):
            if isinstance(event, Cited):
                telling.cite(event.citation)
            elif isinstance(event, Said):
                piece, found = telling.tell(event)
                told += piece
                annotations += found
    done = draft.finish()
    assert isinstance(done, Done)
    assert told == done.answer.text
    whole = annotations_of(told, done.answer.citations, "http://hier/")
    assert annotations == [{"index": at, **one} for at, one in enumerate(whole)]
    for one in annotations:
        cited = one["url_citation"]
        assert told[cited["start_index"] : cited["end_index"]] == f"[{cited['number']}]"
