"""What is done at the portal to a case that runs: lodged once, answered, confirmed, reopened."""

import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from starter.web.portal.speech import texts
from tests.starter.api_client import web_door
from tests.starter.conftest import Commands, eventually

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
_TENANT = "Portal Foods"
_GIVEN = {
    "title": "Mail is <b>slow</b>",
    "explanation": "Since this morning.",
    "impact": "high",
    "urgency": "medium",
    "partner_legal_name": "Southern Cloud Pty Ltd",
    "tenant_company": _TENANT,
    "tenant_domain": "portalfoods.example",
    "affected_users": "all",
    "troubleshooting_steps": "signed out and in",
    "contact.name": "Pia Novak",
    "contact.email": "pia@portalfoods.example",
}


class Browser:
    """A customer signed in at the portal of a desk."""

    def __init__(self, run: Commands, base: str, name: str) -> None:
        assert run("people", "add", name, "--role", "customer", "--tenant", _TENANT).code == 0
        path = re.search(r"/link/[\w-]+", str(run.as_json("people", "link", name)))
        assert path is not None
        self.client = httpx.Client(base_url=base, headers={"Origin": base}, timeout=60)
        self.form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert self.client.post(f"/portal{path.group()}", headers=self.form).status_code == 303

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def hidden(self, path: str, act: str = "") -> dict[str, str]:
        """What a form carries unseen; of several, that of one act."""
        page = self.get(path)
        if act:
            page = page[page.index(f"/say/{act}") :]
            page = page[: page.index("</form>")]
        return {name: unescape(value) for name, value in _HIDDEN.findall(page)}

    def say(self, number: str, act: str, **fields: str) -> httpx.Response:
        """Say something by a fresh form."""
        form = self.hidden(f"/portal/cases/{number}", act)
        return self.client.post(f"/portal/cases/{number}/say/{act}", data=form | fields)


@pytest.fixture(scope="module")
def base(run: Commands) -> Iterator[str]:
    run.open("PORTAL-WARM")
    with web_door(run) as door:
        yield door.base


@pytest.fixture(scope="module")
def pia(run: Commands, base: str) -> Browser:
    return Browser(run, base, "Pia Novak")


def lodged(pia: Browser, **changes: str) -> str:
    form = pia.hidden("/portal/new")
    answer = pia.client.post("/portal/new", data=form | _GIVEN | changes)
    assert answer.status_code == 303, answer.text
    number = re.search(r"SR-\w{4}-\w{4}-\w", answer.headers["location"])
    assert number is not None
    return number.group()


def test_a_form_sent_twice_is_one_case_and_all_that_is_wrong_with_one_is_said_at_once(pia: Browser) -> None:
    form = pia.hidden("/portal/new")
    blank = pia.client.post(
        "/portal/new", data=form | {"explanation": "x" * 9000, "contact.email": "no mail"}
    )
    assert blank.status_code == 422
    assert blank.text.count('class="fault"') >= 2
    assert "x" * 9000 in blank.text
    lacking = pia.client.post("/portal/new", data=form | {"title": "Half of it"})
    assert lacking.status_code == 422
    assert lacking.text.count(texts()["en"]["wrong_missing"]) >= 5
    assert 'name="anyway"' in lacking.text
    answers = [pia.client.post("/portal/new", data=form | _GIVEN) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (
        answers[0].headers["location"].partition("?")[0] == answers[1].headers["location"].partition("?")[0]
    )
    other = pia.client.post("/portal/new", data=form | _GIVEN | {"title": "Another matter"})
    assert (other.status_code, "This form was sent already" in other.text) == (409, True)
    half = pia.client.post("/portal/new", data=pia.hidden("/portal/new") | {"title": "Half", "anyway": "yes"})
    assert half.status_code == 303
    shown = pia.get(half.headers["location"])
    assert texts()["en"]["phase_awaiting_information"] in shown
    assert "/say/provide" in shown


def test_files_come_with_a_new_case_stay_with_a_form_that_was_refused_and_are_the_same_when_it_is_sent_again(
    pia: Browser,
) -> None:
    form, log = pia.hidden("/portal/new"), {"files": ("trace.log", b"09:12 refused\n", "text/html")}
    bad = pia.client.post("/portal/new", data=form, files={"files": ("run.exe", b"MZ" + bytes(60))})
    assert (bad.status_code, texts()["en"]["files_refused"] in bad.text) == (422, True)
    half = pia.client.post("/portal/new", data=form | {"title": "Half of it"}, files=log)
    assert half.status_code == 422
    assert f"{texts()['en']['files_kept']} <bdi>trace.log</bdi>" in half.text
    went = [pia.client.post("/portal/new", data=form | _GIVEN, files=log) for _ in range(2)]
    assert [answer.status_code for answer in went] == [303, 303], went[1].text
    shown = pia.get(went[0].headers["location"])
    (file,) = set(re.findall(r'href="(/portal/cases/[^"]+/files/\w+)"', shown))
    fetched = pia.client.get(file)
    assert fetched.content == b"09:12 refused\n"
    assert fetched.headers["content-type"].startswith("text/plain")
    assert fetched.headers["content-disposition"].startswith("attachment")


def test_a_customer_sees_the_promise_answers_confirms_and_reopens(run: Commands, pia: Browser) -> None:
    number = lodged(pia)
    page = pia.get(f"/portal/cases/{number}")
    assert "Mail is &lt;b&gt;slow&lt;/b&gt;" in page
    assert texts()["en"]["clock_initial_response"] in page
    assert "So it is due by" in page
    assert run("respond", number, "I have begun.").code == 0
    said = pia.say(number, "reply", text="It is worse now")
    assert said.status_code == 303
    page = pia.get(said.headers["location"])
    assert "It is worse now" in page
    kept = re.compile(r"First answer of an engineer: promised by [^<]*, kept\.")
    eventually(lambda: kept.search(pia.get(f"/portal/cases/{number}")))
    assert run("resolve", number, "I have mended it.", "--kind", "resolution").code == 0
    eventually(lambda: "/say/confirm" in pia.get(f"/portal/cases/{number}"))
    carried = pia.hidden(f"/portal/cases/{number}", "confirm")
    rejected = pia.say(number, "reject", text="It is still slow")
    assert texts()["en"]["phase_in_progress"] in pia.get(rejected.headers["location"])
    late = pia.client.post(f"/portal/cases/{number}/say/confirm", data=carried | {"text": "A word of mine"})
    assert late.status_code == 409
    assert unescape(texts()["en"]["wrong_changed"]) in unescape(late.text)
    assert "A word of mine" in late.text
    assert run("resolve", number, "Now it is mended.", "--kind", "resolution").code == 0
    eventually(lambda: "/say/confirm" in pia.get(f"/portal/cases/{number}"))
    confirmed = pia.say(number, "confirm")
    page = pia.get(confirmed.headers["location"])
    assert texts()["en"]["phase_closed"] in page
    assert texts()["en"]["confirm_said"] in page
    reopened = pia.say(number, "reopen", reason="It is back")
    assert reopened.status_code == 303
    assert texts()["en"]["phase_closed"] not in pia.get(reopened.headers["location"]).split("<h2")[0]


def test_a_case_marked_private_is_not_there_for_a_colleague(run: Commands, base: str, pia: Browser) -> None:
    number = lodged(pia, private="yes", title="Quiet matter")
    assert "private" in pia.get(f"/portal/cases/{number}")
    eventually(lambda: "Quiet matter" in pia.get("/portal/"))
    sam = Browser(run, base, "Sam of Portal Foods")
    assert sam.client.get(f"/portal/cases/{number}").status_code == 404
    assert "Quiet matter" not in sam.get("/portal/")
