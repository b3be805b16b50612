"""Errors in YAML name the file and line, in words that help."""

import pytest

from ingest.files import CorpusFile
from ingest.yamlfiles import LINE, load_entries, load_mapping, parse_yaml, texts
from kompasbot.errors import UnreadableFile
from tests.ingest.building import CorpusBuilder


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1,\nb: 2\n", "f.yaml, regel 2: de YAML klopt niet bij 'b: 2'"),
        ("a: x: y\n", "f.yaml, regel 1: de YAML klopt niet bij 'a: x: y'"),
        ("a: 1\n\tb: 2\n", "f.yaml, regel 2: de YAML klopt niet bij 'b: 2'"),
        ("a: 1\nb: 2\na: 3\n", "f.yaml, regel 3: 'a' staat er twee keer"),
        ("a: !!python/object:os.system x\n", "f.yaml, regel 1: de YAML klopt niet"),
        ("[" * 5000, "f.yaml"),
    ],
)
def test_broken_yaml_names_file_and_line(text: str, message: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_yaml(text, "f.yaml")
    assert str(caught.value).startswith(message)
    assert "aanhalingstekens" in caught.value.hint


def test_line_counts_from_where_the_yaml_begins_in_its_file() -> None:
    with pytest.raises(UnreadableFile, match="regel 3"):
        parse_yaml("a: 1\nb: [\n", "f.md", first_line=2)


def test_entries_know_their_lines(corpus: CorpusBuilder) -> None:
    path = corpus.write("x.yaml", "# uitleg\n- a: 1\n\n- a: 2\n")
    assert [entry[LINE] for entry in load_entries(CorpusFile("x.yaml", path))] == [2, 4]


@pytest.mark.parametrize("text", ["", "# alleen uitleg\n"])
def test_empty_file_says_nothing(corpus: CorpusBuilder, text: str) -> None:
    file = CorpusFile("x.yaml", corpus.write("x.yaml", text))
    assert (load_entries(file), load_mapping(file)) == ([], {})


def test_mapping_where_a_list_belongs_and_the_reverse_are_refused(corpus: CorpusBuilder) -> None:
    with pytest.raises(UnreadableFile, match="hier hoort een lijst"):
        load_entries(CorpusFile("x.yaml", corpus.write("x.yaml", "a: 1\n")))
    with pytest.raises(UnreadableFile, match="hier horen regels"):
        load_mapping(CorpusFile("x.yaml", corpus.write("x.yaml", "- 1\n")))


def test_texts_are_trimmed_and_given_once() -> None:
    assert texts(["  een \n twee", "een twee", "", 2024], "f") == ("een twee", "2024")


@pytest.mark.parametrize("value", ["tekst", [{"Hoe zo": "dus", LINE: 3}], [None], [True]])
def test_anything_but_texts_is_refused(value: object) -> None:
    with pytest.raises(UnreadableFile):
        texts(value, "f")


@pytest.mark.parametrize("text", ["[" * 20_000, "- " * 20_000, "{a: " * 20_000])
def test_values_that_lie_too_deep_are_refused_and_end_no_process(text: str) -> None:
    with pytest.raises(UnreadableFile, match="te veel lijsten in elkaar"):
        parse_yaml(text, "les/links.yaml")
