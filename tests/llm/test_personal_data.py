"""What leads to a person is sent to no endpoint, and the visitor is told."""

import asyncio
import json

import numpy as np
import pytest

from kompasbot.answering.answer import BlockKind, Done, Message, Question, Said
from kompasbot.answering.personal import masked
from kompasbot.embedding import embedder_for
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import open_index
from kompasbot.settings import Settings
from tests.llm.scripted import saying, serving
from tests.llm.talk import ask, bot, events_of, told
from tests.llm.test_embedding import ASKED as ABOUT_A_BRIDGE
from tests.llm.test_embedding import Built, built, embedding
from tests.llm.test_engine import ASKED, TRUE
from tests.shelf import index

__all__ = ["built"]

NOTICE = load_texts().get("melding.persoonlijk")
PRIVATE = "Ik ben Daan de Vries, daan@thuis.example. "
FOR_DAAN = "Hoe kies ik lesmateriaal voor mijn leerling Daan de Vries?"


def test_the_language_model_gets_a_question_without_personal_data_and_the_visitor_is_told() -> None:
    with serving(saying(TRUE)) as server:
        answer = ask(bot(server.url), FOR_DAAN)
        sent = "\n".join(call.prompt for call in server.calls)
    assert FOR_DAAN.replace("Daan de Vries", "[naam]") in sent
    assert told(answer) == [TRUE, NOTICE]
    assert answer.blocks[-1].kind is BlockKind.NOTICE


def test_no_message_of_a_conversation_keeps_personal_data() -> None:
    roles = ("user", "assistant", "user")
    conversation = Question(tuple(Message(role, PRIVATE + FOR_DAAN) for role in roles))
    sent = masked(conversation, index().tells)
    assert not [one for one in sent.messages if "Daan" in one.content or "thuis.example" in one.content]
    assert [one.role for one in sent.messages] == list(roles)


def test_the_notice_is_told_of_the_question_only_and_not_where_nothing_is_sent() -> None:
    with serving(saying(TRUE)) as server:
        assert NOTICE not in told(ask(bot(server.url), f"{PRIVATE}{ASKED}", "Dag.", ASKED))
        assert NOTICE not in told(ask(bot(server.url), f"{PRIVATE}{ASKED}", engine="extractive"))


def test_the_answers_stream_ends_with_the_notice() -> None:
    with serving(saying(TRUE)) as server:
        *_, last, done = asyncio.run(events_of(bot(server.url), PRIVATE + ASKED))
    assert isinstance(last, Said)
    assert (last.block, last.sentence.text) == (1, NOTICE)
    assert isinstance(done, Done)
    assert done.answer.text.endswith(NOTICE)


def test_what_stands_in_the_sources_is_left_in_a_question() -> None:
    conversation = Question((Message("user", "Vraagt meneer Pieters (2011) dat, of meneer Paulsen?"),))
    assert masked(conversation, index().tells).text == "Vraagt meneer Pieters (2011) dat, of meneer [naam]?"


@pytest.mark.parametrize(
    "private", ["123456782", "NL91 ABNA 0417 1643 00", "daan@thuis.example", "0612345678", "Kerkstraat 12", "Juf Anja"]
)
def test_what_stands_for_personal_data_makes_no_other_question_of_it(private: str) -> None:
    with serving(saying(TRUE)) as server:
        assert told(ask(bot(server.url), f"{private} vraagt: {ASKED}")) == [TRUE, NOTICE]


def test_the_embedding_model_gets_no_personal_data_also_from_a_search(built: Built) -> None:
    with serving(embedding()) as server:
        opened = open_index(built.settings(server.url))
        opened.search(f"Mijn leerling Daan de Vries vraagt: {ABOUT_A_BRIDGE}", 1)
        ask(bot("http://127.0.0.1:9/v1", embedding_model="vectoren-1"), PRIVATE + ABOUT_A_BRIDGE, over=opened)
        opened.close()
        sent = json.dumps([call.body for call in server.calls])
    assert server.calls
    assert not [value for value in ("Daan", "Vries", "thuis.example") if value in sent]


def test_a_question_with_other_personal_data_has_the_vector_that_is_remembered() -> None:
    with serving(embedding()) as server:
        embedder = embedder_for(
            Settings(embedding_base_url=server.url, embedding_model="vectoren-1", embedding_dimension=16)
        )
        first = embedder.embed_question("Mail daan@thuis.example over techniek.")
        again = embedder.at_once("Mail sem@elders.example over techniek.")
        assert len(server.calls) == 1
    assert again is not None
    assert np.array_equal(first, again)
