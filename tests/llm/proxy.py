"""The litellm proxy with mocked answers: an OpenAI-compatible server that we did not write.

It lives in an environment of its own (``make .venv-proxy/ready``), because it needs other versions of shared libraries.
"""

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml

from tests.bench import free_port

VENV = Path(__file__).resolve().parents[2] / ".venv-proxy"
PROGRAM = VENV / "bin" / "litellm"
_START_SECONDS = 90


@dataclass(frozen=True)
class Proxy:
    """Where the proxy listens, and its key."""

    url: str
    key: str


def needed() -> None:
    """Skip a test where the proxy is not installed; in continuous integration it must be."""
    if not (VENV / "ready").exists():
        if os.environ.get("CI"):
            pytest.fail("The litellm proxy is not installed: make .venv-proxy/ready")
        pytest.skip("The litellm proxy is not installed: make .venv-proxy/ready")


def ranks() -> Path:
    """The folder in which the proxy's package ships tiktoken's ranks."""
    return next(VENV.glob("lib/python*/site-packages/litellm/litellm_core_utils/tokenizers"))


@contextmanager
def proxy(folder: Path, models: dict[str, dict[str, object]]) -> Iterator[Proxy]:
    """Run the proxy with these models, each with its mocked parameters."""
    config = [
        {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_key": "geen", **mocked}}
        for name, mocked in models.items()
    ]
    (folder / "proxy.yaml").write_text(
        yaml.safe_dump({"model_list": config, "litellm_settings": {"num_retries": 0}}), encoding="utf-8"
    )
    port = free_port()
    found = Proxy(f"http://127.0.0.1:{port}/v1", f"sk-{secrets.token_hex(24)}")
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(
            [
                PROGRAM,
                "--config",
                folder / "proxy.yaml",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--telemetry",
                "False",
            ],
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "LITELLM_MASTER_KEY": found.key,
                "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            },
            stdout=log,
            stderr=log,
        )
        try:
            _await(found, process, folder / "proxy.log")
            yield found
        finally:
            process.terminate()
            process.wait(20)


def _await(found: Proxy, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + _START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        try:
            headers = {"authorization": f"Bearer {found.key}"}
            if httpx.get(f"{found.url}/models", headers=headers, timeout=5).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise AssertionError(f"the proxy does not start:\n{log.read_text(errors='replace')[-3000:]}")
