"""Blocks from Markdown and from text that only looks like it."""

import time

import pytest

from ingest.blocks import BlockKind
from ingest.markdown import markdown_blocks, read_markdown
from kompasbot.errors import UnreadableFile
from tests.ingest.building import source


def kinds(text: str) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in markdown_blocks(text)]


def test_each_kind_of_block_is_told_apart() -> None:
    assert kinds("# Kop\n\nalinea\nloopt door\n\n- punt\n  - onder\n\n> citaat\n") == [
        ("heading", 1, "Kop"),
        ("paragraph", 0, "alinea loopt door"),
        ("bullet", 0, "punt"),
        ("bullet", 2, "onder"),
        ("quote", 0, "citaat"),
    ]


def test_blocks_know_their_lines() -> None:
    assert [
        block.line for block in read_markdown("---\ntitel: X\n---\n\n# A\n\nPRAKTIJKVOORBEELDEN\n- b\n", "f").blocks
    ] == [
        5,
        7,
        8,
    ]


def test_indented_paragraph_is_no_code() -> None:
    assert kinds("een\n\n    ver ingesprongen\n") == [("paragraph", 0, "een"), ("paragraph", 4, "ver ingesprongen")]


def test_long_line_above_a_rule_is_no_heading() -> None:
    assert kinds("woord " * 60 + "\n---\n")[0][0] == "paragraph"


def test_year_at_the_start_of_a_line_stays() -> None:
    assert kinds("2015. Een goed jaar.\n") == [("bullet", 1, "2015. Een goed jaar.")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** _c_ `d` ~e", "a b c d ~e"),
        ("a<br>b <i>c</i>", "a b c"),
        ("Ruimte &amp; Tijd \\(2005\\)", "Ruimte & Tijd (2005)"),
        ("![foto](x.png) tekst", "tekst"),
        ("<https://voorbeeld.example>", "https://voorbeeld.example"),
        ("[label][1]\n\n[1]: https://voorbeeld.example", "label"),
        ("[label]\n\n[label]: <https://voorbeeld.example> 'Titel'", "label"),
        ("Vul de naam in van <naam school> en <Naam>.", "Vul de naam in van <naam school> en <Naam>."),
        ("a <span class='x'>b</span> <o:p></o:p><x-y>c</x-y> <Tab id='1'>d</Tab>", "a b c d"),
        ("[klein]{.smallcaps} en []{#plek .anchor}groot", "klein en groot"),
    ],
)
def test_markup_gives_plain_text(text: str, expected: str) -> None:
    assert markdown_blocks(text)[0].text == expected


def test_tables_code_and_html_give_paragraphs() -> None:
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode x\n```\n\n<div>\nin html\n</div>\n\n<!-- weg -->\n"
    assert [block.text for block in markdown_blocks(text)] == ["a | b", "1 | 2", "code x", "in html"]


@pytest.mark.parametrize("address", ["#", "", "javascript:alert(1)", "documenten/x.md", "mailto:a@b.example"])
def test_only_addresses_of_the_web_are_addresses(address: str) -> None:
    assert markdown_blocks(f"[label]({address})")[0].labels == (("label", None),)


def test_front_matter_is_read_and_a_colon_in_a_value_does_no_harm() -> None:
    read = source("---\ntitel: Samen: zo kan het\nbron: 'X'\n---\nTekst.\n")
    assert dict(read.meta) == {"titel": "Samen: zo kan het", "bron": "X"}
    assert [block.text for block in read.blocks] == ["Tekst."]


def test_rules_around_text_are_no_front_matter() -> None:
    assert [block.text for block in source("---\ngewone tekst\n---\nmeer\n").blocks] == ["gewone tekst", "meer"]


def test_broken_front_matter_names_file_and_line() -> None:
    with pytest.raises(UnreadableFile, match=r"^lesmateriaal/factsheet\.md, regel 3"):
        source("---\ntitel: [een\nbron: x\n---\n\nTekst.\n")


def test_quote_with_a_list_stays_a_quote() -> None:
    assert {block.kind for block in markdown_blocks("> # kop\n>\n> - punt\n")} == {BlockKind.QUOTE}


def test_every_way_to_end_a_line_counts_as_one() -> None:
    assert [block.line for block in markdown_blocks("een\r\n\r\ntwee\r\rdrie\n\nvier")] == [1, 3, 5, 7]


@pytest.mark.parametrize(
    "text", ["<!--" * 60_000, "<div>\n" + "<" * 500_000, "<!---->" * 200_000, "\n" * 2_000_000 + "x"],
    ids=["comments that stay open", "tags that stay open", "comments", "blank lines"],
)  # fmt: skip
def test_the_time_follows_the_length_whatever_stays_open(text: str) -> None:
    began = time.process_time()
    markdown_blocks(text)
    assert time.process_time() - began < 5


def test_html_loses_its_tags_and_comments_only() -> None:
    (block,) = markdown_blocks("<div>een <!-- nee > nee --> twee 5 < 6 <b>drie</b>")
    assert block.text == "een twee 5 < 6 drie"


def test_line_numbers_count_blank_lines_that_are_left_out() -> None:
    assert [block.line for block in markdown_blocks("- een\n\n \n\n- twee\n\n\nDrie.")] == [1, 5, 8]


def told(text: str) -> list[str]:
    return [finding.message for finding in read_markdown(text, "les/a.md").findings]


def test_links_by_reference_have_their_address_and_images_in_the_text_are_counted() -> None:
    text = (
        "Zie [het rapport][1] en ![][image1].\n\n[1]: https://a.example/rapport\n\n[image1]: "
        "<data:image/png;base64,AAAA>\n"
    )
    [block] = markdown_blocks(text)
    assert (block.text, block.labels) == ("Zie het rapport en .", (("het rapport", "https://a.example/rapport"),))
    assert told(text) == ["Niet gelezen: 1 afbeelding."]


def test_line_that_only_looks_like_the_address_of_a_link_stays_text() -> None:
    assert [block.text for block in markdown_blocks("Tekst.\n\n[Jansen]: voorzitter\n")] == [
        "Tekst.",
        "[Jansen]: voorzitter",
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "## **Praktijkvoorbeelden** {#praktijk}",
        "PRAKTIJKVOORBEELDEN {: .kop #x }",
        "## Praktijkvoorbeelden {.unnumbered data-x=1}",
    ],
)
def test_name_that_a_program_gave_a_heading_is_no_part_of_it(heading: str) -> None:
    assert markdown_blocks(f"{heading}\n\ntekst\n")[0].text.lower() == "praktijkvoorbeelden"


def test_table_of_contents_is_left_out_and_counted() -> None:
    text = (
        "[Kosten\t2](#kosten)\n[Planning](#heading=h.x1)\n\n- [Kosten](#kosten)\n\n# Kosten\n\nZie "
        "[Planning](#planning).\n\n# Planning\n"
    )
    assert kinds(text) == [("heading", 1, "Kosten"), ("paragraph", 0, "Zie Planning."), ("heading", 1, "Planning")]
    assert told(text) == ["Niet gelezen: 3 regels van een inhoudsopgave."]


def test_links_without_a_heading_to_match_are_no_table_of_contents() -> None:
    assert kinds("- [Kieswijzer](#kies)\n- [Techkist](#)\n") == [("bullet", 0, "Kieswijzer"), ("bullet", 0, "Techkist")]


def test_note_stands_below_the_text_that_it_belongs_to() -> None:
    text = (
        "- Een punt[^1].\n- Nog een[^b].\n\n[^1]: Een noot met een [link](https://a.example).\n  Die "
        "doorgaat.\n[^b]: Noot twee.\n\nSlot.\n\n[^los]: Los.\n"
    )
    assert kinds(text) == [
        ("bullet", 0, "Een punt."),
        ("paragraph", 1, "Een noot met een link. Die doorgaat."),
        ("bullet", 0, "Nog een."),
        ("paragraph", 1, "Noot twee."),
        ("paragraph", 0, "Slot."),
        ("paragraph", 0, "Los."),
    ]
    assert markdown_blocks(text)[1].labels == (("link", "https://a.example"),)


def test_html_in_markdown_is_read_as_a_page_is() -> None:
    text = (
        "# Subsidies\n\n<table><tr><th>School</th><th>Bedrag</th></tr>\n<tr><td>De Linde</td><td>"
        "400&nbsp;euro</td></tr></table>\n\n"
        "<div><h3>Let op</h3>\n<p>V&oacute;&oacute;r 1 mei, zie <a href='https://a.example/f'>"
        "het formulier</a>.</p><ul><li>Een</li></ul></div>\n\n"
        "<style>\n.kader { color: red }\n</style>\n\n<details>\n<summary>Wat kost het?</summary>"
        "\n\nHet kost 400 euro.\n\n</details>\n"
    )
    assert kinds(text) == [
        ("heading", 1, "Subsidies"),
        ("paragraph", 0, "School | Bedrag"),
        ("paragraph", 0, "De Linde | 400 euro"),
        ("heading", 3, "Let op"),
        ("paragraph", 0, "Vóór 1 mei, zie het formulier."),
        ("bullet", 0, "Een"),
        ("heading", 2, "Wat kost het?"),
        ("paragraph", 0, "Het kost 400 euro."),
    ]
    assert markdown_blocks(text)[4].labels == (("het formulier", "https://a.example/f"),)


def test_link_in_html_within_a_line_keeps_its_address() -> None:
    [block] = markdown_blocks('Zie <a class="x" href="https://a.example/?a=1&amp;b=2">het <b>rapport</b></a> nu.')
    assert (block.text, block.labels) == ("Zie het rapport nu.", (("het rapport", "https://a.example/?a=1&b=2"),))


def test_empty_cell_keeps_its_place_and_links_in_a_table_their_address() -> None:
    blocks = markdown_blocks("| a | b | c |\n|---|---|---|\n| 1 |  | [drie](https://a.example) |\n| 4 |  |  |\n")
    assert [block.text for block in blocks] == ["a | b | c", "1 | | drie", "4"]
    assert blocks[1].labels == (("drie", "https://a.example"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Leraren {{< figure src="x.png" >}}krijgen {{% notice tip %}}hulp{{% /notice %}}.', ["Leraren krijgen hulp."]),
        ('{{< figure src="x.png" caption="Het lokaal" >}}', ["Het lokaal"]),
        ("{% include kop.html %}\nTekst van {{ page.title }}.\n{% raw %}", ["Tekst van ."]),
        ("Beste {{naam}}, welkom.", ["Beste {{naam}}, welkom."]),
        ("Zie [[Lesbrieven|de lesbrieven]], [[Plan#kop]] en ![[schema.png]].", ["Zie de lesbrieven, Plan en ."]),
        ("[TOC]\n\nTekst.\n\n[[_TOC_]]\n\n{:toc}", ["Tekst."]),
        (
            "> [!NOTE]\n> Gratis.\n\n> [!tip]- Handig\n> Neem een laptop mee.",
            ["Gratis.", "Handig: Neem een laptop mee."],
        ),
        (
            ":::tip Handig\nNeem een laptop mee.\n:::\n\n::: {.kader}\nKader.\n:::",
            ["Handig: Neem een laptop mee.", "Kader."],
        ),
        ('!!! note "Let op"\n    Voor 1 mei.', ["Let op: Voor 1 mei."]),
        ("Zichtbaar %% nog nagaan %% en meer.", ["Zichtbaar en meer."]),
        ("```\n{{< code >}} [[x]]\n```", ["{{< code >}} [[x]]"]),
    ],
)
def test_codes_of_programs_for_websites_give_way_to_their_words(text: str, expected: list[str]) -> None:
    assert [block.text for block in markdown_blocks(text)] == expected


def test_front_matter_in_toml_is_read_and_a_broken_one_says_so() -> None:
    read = source('+++\ntitle = "Begeleiding"\ndate = 2024-03-01\n+++\n\nTekst.\n')
    assert (read.meta["title"], [(block.text, block.line) for block in read.blocks]) == ("Begeleiding", [("Tekst.", 6)])
    with pytest.raises(UnreadableFile, match=r"tussen \+\+\+ en \+\+\+"):
        source("+++\ntitle = \n+++\n\nTekst.\n")


def test_front_matter_of_a_fetched_text_only_gives_its_title() -> None:
    read = read_markdown("---\nlayout: page\ntitle: Lijm\n---\nTekst.\n", "les/a.md", "https://a.example/a.md")
    assert (dict(read.meta), [block.text for block in read.blocks]) == ({"titel": "Lijm"}, ["Tekst."])
    broken = read_markdown("---\ntitel: [een\n---\n\nTekst.\n", "les/a.md", "https://a.example/a.md")
    assert broken.blocks[-1].text == "Tekst."
