"""The states that a visitor can find the widget in, each brought about the way a visitor would."""

import threading
from collections.abc import Callable
from typing import Final

from tests.web.answers import CLARIFY, OURS, PARTIAL, START, answer, block, events, sentence, stream
from tests.web.conftest import Chat
from tests.web.mockserver import MockServer, Reply, problem

Step = Callable[[Chat, MockServer], None]


def empty(chat: Chat, server: MockServer) -> None:
    """Nothing asked yet."""
    chat.box.wait_for()


def busy(chat: Chat, server: MockServer) -> None:
    """Part of the answer is there."""
    server.replies.append(Reply((*events(START)[:4], threading.Event())))
    chat.send("Hoe start ik?")
    chat.turn.get_by_text("Provan & Kenis (2005)").wait_for()


def answered(chat: Chat, server: MockServer) -> None:
    """A whole answer."""
    chat.ask()


def source_open(chat: Chat, server: MockServer) -> None:
    """A source beside the text, and one in the list."""
    chat.ask()
    chat.button("Bron 6:").first.click()
    chat.turn.locator("summary").first.click()


def partial(chat: Chat, server: MockServer) -> None:
    """An answer that begins with what the sources do not say."""
    server.replies.append(stream(PARTIAL))
    chat.ask()


def asked_back(chat: Chat, server: MockServer) -> None:
    """A question back, with choices."""
    server.replies.append(stream(CLARIFY))
    chat.ask("techhub")


def ours(chat: Chat, server: MockServer) -> None:
    """An answer in our own words for a part, with a notice among them."""
    server.replies.append(stream(OURS))
    chat.ask()


def unfinished(chat: Chat, server: MockServer) -> None:
    """An answer that broke off."""
    server.replies.append(stream(answer([block("section", sentence("Een begin."))], complete=False)))
    chat.ask()


def limited(chat: Chat, server: MockServer) -> None:
    """Too many questions: a countdown."""
    server.replies.append(problem(429, "Het is nu te druk", "Wacht even.", ("Retry-After", "600")))
    chat.send("Hoe start ik?")
    chat.button("Probeer opnieuw").wait_for()


def judged(chat: Chat, server: MockServer) -> None:
    """A thumb was given, a remark may follow; the answer is a language model's."""
    server.replies.append(stream({**START, "engine": {**START["engine"], "name": "llm"}}))
    chat.ask()
    chat.button("Dit antwoord helpt niet").click()
    chat.turn.get_by_text("Wil je er iets bij schrijven?").wait_for()


def suggesting(chat: Chat, server: MockServer) -> None:
    """The form for a suggestion, sent empty."""
    chat.button("Doe een suggestie").click()
    chat.button("Verstuur je suggestie").click()
    chat.page.get_by_text("Schrijf eerst je suggestie op.").first.wait_for()


STATES: Final[dict[str, Step]] = {
    step.__name__: step
    for step in (empty, busy, answered, source_open, partial, asked_back, ours, unfinished, limited, judged, suggesting)
}
