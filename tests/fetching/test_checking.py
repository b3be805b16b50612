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


@pytest.mark.parametrize("media", ["image/png", "application/zip", "video/mp4", "", "text/html-nep"])
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
