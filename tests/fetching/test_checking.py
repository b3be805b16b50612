"""Links are checked politely and within limits; what was good is kept when the website is gone for a while."""

import gzip
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from kompasbot.errors import Busy
from kompasbot.fetching.checking import Checker
from kompasbot.fetching.fetching import Limits
from kompasbot.fetching.guard import Guard
from kompasbot.fetching.network import Clock
from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Health
from tests.fetching.website import (
    COOKIES,
    PAGE,
    WALL,
    Behaviour,
    Handler,
    Ticking,
    Website,
    bomb,
    drip,
    drip_headers,
    endless,
    plain,
    website,
)

QUICK = Limits(seconds=1.5, size=1 << 20, pause=0)


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as running:
        yield running


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "links")


def check(site: Website, shelf: Shelf, *urls: str, limits: Limits = QUICK) -> list[Record]:
    found = Checker(shelf, plain, site.guard(), limits).check(urls)
    return [found[url] for url in urls]


def test_page_is_ok_and_its_copy_is_kept(site: Website, shelf: Shelf) -> None:
    [record] = check(site, shelf, site.page("/a"))
    assert (record.health, record.status, record.kind) == (Health.OK, 200, "html")
    path = shelf.copy(record)
    assert path is not None
    assert path.read_bytes() == PAGE
    assert Shelf(shelf.folder).load() == {record.url: record}


def test_second_check_asks_only_for_what_is_newer(site: Website, shelf: Shelf) -> None:
    stamp = "Tue, 24 Nov 2026 10:00:00 GMT"

    def page(handler: Handler) -> None:
        if handler.headers.get("if-none-match") == '"v1"' and handler.headers.get("if-modified-since") == stamp:
            handler.reply(304)
        else:
            handler.reply(200, PAGE, content_type="text/html", etag='"v1"', last_modified=stamp)

    site.pages["/a"] = page
    [first] = check(site, shelf, site.url("/a"))
    [second] = check(site, shelf, site.url("/a"))
    assert (second.health, second.status, second.body, second.fetched) == (Health.OK, 304, first.body, first.fetched)


@pytest.mark.parametrize("status", [301, 308])
def test_page_that_moved_for_good_is_moved_and_says_where_to(site: Website, shelf: Shelf, status: int) -> None:
    target = site.page("/nieuw")
    [record] = check(site, shelf, site.redirect("/oud", "/nieuw", status))
    assert (record.health, record.moved_to) == (Health.MOVED, target)
    assert record.body


@pytest.mark.parametrize("status", [302, 303, 307])
def test_page_that_is_elsewhere_for_now_is_ok(site: Website, shelf: Shelf, status: int) -> None:
    site.page("/nieuw")
    [record] = check(site, shelf, site.redirect("/oud", "/nieuw", status))
    assert (record.health, record.moved_to) == (Health.OK, None)


@pytest.mark.parametrize(
    ("status", "health"),
    [(404, Health.DEAD), (410, Health.DEAD), (403, Health.BLOCKED), (429, Health.BLOCKED), (500, Health.UNCHECKED)],
)
def test_status_gives_the_health(site: Website, shelf: Shelf, status: int, health: Health) -> None:
    [record] = check(site, shelf, site.page("/a", b"", status))
    assert record.health is health
    assert str(status) in record.reason


@pytest.mark.parametrize("status", [403, 404, 500])
def test_last_good_copy_is_kept_when_the_page_is_forbidden_or_gone(site: Website, shelf: Shelf, status: int) -> None:
    [good] = check(site, shelf, site.page("/a"))
    [record] = check(site, shelf, site.page("/a", b"weg", status))
    assert (record.body, record.fetched) == (good.body, good.fetched)
    assert shelf.copy(record)


def test_offline_keeps_health_and_copy_and_says_so(site: Website, shelf: Shelf) -> None:
    [good] = check(site, shelf, site.page("/a"))

    def offline(_host: str, _port: int) -> list[str]:
        raise OSError("no network")

    record = Checker(shelf, plain, site.guard(offline), QUICK).check([good.url])[good.url]
    assert (record.health, record.body, record.reason) == (Health.OK, good.body, "de website is niet gevonden")


def test_website_that_is_not_found_while_others_answer_is_dead(site: Website, shelf: Shelf) -> None:
    def resolve(host: str, _port: int) -> list[str]:
        if host == "weg.example":
            raise OSError("no such host")
        return ["127.0.0.1"]

    urls = [site.page("/a"), "http://weg.example/"]
    found = Checker(shelf, plain, site.guard(resolve), QUICK).check(urls)
    assert [found[url].health for url in urls] == [Health.OK, Health.DEAD]


@pytest.mark.parametrize("behaviour", [drip, drip_headers])
def test_slow_answer_is_given_up_in_time(site: Website, shelf: Shelf, behaviour: Behaviour) -> None:
    site.pages["/a"] = behaviour
    began = time.monotonic()
    [record] = check(site, shelf, site.url("/a"))
    assert time.monotonic() - began < 2 * QUICK.seconds
    assert (record.health, record.reason) == (Health.UNCHECKED, "geen antwoord binnen 1.5 seconden")


@pytest.mark.parametrize("behaviour", [endless, bomb])
def test_body_that_is_too_large_is_not_kept(site: Website, shelf: Shelf, behaviour: Behaviour) -> None:
    site.pages["/a"] = behaviour
    [record] = check(site, shelf, site.url("/a"), limits=Limits(seconds=10, size=1 << 20, pause=0))
    assert (record.body, record.reason) == (None, "de inhoud is groter dan 1 MB")


def test_length_that_is_announced_is_believed_before_the_body_is_read(site: Website, shelf: Shelf) -> None:
    site.pages["/a"] = lambda handler: handler.reply(200, b"x", content_type="text/html", content_length=str(9 << 30))
    [record] = check(site, shelf, site.url("/a"))
    assert record.reason == "de inhoud is groter dan 1 MB"


@pytest.mark.parametrize("packing", ["br", "deflate", "zstd", "gzip, gzip"])
def test_other_packing_than_gzip_is_refused(site: Website, shelf: Shelf, packing: str) -> None:
    [record] = check(site, shelf, site.page("/a", content_encoding=packing))
    assert (record.body, "ingepakt" in record.reason) == (None, True)


def test_gzip_is_unpacked_and_a_broken_one_is_not_kept(site: Website, shelf: Shelf) -> None:
    packed = gzip.compress(PAGE)
    whole, broken = check(
        site,
        shelf,
        site.page("/a", packed, content_encoding="gzip"),
        site.page("/b", packed[:-9], content_encoding="gzip"),
    )
    path = shelf.copy(whole)
    assert path is not None
    assert path.read_bytes() == PAGE
    assert broken.body is None


@pytest.mark.parametrize("media", ["image/png", "application/zip", "video/mp4", "text/html-nep"])
def test_other_kinds_are_not_fetched_as_documents(site: Website, shelf: Shelf, media: str) -> None:
    [record] = check(site, shelf, site.page("/a", content_type=media))
    assert (record.health, record.body) == (Health.OK, None)
    assert "een soort die kompasbot niet leest" in record.reason


def test_redirects_without_end_are_given_up(site: Website, shelf: Shelf) -> None:
    [record] = check(site, shelf, site.redirect("/rond", "/rond"))
    assert "verwijst meer dan 10 keer door" in record.reason
    assert len(site.paths()) == 11


def test_robots_txt_is_obeyed_and_read_once(site: Website, shelf: Shelf) -> None:
    site.page("/robots.txt", b"User-agent: *\nDisallow: /besloten\n", content_type="text/plain")
    open_page, closed = check(site, shelf, site.page("/open"), site.page("/besloten/a"))
    assert (open_page.health, closed.health) == (Health.OK, Health.BLOCKED)
    assert "robots.txt" in closed.reason
    assert [path for path, _, _ in site.seen].count("/robots.txt") == 1
    assert site.paths() == ["/open"]


def test_one_website_is_asked_one_thing_at_a_time_with_a_pause(site: Website, shelf: Shelf) -> None:
    ticking = Ticking()
    site.now = ticking.now
    clock = Clock(ticking.now, ticking.sleep)
    urls = [site.page(f"/{number}") for number in range(3)]
    Checker(shelf, plain, site.guard(), Limits(seconds=1000, pause=5), clock=clock).check(urls)
    times = [at for _, at, _ in site.seen]
    assert [after - before for before, after in pairwise(times)] == [5, 5, 5]


def test_request_says_who_asks_and_sends_no_cookies(site: Website, shelf: Shelf) -> None:
    check(site, shelf, site.page("/a", set_cookie="a=b"), site.page("/b"))
    assert {headers["user-agent"] for _, _, headers in site.seen} == {"kompasbot"}
    assert not any("cookie" in headers for _, _, headers in site.seen)


def at_day(site: Website, shelf: Shelf, day: int, *urls: str) -> None:
    """Check addresses on a day of January."""
    Checker(shelf, plain, site.guard(), QUICK, now=lambda: datetime(2026, 1, day, tzinfo=UTC)).check(urls)


def test_addresses_that_are_no_longer_linked_leave_the_shelf_after_thirty_days(site: Website, shelf: Shelf) -> None:
    at_day(site, shelf, 1, site.page("/a", PAGE + b"1"))
    [old] = shelf.load().values()
    other = site.page("/b")
    for day in (4, 20, 31):
        at_day(site, shelf, day, other)
        assert set(shelf.load()) == {old.url, other}
        assert shelf.copy(old)
    Checker(shelf, plain, site.guard(), QUICK, now=lambda: datetime(2026, 2, 4, tzinfo=UTC)).check([other])
    assert set(shelf.load()) == {other}
    assert shelf.copy(old) is None


def test_thirty_days_begin_anew_for_an_address_that_was_linked_again(site: Website, shelf: Shelf) -> None:
    urls = [site.page("/a", PAGE + b"1"), site.page("/b")]
    at_day(site, shelf, 1, *urls)
    at_day(site, shelf, 2, urls[1])
    at_day(site, shelf, 30, *urls)
    at_day(site, shelf, 31, urls[1])
    Checker(shelf, plain, site.guard(), QUICK, now=lambda: datetime(2026, 2, 20, tzinfo=UTC)).check([urls[1]])
    assert set(shelf.load()) == set(urls)


def test_oldest_orphans_make_room_for_what_is_linked(site: Website, shelf: Shelf) -> None:
    urls = [site.page(f"/{number}", f"{number}".encode() * 1000) for number in range(4)]
    small = Shelf(shelf.folder, 3000)
    at_day(site, small, 1, urls[0], urls[1])
    at_day(site, small, 2, urls[1], urls[2])
    at_day(site, small, 3, urls[2], urls[3])
    assert set(small.load()) == set(urls[1:])


def test_copy_that_does_not_fit_is_not_kept_and_the_old_one_is(site: Website, shelf: Shelf) -> None:
    small = Shelf(shelf.folder, 3000)
    [old] = check(site, small, site.page("/a", b"a" * 2000))
    [record, other] = check(site, small, site.page("/a", b"b" * 2000), site.page("/b", b"c" * 900))
    assert (record.body, other.health) == (old.body, Health.OK)
    assert small.copy(record)
    assert "geen ruimte" in record.reason


def test_digest_of_the_shelf_stays_when_a_check_finds_the_same(site: Website, shelf: Shelf) -> None:
    times = iter([datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)])
    checker = Checker(shelf, plain, site.guard(), QUICK, now=lambda: next(times))
    checker.check([site.page("/a")])
    before = shelf.digest()
    checker.check([site.url("/a")])
    assert shelf.digest() == before != ""
    check(site, shelf, site.page("/a", b"", 404))
    assert shelf.digest() != before


def test_two_checks_at_once_are_refused(shelf: Shelf) -> None:
    with shelf.writing(), pytest.raises(Busy, match="loopt al een controle"):
        Checker(Shelf(shelf.folder), plain, Guard()).check([])


def test_damaged_records_count_as_none(site: Website, shelf: Shelf) -> None:
    check(site, shelf, site.page("/a"))
    (shelf.folder / "state.json").write_text('[{"url": 1, "health": "zo-zo"}]')
    assert shelf.load() == {}
    assert check(site, shelf, site.url("/a"))[0].health is Health.OK


LONG = b"<main>" + b"Lijm maakt van losse delen een geheel. " * 60 + b"</main>"


@pytest.mark.parametrize(
    ("body", "media", "reason"),
    [
        (b"%PDF-1.4 kapot", "application/pdf", "de nieuwe inhoud is niet te lezen (dit bestand is beschadigd"),
        (b"<html></html>", "text/html", "de nieuwe inhoud is niet te lezen"),
        (WALL, "text/html", "laat een controle of melding zien"),
        (COOKIES, "text/html", "vraagt eerst om toestemming voor cookies"),
        (
            b"<p>Deze pagina is verhuisd.</p>",
            "text/html",
            "veel minder tekst dan de kopie (24 tekens in plaats van 2339)",
        ),
    ],
)
def test_good_copy_does_not_give_way_to_what_is_worse(
    site: Website, shelf: Shelf, body: bytes, media: str, reason: str
) -> None:
    [good] = check(site, shelf, site.page("/a", LONG, etag='"1"'))
    for _ in range(2):
        [record] = check(site, shelf, site.page("/a", body, content_type=media, etag='"2"'))
        assert (record.body, record.fetched, record.etag) == (good.body, good.fetched, good.etag)
        assert reason in record.reason
        path = shelf.copy(record)
        assert path is not None
        assert path.read_bytes() == LONG
    assert len(list((shelf.folder / "copies").iterdir())) == 1
    [again] = check(site, shelf, site.page("/a", LONG + b"Nieuw."))
    assert (again.body != good.body, again.reason, again.doubted) == (True, "", False)


@pytest.mark.parametrize("body", [WALL, COOKIES])
def test_wall_is_not_kept_where_there_was_no_copy(site: Website, shelf: Shelf, body: bytes) -> None:
    [record] = check(site, shelf, site.page("/a", body))
    assert (record.body, record.doubted) == (None, True)


def test_person_may_take_over_what_is_doubted_but_not_what_can_not_be_read(site: Website, shelf: Shelf) -> None:
    [good] = check(site, shelf, site.page("/a", LONG))
    checker = Checker(shelf, plain, site.guard(), QUICK)
    short = site.page("/a", b"<p>Dit is nu alles.</p>")
    assert checker.check([short])[short].doubted
    taken = checker.check([short], accepted=[short])[short]
    assert (taken.body != good.body, taken.doubted, taken.reason) == (True, False, "")
    broken = site.page("/a", b"%PDF-1.4 kapot", content_type="application/pdf")
    assert checker.check([broken], accepted=[broken])[broken].body == taken.body


@pytest.mark.parametrize(
    "text",
    [
        "Een koekje is ook een cookie. Wij bakken cookies in de klas en leren zo rekenen. "
        + "Zo gaat dat stap voor stap. " * 9,
        "De robotarm op school is geen robot. JavaScript is een taal waarmee je hem bestuurt.",
        "Wat is een captcha? " + "Een proef die mensen van programma's onderscheidt. " * 40,
    ],
)
def test_page_that_only_speaks_of_such_things_is_no_wall(site: Website, shelf: Shelf, text: str) -> None:
    [record] = check(site, shelf, site.page("/a", text.encode()))
    assert (record.reason, record.letters) == ("", len(text.strip()))


def test_copy_of_before_texts_were_counted_is_kept_too(site: Website, shelf: Shelf) -> None:
    [good] = check(site, shelf, site.page("/a", LONG))
    with shelf.writing():
        shelf.save({good.url: replace(good, letters=None)}, datetime.now(UTC))
    [record] = check(site, shelf, site.page("/a", b""))
    assert (record.body, "niet te lezen" in record.reason) == (good.body, True)
    assert check(site, shelf, site.page("/a", LONG))[0].letters == good.letters


def test_only_new_addresses_are_checked_when_that_is_asked(site: Website, shelf: Shelf) -> None:
    [known] = check(site, shelf, site.page("/a"))
    found = Checker(shelf, plain, site.guard(), QUICK).check([site.url("/a"), site.page("/b")], only_new=True)
    assert site.paths() == ["/a", "/b"]
    assert found[known.url] == known
    assert set(shelf.load()) == set(found)


PDF = b"%PDF-1.4 een rapport"
WORD = b"PK\x03\x04\x14\x00word/document.xml met een rapport erin"


@pytest.mark.parametrize("media", ["application/octet-stream", "application/x-pdf", "", "text/html", "image/png"])
@pytest.mark.parametrize(("body", "kind"), [(PDF, "pdf"), (b"\n" + PDF, "pdf"), (WORD, "docx")])
def test_what_a_body_begins_with_counts_before_what_it_is_declared_as(
    site: Website, shelf: Shelf, media: str, body: bytes, kind: str
) -> None:
    [record] = check(site, shelf, site.page("/download/7", body, content_type=media))
    path = shelf.copy(record)
    assert (record.health, record.kind) == (Health.OK, kind)
    assert path is not None
    assert path.read_bytes() == body


@pytest.mark.parametrize(
    ("path", "media", "disposition", "kind"),
    [
        ("/verslag.txt", "application/octet-stream", "", "txt"),
        ("/leesmij.md", "text/plain; charset=utf-8", "", "md"),
        ("/get?id=3", "application/octet-stream", "attachment; filename*=UTF-8''verslag%20twee.txt", "txt"),
        ("/verslag", "text/plain", "", "txt"),
        ("/foto.txt", "image/png", "", None),
        ("/iets.zip", "application/octet-stream", "", None),
    ],
)
def test_name_of_a_body_says_its_kind_where_nothing_else_does(
    site: Website, shelf: Shelf, path: str, media: str, disposition: str, kind: str | None
) -> None:
    url = site.page(path, b"Een verslag van de proef.", content_type=media, content_disposition=disposition)
    [record] = check(site, shelf, url)
    assert record.kind == kind


@pytest.mark.parametrize("media", ["", "application/octet-stream", "application/pdf", "text/plain"])
def test_page_is_known_by_its_first_tag(site: Website, shelf: Shelf, media: str) -> None:
    [record] = check(site, shelf, site.page("/a", b"<!-- x -->\n<!DOCTYPE html><html><p>Lijm", content_type=media))
    assert record.kind == "html"


def test_archive_that_is_no_word_file_is_not_kept(site: Website, shelf: Shelf) -> None:
    [record] = check(site, shelf, site.page("/a", b"PK\x03\x04 plaatjes", content_type="application/octet-stream"))
    assert (record.body, "een soort die kompasbot niet leest" in record.reason) == (None, True)


ACCENTS = "Geïntegreerde lessen – vóór 400 €"


@pytest.mark.parametrize(
    ("codec", "header"),
    [
        ("cp1252", "; charset=iso-8859-1"),
        ("cp1252", '; charset="Windows-1252"'),
        ("utf-8", "; charset=iso-8859-1"),
        ("utf-8", ""),
        ("utf-16", ""),
        ("utf-16-le", "; charset=utf-16le"),
        ("cp1252", "; charset=utf-8"),
        ("cp1252", "; charset=onzin"),
        ("cp1252", ""),
    ],
)
def test_text_is_kept_in_utf8_whatever_it_came_in(site: Website, shelf: Shelf, codec: str, header: str) -> None:
    [record] = check(site, shelf, site.page("/a", ACCENTS.encode(codec), content_type=f"text/plain{header}"))
    path = shelf.copy(record)
    assert path is not None
    assert path.read_bytes().decode("utf-8-sig") == ACCENTS


def test_page_in_the_encoding_of_its_header_is_kept_in_utf8(site: Website, shelf: Shelf) -> None:
    body = f"<html><p>{ACCENTS}</p></html>".encode("cp1252")
    [record] = check(site, shelf, site.page("/a", body, content_type="text/html; charset=iso-8859-1"))
    path = shelf.copy(record)
    assert path is not None
    assert ACCENTS in path.read_bytes().decode("utf-8-sig")


NOT_FOUND = (
    ("Pagina niet gevonden", "Helaas, deze pagina bestaat niet (meer). Misschien is de pagina verplaatst."),
    ("404", "Ga naar de voorpagina."),
    ("Fout 404 – Drentstad", "Er is iets misgegaan."),
    ("Drentstad", "Oeps! De pagina die u zoekt is niet gevonden."),
    ("Drentstad", "We kunnen de gevraagde pagina helaas niet vinden."),
    ("Drentstad", "Deze pagina is niet meer beschikbaar. Gebruik de zoekfunctie."),
    ("Page not found | Drentstad", "Try the search."),
    ("Not Found", "The requested URL was not found on this server."),
    ("Drentstad", "Sorry, the page you were looking for doesn\u2019t exist."),
    ("Drentstad", "The page you requested could not be found."),
    ("Niet gevonden - Drentstad", "Zoek verder."),
    ("Drentstad", "Pagina niet gevonden\n\n" + "Kijk bij het nieuws, de agenda of de thema's van de regio. " * 40),
)


def lined(site: Website, shelf: Shelf, url: str) -> Record:
    """Check an address whose pages have their title on a line of its own."""
    read = Checker(shelf, lambda _kind, path, _url: path.read_text("utf-8"), site.guard(), QUICK)
    return read.check([url])[url]


@pytest.mark.parametrize(("title", "text"), NOT_FOUND)
def test_page_that_says_that_there_is_none_is_dead_and_replaces_no_copy(
    site: Website, shelf: Shelf, title: str, text: str
) -> None:
    [good] = check(site, shelf, site.page("/a"))
    gone = f"{title}\n\n{text}".encode()
    old, new = lined(site, shelf, site.page("/a", gone)), lined(site, shelf, site.page("/b", gone))
    assert (old.health, old.doubted, old.body) == (Health.DEAD, True, good.body)
    assert (new.health, new.doubted, new.body) == (Health.DEAD, True, None)
    assert "niet gevonden" in new.reason


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Baan niet gevonden? Zo zoek je verder", "Leraren die geen baan vonden, kunnen bij de regio terecht."),
        ("Regeling 404", "Artikel 404 van de regeling gaat over lokalen."),
        ("Wat is er gevonden?", "Er is niet gevonden wat men zocht: robots helpen kleuters niet."),
        ("Handleiding website", "Maak een eigen foutpagina. " * 80 + "Deze pagina bestaat niet, staat er dan."),
        ("Lijm", "Een lokaal is niet altijd beschikbaar. De pagina met tips staat hieronder."),
    ],
)
def test_page_that_only_speaks_of_what_is_not_found_is_kept(site: Website, shelf: Shelf, title: str, text: str) -> None:
    record = lined(site, shelf, site.page("/a", f"{title}\n\n{text}".encode()))
    assert (record.health, record.reason) == (Health.OK, "")


@pytest.mark.parametrize("status", [301, 302])
@pytest.mark.parametrize("front", ["/", "/nl/", "/home", "/index.html", "/?from=404"])
def test_redirect_to_the_front_page_is_dead_and_replaces_no_copy(
    site: Website, shelf: Shelf, status: int, front: str
) -> None:
    [good] = check(site, shelf, site.page("/oud/rapport"))
    site.page(front, PAGE + b"Welkom.")
    [record] = check(site, shelf, site.redirect("/oud/rapport", front, status))
    assert (record.health, record.doubted, record.body, record.moved_to) == (Health.DEAD, True, good.body, None)
    assert "voorpagina" in record.reason


def test_front_page_itself_may_move_and_a_person_may_take_it_over(site: Website, shelf: Shelf) -> None:
    site.page("/nl/", PAGE)
    front, deep = site.redirect("/", "/nl/"), site.redirect("/oud/rapport", "/nl/")
    [record] = check(site, shelf, front)
    assert record.health is Health.OK
    checker = Checker(shelf, plain, site.guard(), QUICK)
    taken = checker.check([deep], accepted=[deep])[deep]
    assert (taken.health, taken.doubted) == (Health.OK, False)
    assert checker.check([deep])[deep].health is Health.OK


@pytest.mark.parametrize(
    "target",
    [
        "/files/Rapport 2023 (def) één.pdf",
        "/files/Rapport%202023%20(def) één.pdf",
        "\\files\\Rapport 2023 (def) één.pdf",
        "/files/\tRapport 2023 (def) één.pdf ",
        "../files/Rapport 2023 (def) één.pdf",
    ],
)
def test_odd_target_of_a_redirect_is_followed_as_browsers_do(site: Website, shelf: Shelf, target: str) -> None:
    site.page("/files/Rapport%202023%20(def)%20%C3%A9%C3%A9n.pdf", PDF, content_type="application/pdf")
    [record] = check(site, shelf, site.redirect("/a", target.encode().decode("latin-1")))
    assert (record.health, record.kind) == (Health.OK, "pdf")


def test_address_with_a_space_or_letter_beyond_ascii_is_asked_for(site: Website, shelf: Shelf) -> None:
    site.page("/twee%20w%C3%B3orden?a=%3Cb%3E")
    [record] = check(site, shelf, site.url("/twee wóorden?a=<b>"))
    assert record.health is Health.OK


META = '<html><head><META content="{}" http-equiv=Refresh></head><body>Even geduld, u gaat zo verder.</body></html>'


@pytest.mark.parametrize("content", ["0; url=/nieuw", "5;URL=&quot;/nieuw&quot;", "0,/nieuw", "1; url = '/nieuw'"])
def test_page_that_leads_on_by_itself_has_moved(site: Website, shelf: Shelf, content: str) -> None:
    content = content.replace("'", "&#39;")
    url, target = site.page("/oud", META.format(content).encode()), site.page("/nieuw")
    [record] = check(site, shelf, url)
    path = shelf.copy(record)
    assert (record.health, record.moved_to) == (Health.MOVED, target)
    assert path is not None
    assert path.read_bytes() == PAGE


def test_page_that_leads_on_by_its_header_or_by_a_script_alone_has_moved(site: Website, shelf: Shelf) -> None:
    target = site.page("/nieuw")
    script = (
        b"<html><script>setTimeout(function() { window.location.href = '/nieuw'; }, 10)</script>Even geduld.</html>"
    )
    urls = [site.page("/a", b"<html>Even geduld.</html>", refresh="0; url=/nieuw"), site.page("/b", script)]
    assert [one.moved_to for one in check(site, shelf, *urls)] == [target, target]
    long = script + b"Lijm maakt van losse delen een geheel. " * 20
    assert check(site, shelf, site.page("/c", long))[0].moved_to is None


@pytest.mark.parametrize("path", ["/404", "/pagina-niet-gevonden", "/errors/notfound.html"])
def test_redirect_to_a_page_for_what_is_not_there_is_dead(site: Website, shelf: Shelf, path: str) -> None:
    site.page(path)
    [record] = check(site, shelf, site.redirect("/oud/rapport", path))
    assert (record.health, record.doubted, record.body) == (Health.DEAD, True, None)


@pytest.mark.parametrize(
    "head",
    [
        META.format("60; url=/nieuw"),
        META.format("30"),
        META.format("0; url=/oud"),
        "<noscript>" + META.format("0; url=/nieuw") + "</noscript>",
        "<!-- " + META.format("0; url=/nieuw") + " -->",
    ],
)
def test_page_that_only_renews_itself_or_leads_on_for_some_is_read(site: Website, shelf: Shelf, head: str) -> None:
    site.page("/nieuw")
    [record] = check(site, shelf, site.page("/oud", head.encode() + PAGE))
    assert (record.health, record.moved_to) == (Health.OK, None)


def test_page_that_leads_into_the_own_network_is_refused(site: Website, shelf: Shelf) -> None:
    [record] = check(site, shelf, site.page("/oud", META.format("0; url=http://10.0.0.1/").encode()))
    assert (record.health, record.body) == (Health.BLOCKED, None)


def test_places_of_one_page_are_fetched_once(site: Website, shelf: Shelf) -> None:
    url = site.page("/a")
    found = Checker(shelf, plain, site.guard(), QUICK).check([f"{url}#een", url, f"{url}#twee"])
    assert (set(found), site.paths()) == ({url}, ["/a"])
