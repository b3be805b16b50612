"""No link reaches into the own network: whatever form its address has, directly or by a redirect."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kompasbot.fetching.checking import Checker
from kompasbot.fetching.fetching import Limits
from kompasbot.fetching.guard import Guard, Refused, why_refused
from kompasbot.fetching.shelf import Shelf
from kompasbot.knowledge import Health
from tests.fetching.website import NAME, Website, plain, website

FORMS = """
http://127.0.0.1/ http://127.0.0.1:80/ http://127.1/ http://127.0.1/ http://0/ http://0.0.0.0/ http://127.255.255.254/
http://2130706433/ http://0x7f000001/ http://0x7f.0.0.1/ http://0x7f.1/ http://017700000001/ http://0177.0.0.1/
http://0177.1/ http://127.0.0.1./ http://127.0.0.01/ http://00000127.0.0.1/ http://4294967295/ http://3232235521/
http://10.0.0.1/ http://10.255.255.255/ http://172.16.0.1/ http://172.31.255.255/ http://192.168.0.1/ http://0xc0a80001/
http://100.64.0.1/ http://100.127.255.255/ http://100.100.100.200/ http://169.254.169.254/latest/meta-data/
http://169.254.0.1/ http://2852039166/ http://0xa9fea9fe/ http://0251.0376.0251.0376/ http://168.63.129.16/
http://192.0.0.1/ http://192.0.0.192/ http://192.0.2.1/ http://198.51.100.7/ http://203.0.113.9/ http://198.18.0.1/
http://192.88.99.1/ http://224.0.0.1/ http://239.255.255.250/ http://240.0.0.1/ http://255.255.255.255/ http://1.2.3/
http://1.2.3.4.5/ http://256.1.1.1/ http://0x/ http://[::1]/ http://[::]/ http://[::127.0.0.1]/ http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/ http://[::ffff:10.0.0.1]/ http://[::ffff:169.254.169.254]/ http://[::ffff:0:127.0.0.1]/
http://[64:ff9b::127.0.0.1]/ http://[64:ff9b::a9fe:a9fe]/ http://[64:ff9b:1::1]/ http://[2002:7f00:1::]/
http://[2002:a00:1::1]/ http://[2001:0:53aa:64c:0:0:80ff:fffe]/ http://[2001::1]/ http://[fe80::1]/ http://[fe80::1%25eth0]/
http://[fec0::1]/ http://[fc00::1]/ http://[fd00:ec2::254]/ http://[fd12:3456::1]/ http://[ff02::1]/ http://[100::1]/
http://[2001:db8::1]/ http://[3fff::1]/ http://[5f00::1]/ http://[2606:4700::5efe:7f00:1]/ http://[2001:10::1]/
http://localhost/ http://LOCALHOST/ http://localhost./ http://foo.localhost/ http://printer.local/ http://intranet/
http://metadata.google.internal/ http://router.lan/ http://server.corp/ http://1.0.0.127.in-addr.arpa/ http://a.onion/
http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://１２７.0.0.1/ http://localhoſt/ http://user:pass@example.org/
http://127.0.0.1@example.org/ http://example.org@127.0.0.1/ http://example.org:22/ http://example.org:6379/ http:///x
http://-x-.example/ http://a..b.example/ http://[::1 http://example.org:99999/ http://example.org\\@127.0.0.1/
ftp://example.org/a file:///etc/passwd gopher://example.org/ data:text/html,x javascript:alert(1) ws://example.org/
dict://example.org:11211/ ldap://example.org/ jar:http://example.org!/ //example.org/ example.org/pad
""".split()
PUBLIC = ("93.184.216.34", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700:4700::1111", "2a00:1450::1")
OWN = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:192.168.1.1", "2002:a00:1::1", "x")


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as running:
        yield running


def checked(site: Website, folder: Path, url: str, seconds: float = 5) -> tuple[Health, str]:
    record = Checker(Shelf(folder), plain, site.guard(), Limits(seconds=seconds, pause=0)).check([url])[url]
    return record.health, record.reason


def is_absolute(form: str) -> bool:
    """Whether a form can be sent as the target of a redirect; one without a host would lead back to the site."""
    return form.isascii() and ":///x" not in form and ("://" in form or form.startswith(("data:", "javascript:")))


def nowhere(_host: str, _port: int) -> list[str]:
    raise AssertionError("a name that is refused by its form must not be looked up")


def test_there_are_enough_forms() -> None:
    assert len(set(FORMS)) >= 100


@pytest.mark.parametrize("url", FORMS)
def test_form_is_refused_before_anything_is_looked_up(url: str) -> None:
    with pytest.raises(Refused):
        Guard(nowhere).check_url(url)


def test_every_form_is_refused_when_a_redirect_leads_there(site: Website, tmp_path: Path) -> None:
    urls = [site.redirect(f"/naar/{number}", form) for number, form in enumerate(FORMS) if is_absolute(form)]
    found = Checker(Shelf(tmp_path), plain, site.guard(), Limits(seconds=5, pause=0)).check(urls)
    assert {url: one.health for url, one in found.items() if one.health is not Health.BLOCKED} == {}
    assert len(site.paths()) == len(urls)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_allowed(address: str) -> None:
    assert why_refused(address) is None
    assert Guard(lambda _host, _port: [address]).addresses("example.org", 443) == [address]


@pytest.mark.parametrize("address", OWN)
def test_name_that_leads_into_the_own_network_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        Guard(lambda _host, _port: [address]).addresses("example.org", 443)


def test_one_bad_address_among_good_ones_is_enough() -> None:
    with pytest.raises(Refused):
        Guard(lambda _host, _port: ["8.8.8.8", "10.0.0.1"]).addresses("example.org", 443)


def test_ordinary_addresses_pass() -> None:
    for url in (
        "https://doi.org/10.1000/x?y=1#z",
        "http://www.example.org:8080/é",
        "https://bücher.example/",
        PUBLIC_V6,
    ):
        Guard(nowhere).check_url(url)


PUBLIC_V6 = "https://[2606:4700:4700::1111]/"


def test_name_that_changes_its_address_on_the_way_is_judged_again(site: Website, tmp_path: Path) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])
    site.page("/doel")
    url = site.redirect("/start", site.url("/doel"))
    guard = site.guard(lambda _host, _port: next(answers))
    record = Checker(Shelf(tmp_path), plain, guard, Limits(seconds=5, pause=0)).check([url])[url]
    assert record.health is Health.BLOCKED
    assert site.paths() == ["/start"]


def test_connection_goes_to_the_judged_address_and_the_name_is_looked_up_once(site: Website, tmp_path: Path) -> None:
    asked = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    site.page("/robots.txt", b"", content_type="text/plain")
    url = site.page("/")
    record = Checker(Shelf(tmp_path), plain, site.guard(resolve), Limits(seconds=5, pause=0)).check([url])[url]
    assert record.health is Health.OK
    assert asked == [NAME, NAME]


def test_proxy_of_the_environment_is_not_used(site: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert checked(site, tmp_path, site.page("/"))[0] is Health.OK


def test_message_says_in_dutch_why(site: Website, tmp_path: Path) -> None:
    health, reason = checked(site, tmp_path, "http://169.254.169.254/")
    assert (health, reason) == (
        Health.BLOCKED,
        "dit adres wordt niet opgehaald: het adres hoort bij een eigen netwerk en niet bij het internet",
    )
