"""The widget's addresses and how long a browser may keep them."""

import re

import httpx

from kompasbot.server.widget import release


def test_the_entry_is_short_lived_and_leads_to_addresses_that_never_change(client: httpx.Client) -> None:
    entry = client.get("/kompas-chat.js")
    assert entry.headers["content-type"].startswith("text/javascript")
    assert "max-age=300" in entry.headers["cache-control"]
    addresses = set(re.findall(r'"\./(widget/[^"]+)"', entry.text))
    assert len(addresses) == len(release().modules)
    for address in addresses:
        reply = client.get(f"/{address}")
        assert reply.status_code == 200
        assert "immutable" in reply.headers["cache-control"]


def test_any_website_may_load_the_widget(client: httpx.Client) -> None:
    for path in ("/kompas-chat.js", f"/widget/{release().version}/element.js"):
        headers = client.get(path, headers={"origin": "https://elders.example"}).headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_module_of_another_version_is_not_kept(client: httpx.Client) -> None:
    assert client.get("/widget/0000000000000000/element.js").headers["cache-control"] == "no-cache"


def test_what_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    for path in ("/kompas-chat.js", "/widget/element.js", "/pagina.css", "/"):
        first = client.get(path)
        again = client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(path, headers={"if-none-match": '"iets"'}).status_code == 200


def test_texts_are_compressed_for_who_takes_it(client: httpx.Client) -> None:
    path = f"/widget/{release().version}/styles.js"
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    plain = client.get(path, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content


def test_only_the_widgets_own_modules_are_there(client: httpx.Client) -> None:
    for path in (f"/widget/{release().version}/niets.js", "/widget/..%2findex.html"):
        assert client.get(path).status_code == 404


def test_a_proxy_may_ask_for_the_headers_alone(client: httpx.Client) -> None:
    for path in ("/", "/kompas-chat.js", "/widget/element.js", f"/widget/{release().version}/element.js"):
        reply = client.head(path)
        assert (reply.status_code, reply.content) == (200, b"")
        assert reply.headers["etag"] == client.get(path).headers["etag"]
