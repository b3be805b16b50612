"""What stands between a checked draft and the switch: the gate is asked, and new ids are written into the corpus."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ingest.corpus import CorpusReading
from ingest.files import corpus_digest
from ingest.findings import Finding
from ingest.gate import Gate, Verdict
from ingest.items import remember_ids
from ingest.preparing import Prepared
from kompasbot.errors import CorpusError, PublicationStopped
from kompasbot.store.notes import Notes
from kompasbot.store.publishing import Approved


def refusal(verdict: Verdict) -> PublicationStopped | None:
    """What stops a publication by a verdict; None when it passes."""
    if verdict.passed:
        return None
    return PublicationStopped(
        f"De nieuwe index is niet gepubliceerd. {verdict.message}",
        "De oude index blijft in gebruik. Bekijk wat er veranderd is; klopt het zo, gebruik dan --force.",
    )


@dataclass
class Approval:
    """Asks the gate about a draft; ``verdict`` and ``doubts`` are what came of it, for the report."""

    prepared: Prepared
    corpus: Path
    links: Path
    gate: Gate
    url: str | None
    force: bool
    verdict: Verdict | None = None
    doubts: list[Finding] = field(default_factory=list)

    def __call__(self, draft: Path) -> Approved:
        """Raises :class:`PublicationStopped` when the draft does not pass; then nothing was written."""
        self.verdict = self.gate(draft, self.prepared.before.folders, self.url)
        stop = refusal(self.verdict)
        if stop and not self.force:
            raise stop
        # Last of all: a publication that was refused must leave the corpus as it was.
        sources = self._remember(self.prepared.reading)
        findings = tuple(_plain(one) for one in self.prepared.findings(self.verdict, self.doubts))
        return Approved(sources, Notes(self.verdict.measured, not self.verdict.passed, findings))

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
