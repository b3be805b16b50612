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
        ("[label][1]\n\n[1]: https://voorbeeld.example", "[label][1]"),
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
