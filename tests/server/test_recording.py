"""What the server streams is what the widget's tests replay."""

import os

import httpx

from tests.web.recording import QUESTION, RECORDED, recorded, with_fixed_id


def test_the_server_sends_the_recorded_stream(client: httpx.Client) -> None:
    body = {"messages": [{"role": "user", "content": QUESTION}], "stream": True}
    sent = with_fixed_id(client.post("/v1/chat", json=body).content)
    if os.environ.get("KOMPASBOT_RECORD"):  # record anew after a change that was meant
        RECORDED.write_bytes(sent)
    assert sent == recorded()
