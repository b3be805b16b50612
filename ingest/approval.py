"""What stands between a checked draft and the switch: the gate is asked, and new ids are written into the corpus."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from ingest.corpus import CorpusReading
from ingest.files import corpus_digest
from ingest.findings import Finding
from ingest.gate import ChangedFact, Gate, Verdict
from ingest.items import remember_ids
from ingest.preparing import Prepared
from kompasbot.errors import CorpusError, FactsChanged, PublicationStopped
from kompasbot.store.publishing import Approved

_SHOWN: Final = 10
_KEPT: Final = "De oude index blijft in gebruik."


def refusal(verdict: Verdict, accept_fact: bool = False) -> PublicationStopped | None:
    """What stops a publication by a verdict; None when it passes. Changed facts pass when a person accepts them."""
    facts = () if accept_fact else verdict.facts
    said = " ".join(filter(None, [verdict.message, _facts_message(facts)]))
    if verdict.message:
        return PublicationStopped(
            f"De nieuwe index is niet gepubliceerd. {said}",
            f"{_KEPT} Bekijk wat er veranderd is; klopt het zo, gebruik dan --force.",
        )
    if facts:
        places = ", ".join(dict.fromkeys(fact.where for fact in facts))
        return FactsChanged(
            f"De nieuwe index is niet gepubliceerd. {said}",
            f"{_KEPT} Klopt de nieuwe tekst? Zet dan in {places} wat nu klopt, of gebruik --accept-fact. "
            "Klopt hij niet? Herstel dan de factsheet.",
        )
    return None


def _facts_message(facts: Sequence[ChangedFact]) -> str:
    shown = "; ".join(f"'{fact.fact}' bij de vraag '{fact.question}' ({fact.where})" for fact in facts[:_SHOWN])
    more = f" En nog {len(facts) - _SHOWN}." if len(facts) > _SHOWN else ""
    return f"Feiten die de evaluatie verwacht, staan niet meer in de bronnen: {shown}.{more}" if facts else ""


@dataclass
class Approval:
    """Asks the gate about a draft; ``verdict`` and ``doubts`` are what came of it, for the report."""

    prepared: Prepared
    corpus: Path
    links: Path
    gate: Gate
    url: str | None
    force: bool
    accept_fact: bool
    verdict: Verdict | None = None
    doubts: list[Finding] = field(default_factory=list)

    def __call__(self, draft: Path) -> Approved:
        """Raises :class:`PublicationStopped` when the draft does not pass; then nothing was written."""
        self.verdict = self.gate(draft, self.prepared.before.folders, self.url)
        stop = refusal(self.verdict, self.accept_fact)
        if stop and not self.force:
            raise stop
        # Last of all: a publication that was refused must leave the corpus as it was.
        sources = self._remember(self.prepared.reading)
        findings = tuple(_plain(one) for one in self.prepared.findings(self.verdict, self.doubts))
        return Approved(sources, self.verdict.notes(findings))

    def _remember(self, reading: CorpusReading) -> str:
        """Write the ids of new items into the corpus, and give the digest of the corpus as it then is.

        Where they can't be written, a finding says so: these ids could change later. A corpus that was edited since it
        was read keeps its old digest, so that the next run sees the edit.
        """
        if not reading.new_ids or corpus_digest(self.corpus, self.links) != reading.digest:
            return reading.digest
        for folder, entries in reading.new_ids.items():
            try:
                remember_ids(folder, entries)
            except CorpusError as error:
                message = f"De ids van nieuwe items zijn niet bewaard. {error}"
                self.doubts.append(Finding("waarschuwing", f"{folder.name}/items.yaml", message, error.hint))
        return corpus_digest(self.corpus, self.links)


def _plain(finding: Finding) -> Mapping[str, str]:
    return asdict(finding)
