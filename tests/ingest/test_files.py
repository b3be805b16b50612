"""What belongs to a corpus, its limits, and text that is no text."""

import os
from pathlib import Path

import pytest

from ingest import files
from ingest.corpus import read_corpus
from ingest.files import CorpusFile, changed_on, clean, corpus_digest, list_files, read_text
from kompasbot.errors import CorpusError, UnreadableFile
from tests.ingest.building import FACTSHEET, CorpusBuilder


def as_file(path: Path) -> CorpusFile:
    return CorpusFile("map/tekst.md", path)


def test_files_come_in_a_fixed_order_without_hidden_ones_and_readme(corpus: CorpusBuilder) -> None:
    for where in (
        "b/x.md",
        "a/y.md",
        ".git/config",
        "a/.DS_Store",
        "a/~$y.docx",
        "a/y.md~",
        "README.md",
        "leesmij.txt",
    ):
        corpus.write(where, "x")
    assert [file.where for file in list_files(corpus.path)] == ["a/y.md", "b/x.md"]


def test_questions_of_an_evaluation_are_no_knowledge_and_change_no_digest(corpus: CorpusBuilder) -> None:
    corpus.write("a/factsheet.md", "x")
    corpus.write("evaluatie/factsheet.md", "een factsheet over evalueren")
    corpus.write("a/documenten/evaluatie/verslag.md", "een document over evalueren")
    before = corpus_digest(corpus.path)
    corpus.write("a/evaluatie/questions.jsonl", "{}")
    assert [file.where for file in list_files(corpus.path)] == [
        "a/documenten/evaluatie/verslag.md",
        "a/factsheet.md",
        "evaluatie/factsheet.md",
    ]
    assert corpus_digest(corpus.path) == before


def test_missing_folder_says_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is er niet") as caught:
        list_files(tmp_path / "weg")
    assert "KOMPASBOT_CORPUS" in caught.value.hint


def test_empty_folder_says_what_to_put_in_it(corpus: CorpusBuilder) -> None:
    with pytest.raises(CorpusError, match="is leeg") as caught:
        list_files(corpus.path)
    assert "factsheet.md" in caught.value.hint


def test_too_large_file_is_named(corpus: CorpusBuilder) -> None:
    path = corpus.write("map/groot.md", "")
    os.truncate(path, files.MAX_BYTES + 1)
    with pytest.raises(UnreadableFile, match=r"map/groot\.md: dit bestand is te groot: 20 MB"):
        read_text(list_files(corpus.path)[0])


def test_too_many_files_are_refused(corpus: CorpusBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 2)
    for number in range(3):
        corpus.write(f"map/{number}.md", "x")
    with pytest.raises(CorpusError, match="meer dan 2 bestanden"):
        list_files(corpus.path)


def odd_ones(corpus: CorpusBuilder, outside: Path) -> dict[str, str]:
    """Puts files into the documents of a factsheet that are none, or not of the corpus; gives what is said of each."""
    documents = corpus.write("lesmateriaal/documenten/goed.md", "# Goed\n\nGewone tekst.\n").parent
    os.mkfifo(documents / "pijp.md")
    (documents / "apparaat.txt").symlink_to("/dev/zero")
    (documents / "weg.md").symlink_to("nergens.md")
    (documents / "rond.md").symlink_to("rond.md")
    outside.write_text("# Geheim\n\nNiet voor lezers.\n")
    (documents / "buiten.md").symlink_to(outside)
    (documents / "binnen.md").symlink_to("goed.md")
    return {
        "apparaat.txt": "geen gewoon bestand",
        "buiten.md": "buiten de map met factsheets",
        "pijp.md": "geen gewoon bestand",
        "rond.md": "niet te openen",
        "weg.md": "niet te openen",
    }


@pytest.mark.timeout(60)
def test_what_is_no_file_of_the_corpus_costs_a_finding_and_the_rest_is_read(
    corpus: CorpusBuilder, tmp_path: Path
) -> None:
    corpus.factsheet()
    odd = odd_ones(corpus, tmp_path / "geheim.md")
    reading = read_corpus(corpus.path)
    wrong = {one.where.rpartition("/")[2]: one.message for one in reading.findings if one.severity == "fout"}
    assert list(wrong) == list(odd)
    assert [name for name, said in odd.items() if said not in wrong[name]] == []
    documents = [item for item in reading.knowledge.items if item.type == "document"]
    assert [item.text for item in documents] == ["Gewone tekst.", "Gewone tekst."]


@pytest.mark.timeout(60)
def test_a_factsheet_from_outside_the_corpus_is_not_published(corpus: CorpusBuilder, tmp_path: Path) -> None:
    outside = tmp_path / "factsheet.md"
    outside.write_text(FACTSHEET)
    (corpus.path / "les").mkdir()
    (corpus.path / "les" / "factsheet.md").symlink_to(outside)
    with pytest.raises(UnreadableFile, match=r"^les/factsheet\.md: .* buiten de map"):
        read_corpus(corpus.path)


def test_a_corpus_that_is_reached_by_a_link_is_read(corpus: CorpusBuilder, tmp_path: Path) -> None:
    corpus.factsheet()
    (tmp_path / "hier").symlink_to(corpus.path)
    assert read_corpus(tmp_path / "hier").knowledge.items


def test_a_file_that_comes_back_changes_the_digest(corpus: CorpusBuilder) -> None:
    (corpus.path / "weg.md").symlink_to("nergens.txt")
    before = corpus_digest(corpus.path)
    corpus.write("nergens.txt", "tekst")
    (corpus.path / "weg.md").unlink()
    corpus.write("weg.md", "tekst")
    assert corpus_digest(corpus.path) != before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("een\ntwee\nde \xeb-klank".encode("latin-1"), "regel 3: dit is geen tekst in UTF-8"),
        ("tekst".encode("utf-16"), "regel 1: dit is geen tekst in UTF-8"),
        (b"%PDF\n\x00\x01", "regel 2: dit is geen tekstbestand"),
    ],
)
def test_file_that_is_no_text_is_refused_with_its_line(corpus: CorpusBuilder, content: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"^map/tekst\.md, {message}"):
        read_text(as_file(corpus.write("map/tekst.md", content)))


def test_text_loses_its_mark_and_windows_newlines(corpus: CorpusBuilder) -> None:
    path = corpus.write("map/tekst.md", b"\xef\xbb\xbfeen\r\ntwee")
    assert read_text(as_file(path)) == "een\ntwee"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cree\u0308ren", "creëren"),
        ("sa\u00admen", "samen"),
        ("a\u00a0b", "a b"),
        ("a\x07b\tc", "ab\tc"),
        ("a\rb", "a\nb"),
    ],
)
def test_characters_that_nobody_sees_are_levelled(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_digest_stays_when_nothing_changed(corpus: CorpusBuilder) -> None:
    path = corpus.write("map/a.md", "tekst")
    before = corpus_digest(corpus.path)
    os.utime(path, (0, 0))
    assert corpus_digest(corpus.path) == before
    assert len(before) == 32


@pytest.mark.parametrize("change", [("map/a.md", "andere tekst"), ("map/b.md", "tekst"), ("map/items.yaml", "[]")])
def test_digest_follows_every_change(corpus: CorpusBuilder, change: tuple[str, str]) -> None:
    corpus.write("map/a.md", "tekst")
    before = corpus_digest(corpus.path)
    corpus.write(*change)
    assert corpus_digest(corpus.path) != before


def test_digest_follows_a_new_name(corpus: CorpusBuilder) -> None:
    path = corpus.write("map/a.md", "tekst")
    before = corpus_digest(corpus.path)
    path.rename(path.with_name("b.md"))
    assert corpus_digest(corpus.path) != before


def test_date_of_a_file_is_the_day_it_changed(corpus: CorpusBuilder) -> None:
    path = corpus.write("map/a.md", "tekst")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert changed_on(as_file(path)) in ("2023-11-14", "2023-11-15")
