"""Websites are treated as they ask in robots.txt, whichever way leads to them."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from kompasbot.fetching.checking import Checker
from kompasbot.fetching.fetching import Limits
from kompasbot.fetching.guard import Guard
from kompasbot.fetching.network import Clock
from kompasbot.fetching.robots import Robots
from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Health
from tests.fetching.website import NAME, Handler, Ticking, Website, plain, website

QUICK = Limits(seconds=2, size=1 << 20, pause=0)
OTHER = "ander.example"


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as running:
        yield running


@pytest.fixture
def other() -> Iterator[Website]:
    """A second website, under a name of its own."""
    with website() as running:
        yield running


def check(folder: Path, sites: list[Website], *urls: str, limits: Limits = QUICK) -> list[Record]:
    """Check addresses of several websites, which all stand on loopback, by a clock of their own."""
    ticking = Ticking()
    for site in sites:
        site.now = ticking.now
    ports = {site.port for site in sites}
    guard = Guard(
        lambda _host, _port: ["127.0.0.1"],
        lambda address, port: port in ports and address in {"127.0.0.1", NAME, OTHER},
    )
    clock = Clock(ticking.now, ticking.sleep)
    found = Checker(Shelf(folder), plain, guard, limits, clock=clock).check(urls)
    return [found[url] for url in urls]


def robots(site: Website, text: str, status: int = 200, media: str = "text/plain") -> None:
    site.page("/robots.txt", text.encode(), status, content_type=media)


def elsewhere(other: Website, path: str) -> str:
    """The address of a page of the other website, under its own name."""
    return other.page(path).replace(NAME, OTHER)


@pytest.mark.parametrize("status", [500, 503])
def test_nothing_is_fetched_while_robots_txt_gives_an_error(site: Website, tmp_path: Path, status: int) -> None:
    robots(site, "", status)
    first, second = check(tmp_path, [site], site.page("/a"), site.page("/b"))
    assert site.paths() == []
    assert [path for path, _, _ in site.seen] == ["/robots.txt"]
    assert (first.health, second.health) == (Health.UNCHECKED, Health.UNCHECKED)
    assert first.reason == f"de robots.txt van de website is nu niet te lezen (code {status})"


def test_nothing_is_fetched_when_robots_txt_does_not_come(site: Website, tmp_path: Path) -> None:
    def hang_up(handler: Handler) -> None:
        handler.close_connection = True

    site.pages["/robots.txt"] = hang_up
    [record] = check(tmp_path, [site], site.page("/a"))
    assert (site.paths(), record.reason) == ([], "de verbinding met de website lukte niet")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429])
def test_all_is_allowed_where_there_is_no_robots_txt(site: Website, tmp_path: Path, status: int) -> None:
    robots(site, "User-agent: *\nDisallow: /\n", status)
    [record] = check(tmp_path, [site], site.page("/a"))
    assert record.health is Health.OK


@pytest.mark.parametrize("media", ["text/plain", "text/html", "application/octet-stream"])
def test_robots_txt_counts_whatever_kind_the_server_calls_it(site: Website, tmp_path: Path, media: str) -> None:
    robots(site, "User-agent: *\nDisallow: /\n", media=media)
    assert check(tmp_path, [site], site.page("/a"))[0].health is Health.BLOCKED


def test_of_a_very_long_robots_txt_the_start_counts(site: Website, tmp_path: Path) -> None:
    robots(site, "User-agent: *\nDisallow: /dicht\n" + "# niets\n" * 100_000)
    closed, open_page = check(tmp_path, [site], site.page("/dicht"), site.page("/open"))
    assert (closed.health, open_page.health) == (Health.BLOCKED, Health.OK)


def test_website_that_a_redirect_leads_to_is_asked_too(site: Website, other: Website, tmp_path: Path) -> None:
    robots(other, "User-agent: *\nDisallow: /dicht\n")
    urls = [site.redirect("/a", elsewhere(other, "/dicht")), site.redirect("/b", elsewhere(other, "/open"))]
    closed, open_page = check(tmp_path, [site, other], *urls)
    assert (closed.health, open_page.health) == (Health.BLOCKED, Health.OK)
    assert "robots.txt" in closed.reason
    assert other.paths() == ["/open"]


def test_website_that_redirects_lead_to_gets_its_pause(site: Website, other: Website, tmp_path: Path) -> None:
    urls = [site.redirect(f"/{number}", elsewhere(other, f"/{number}")) for number in range(2)]
    urls.append(elsewhere(other, "/2"))
    check(tmp_path, [site, other], *urls, limits=Limits(seconds=1000, at_once=1, pause=5))
    times = [at for _, at, _ in other.seen]
    assert len(times) == 4
    assert min(after - before for before, after in pairwise(times)) >= 5


def test_two_ports_of_one_host_share_the_pause_but_not_robots_txt(
    site: Website, other: Website, tmp_path: Path
) -> None:
    robots(other, "User-agent: *\nDisallow: /\n")
    open_page, closed = check(
        tmp_path, [site, other], site.page("/a"), other.page("/a"), limits=Limits(seconds=1000, pause=5)
    )
    assert (open_page.health, closed.health) == (Health.OK, Health.BLOCKED)
    times = sorted(at for one in (site, other) for _, at, _ in one.seen)
    assert min(after - before for before, after in pairwise(times)) >= 5


def test_waiting_for_ones_turn_does_not_use_up_the_time_of_a_fetch(site: Website, tmp_path: Path) -> None:
    urls = [site.page(f"/{number}") for number in range(5)]
    records = check(tmp_path, [site], *urls, limits=Limits(seconds=20, at_once=1, pause=9))
    assert {record.health for record in records} == {Health.OK}


def test_crawl_delay_is_kept(site: Website, tmp_path: Path) -> None:
    robots(site, "User-agent: *\nCrawl-delay: 7\n")
    check(tmp_path, [site], site.page("/a"), site.page("/b"), limits=Limits(seconds=1000, pause=0))
    times = [at for path, at, _ in site.seen if path != "/robots.txt"]
    assert times[1] - times[0] == 7


def test_redirects_to_and_fro_between_two_websites_do_not_wait_for_each_other(
    site: Website, other: Website, tmp_path: Path
) -> None:
    urls = []
    for number in range(4):
        urls.append(site.redirect(f"/a{number}", elsewhere(other, f"/b{number}")))
        urls.append(other.redirect(f"/c{number}", site.page(f"/d{number}")).replace(NAME, OTHER))
    assert {one.health for one in check(tmp_path, [site, other], *urls)} == {Health.OK}


RULES = """\ufeff# van ons
User-agent: anderbot
Disallow: /

User-agent: *
Disallow: /alleen-anderen

user-agent: KompasBot/1.0   # wij

User-agent: tweede
Disallow: /map/
Allow: /map/open
Disallow: /*.pdf$
Disallow: /zoek*?q=
Disallow: /caf%C3%A9
Disallow:
Crawl-delay: 2

User-agent: kompasbot
Disallow: /later
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("", True),
        ("/alleen-anderen", True),
        ("/map/dicht", False),
        ("/map/open/a", True),
        ("/a/b.pdf", False),
        ("/a/b.pdf?x", True),
        ("/zoeken/nu?q=a", False),
        ("/zoeken/nu", True),
        ("/caf%c3%a9/a", False),
        ("/café", False),
        ("/later/b", False),
    ],
)
def test_own_groups_count_and_the_longest_rule_wins(path: str, allowed: bool) -> None:
    found = Robots.of(RULES, "kompasbot")
    assert found.allows(f"https://goed.example{path}") is allowed
    assert found.delay == 2


def test_rules_for_all_count_without_an_own_group() -> None:
    text = "User-agent: kompas\nDisallow: /\nUser-agent: *\nDisallow: /a\nCrawl-delay: veel\n"
    found = Robots.of(text, "kompasbot")
    assert [found.allows(f"https://goed.example{path}") for path in ("/a", "/b")] == [False, True]
    assert found.delay == 0


def test_pattern_with_many_stars_takes_no_time() -> None:
    found = Robots.of(f"User-agent: *\nDisallow: /{'a*' * 5_000}b$\n", "kompasbot")
    assert found.allows(f"https://goed.example/{'a' * 1_900}")
