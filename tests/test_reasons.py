"""Why the system could not do something, in the words of the person who reads it."""

import errno
from pathlib import Path

import httpx
import pytest

from kompasbot.errors import reason_of


def test_a_missing_file_is_told_in_dutch(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:  # noqa: PT011
        (tmp_path / "weg").read_bytes()
    assert reason_of(caught.value) == "het bestand of de map is er niet"


def test_the_cause_of_a_library_s_error_is_told() -> None:
    with pytest.raises(httpx.ConnectError) as caught:
        httpx.get("http://127.0.0.1:9/", trust_env=False)
    assert reason_of(caught.value) == "daar luistert niets"


def test_a_rare_reason_keeps_its_number_and_other_errors_their_words() -> None:
    assert str(errno.EXDEV) in reason_of(OSError(errno.EXDEV, "Invalid cross-device link"))
    assert reason_of(ValueError("kapot")) == "kapot"
    assert reason_of(ValueError()) == "ValueError"
