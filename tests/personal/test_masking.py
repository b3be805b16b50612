"""What leads to a person is taken out of a text; an ordinary question stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompasbot.personal import mask, mask_numbers
from kompasbot.personal.masking import is_bsn, is_iban


@pytest.mark.parametrize(
    "number", ["123456782", "123 456 782", "1234.56.782", "12 34 56 782", "111222333", "123-456-782"]
)
def test_a_bsn_is_masked(number: str) -> None:
    assert mask(f"Mijn zoon ({number}) zoekt een school.") == "Mijn zoon ([persoonsnummer]) zoekt een school."


@pytest.mark.parametrize("named", ["BSN 12345678", "bsn: 123456789", "burgerservicenummer is 123.456.789"])
def test_a_number_that_is_called_a_bsn_is_masked_whatever_it_is(named: str) -> None:
    assert not any(char.isdigit() for char in mask(named))


@pytest.mark.parametrize(
    "number",
    ["NL91ABNA0417164300", "NL91 ABNA 0417 1643 00", "nl91abna0417164300", "NL91.ABNA.0417.1643.00", "BE68539007547034",
     "DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19", "FR1420041010050500013M02606"],
)  # fmt: skip
def test_an_iban_is_masked_and_the_words_after_it_stay(number: str) -> None:
    assert mask(f"Maak het over naar {number} op naam van 2 scholen.") == (
        "Maak het over naar [bankrekening] op naam van 2 scholen."
    )


@pytest.mark.parametrize(
    "address",
    ["jan.jansen@school.nl", "JAN_J+po@mail.school.nl", "jan [at] school.nl", "jan(at)school(punt)nl",
     "jan (at) school punt nl", "jan at school dot nl", "Jan AT school DOT nl", "jan apenstaartje school punt nl",
     "jan apenstaart school.nl", "jan@school punt nl", "jan @ school.nl", "jan @ school . nl", "jan at school.nl",
     "jan punt jansen apenstaartje mail punt school punt nl", "jan.jansen at mail.school punt nl",
     "j dot jansen (at) school dot nl", "jan {at} school {dot} nl", "jan <at> school punt gemeente",
     "jan@mail punt school punt nl", "jan@school.gemeente"],
)  # fmt: skip
def test_an_email_address_is_masked(address: str) -> None:
    assert mask(f"Mail {address}, graag snel.") == "Mail [e-mailadres], graag snel."


@pytest.mark.parametrize(
    "number",
    ["0612345678", "06-12345678", "06 12 34 56 78", "(06) 12345678", "020-1234567", "(020) 123 45 67",
     "020 - 123 45 67", "0485 12 34 56", "+31612345678", "+31 6 12345678", "+31 (0)6 12345678", "0031 6 12 34 56 78",
     "+32 475 12 34 56", "+49 30 901820", "+44 20 7946 0958", "+1-202-555-0123"],
)  # fmt: skip
def test_a_phone_number_is_masked(number: str) -> None:
    assert mask(f"Bel {number} voor meer.") == "Bel [telefoonnummer] voor meer."


@pytest.mark.parametrize("address", ["12, 3512 AB", "12a 3512AB", "3512 AB 12", "3512AB, nr. 12", "3512ab 12-3"])
def test_a_postcode_with_a_house_number_is_masked(address: str) -> None:
    assert mask(f"Ik woon op {address} in de stad.") == "Ik woon op [adres] in de stad."


ORDINARY = (
    "Wat is er veranderd van 2019-2024, of in 2023/2024?",
    "Bereikt Sterk Techniekonderwijs 100.000 leerlingen of 1.234.567 leerlingen?",
    "Klopt het dat er € 250.000.000 naar 123.456.789 lessen ging, of 100000000 euro?",
    "Wat doen 12 VO-scholen en 30 PO scholen in 2024 VO 12 keer per jaar?",
    "Welke van de 21 regio's deden in 2020 2021 2022 2023 2024 mee?",
    "Is groep 7 en 8 de doelgroep, 10-14 jaar, van 8.30 tot 12.15 uur?",
    "Wanneer is de bijeenkomst: 01-09-2024 20 uur of 1 september 2024 om 10:30?",
    "Ken je ISBN 978-90-123-4567-8 of doi 10.1007/s10798-011-9160-x?",
    "Wat zegt Kamerstuk 31 293 nr. 650 over artikel 2.14, lid 3?",
    "Kost het 0,5 fte of 1.200 uur, en is 75% genoeg, of 3 van de 4?",
    "Wat staat er op bladzijde 12 van https://school.example/pagina-2?",
    "Kan ik 112, 0800-1234 of 14 030 bellen?",
    "Wat is KvK-nummer 12345678 en BRIN 12AB?",
    "Werkt de 3D-printer mk3 van 1024x768 met Windows 11?",
    "Wat doet @school op sociale media, en wat is een API?",
    "Heeft NL een plan voor 2025, of NL2 in 2030?",
    "We zijn er aan toe punt. Wat nu?",
    "Hij at op school een appel. Punt. NL doet mee.",
    "Wat betekent een apenstaartje in een adres, en punt nl?",
    "Dat is een goed punt nl samenwerken met bedrijven.",
    "We komen @ school punt",
    "Wie at er mee, en op welk punt gaat het mis?",
    "Is SLO.nl of www.school.nl het punt waar je begint?",
    "Het apenstaartje staat op de toets. De punt nl komt erna.",
    "Kennisnet dot nl is een website, hoe begin ik at home?",
)


@pytest.mark.parametrize("question", ORDINARY)
def test_an_ordinary_question_stays_as_it_is(question: str) -> None:
    assert mask(question) == question


def test_how_to_reach_the_writer_stays_where_only_numbers_are_masked() -> None:
    text = "Mail ik@school.example of bel 06-12345678"
    assert mask_numbers(text) == text


@settings(deadline=None)
@given(st.integers(10_000_000, 99_999_999), st.sampled_from(["", " ", ".", "-"]))
def test_every_bsn_is_masked(start: int, gap: str) -> None:
    weighed = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), str(start), strict=True)) % 11
    digits = f"{start}{weighed}"
    if weighed == 10 or digits.endswith("000"):
        return
    assert is_bsn(digits)
    assert mask(f"het is {gap.join((digits[:3], digits[3:6], digits[6:]))}.") == "het is [persoonsnummer]."


@settings(deadline=None)
@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4), st.integers(0, 10**10 - 1))
def test_every_dutch_iban_is_masked(bank: str, account: int) -> None:
    plain = f"{bank}{account:010}"
    check = 98 - int("".join(str(int(char, 36)) for char in f"{plain}NL00")) % 97
    iban = f"NL{check:02}{plain}"
    assert is_iban(iban)
    assert mask(f"op {iban} graag") == "op [bankrekening] graag"


@settings(deadline=None)
@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)
