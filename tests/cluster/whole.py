"""The cluster as a whole: its parts, started in order and ended in the other."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import free_port
from tests.cluster import servers
from tests.cluster.part import Part

REPLICAS = 3


@dataclass
class Cluster:
    """Everything that runs; ``port`` is where visitors come in."""

    folder: Path
    chroma: Part
    redis: Part
    postgres: Part
    replicas: list[Part]
    nginx: Part

    @property
    def port(self) -> int:
        """The port of the proxy."""
        return self.nginx.port

    @property
    def database(self) -> str:
        """The address of the database."""
        return servers.database_url(self.postgres.port)

    @property
    def parts(self) -> list[Part]:
        """All parts."""
        return [self.chroma, self.redis, self.postgres, *self.replicas, self.nginx]

    def ingest(self, *arguments: str) -> None:
        """Build a generation and publish it on the Chroma server, on a machine of its own."""
        mine = self.settings(self.folder / "bouwer")
        run = str(Path(sys.executable).with_name("kompasbot"))
        done = subprocess.run(
            [run, "ingest", *arguments],
            env={**os.environ, **mine},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def settings(self, data: Path) -> dict[str, str]:
        """The settings that every machine of the cluster has."""
        return {
            "KOMPASBOT_DATA": str(data),
            "KOMPASBOT_CORPUS": str(self.folder / "corpus"),
            "CHROMA_URL": f"http://127.0.0.1:{self.chroma.port}",
            "KOMPASBOT_DATABASE_URL": self.database,
            "KOMPASBOT_REDIS_URL": f"redis://127.0.0.1:{self.redis.port}/0",
            "KOMPASBOT_TRUSTED_PROXIES": "127.0.0.1",
            "KOMPASBOT_WORKERS": "1",
            "KOMPASBOT_LOG": "json",
            "KOMPASBOT_LIMIT_VISITOR": "1000000/minute",
            "KOMPASBOT_LIMIT_TOTAL": "1000000/minute",
            "KOMPASBOT_MAX_RECORDS_A_DAY": "1000000",
        }

    def replica(self, name: str, **more: str) -> Part:
        """A replica with a folder of its own, not yet started."""
        port = free_port()
        run = str(Path(sys.executable).with_name("kompasbot"))
        command = [run, "serve", "--host", "127.0.0.1", "--port", str(port)]
        mine = {**self.settings(self.folder / name), **more}
        return Part(name, port, command, self.folder / f"{name}.log", servers.http(port, "/readyz"), mine)


@contextmanager
def cluster(corpus: Path, silence: int | None = None, **more: str) -> Iterator[Cluster]:
    """Start everything over a copy of a corpus; ``more`` are settings of the replicas."""
    with tempfile.TemporaryDirectory(prefix="kompasbot-cluster-") as name, ExitStack() as ending:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL runs as another user, and has to get at its own folder
        shutil.copytree(corpus, folder / "corpus")
        stores = (servers.chroma(folder), servers.redis(folder), servers.postgres(folder))
        whole = Cluster(folder, *stores, [], stores[0])
        whole.replicas = [whole.replica(f"replica-{number}", **more) for number in range(1, REPLICAS + 1)]
        whole.nginx = servers.nginx(folder, [one.port for one in whole.replicas], silence)
        for part in stores:
            ending.callback(part.stop)
            part.start()
        whole.ingest()
        for part in whole.replicas:
            ending.callback(part.stop)
            part.start(wait=False)
        for part in whole.replicas:
            part.wait_ready()
        ending.callback(whole.nginx.stop)
        whole.nginx.start()
        yield whole
