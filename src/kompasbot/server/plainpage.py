"""The page of ``/chat``: one answer with its sources, and the form."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import urlsplit

from kompasbot.answering.answer import Answer, Block, BlockKind, Citation, Place, Sentence, Speaker, Status
from kompasbot.knowledge import ItemType, Known
from kompasbot.prompts import Texts
from kompasbot.server.markup import Html, Part, join, safe_url, tag

_MARKER: Final = re.compile(r"\[(\d{1,3})\]")
_OURS: Final = frozenset({Speaker.REVIEWED, Speaker.COMPOSED})
"""Whose sentences are in our words, with sources: the page says so."""
_ORDER: Final = (ItemType.INSIGHT, ItemType.EXAMPLE, ItemType.TOOL, ItemType.GENERAL, ItemType.DOCUMENT)


class PlainPage:
    """Filled in by :meth:`answer` or :meth:`fail`, then written by :meth:`html`.

    ``outside`` is the host of a language model that is not of this organisation.
    """

    def __init__(self, texts: Texts, carried: Sequence[dict[str, Any]] = (), outside: str | None = None) -> None:
        self._outside = outside
        self._texts = texts
        self._carried = carried
        self._body: list[Part] = []
        self._typed = ""

    def answer(self, question: str, answer: Answer, carried: Sequence[dict[str, Any]]) -> None:
        """Show an answer; ``carried`` goes along with the next question."""
        self._carried = carried
        self._body = [
            tag(
                "article",
                tag("h2", tag("span", self._say("jouw_vraag"), " ", class_="vh"), question, class_="asked", dir="auto"),
                tag("h3", self._say("antwoord"), class_="vh"),
                [self._block(block, whose) for block, whose in self._with_whose(answer.blocks)],
                None if answer.complete else self._message(self._say("onaf")),
                tag("p", self._maker(), class_="small") if answer.engine.name == "llm" else None,
                self._sources(answer.citations),
                self._suggestions(answer),
                class_="turn",
            )
        ]

    def fail(self, typed: str, detail: str) -> None:
        """Say what is wrong; what was typed stays in the form."""
        self._typed = typed
        self._body = [self._message(tag("strong", self._say("niet_gelukt") + "."), " ", detail)]

    def html(self) -> str:
        """The whole page."""
        title = self._say("titel")
        head = [
            tag("meta", charset="utf-8"),
            tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
            tag("meta", name="color-scheme", content="light dark"),
            tag("title", f"{title}: Kompas-assistent"),
            tag("link", rel="icon", href="/favicon.svg", type="image/svg+xml"),
            tag("link", rel="stylesheet", href="/pagina.css"),
        ]
        top = tag(
            "header",
            tag("img", src="/favicon.svg", alt="", width="36", height="36"),
            tag("span", "Kompas-assistent"),
            tag("nav", tag("a", self._say("terug"), href="/"), aria_label="Navigatie"),
            class_="top",
        )
        intro = [tag("h1", title), tag("p", self._say("uitleg"), class_="lead")]
        main = tag("main", intro, self._body, self._form(), class_="plain")
        return "<!doctype html>" + tag("html", tag("head", *head), tag("body", top, main), lang="nl")

    def _say(self, key: str, **fields: str) -> str:
        return self._texts.get(f"formulier.{key}", **fields)

    def _maker(self) -> str:
        return self._say("taalmodel_buiten", host=self._outside) if self._outside else self._say("taalmodel")

    def _message(self, *parts: Part) -> Html:
        return tag("p", *parts, class_="message", role="alert")

    def _form(self) -> Html:
        return tag(
            "form",
            tag("label", self._say("vraag"), for_="vraag"),
            tag("textarea", self._typed, id="vraag", name="vraag", rows="3", maxlength="2000", required=True),
            self._hidden(),
            tag("p", self._say("buiten", host=self._outside), class_="small") if self._outside else None,
            tag(
                "p",
                tag("button", self._say("verstuur"), class_="main"),
                tag("a", self._say("opnieuw"), href="/chat") if self._carried else None,
                class_="actions",
            ),
            tag("p", self._say("automatisch"), class_="small"),
            method="post",
            action="/chat",
            class_="question",
        )

    def _hidden(self) -> Html | None:
        if not self._carried:
            return None
        return tag("input", type="hidden", name="gesprek", value=json.dumps(list(self._carried), ensure_ascii=False))

    def _with_whose(self, blocks: Sequence[Block]) -> Iterator[tuple[Block, list[str]]]:
        """Each block with what stands behind each of its sentences: whose words the run that ends there is."""
        origins = [sentence.origin for block in blocks for sentence in block.sentences]
        ends = [now is not following for now, following in zip_longest(origins, origins[1:])]
        whose = iter(self._whose(origin) if end else "" for origin, end in zip(origins, ends, strict=True))
        return ((block, [next(whose) for _ in block.sentences]) for block in blocks)

    def _whose(self, origin: Speaker) -> str:
        return self._say(f"van_ons.{origin.value}") if origin in _OURS else ""

    def _block(self, block: Block, whose: Sequence[str]) -> Html:
        sentences = [
            tag(
                "li" if block.list else "span",
                _linked(sentence),
                (" ", tag("span", ours, class_="whose")) if ours else None,
                dir="auto",
            )
            for sentence, ours in zip(block.sentences, whose, strict=True)
        ]
        spaced: list[Part] = [part for one in sentences for part in (one, " ")]
        is_notice = block.kind is BlockKind.NOTICE
        return tag(
            "div",
            tag("h3", block.heading, dir="auto") if block.heading else None,
            tag("ul" if block.list else "p", tag("strong", self._say("melding"), " ") if is_notice else None, *spaced),
            class_=f"block {block.kind.value}",
        )

    def _sources(self, citations: Sequence[Citation]) -> Html | None:
        if not citations:
            return None
        groups = [(kind, [one for one in citations if one.type is kind]) for kind in _ORDER]
        return tag(
            "section",
            tag("h3", self._say("bronnen"), id="bronnen"),
            [
                tag(
                    "div",
                    tag("h4", self._say(f"groep.{kind.value}")),
                    tag("ul", [self._source(one) for one in members]),
                    class_=f"group {kind.value}",
                )
                for kind, members in groups
                if members
            ],
            class_="sources",
            aria_labelledby="bronnen",
        )

    def _source(self, one: Citation) -> Html:
        facts = [self._place(one.document), self._say(f"herkomst.{one.origin.value}")]
        return tag(
            "li",
            tag("p", tag("strong", f"[{one.number}] {one.title}"), dir="auto"),
            tag("blockquote", one.quote, dir="auto") if one.quote else None,
            tag("p", " · ".join(part for part in facts if part), class_="small"),
            self._link(one),
            id=f"bron-{one.number}",
        )

    def _place(self, place: Place | None) -> str:
        if place is None:
            return ""
        page = self._say("bladzijde", nummer=str(place.page)) if place.page else None
        return ", ".join(part for part in (place.title, page, place.heading) if part)

    def _link(self, one: Citation) -> Html | None:
        url = None if one.known is Known.UNKNOWN else safe_url(one.url)
        if url is None:
            return None
        label = self._say("vindplaats" if one.known is Known.PROBABLE else "bekijk")
        return tag("p", tag("a", f"{label}: {urlsplit(url).hostname}", href=url, rel="noopener noreferrer"))

    def _suggestions(self, answer: Answer) -> Html | None:
        """What can be asked next; of a question back its choices."""
        if not answer.suggestions:
            return None
        buttons = [tag("li", tag("button", one, name="vraag", value=one, dir="auto")) for one in answer.suggestions]
        heading = tag("h3", self._say("kies" if answer.status is Status.CLARIFY else "vraag_ook"))
        form = tag("form", self._hidden(), tag("ul", buttons), method="post", action="/chat")
        return tag("section", heading, form, class_="further")


def _linked(sentence: Sentence) -> Html:
    """A sentence whose markers lead to their sources."""
    parts: list[Part] = []
    at = 0
    for match in _MARKER.finditer(sentence.text):
        if int(match[1]) in sentence.citations:
            parts += [sentence.text[at : match.start()], tag("a", match[0], href=f"#bron-{match[1]}", class_="mark")]
            at = match.end()
    return join(*parts, sentence.text[at:])
