"""The address guard against any spelling of any address, made up by Hypothesis.

What is public is told by Python's ``ipaddress``, which has the registries of IANA, and not by the guard's own tables.
"""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kompasbot.fetching.guard import Guard, Refused, why_refused

_PROPERTY = settings(max_examples=200, deadline=None, derandomize=True)
_REFUSED_TOO = tuple(
    map(
        ip_network,
        "168.63.129.16/32 192.0.0.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.175.48.0/24 "
        "2001::/23 2002::/16 2620:4f:8000::/48 3fff::/20".split(),
    )
)
"""Routed, but of no website: a cloud's metadata address, relays, tunnels; and documentation that older Pythons miss."""
_SPECIAL_4 = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 192.168.0.0/16 "
    "198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32".split()
)
_SPECIAL_6 = (
    "::/96 64:ff9b:1::/48 100::/64 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8".split()
)
_DIGITS = (  # those that a name is looked up with as ordinary ones; Arabic ones for instance stay what they are
    "0123456789",
    "０１２３４５６７８９",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "⓪①②③④⑤⑥⑦⑧⑨",
    "⁰¹²³⁴⁵⁶⁷⁸⁹",
)
_DOTS = ".。．｡"  # all are dots in a name, says IDNA


def is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not any(address in one for one in _REFUSED_TOO)


OWN_4 = st.one_of(
    st.sampled_from(_SPECIAL_4).flatmap(lambda network: st.ip_addresses(network=network)), st.ip_addresses(v=4)
).filter(lambda address: not is_public(address))
OWN_6 = st.one_of(
    st.sampled_from(_SPECIAL_6).flatmap(lambda network: st.ip_addresses(network=network)), st.ip_addresses(v=6)
).filter(lambda address: not is_public(address))
PUBLIC = st.one_of(
    st.integers(0, 2**32 - 1).map(IPv4Address),
    st.integers(0, 2**125 - 1).map(lambda bits: IPv6Address(bits | 0x2000 << 112)),
).filter(is_public)


@st.composite
def spelled_4(draw: st.DrawFn) -> str:
    """An IPv4 address as the C library reads it: one to four numbers, each decimal, octal or hexadecimal."""
    number = int(draw(OWN_4))
    parts = draw(st.integers(1, 4))
    values = [number >> 24 - 8 * at & 0xFF for at in range(parts - 1)]
    values.append(number & (1 << 32 - 8 * (parts - 1)) - 1)
    return ".".join(draw(st.sampled_from(_spellings(value))) for value in values) + draw(st.sampled_from(["", "."]))


def _spellings(value: int) -> list[str]:
    return [f"{value}", f"0{value:o}", f"000{value:o}", f"{value:#x}", f"{value:#X}", f"0x000{value:x}"]


@st.composite
def in_other_signs(draw: st.DrawFn) -> str:
    """The same with digits and dots of other scripts, which become the ordinary ones on the way to the resolver."""
    digits = draw(st.sampled_from(_DIGITS))
    text = draw(spelled_4())
    return "".join(
        digits[int(char)] if char.isdigit() else draw(st.sampled_from(_DOTS)) if char == "." else char for char in text
    )


@st.composite
def percent_encoded(draw: st.DrawFn) -> str:
    text = draw(spelled_4())
    encoded = draw(st.integers(0, len(text) - 1))
    return "".join(
        f"%{ord(char):02x}" if at == encoded or draw(st.booleans()) else quote(char) for at, char in enumerate(text)
    )


def carrying(form: Callable[[int, int], int]) -> st.SearchStrategy[IPv6Address]:
    return st.builds(lambda own, low: IPv6Address(form(int(own), low)), OWN_4, st.integers(0, 2**16 - 1))


CARRYING_4 = st.one_of(
    carrying(lambda own, _: 0xFFFF << 32 | own),  # mapped
    carrying(lambda own, _: own),  # compatible
    carrying(lambda own, _: 0xFFFF << 48 | own),  # translated
    carrying(lambda own, _: 0x64FF9B << 96 | own),  # NAT64
    carrying(lambda own, low: 0x64FF9B0001 << 80 | low << 64 | own),
    carrying(lambda own, low: 0x2002 << 112 | own << 80 | low),  # 6to4
    carrying(lambda own, low: 0x20010000 << 96 | own << 64 | low << 32),  # Teredo, by its server and its client
    carrying(lambda own, low: 0x20010000 << 96 | 0x41000001 << 64 | low << 32 | own ^ 0xFFFFFFFF),
    carrying(lambda own, low: 0x2A00 << 112 | low << 64 | 0x5EFE << 32 | own),  # ISATAP
    carrying(lambda own, low: 0x2A00 << 112 | low << 64 | 0x02005EFE << 32 | own),
)
"""IPv6 addresses that lead to an IPv4 address."""


@st.composite
def spelled_6(draw: st.DrawFn) -> str:
    """An IPv6 address between brackets: short or whole, small letters or capitals, with an IPv4 tail, with a zone."""
    address = draw(st.one_of(OWN_6, CARRYING_4))
    low = int(address) & 0xFFFFFFFF
    tail = f"{address.exploded.rpartition(':')[0].rpartition(':')[0]}:{IPv4Address(low)}"
    text = draw(st.sampled_from([str(address), address.exploded, str(address).upper(), tail]))
    return f"[{text}{draw(st.sampled_from(['', '%1', '%25eth0', '%eth0', '%']))}]"


def nowhere(_host: str, _port: int) -> list[str]:
    raise AssertionError("a name that is refused by its form must not be looked up")


SPELLED = st.one_of(spelled_4(), in_other_signs(), percent_encoded(), spelled_6())
PARTS = st.sampled_from(
    [
        *"http:// https:// // [ ] : @ % / ? # \\ . - xn-- v1. 0x 1 é ß ٣ 。 localhost ::ffff: 127.0.0.1 :80".split(),
        *("\ud800", "\u200d", "\x00", "a" * 64, "9" * 5000),
    ]
)
TEXT = st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=8).map("".join))


@_PROPERTY
@given(SPELLED, st.sampled_from(["", ":80", ":443"]))
def test_no_spelling_of_an_address_that_is_not_public_is_let_through(host: str, port: str) -> None:
    with pytest.raises(Refused):
        Guard(nowhere).check_url(f"http://{host}{port}/pad")


@_PROPERTY
@given(SPELLED)
def test_no_spelling_of_an_address_that_is_not_public_is_connected_to(host: str) -> None:
    with pytest.raises(Refused):
        Guard(nowhere).addresses(host.removeprefix("[").removesuffix("]"), 80)


@_PROPERTY
@given(st.one_of(OWN_4, OWN_6, CARRYING_4), st.lists(PUBLIC, max_size=2), st.integers(0, 2))
def test_a_name_is_refused_when_any_of_its_addresses_is_not_public(
    own: IPv4Address | IPv6Address, others: list[IPv4Address | IPv6Address], place: int
) -> None:
    found = [str(one) for one in others]
    found.insert(place, str(own))
    with pytest.raises(Refused):
        Guard(lambda _host, _port: found).addresses("example.org", 443)


@_PROPERTY
@given(st.text("abc123%:.-_~!é", max_size=12), st.sampled_from(["example.org", "8.8.8.8", "127.0.0.1", "[::1]"]))
def test_a_name_or_password_before_the_host_is_refused(person: str, host: str) -> None:
    with pytest.raises(Refused):
        Guard(nowhere).check_url(f"https://{person}@{host}/")


@_PROPERTY
@given(PUBLIC)
def test_a_public_address_is_let_through(address: IPv4Address | IPv6Address) -> None:
    host = f"[{address}]" if address.version == 6 else str(address)
    assert Guard(nowhere).check_url(f"https://{host}/pad").hostname == str(address)
    assert Guard(nowhere).addresses(str(address), 443) == [str(address)]
    assert Guard(lambda _host, _port: [str(address)]).addresses("example.org", 443) == [str(address)]


@_PROPERTY
@given(TEXT, st.integers(-1, 70_000))
@example("http://[v1.a]/", 80)
@example("http://a:" + "9" * 1900 + "/", 80)
def test_any_text_is_let_through_or_refused_and_breaks_nothing(text: str, port: int) -> None:
    guard = Guard(lambda _host, _port: [text])
    for judge in (
        lambda: guard.check_url(text),
        lambda: guard.check_url(f"http://{text}/"),
        lambda: guard.addresses(text, port),
        lambda: guard.addresses("example.org", 443),
    ):
        try:
            judge()
        except (Refused, OSError):
            continue
    why_refused(text)
