"""Three replicas under load, each part killed and hung: ``python -m tests.proof.replicas``."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Final

import httpx

from tests.bench import ROOT
from tests.cluster import servers
from tests.cluster.crowd import Crowd, p95
from tests.cluster.part import Part
from tests.cluster.trouble import figure, lost, under, until
from tests.cluster.whole import Cluster, cluster
from tests.proof.book import Figure, run

TITLE: Final = "Three replicas behind nginx, with Chroma, PostgreSQL and Redis, under load"
_CLIENTS: Final = 16
_RATE: Final = 60.0
_BACK: Final = 5.0
_CALM: Final = 6.0
_WATCH: Final = 12.0
_STORES: Final = {"redis": "Redis", "postgres": "PostgreSQL", "chroma": "Chroma"}
_UP: Final = {"redis": "kompasbot_redis_up", "postgres": "kompasbot_database_up", "chroma": "kompasbot_chroma_up"}
_SAYS: Final = {
    "redis": ("Redis does not answer", "Redis answers again"),
    "postgres": ("the database does not answer", "the database answers again"),
    "chroma": ("the server of the generations does not answer", "the server of the generations answers again"),
}


def measure() -> list[Figure]:
    lacking = servers.missing()
    if lacking:
        return [Figure("a cluster can be started", "yes", lacking, False)]
    with cluster(ROOT / "corpus") as running:
        with Crowd(running.port, _CLIENTS, _RATE).at_work() as crowd:
            until(lambda: len(crowd.asked) > 20 * _CLIENTS, 120)
            time.sleep(10)
            found = [
                *(killed(crowd, part) for part in running.replicas),
                hung(crowd, running.replicas[0]),
                *(one for name in _STORES for how in ("killed", "hung") for one in gone(running, crowd, name, how)),
                published(running, crowd),
            ]
        return [*found, *acknowledged(running, crowd)]


def killed(crowd: Crowd, part: Part) -> Figure:
    """A replica killed with -9, and started again after the watch."""
    noticed = under(crowd, part.kill, _CALM, _WATCH)
    part.start()
    good = not noticed.failed and noticed.back <= _BACK
    return Figure(
        f"{part.name} killed, at {_RATE:.0f} requests a second",
        f"0 fail that try once more, p95 back within {_BACK:.0f} s",
        noticed.told(),
        good,
    )


def hung(crowd: Crowd, part: Part) -> Figure:
    """A replica that stops doing anything while its connections stay open, longer than the proxy's patience."""
    noticed = under(crowd, part.hang, _CALM, 3 * _WATCH)
    part.resume()
    time.sleep(3)
    return Figure(
        f"{part.name} hung for {3 * _WATCH:.0f} s", "0 fail that try once more", noticed.told(), not noticed.failed
    )


def gone(running: Cluster, crowd: Crowd, name: str, how: str) -> list[Figure]:
    """A store killed or hung, and back: what visitors who ask notice, and what the figures and the log say."""
    part: Part = getattr(running, name)
    leave: Callable[[], None] = part.kill if how == "killed" else part.hang
    noticed = under(crowd, leave, _CALM, _WATCH, "chat")
    seen = all(figure(one, _UP[name]) == 0.0 for one in running.replicas)
    told = problem(running) if name == "postgres" else ""
    part.start() if how == "killed" else part.resume()
    back = until(lambda: all(figure(one, _UP[name]) == 1.0 for one in running.replicas), 60)
    lines = all(line in one.said() for one in running.replicas for line in _SAYS[name])
    title = f"{_STORES[name]} {how}"
    says = f"figure {'0' if seen else 'not 0'} then {'1' if back else 'not 1'}; log {'says both' if lines else 'lacks'}"
    found = [
        Figure(
            f"{title}: questions meanwhile",
            f"0 fail, p95 back within {_BACK:.0f} s",
            noticed.told(),
            not noticed.failed and noticed.back <= _BACK,
        ),
        Figure(
            f"{title}: figure and log of each replica",
            "gone, then back",
            says,
            seen and back and lines,
        ),
    ]
    wanted = "503, Retry-After, in Dutch"
    return [*found, Figure(f"{title}: a judgement meanwhile", wanted, told, told.startswith("503"))] if told else found


def problem(running: Cluster) -> str:
    """What a visitor reads who judges while the database is gone."""
    address = f"http://127.0.0.1:{running.port}/v1/feedback"
    reply = httpx.post(address, json={"answer_id": "zonder", "rating": "up"}, timeout=60)
    body = reply.json()
    wait = reply.headers.get("retry-after")
    return f"{reply.status_code}, Retry-After {wait}: {body.get('title')}. {body.get('detail')}"


def published(running: Cluster, crowd: Crowd) -> Figure:
    """A new generation on the Chroma server while all serve."""
    terms = running.folder / "corpus" / "begrippen.yaml"
    terms.write_text(f"{terms.read_text(encoding='utf-8')}\nproefwoord: [zoveelste]\n", encoding="utf-8")
    before, began = _index(running.replicas[0]), time.perf_counter()
    building = threading.Thread(target=running.ingest, args=("--accept",), daemon=True)
    building.start()
    building.join(timeout=600)
    followed = until(lambda: all(_index(one) != before for one in running.replicas), 60)
    time.sleep(2)
    asked = crowd.since(began)
    failed = sum(one.failed for one in asked)
    return Figure(
        "a new generation published meanwhile",
        "all follow, 0 fail",
        f"{'all follow' if followed else 'NOT all follow'}, {failed} of {len(asked)} failed, p95 {p95(asked):.0f} ms "
        "with the ingestion on the same processors",
        followed and not failed,
    )


def acknowledged(running: Cluster, crowd: Crowd) -> list[Figure]:
    """What was promised over the whole run."""
    missing = lost(running, crowd)
    return [
        Figure(
            "judgements answered with 201 that are in the database once, over the whole run",
            "all",
            f"{len(crowd.kept) - len(missing)} of {len(crowd.kept)}",
            not missing and bool(crowd.kept),
        ),
    ]


def _index(part: Part) -> str:
    return str(httpx.get(f"http://127.0.0.1:{part.port}/readyz", timeout=20).json().get("index"))


if __name__ == "__main__":
    sys.exit(run(["replicas"]))
