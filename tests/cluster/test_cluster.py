"""Three replicas behind nginx with a Chroma server, PostgreSQL and Redis, under load, while parts are killed and hung.

The short form of ``python -m tests.proof.replicas``, over a small corpus and without figures of time.
"""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.cluster import servers
from tests.cluster.crowd import Crowd
from tests.cluster.part import Part
from tests.cluster.trouble import figure, lost, until
from tests.cluster.whole import Cluster, cluster
from tests.lesson import SHEET

pytestmark = pytest.mark.timeout(400)
_UP = ("kompasbot_redis_up", "kompasbot_database_up", "kompasbot_chroma_up")
_GONE = ("Redis does not answer", "the database does not answer", "the server of the generations does not answer")
_BACK = ("Redis answers again", "the database answers again", "the server of the generations answers again")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    servers.need()
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / "lesmateriaal").mkdir()
    (corpus / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    with cluster(corpus, silence=5) as whole:
        warm(whole)
        yield whole


@pytest.fixture
def crowd(running: Cluster, request: pytest.FixtureRequest) -> Iterator[Crowd]:
    with Crowd(running.port, clients=8, rate=30, name=request.node.name[:40]).at_work() as visitors:
        assert until(lambda: len(visitors.asked) > 30)
        yield visitors


def warm(whole: Cluster) -> None:
    """Let each replica answer and keep something once: the first time it loads its libraries."""
    for number, part in enumerate(whole.replicas):
        judgement = {"answer_id": f"warm-{number}", "rating": "up"}
        httpx.post(f"http://127.0.0.1:{part.port}/v1/feedback", json=judgement, timeout=60).raise_for_status()


def stores(running: Cluster) -> list[Part]:
    return [running.redis, running.postgres, running.chroma]


def all_say(running: Cluster, value: float) -> bool:
    return all(figure(one, name) == value for one in running.replicas for name in _UP)


def more(crowd: Crowd, number: int = 60) -> None:
    """Let the crowd ask on for a while."""
    target = len(crowd.asked) + number
    assert until(lambda: len(crowd.asked) >= target, 60)


def test_a_replica_that_is_killed_costs_nobody_an_answer_or_a_judgement(running: Cluster, crowd: Crowd) -> None:
    running.replicas[1].kill()
    more(crowd)
    running.replicas[1].start()
    more(crowd)
    assert crowd.failures() == []
    assert lost(running, crowd) == []


def test_a_replica_that_hangs_holds_up_a_few_and_fails_nobody(running: Cluster, crowd: Crowd) -> None:
    running.replicas[0].hang()
    hung = time.perf_counter()
    assert until(lambda: sum(one.seconds < 2 for one in crowd.since(hung)) > 60, 60)
    time.sleep(max(0.0, hung + 6 - time.perf_counter()))  # until the proxy has given up on it
    running.replicas[0].resume()
    more(crowd)
    assert crowd.failures() == []
    assert lost(running, crowd) == []


@pytest.mark.parametrize("how", ["killed", "hung"])
def test_answers_go_on_while_redis_the_database_and_chroma_are_gone(running: Cluster, crowd: Crowd, how: str) -> None:
    for part in stores(running):
        part.kill() if how == "killed" else part.hang()
    assert until(lambda: all_say(running, 0.0)), "the figures do not say that the servers are gone"
    more(crowd)
    told = httpx.post(
        f"http://127.0.0.1:{running.port}/v1/feedback", json={"answer_id": "zonder", "rating": "up"}, timeout=30
    )
    for part in stores(running):
        part.start() if how == "killed" else part.resume()
    assert until(lambda: all_say(running, 1.0), 60), "the figures do not say that the servers are back"
    assert crowd.failures("chat") + crowd.failures("search") == []
    assert (told.status_code, told.json()["title"]) == (503, "Je bericht is niet bewaard")
    assert int(told.headers["retry-after"]) > 0
    assert "opnieuw" in told.json()["detail"]
    for replica in running.replicas:
        assert [line for line in (*_GONE, *_BACK) if line not in replica.said()] == []
    assert lost(running, crowd) == []


def test_all_replicas_follow_a_new_generation_under_load(running: Cluster, crowd: Crowd) -> None:
    sheet = running.folder / "corpus" / "lesmateriaal" / "factsheet.md"
    sheet.write_text(f"{SHEET.rstrip()} Stand 2.\n", encoding="utf-8")
    before = index_of(running.replicas[0])
    running.ingest()
    assert until(lambda: len({index_of(one) for one in running.replicas} - {before}) == 1, 120)
    assert until(lambda: before not in {index_of(one) for one in running.replicas}, 120)
    more(crowd)
    assert crowd.failures() == []


def index_of(part: Part) -> str:
    return str(httpx.get(f"http://127.0.0.1:{part.port}/readyz", timeout=20).json()["index"])


def test_a_replica_that_starts_without_the_chroma_server_serves_what_it_has_or_says_what_it_lacks(
    running: Cluster,
) -> None:
    known, fresh = running.replicas[2], running.replica("replica-nieuw")
    index = index_of(known)
    known.stop()
    running.chroma.kill()
    try:
        fresh.start(wait=False)
        known.start()
        assert index_of(known) == index
        assert until(servers.http(fresh.port, "/healthz"))
        lacks = httpx.get(f"http://127.0.0.1:{fresh.port}/readyz", timeout=20)
        assert lacks.status_code == 503
        assert "de server waar die staat, antwoordt niet" in lacks.json()["detail"]
        assert str(running.chroma.port) not in lacks.text
        assert "zodra de server antwoordt, haalt kompasbot hem op" in fresh.said()
        running.chroma.start()
        fresh.wait_ready()
        assert index_of(fresh) == index
    finally:
        if not running.chroma.ready():
            running.chroma.start()
        fresh.stop()
