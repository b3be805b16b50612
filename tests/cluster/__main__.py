"""Starts a cluster over the shipped corpus and keeps it until Ctrl-C: ``python -m tests.cluster [corpus]``."""

import signal
import sys
from pathlib import Path

from tests.bench import ROOT
from tests.cluster import servers
from tests.cluster.whole import cluster


def main(corpus: Path) -> int:
    lacking = servers.missing()
    if lacking:
        print(f"A part is not installed: {lacking}", file=sys.stderr)
        return 1
    print("Starting Chroma, Redis, PostgreSQL, three replicas and nginx …", file=sys.stderr)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with cluster(corpus) as running:
        for part in running.parts:
            print(f"{part.name:10} 127.0.0.1:{part.port:<6} process {part.pid:<7} log {part.log}")
        print(f"\nThe assistant: http://127.0.0.1:{running.port}/\nThe database:  {running.database}")
        print("Try: kill -9, kill -STOP or kill -CONT one of the processes. Ctrl-C ends all.", flush=True)
        try:
            signal.pause()
        except (KeyboardInterrupt, SystemExit):
            print("Ending …", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "corpus"))
