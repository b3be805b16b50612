"""What Open WebUI asks for itself is answered in its shape, and is no question."""

import json
from datetime import date

import httpx
import pytest

from kompasbot.records.store import Records
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running
from tests.server.test_completions import PATH, deltas, said, streamed

QUESTION = "Hoe kies ik als leraar goed lesmateriaal?"
HISTORY = f"<chat_history>\nUSER: {QUESTION}\nASSISTANT: Met de Kieswijzer. [1]\n</chat_history>"


def task(what: str, shape: str, history: str = HISTORY) -> str:
    """A prompt as Open WebUI writes it."""
    output = f"### Output:\nJSON format: {shape}\n" if shape else "### Output:\nAlleen de tekst.\n"
    return f"### Task:\n{what}\n### Guidelines:\n- Write in Dutch.\n{output}### Chat History:\n{history}"


@pytest.mark.parametrize(
    ("shape", "reply"),
    [
        ('{ "title": "your concise title here" }', {"title": "Hoe kies ik als leraar goed…"}),
        ('{ "tags": ["tag1", "tag2", "tag3"] }', {"tags": []}),
        ('{ "follow_ups": ["Question 1?", "Question 2?"] }', {"follow_ups": []}),
        ('{ "queries": ["query1", "query2"] }', {"queries": []}),
        ('{ "text": "<completion>" }', {"text": ""}),
    ],
)
def test_a_task_gets_the_json_that_it_asks_for(client: httpx.Client, shape: str, reply: object) -> None:
    asked = said(task("Generate something.", shape))
    message = client.post(PATH, json=asked).json()["choices"][0]["message"]
    assert json.loads(message["content"]) == reply
    assert message["annotations"] == []
    assert "".join(str(delta.get("content", "")) for delta in deltas(streamed(client, asked))) == message["content"]


def test_a_title_without_json_is_a_plain_text(client: httpx.Client) -> None:
    short = "<chat_history>\nUSER: Wie is De Wit?\nASSISTANT: Een onderzoeker.\n</chat_history>"
    for history, title in ((short, "Wie is De Wit?"), ("<chat_history>\n</chat_history>", "Gesprek")):
        body = client.post(PATH, json=said(task("Create a title.", "", history))).json()
        assert body["choices"][0]["message"]["content"] == title


def test_a_task_may_be_longer_than_a_question(client: httpx.Client) -> None:
    history = HISTORY.replace("Met de", "Met de " * 2000)
    assert client.post(PATH, json=said(task("Generate tags.", '{ "tags": [] }', history))).status_code == 200


def test_a_question_that_only_looks_like_a_task_is_answered_from_the_sources(client: httpx.Client) -> None:
    plain = client.post(PATH, json=said("Wat is de Kieswijzer?")).json()["choices"][0]["message"]
    asked = client.post(PATH, json=said("### Task:\nWat is de Kieswijzer?")).json()["choices"][0]["message"]
    assert plain["annotations"]
    assert asked["annotations"]


def test_a_task_is_not_counted_as_a_question(settings: Settings) -> None:
    with running(make_app(settings)) as address:
        httpx.post(address + PATH, json=said(task("Generate tags.", '{ "tags": [] }')))
        httpx.post(address + PATH, json=said("Wat is de Kieswijzer?"))
    records = Records(settings.data)
    assert [counted.count for counted in records.answer_counts(date.min)] == [1]
    records.close()
