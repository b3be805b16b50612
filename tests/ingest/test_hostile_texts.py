"""Documents of words that no person wrote: what an ingestion of them costs, and that each is told."""

import os
import subprocess
import sys

import pytest

from ingest.corpus import read_corpus
from ingest.inspection import inspect
from ingest.passages import cut
from tests.cli.test_cli import environment
from tests.ingest.building import CorpusBuilder
from tests.server.hostile import texts

TEXTS = texts(size=20_000)
_LONG = 200_000
_MOST_MEMORY = 1_500_000
"""Kilobytes."""


def test_there_are_enough_of_them() -> None:
    assert len(TEXTS) >= 30


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_no_person_wrote_gets_a_finding(corpus: CorpusBuilder, name: str) -> None:
    corpus.factsheet()
    corpus.write("lesmateriaal/documenten/vreemd.txt", TEXTS[name])
    reading = read_corpus(corpus.path)
    items = reading.knowledge.items
    found = [*reading.findings, *inspect(items, cut(items))]
    assert [one.message for one in found if "vreemd" in one.where]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_all_of_them_are_ingested_within_the_memory_of_a_small_machine(corpus: CorpusBuilder) -> None:
    corpus.factsheet()
    for number, text in enumerate(TEXTS.values()):
        corpus.write(f"lesmateriaal/documenten/vreemd-{number}.txt", text)
    for number, text in enumerate(list(texts(size=_LONG).values())[:5]):
        corpus.write(f"lesmateriaal/documenten/lang-{number}.txt", text)
    command = [sys.executable, "-m", "kompasbot", "ingest", "--dry-run"]
    ours = environment(corpus.path.parent, KOMPASBOT_CORPUS=str(corpus.path))
    child = subprocess.Popen(command, env=ours, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert (child.returncode, used.ru_maxrss <= _MOST_MEMORY) == (0, True), used.ru_maxrss
