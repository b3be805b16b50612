"""An ingestion from folder to published index, and what goes wrong on the way."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest
from filelock import FileLock
from rich.console import Console

from ingest.approval import refusal
from ingest.files import corpus_digest
from ingest.gate import ChangedFact, Gate, Verdict, open_gate
from ingest.pipeline import ingest, rehearse
from ingest.report import Report
from ingest.report_html import page
from kompasbot.embedding import Matrix, local_embedder
from kompasbot.errors import Busy, CorpusError, FactsChanged, KompasbotError, PublicationStopped, UncertainMatch
from kompasbot.retrieval.index import open_index
from kompasbot.settings import Settings
from kompasbot.store import Generation, current, generations, read_manifest, upkeep
from kompasbot.store.notes import Asked, Measured, Resolved, read_notes
from tests.lesson import SHEET

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
"""Whole ingestions, each with processes of its own: slow on a busy machine."""


@dataclass
class Counting:
    """The local embedder, counting what it embeds."""

    name: str = local_embedder().name
    dimension: int = local_embedder().dimension
    texts: list[str] = field(default_factory=list)

    def embed_matrix(self, texts: Sequence[str]) -> Matrix:
        self.texts += texts
        return local_embedder().embed_matrix(texts)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """A folder whose corpus was ingested, with the report; ``settings`` and ``corpus`` give each test a copy."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "corpus" / "lesmateriaal"
    folder.mkdir(parents=True)
    (folder / "factsheet.md").write_text(SHEET, encoding="utf-8")
    return home, run(Settings(data=home / "data"), home / "corpus")


@pytest.fixture
def first(once: tuple[Path, Report]) -> Report:
    """The report of the ingestion that went before."""
    return once[1]


@pytest.fixture
def corpus(once: tuple[Path, Report], tmp_path: Path) -> Path:
    return Path(shutil.copytree(once[0] / "corpus", tmp_path / "corpus"))


@pytest.fixture
def settings(once: tuple[Path, Report], tmp_path: Path) -> Settings:
    return Settings(data=Path(shutil.copytree(once[0] / "data", tmp_path / "data")))


@pytest.fixture
def fresh(tmp_path: Path) -> Settings:
    """Settings under which nothing was ever ingested."""
    return Settings(data=tmp_path / "leeg")


def run(
    settings: Settings,
    corpus: Path,
    embedder: Counting | None = None,
    *,
    force: bool = False,
    gate: Gate = open_gate,
    rebuild: bool = False,
) -> Report:
    return ingest(settings, corpus, embedder or Counting(), force=force, gate=gate, rebuild=rebuild)


def edit(corpus: Path, old: str, new: str) -> None:
    path = corpus / "lesmateriaal" / "factsheet.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_an_edited_factsheet_is_what_the_index_knows_next(settings: Settings, corpus: Path) -> None:
    edit(corpus, "robots in de kleuterklas", "drones in de kleuterklas")
    embedder = Counting()
    report = run(settings, corpus, embedder)
    index = open_index(settings)
    assert index.search("drones")[0].item.title == "De Wit: robots"
    index.close()
    assert embedder.texts == ["De Wit: robots: De Wit (2019) onderzocht drones in de kleuterklas."]
    changed = [change.title for sheet in report.sheets for change in sheet.changes]
    assert changed == ["De Wit: robots"]


def test_nothing_changed_embeds_nothing_and_publishes_nothing(settings: Settings, corpus: Path, first: Report) -> None:
    embedder = Counting()
    second = run(settings, corpus, embedder)
    assert (second.published, second.generation) == (False, first.generation)
    assert embedder.texts == []


def printed(report: Report) -> str:
    console = Console(width=120, file=StringIO())
    report.render(console)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_the_report_reads_well(first: Report) -> None:
    text = printed(first)
    assert "inzichten: 2 nieuw" in text
    assert "+ nieuw: Techkist Drentstad" in text
    assert "is in gebruik" in text


def test_the_report_is_plain_data_too(first: Report) -> None:
    data = first.to_dict()
    assert data["sheets"][0]["counts"]["tool"] == {"new": 1, "changed": 0, "removed": 0, "unchanged": 0}


def test_a_reviewed_answer_that_does_not_hold_is_left_out_and_named(settings: Settings, corpus: Path) -> None:
    source = "lesmateriaal/tool/kieswijzer"
    quote = "De Kieswijzer helpt leraren om te kiezen."
    support = f'steunt_op: [{{bron: {source}, citaat: "{quote}"}}]'
    rows = "".join(
        f'- id: {name}\n  vragen: [Hoe {name}?]\n  antwoord: [{{tekst: "Ja.", {support}}}]\n'
        for name in ("goed", "fout")
    )
    (corpus / "lesmateriaal" / "antwoorden.yaml").write_text(rows, encoding="utf-8")
    report = ingest(
        settings,
        corpus,
        Counting(),
        check_answers=lambda known: {one: "het klopt niet" for one in known.answers if one.id == "fout"},
    )
    index = open_index(settings)
    assert [one.id for one in index.knowledge.answers] == ["goed"]
    assert len(index.question_vectors) == 1, "a vector for each question that is left"
    index.close()
    assert [one.message for one in report.findings if one.where.endswith("antwoorden.yaml")] == [
        "Het antwoord 'fout' doet niet mee: het klopt niet."
    ]
    assert [(change.kind, change.id) for change in report.sheets[0].changes] == [("nieuw", "goed")]


def test_a_removed_item_is_no_longer_found(settings: Settings, corpus: Path) -> None:
    edit(corpus, "### De Wit: robots\n\nDe Wit (2019) onderzocht robots in de kleuterklas.\n", "")
    report = run(settings, corpus, force=True)
    index = open_index(settings)
    assert "robots" not in str(index.knowledge.items)
    index.close()
    assert [(change.kind, change.title) for change in report.sheets[0].changes] == [("verwijderd", "De Wit: robots")]


def test_a_large_loss_stops_the_publication_and_names_what_is_gone(
    settings: Settings, corpus: Path, first: Report
) -> None:
    edit(corpus, SHEET[SHEET.index("## Tools") :], "")
    edit(corpus, "### De Wit: robots\n\nDe Wit (2019) onderzocht robots in de kleuterklas.\n", "")
    with pytest.raises(PublicationStopped, match=r"Van de 5 items .* 2 weg: 'De Wit: robots', 'Kieswijzer'\."):
        run(settings, corpus)
    assert current(settings.index_dir) == first.generation


def test_a_changed_fact_stops_until_a_person_accepts_it(settings: Settings, corpus: Path) -> None:
    edit(corpus, "2019", "2020")
    fact = ChangedFact("Wanneer?", "2019", "In 2019.", "In 2020.", "lesmateriaal/evaluatie/questions.jsonl, regel 1")
    gate: Gate = lambda *_: Verdict(facts=(fact,))  # noqa: E731
    report = rehearse(settings, corpus, Counting(), gate=gate)
    assert "'2019' bij de vraag 'Wanneer?' (lesmateriaal/evaluatie/questions.jsonl, regel 1)" in report.stopped
    assert "--accept-fact" in report.advice
    assert "antwoord eerst: In 2019." in printed(report)
    assert "<td>In 2020.</td>" in page(report)
    accepted = rehearse(settings, corpus, Counting(), gate=gate, accept_fact=True)
    assert (accepted.stopped, accepted.facts) == ("", (fact,))


def test_to_accept_a_fact_is_not_to_accept_worse_answers() -> None:
    fact = ChangedFact("a", "b", "c", "d", "e")
    assert isinstance(refusal(Verdict(facts=(fact,))), FactsChanged)
    assert refusal(Verdict(facts=(fact,)), accept_fact=True) is None
    worse = refusal(Verdict(message="Het is slechter.", facts=(fact,)), accept_fact=True)
    assert not isinstance(worse, FactsChanged)
    assert "slechter" in str(worse)


def test_new_items_keep_their_ids_in_the_corpus(settings: Settings, corpus: Path) -> None:
    ids = (corpus / "lesmateriaal" / "items.yaml").read_text(encoding="utf-8")
    assert "lesmateriaal/praktijkvoorbeeld/techkist-drentstad" in ids
    assert run(settings, corpus).published is False


def test_two_ingestions_at_once_are_refused_at_once(settings: Settings, corpus: Path) -> None:
    with FileLock(settings.index_dir / "ingest.lock"), pytest.raises(Busy, match="loopt al"):
        run(settings, corpus)


def test_an_empty_corpus_is_a_clear_error(fresh: Settings, tmp_path: Path) -> None:
    (tmp_path / "niets").mkdir()
    with pytest.raises(CorpusError) as caught:
        run(fresh, tmp_path / "niets")
    assert caught.value.hint


def test_a_data_folder_that_can_not_be_written_is_a_clear_error(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "bestand").write_text("geen map")
    with pytest.raises(KompasbotError, match="niet te gebruiken"):
        run(Settings(data=tmp_path / "bestand"), corpus)


def test_only_the_last_generations_are_kept(settings: Settings, corpus: Path) -> None:
    small = settings.model_copy(update={"keep_generations": 1})
    edit(corpus, "2019", "2020")
    last = run(small, corpus)
    assert generations(small.index_dir) == [last.generation]


def test_documents_beside_a_factsheet_are_searchable(settings: Settings, corpus: Path) -> None:
    folder = corpus / "handleidingen"
    folder.mkdir()
    (folder / "lijm.md").write_text("# Lijmpistool\n\n## Veilig werken\n\nDraag altijd een bril.\n", encoding="utf-8")
    run(settings, corpus)
    index = open_index(settings)
    hit = index.search("veilig werken bril")[0]
    index.close()
    assert hit.item.title == "Lijmpistool"
    assert hit.passage is not None
    assert hit.passage.heading == "Veilig werken"


def test_a_lost_index_is_built_again_without_embedding(settings: Settings, corpus: Path) -> None:
    shutil.rmtree(settings.index_dir)
    embedder = Counting()
    assert run(settings, corpus, embedder).embedded == 0
    assert embedder.texts == []


def test_a_worse_evaluation_stops_the_publication_unless_it_is_forced(
    settings: Settings, corpus: Path, first: Report
) -> None:
    edit(corpus, "2019", "2020")

    def worse(draft: Path, earlier: Sequence[Path], _url: str | None) -> Verdict:
        assert (draft / "chroma").is_dir()
        assert [folder.name for folder in earlier] == [first.generation]
        return Verdict({"r@1": 0.5}, {"r@1": 0.9}, "'r@1' daalt.")

    with pytest.raises(PublicationStopped, match="r@1") as caught:
        run(settings, corpus, gate=worse)
    report = caught.value.report
    assert isinstance(report, Report)
    assert (report.published, report.generation, report.evaluation) == (False, first.generation, {"r@1": 0.5})
    assert (report.stopped, report.advice) == (str(caught.value), caught.value.hint)
    assert report.sheets[0].changes
    assert current(settings.index_dir) == first.generation
    forced = run(settings, corpus, gate=worse, force=True)
    assert (forced.published, forced.evaluation) == (True, {"r@1": 0.5})


def test_what_was_rolled_back_is_not_published_again_by_itself(settings: Settings, corpus: Path, first: Report) -> None:
    edit(corpus, "2019", "2020")
    run(settings, corpus)
    upkeep.rollback(settings.index_dir, local_embedder().name)
    again = run(settings, corpus)
    assert (again.published, "rollback" in again.reason) == (False, True)
    assert current(settings.index_dir) == first.generation
    edit(corpus, "2020", "2021")
    assert run(settings, corpus).published


def test_a_rehearsal_reports_everything_and_changes_nothing(fresh: Settings, corpus: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in corpus.rglob("*")}
    report = rehearse(fresh, corpus, Counting())
    assert (report.rehearsal, report.published) == (True, False)
    assert report.sheets[0].counts["inzicht"].new == 2
    assert {path: path.stat().st_mtime_ns for path in corpus.rglob("*")} == before
    assert not fresh.data.exists()


def test_a_damaged_index_is_noticed_although_nothing_changed(settings: Settings, corpus: Path, first: Report) -> None:
    (settings.index_dir / first.generation / "knowledge.json").write_bytes(b"kapot")
    assert run(settings, corpus).published


MORE = "### Nieuwe Kist\n\nDe bieb in Nieuwstad leent een kist met zagen uit.\n\n## Tools"


def stops(settings: Settings, corpus: Path) -> Report:
    """The report of an ingestion of which too much is gone."""
    path = corpus / "lesmateriaal" / "factsheet.md"
    path.write_text(path.read_text(encoding="utf-8").split("### De Wit", maxsplit=1)[0], encoding="utf-8")
    with pytest.raises(PublicationStopped, match=r"daalt van|3 weg") as caught:
        run(settings, corpus)
    assert isinstance(caught.value.report, Report)
    return caught.value.report


def test_a_large_loss_stops_also_where_the_serving_index_is_damaged(
    settings: Settings, corpus: Path, first: Report
) -> None:
    with (settings.index_dir / first.generation / "knowledge.json").open("ab") as file:
        file.write(b"x")
    report = stops(settings, corpus)
    assert "Niet vergeleken" in report.findings[0].message


def test_where_the_serving_index_is_damaged_the_one_before_it_is_compared_with(
    settings: Settings, corpus: Path, first: Report
) -> None:
    edit(corpus, "2019", "2020")
    serving = settings.index_dir / run(settings, corpus).generation
    for name in ("knowledge.json", "manifest.json"):
        (serving / name).write_bytes(b"kapot")
    report = stops(settings, corpus)
    assert first.generation in report.findings[0].message
    assert {change.kind for sheet in report.sheets for change in sheet.changes} >= {"verwijderd"}


def test_where_the_pointer_is_lost_the_newest_index_is_compared_with(settings: Settings, corpus: Path) -> None:
    (settings.index_dir / "CURRENT").unlink()
    assert "Er is vergeleken met" in stops(settings, corpus).findings[0].message


def test_a_publication_that_is_refused_leaves_the_corpus_as_it_was(settings: Settings, corpus: Path) -> None:
    edit(corpus, "## Tools", MORE)
    ids = corpus / "lesmateriaal" / "items.yaml"
    before = ids.read_bytes()
    with pytest.raises(PublicationStopped):
        run(settings, corpus, gate=lambda *_: Verdict(message="Het is slechter."))
    assert ids.read_bytes() == before
    report = run(settings, corpus)
    assert b"nieuwe-kist" in ids.read_bytes()
    assert read_manifest(settings.index_dir / report.generation).sources == corpus_digest(corpus, settings.links_dir)
    assert not run(settings, corpus).published


def test_what_the_gate_measured_and_the_report_found_is_kept_for_the_next(settings: Settings, corpus: Path) -> None:
    edit(corpus, "2019", "2020")
    (corpus / "lesmateriaal" / "stuk.pdf").write_bytes(b"geen pdf")
    measured = {
        "proef": Measured({"retrieval q1": Asked("a", {"r@1": (0.5,)})}, {"a": Resolved({"I1": "x"}, {"10": 2})})
    }
    best = {"proef": Measured({"retrieval q1": Asked("a", {"r@1": (1.0,)})})}
    worse = Verdict(message="Het is slechter.", measured=measured, best=best, fell=("proef",))
    report = run(settings, corpus, gate=lambda *_: worse, force=True)
    notes = read_notes(settings.index_dir / report.generation)
    assert (notes.measured, notes.best, notes.allowed) == (measured, best, measured)
    quiet = run(settings, corpus)
    assert quiet.is_quiet
    assert [one.where for one in quiet.findings] == [one.where for one in report.findings]
    assert any("stuk.pdf" in one.where for one in quiet.findings)


def test_an_uncertain_id_stops_with_a_report_of_what_is_proposed(settings: Settings, corpus: Path) -> None:
    edit(corpus, "De Wit: robots", "Een kop")
    edit(
        corpus, "De Wit (2019) onderzocht robots in de kleuterklas.", "Hier staat heel wat anders over de kleuterklas."
    )
    for act in (run, rehearse):
        with pytest.raises(UncertainMatch) as caught:
            act(settings, corpus, Counting())
        assert isinstance(caught.value.report, Report)
        assert caught.value.report.stopped == str(caught.value)
        assert [change.kind for change in caught.value.report.sheets[0].changes] == ["gewijzigd"]


def test_a_rehearsal_asks_the_gate_and_says_that_it_would_stop(settings: Settings, corpus: Path) -> None:
    edit(corpus, "2019", "2020")
    drafts = []

    def worse(draft: Path, _earlier: Sequence[Path], _url: str | None) -> Verdict:
        drafts.append(draft)
        generation = Generation.open_folder(draft)
        assert "2020" in str(generation.knowledge.items)
        generation.close()
        return Verdict(message="Het is slechter.")

    before = sorted(settings.data.rglob("*"))
    report = rehearse(settings, corpus, Counting(), gate=worse)
    assert (report.rehearsal, "Het is slechter." in report.stopped) == (True, True)
    assert sorted(settings.data.rglob("*")) == before
    assert [draft.exists() for draft in drafts] == [False]
