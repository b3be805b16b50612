"""Plain text is text: only the signs of a list at the start of a line mean something."""

from ingest.plaintext import read_text

TEXT = """\
Afspraken over de Techkist

Vul de naam in van <naam school> en mail naar Jan <jan@voorbeeld.example>.
Het bedrag is * 400 euro * per jaar, zie begroting_2026_definitief.xlsx.
1. Haal de kist op.
2. Breng de kist terug.
   Let op: voor 12:00 uur.

• Een punt
   - Een punt eronder

Voor leerlingen < 12 jaar geldt een lager tarief.
-----
# dit is geen kop
"""


def kinds(text: str) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in read_text(text, "les/a.txt").blocks]


def test_text_keeps_every_word_and_sign() -> None:
    assert kinds(TEXT) == [
        ("paragraph", 0, "Afspraken over de Techkist"),
        (
            "paragraph",
            0,
            "Vul de naam in van <naam school> en mail naar Jan <jan@voorbeeld.example>. "
            "Het bedrag is * 400 euro * per jaar, zie begroting_2026_definitief.xlsx.",
        ),
        ("bullet", 0, "1. Haal de kist op."),
        ("bullet", 0, "2. Breng de kist terug. Let op: voor 12:00 uur."),
        ("bullet", 0, "Een punt"),
        ("bullet", 3, "Een punt eronder"),
        ("paragraph", 0, "Voor leerlingen < 12 jaar geldt een lager tarief."),
        ("paragraph", 0, "# dit is geen kop"),
    ]


def test_blocks_of_text_know_their_lines() -> None:
    assert [block.line for block in read_text("een\n\n- twee\nverder\n\ndrie", "les/a.txt").blocks] == [1, 3, 6]


def test_front_matter_of_a_text_is_read_and_of_a_fetched_one_its_title() -> None:
    text = "---\ntitel: Afspraken\nweergave: notitie\n---\nTekst."
    assert dict(read_text(text, "les/a.txt").meta) == {"titel": "Afspraken", "weergave": "notitie"}
    assert dict(read_text(text, "les/a.txt", "https://a.example/a.txt").meta) == {"titel": "Afspraken"}


def test_factsheet_that_was_exported_as_text_is_read_as_its_markdown() -> None:
    text = "INZICHTEN UIT ONDERZOEK\n\n* Een **inzicht** van [Jansen](#).\n\nPRAKTIJKVOORBEELDEN\n\n1. Een voorbeeld.\n"
    assert kinds(text) == [
        ("paragraph", 0, "INZICHTEN UIT ONDERZOEK"),
        ("bullet", 0, "Een inzicht van Jansen."),
        ("paragraph", 0, "PRAKTIJKVOORBEELDEN"),
        ("bullet", 1, "Een voorbeeld."),
    ]
