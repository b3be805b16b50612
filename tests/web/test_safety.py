"""Nothing that comes from outside becomes markup or code, and the strictest host page is good enough."""

import gzip
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.answers import START, answer, block, citation, events, item, link, sentence, stream
from tests.web.conftest import Chat, host, new_context, watch
from tests.web.mockserver import CSP, WEB, MockServer, Reply, problem

pytestmark = pytest.mark.browser

EVIL = (
    "<img src=x onerror=alert(1)><script>alert(2)</script><b>vet</b> [9] [1] ${7*7} {{7*7}} "
    "\u202eesrever\u202c שלום 🧭👩🏽‍🔧 " + "Lang" * 200
)
ADDRESSES = [
    "javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "vbscript:x",
    "data:text/html,<script>alert(1)</script>", "blob:https://x/y", "file:///etc/passwd", "//evil.example", "/x", "",
    "\u0000",
]  # fmt: skip
BIG_PAGE = '<kompas-chat heading="{0}" intro="{0}" questions="{0}" contact="javascript:alert(1)"></kompas-chat>'


def _evil_answer() -> dict[str, Any]:
    cited = [
        citation(n, EVIL if n == 9 else "inzicht", EVIL, EVIL, EVIL, url=address, known="bekend", updated=EVIL,
                 document={"title": EVIL, "page": EVIL, "heading": EVIL})
        for n, address in enumerate(ADDRESSES, start=1)
    ]  # fmt: skip
    blocks = [block(kind, sentence(EVIL, 1, 9), heading=EVIL) for kind in ("notice", "intro", "section", EVIL)]
    return answer(blocks, cited, suggestions=[EVIL, "<u>x</u>", "ok"], id=EVIL, status=EVIL)


def _assert_harmless(page: Page) -> None:
    made = page.evaluate(
        """() => { const root = document.querySelector("kompas-chat").shadowRoot;
          return { tags: [...new Set([...root.querySelectorAll("*")].map((n) => n.localName))],
            links: [...root.querySelectorAll("a")].map((a) => a.protocol),
            wide: root.querySelector(".frame").scrollWidth > root.querySelector(".frame").clientWidth + 1
               || document.documentElement.scrollWidth > innerWidth }; }"""
    )
    assert not {"img", "script", "b", "u", "iframe", "style"} & set(made["tags"])
    assert set(made["links"]) <= {"https:", "http:", "mailto:"}
    assert not made["wide"]


def test_hostile_content_in_every_field_stays_text(page: Page, server: MockServer) -> None:
    server.pages["/kwaad"] = host(BIG_PAGE.format(EVIL.replace("<", "&lt;").replace('"', "&quot;")))
    server.replies = [stream(_evil_answer()), problem(422, EVIL, EVIL)]
    chat = Chat(page, "/kwaad")
    chat.ask(EVIL[:300])
    expect(chat.turn.locator(".answer")).to_contain_text("<script>alert(2)</script>")
    for row in chat.turn.locator("summary").all():
        row.click()
    chat.turn.locator(".mark").first.click()
    _assert_harmless(page)
    assert chat.turn.locator("a").count() == 0
    chat.send(EVIL[:300])
    expect(chat.turn.locator(".ending")).to_contain_text("<script>")
    page.set_viewport_size({"width": 320, "height": 640})
    _assert_harmless(page)


PAYLOADS = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<svg onload=window.hacked=1>",
    "<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
    "</span></p></div><form action=https://kwaad.example><input name=q autofocus onfocus=window.hacked=1>",
    '" onmouseover="window.hacked=1" x="',
    "<a href=javascript:window.hacked=1>klik</a>",
    "[klik](javascript:window.hacked=1) ![x](https://kwaad.example/x.png)",
    "<style>*{display:none}</style><link rel=stylesheet href=https://kwaad.example/x.css>",
    "&lt;script&gt;window.hacked = 1&lt;/script&gt;",
    "<template shadowrootmode=open><script>window.hacked = 1</script></template>",
    "${window.hacked = 1} {{constructor.constructor('window.hacked=1')()}} <%= 7*7 %>",
    "<math><mtext><table><mglyph><style><img src onerror=window.hacked=1>",
    "\u202e\u2066omgekeerd\u2069\u202c \u200b\ufeff\u0000 שלום عربي",
    "👩🏽\u200d🔧" * 200,
    "Zonderspatie" * 120,
]
FIELDS = ("text", "heading", "quote", "title", "url", "item_id", "place", "suggestion", "updated", "problem")
MAKES_NOTHING = """() => { const root = document.querySelector("kompas-chat").shadowRoot;
  const own = ["a", "article", "blockquote", "button", "details", "div", "footer", "form", "h2",
    "h3", "h4", "h5",
    "header", "i", "li", "p", "path", "section", "span", "strong", "summary", "svg", "textarea", "ul", "label"];
  const nodes = [...root.querySelectorAll("*")];
  return { hacked: "hacked" in window, wide: document.documentElement.scrollWidth > innerWidth,
    tags: nodes.map((n) => n.localName).filter((name) => !own.includes(name)),
    handlers: nodes.flatMap((n) => n.getAttributeNames()).filter((name) => name.startsWith("on")),
    links: [...root.querySelectorAll(".transcript a")].map((a) => a.href) }; }"""


def hostile(payload: str) -> dict[str, Any]:
    """An answer with the payload in every field that a server could be made to repeat."""
    place = {"title": payload, "page": 1, "heading": payload}
    kind, id_ = "document", f"x/document/{payload}"
    cited = citation(1, kind, "x", payload, payload, item_id=id_, url=payload, known="bekend", updated=payload,
                     document=place, linked_from=[payload])  # fmt: skip
    return answer([block("section", sentence(f"{payload} [1]", 1), heading=payload)], [cited], suggestions=[payload])


def test_a_hundred_and_sixty_hostile_inputs_do_nothing_but_stand_there_as_text(page: Page, server: MockServer) -> None:
    assert len(PAYLOADS) * len(FIELDS) >= 60
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url) if server.url not in request.url else None)
    chat = Chat(page)
    for payload in PAYLOADS:
        server.replies = [stream(hostile(payload)), problem(422, payload, payload)]
        chat.ask(payload[:300])
        visible = " ".join(payload.replace("\x00", "").split())
        assert visible in " ".join(chat.turn.locator(".said").inner_text().replace("\x00", "").split())
        chat.turn.locator(".mark").first.click()
        chat.turn.locator("summary").first.click()
        assert page.evaluate(MAKES_NOTHING) == {"hacked": False, "wide": False, "tags": [], "handlers": [], "links": []}
        chat.send(payload[:300])
        chat.turn.locator(".ending").wait_for()
        assert page.evaluate(MAKES_NOTHING) == {"hacked": False, "wide": False, "tags": [], "handlers": [], "links": []}
        chat.button("Nieuw gesprek").click()
    assert elsewhere == []


def test_hostile_items_stay_text_on_the_demo_page(page: Page, server: MockServer) -> None:
    server.items = [item("tool", EVIL, EVIL, EVIL, *(link(EVIL, url, "bekend") for url in ADDRESSES))]
    page.goto("/")
    expect(page.locator(".card h5")).to_contain_text("<script>alert(2)</script>")
    assert page.locator("#overzicht").locator("img, script, b, a").count() == 0


def test_hostile_storage_is_ignored(page: Page) -> None:
    kept = ['{"version":1,"turns":[{"question":{}},null,{"question":"Q","answer":{"blocks":[7]}}]}', "["]
    for text in kept:
        page.goto("/leeg")
        page.evaluate("(text) => { sessionStorage['kompas-chat:::'] = text; }", text)
        chat = Chat(page)
        expect(chat.box).to_be_visible()
    chat.ask("Werkt het nog?")
    page.reload()
    expect(chat.turn.get_by_role("heading", name="Werkt het nog?")).to_be_visible()


def test_works_without_storage(browser: Browser, server: MockServer, faults: list[str]) -> None:
    context = new_context(browser, server)
    context.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no'); } });"
    )
    page = context.new_page()
    watch(page, faults)
    chat = Chat(page)
    chat.ask("Hoe start ik?")
    chat.page.reload()
    expect(chat.page.get_by_role("heading", name="Waar kan ik je mee helpen?")).to_be_visible()
    context.close()
    assert faults == []


def test_needs_no_style_source_in_the_policy(page: Page, server: MockServer) -> None:
    server.csp = CSP.replace("style-src 'self'", "style-src 'none'")
    chat = Chat(page)
    chat.ask()
    assert chat.button("Verstuur je vraag").evaluate("(node) => getComputedStyle(node).borderRadius") == "50%"


def test_the_host_pages_styles_do_not_leak_in(page: Page, server: MockServer) -> None:
    server.pages["/vreemd"] = host('<link rel="stylesheet" href="/vreemd.css"><kompas-chat></kompas-chat>')
    page.route("**/vreemd.css", lambda route: route.fulfill(
        content_type="text/css", body="* { color: red !important; text-transform: uppercase } html { font-size: 62.5% }"
    ))  # fmt: skip
    chat = Chat(page, "/vreemd")
    chat.ask()
    said = chat.turn.locator(".said").first
    assert said.evaluate("(n) => [getComputedStyle(n).textTransform, getComputedStyle(n).fontSize]") == ["none", "16px"]


def test_too_long_a_stream_is_ended(chat: Chat, server: MockServer) -> None:
    server.replies.append(Reply((*events(START)[:4], b": " + b"x" * 2_100_000 + b"\n")))
    chat.send("Hoe start ik?")
    expect(chat.turn.get_by_text("Dit antwoord is niet af.")).to_be_visible()


def test_the_widget_is_at_most_forty_kilobytes_and_asks_no_other_host() -> None:
    sources = [WEB / "kompas-chat.js", *sorted((WEB / "widget").glob("*.js"))]
    assert sum(len(gzip.compress(path.read_bytes())) for path in sources) <= 40 * 1024
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert not [
        word for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write") if word in code
    ]
