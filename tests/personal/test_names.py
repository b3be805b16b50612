"""Names of pupils and the people around them are masked; schools, projects, roles and well-known people stay."""

import pytest

from kompasbot.personal import mask

PUPILS = (
    ("Mijn leerling Daan de Vries wil niet naar de techniekles.", "Daan|Vries"),
    ("mijn leerling daan de vries vindt techniek saai", "daan|vries"),
    ("Hoe motiveer ik leerling Fatima El Amrani voor een bètaprofiel?", "Fatima|Amrani"),
    ("Mijn zoon Sem zit in groep 8. Wat kan Sem met techniek?", "Sem"),
    ("Onze dochter Roos wil graag naar een technische opleiding.", "Roos"),
    ("Een leerling van mij, Youssef, zoekt een stage.", "Youssef"),
    ("Een leerling uit mijn klas, Lotte Jansen, wil programmeren.", "Lotte|Jansen"),
    ("Mijn leerlingen Daan, Sem en Fatima doen mee aan de wedstrijd.", "Daan|Sem|Fatima"),
    ("Ik heb een leerling die Nouri heet en niet mee wil doen.", "Nouri"),
    ("De naam van de leerling is Xanthe Wiersema.", "Xanthe|Wiersema"),
    ("Naam: Pieter van den Berg, groep 7.", "Pieter|Berg"),
    ("Leerling: Mila Bakker (11 jaar)", "Mila|Bakker"),
    ("Daan (12) wil later monteur worden, welk voorbeeld past?", "Daan"),
    ("Emma uit groep 7 vindt techniek niets voor meisjes.", "Emma"),
    ("Thijs zit in groep 8 en bouwt graag robots.", "Thijs"),
    ("Sophie de Boer, een leerling van onze school, zoekt een mentor.", "Sophie|Boer"),
    ("Noah is mijn leerling en heeft moeite met rekenen.", "Noah"),
    ("Julia, 14 jaar, twijfelt over haar profiel.", "Julia"),
    ("Hoe help ik mijn leerling M. Hendriks?", "Hendriks"),
    ("Kan mijn dochter Aaliyah meedoen met Girlsday?", "Aaliyah"),
    ("Het kind Jayden Pinas is erg handig.", "Jayden|Pinas"),
    ("Wat zeg ik tegen de moeder van Thijmen?", "Thijmen"),
    ("De cijfers van Lieke van Dam vallen tegen bij natuurkunde.", "Lieke|Dam"),
    ("Mijn leerling heet Zeynep Yılmaz.", "Zeynep|lmaz"),
    ("mijn zoon bram wil naar het technasium", "bram"),
    ("Ik ben Karin Mulder, mijn klas wil op bedrijfsbezoek.", "Karin|Mulder"),
    ("Mijn naam is Ahmed Bouzid en ik zoek een stage.", "Ahmed|Bouzid"),
    ("Welke hulp is er voor Noor Hassan? Ze wil techniek doen.", "Noor|Hassan"),
    ("Jesse van der Meulen mag van zijn ouders geen techniek kiezen.", "Jesse|Meulen"),
    ("Mijn collega Annemiek Postma zoekt lesmateriaal.", "Annemiek|Postma"),
    ("Mevrouw Dijkstra zegt dat het project stopt.", "Dijkstra"),
    ("Hoe betrek ik meneer De Bruin bij de klas?", "Bruin"),
    ("Juf Anja wil met groep 6 naar een bedrijf.", "Anja"),
    ("Mijn leerling Daan wil niet. Daans vader werkt bij een bedrijf.", "Daan"),
    ("mijn neefje Mats van 9 jaar houdt van bouwen", "Mats"),
    ("Een meisje in mijn klas, Aïcha, durft niet te solderen.", "cha"),
    ("Mijn stagiair Kevin Smit geeft de les.", "Kevin|Smit"),
    ("Mijn pleegzoon Luca doet vmbo.", "Luca"),
    ("Groetjes, Marieke", "Marieke"),
    ("Wat kan ik doen voor Anne-Fleur, een leerling met dyslexie?", "Fleur"),
    ("De leerling (Tygo Veldman) heeft talent.", "Tygo|Veldman"),
    ("Mijn oudste dochter Saar kiest een profiel.", "Saar"),
    ("Is er iets voor Bilal? Hij is mijn leerling.", "Bilal"),
    ("Mijn kleinkind Guus wil later iets met water.", "Guus"),
    ("Fenna komt uit groep 6 en wil mee.", "Fenna"),
    ("Sara B. uit mijn klas wil niet.", "Sara|B."),
    ("Onze Tim is 10 en gek op Lego.", "Tim"),
    ("Mijn leerling Storm wil piloot worden.", "Storm"),
    ("Gesprek met Naomi's ouders: hoe pak ik dat aan?", "Naomi"),
    ("Leerling Anna-Sophie van 't Hof stopt.", "Sophie|Hof"),
    ("Jansen, Piet (groep 8) wil meedoen.", "Piet"),
    ("Mohammed heeft autisme en is goed in techniek.", "Mohammed"),
)


@pytest.mark.parametrize(("question", "names"), PUPILS)
def test_a_name_of_a_pupil_or_of_who_is_near_is_masked(question: str, names: str) -> None:
    masked = mask(question)
    assert "[naam]" in masked
    assert not [name for name in names.split("|") if name in masked], masked


def test_the_rest_of_the_question_stays() -> None:
    assert mask("Mijn leerling Daan de Vries wil niet naar de techniekles. Wat helpt Daan?") == (
        "Mijn leerling [naam] wil niet naar de techniekles. Wat helpt [naam]?"
    )


ADDRESSES = (
    ("Ik woon op Kerkstraat 12 in Zwolle.", "Kerkstraat 12"),
    ("Hij woont aan de Lange Nieuwstraat 12b, Utrecht.", "Nieuwstraat 12"),
    ("ons adres is dorpsstraat 5", "dorpsstraat 5"),
    ("Laan van Meerdervoort 100 is ons adres.", "Meerdervoort 100"),
    ("Burgemeester de Vlugtlaan 3 in Amsterdam", "Vlugtlaan 3"),
    ("De familie woont op Parkweg 44.", "Parkweg 44"),
    ("wij wonen op de kerkweg 8", "kerkweg 8"),
    ("Mijn postcode is 3511 AB.", "3511"),
    ("Wij zitten op 7411 LW in Deventer.", "7411"),
    ("Wij wonen in de Tulpstraat op nummer 14.", "14"),
    ("Wij wonen op nummer 14 in de Tulpstraat.", "14"),
    ("Mijn vriendin woont Hoofdstraat 101, 1234 AB Ons Dorp.", "Hoofdstraat"),
    ("Oude Gracht 7-2, Utrecht, is het huis van mijn leerling.", "Gracht 7"),
    ("Prins Hendrikkade 21, 1012 TM Amsterdam", "1012"),
)


@pytest.mark.parametrize(("question", "address"), ADDRESSES)
def test_a_street_with_a_number_is_masked_also_without_its_postcode(question: str, address: str) -> None:
    assert address not in mask(question)


NUMBERS = (
    ("Het bsn-nummer van mijn leerling Daan de Vries is 123456789.", "123456789"),
    ("Onderwijsnummer 101234567 hoort bij Sem.", "101234567"),
    ("Het BSN van mijn dochter: 1112.22.333", "1112"),
    ("Mail naar daan.devries@leerling.school.nl", "daan"),
    ("mijn nummer is 06 - 12 34 56 78", "12 34"),
    ("IBAN NL91 ABNA 0417 1643 00 van de ouders", "ABNA"),
)


@pytest.mark.parametrize(("question", "number"), NUMBERS)
def test_a_number_or_address_with_a_name_around_it_is_masked(question: str, number: str) -> None:
    assert number not in mask(question)


def test_what_the_sources_tell_stays() -> None:
    told = {"info@programma.example", "Heleen Visser", "Stationsweg 4"}
    text = "Wie is Heleen Visser, is info@programma.example van haar, en zit ze op Stationsweg 4 of Stationsweg 5?"
    assert mask(text, told.__contains__) == text.replace("Stationsweg 5", "[adres]")


def test_a_pupil_stays_masked_whatever_the_sources_tell() -> None:
    assert mask("Mijn leerling Daan de Vries is ziek.", lambda _: True) == "Mijn leerling [naam] is ziek."
