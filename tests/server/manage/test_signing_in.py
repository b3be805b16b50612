"""Who gets in, and what a session is worth."""

import re
import time
from pathlib import Path

import httpx

from kompasbot.server.manage.session import LIFE_SECONDS, Session, begin, cookie_of, session_of
from kompasbot.settings import Settings
from tests.server.conftest import make_app, running
from tests.server.manage.conftest import TOKEN, Maintainer, shown, visiting

PARTS = ("", "vragen", "reacties", "suggesties", "items", "links", "versies", "bijwerken")
FORMS = ("uitloggen", "bestand", "intrekken", "kopie", "proef", "publiceren", "versies")


def test_without_a_key_in_the_settings_there_are_no_pages(tmp_path: Path) -> None:
    with visiting(make_app(Settings(data=tmp_path)), sign_in=False) as nobody:
        found = [nobody.client.get(f"/beheer/{part}".rstrip("/")).status_code for part in (*PARTS, "inloggen", "taak")]
        found += [nobody.client.post(f"/beheer/{form}").status_code for form in (*FORMS, "inloggen")]
    assert set(found) == {404}


def test_who_is_not_signed_in_is_sent_to_the_form(own: Settings) -> None:
    with visiting(make_app(own), sign_in=False) as nobody:
        replies = [nobody.client.get(f"/beheer/{part}".rstrip("/")) for part in (*PARTS, "taak")]
        replies += [nobody.client.post(f"/beheer/{form}") for form in FORMS]
        assert "Sleutel" in shown(nobody.client.get("/beheer/inloggen"))
    assert {(one.status_code, one.headers["location"]) for one in replies} == {(303, "/beheer/inloggen")}


def test_signing_in_shows_every_page_and_signing_out_ends_it_also_for_a_copy_of_the_cookie(own: Settings) -> None:
    with visiting(make_app(own)) as maintainer:
        copied = maintainer.client.cookies["kompasbot_beheer"]
        assert [maintainer.client.get(f"/beheer/{part}".rstrip("/")).status_code for part in PARTS] == [200] * len(
            PARTS
        )
        assert maintainer.client.get("/beheer/").headers["location"] == "/beheer"
        assert maintainer.send("uitloggen").headers["location"] == "/beheer/inloggen"
        assert not maintainer.client.cookies
        again = maintainer.client.get("/beheer", headers={"cookie": f"kompasbot_beheer={copied}"})
        assert (again.status_code, again.headers["location"]) == (303, "/beheer/inloggen")


def test_the_cookie_is_for_these_pages_only(own: Settings) -> None:
    app = make_app(own.model_copy(update={"base_path": "/kompas"}))
    with running(app, proxy_headers=True, forwarded_allow_ips="127.0.0.1") as address:
        for scheme in ("https", "http"):
            headers = {"x-forwarded-proto": scheme, "x-forwarded-for": "192.0.2.7"}
            reply = httpx.post(f"{address}/kompas/beheer/inloggen", data={"sleutel": TOKEN}, headers=headers)
            assert reply.headers["location"] == "/kompas/beheer"
            said = set(reply.headers["set-cookie"].lower().split("; "))
            assert {"httponly", "samesite=strict", "path=/kompas/beheer", f"max-age={LIFE_SECONDS}"} <= said
            assert ("secure" in said) is (scheme == "https")
        page = httpx.get(f"{address}/kompas/beheer/inloggen").text
    assert 'action="/kompas/beheer/inloggen"' in page
    assert 'href="/kompas/beheer/beheer.css"' in page


def test_a_wrong_key_is_told_and_trying_is_limited_also_for_the_right_one(own: Settings) -> None:
    with visiting(make_app(own), sign_in=False) as guesser:
        wrong = [guesser.sign_in(f"een-andere-sleutel-{at}é") for at in range(10)]
        right = guesser.sign_in()
    assert {one.status_code for one in wrong} == {401}
    assert "Deze sleutel klopt niet" in shown(wrong[0])
    assert "set-cookie" not in wrong[0].headers
    assert right.status_code == 429
    assert 1 <= int(right.headers["retry-after"]) <= 60


def test_a_session_is_of_one_key_and_ends_by_itself() -> None:
    session = begin(1000.0)
    cookie = cookie_of(session, TOKEN)
    assert session_of(cookie, TOKEN, 1000.0) == session
    assert session_of(cookie, TOKEN, 1000.0 + LIFE_SECONDS) is None
    assert session_of(cookie, "een-andere-lange-sleutel", 1000.0) is None
    longer = cookie_of(Session(session.number, session.ends + 10**6), TOKEN)
    assert session_of(longer, TOKEN, 1000.0) is None
    for at in range(len(cookie)):
        changed = cookie[:at] + ("0" if cookie[at] != "0" else "1") + cookie[at + 1 :]
        assert session_of(changed, TOKEN, 1000.0) is None, changed


def test_a_changed_key_ends_every_session(own: Settings) -> None:
    other = own.model_copy(
        update={"admin_token": own.admin_token and type(own.admin_token)("een-nieuwe-lange-sleutel")}
    )
    with visiting(make_app(other), sign_in=False) as maintainer:
        maintainer.client.cookies.set("kompasbot_beheer", cookie_of(begin(time.time()), TOKEN), path="/beheer")
        assert maintainer.client.get("/beheer").status_code == 303


def test_a_form_that_another_page_sends_does_nothing(maintainer: Maintainer, own: Settings) -> None:
    foreign = {"origin": "https://kwaad.example", "sec-fetch-site": "cross-site"}
    for form in FORMS:
        right = maintainer.client.post(f"/beheer/{form}", data={"sleutel": maintainer.key}, headers=foreign)
        assert right.status_code == 403, form
        for key in ("", "0" * 64, "é"):
            reply = maintainer.client.post(f"/beheer/{form}", data={"sleutel": key})
            assert (reply.status_code, "niet meer geldig" in shown(reply)) == (422, True), form
    assert maintainer.client.get("/beheer").status_code == 200
    assert not (own.data / "beheer" / "taak.json").exists()


def test_the_pages_run_no_script_of_their_own_and_are_kept_nowhere(maintainer: Maintainer) -> None:
    for part in PARTS:
        reply = maintainer.client.get(f"/beheer/{part}".rstrip("/"))
        policy = reply.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert reply.headers["cache-control"] == "no-store"
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", reply.text), part


def test_the_pages_stay_when_the_others_are_off(own: Settings) -> None:
    with visiting(make_app(own.model_copy(update={"web": False}))) as maintainer:
        assert maintainer.client.get("/").status_code == 503
        page = maintainer.client.get("/beheer").text
        for address in re.findall(r'(?:href|src)="(/beheer/[\w.]+\.(?:css|js|svg))"', page):
            assert maintainer.client.get(address).status_code == 200, address


def test_a_form_that_can_not_be_read_is_refused_with_a_page(own: Settings) -> None:
    with visiting(make_app(own)) as maintainer:
        for path in ("inloggen", "proef"):
            kind = {"content-type": "multipart/form-data; boundary=x"}
            reply = maintainer.client.post(f"/beheer/{path}", content=b"geen formulier", headers=kind)
            assert (reply.status_code, "niet te lezen" in shown(reply)) == (422, True)
