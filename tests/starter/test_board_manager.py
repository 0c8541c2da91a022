"""The pages for who leads a desk: statistics, and what never arrived; who may see them, and what they say."""

import csv
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from activities.channels.attempt import NeverWorks, TryAgain
from activities.store.deliveries import Deliveries, Posted, digest_of
from activities.store.surveys import SurveyAnswers
from activities.words.content import Content, Wording
from domain.effects import Recipient
from domain.phase import Phase
from domain.record import RecordBatch
from domain.survey import SurveyAnswer
from domain.timeline import EntryKind
from starter.door.deliveries import Webhooks
from starter.reports.spreadsheet import harmless
from tests.activities.builders import effect, entry, row
from tests.door_session import NOW
from tests.starter.board_pages import Pages, pages_of

HOUR = timedelta(hours=1)
HOSTILE = "<script>alert(1)</script>{{7*7}}\"'><img src=x onerror=alert(1)>"
LEADS = ("lead", "manager", "tss", "sdm")
FOR_LEADS = ("/statistics", "/statistics.csv", "/statistics.json", "/undelivered", "/rehearsal")
FOR_ALL = ("/coverage", "/rota", "/incidents", "/policies", "/policies/rhipe-csp", "/vendors")
URL = "https://hooks.customer.example/in"
SAID = Content(wording=Wording(subject="s", text="t", html="t", language="en"), body="{}")


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path) as found:
        await found.sign_in("Mo Tan", "manager")
        yield found


@pytest.mark.parametrize("role", [*LEADS, "engineer", "case_manager"])
async def test_statistics_and_what_got_lost_are_for_those_who_lead_and_the_rest_for_all_of_us(
    pages: Pages, role: str
) -> None:
    await pages.sign_in("Kim Lee", role)
    for path in FOR_ALL:
        assert (await pages.get(path)).status_code == 200, path
    for path in FOR_LEADS:
        answer = await pages.get(path)
        assert answer.status_code == (200 if role in LEADS else 403), path
        assert ('href="/statistics"' in (await pages.get("/coverage")).text) == (role in LEADS)
    sent = await pages.post("/undelivered", {**await pages.hidden("/coverage"), "effect": "x"})
    assert sent.status_code == (409 if role in LEADS else 403)


@pytest.mark.parametrize(("role", "tenant"), [("customer", "acme"), ("vendor", None)])
async def test_requesters_and_the_vendor_see_none_of_it(pages: Pages, role: str, tenant: str | None) -> None:
    await pages.sign_in("Kim Ng", role, **({"tenant": tenant} if tenant else {}))
    for path in (*FOR_ALL, *FOR_LEADS):
        assert (await pages.get(path)).status_code == 403, path


async def filled(pages: Pages) -> None:
    """A week of two cases, one kept and rated, one missed and handed over."""
    over = {"responded_at": NOW + HOUR, "resolved_at": NOW + 2 * HOUR, "phase": Phase.CLOSED}
    one = await row("INC-1", **over, updates_by_staff=3, updates_by_system=1)
    await pages.store.record(RecordBatch(row=one))
    told = (
        entry(1, kind=EntryKind.BREACHED, about="initial_response", count=1, at=NOW + HOUR),
        entry(2, kind=EntryKind.HANDED_OVER, about="sydney -> manila", at=NOW + 2 * HOUR),
        entry(3, "We go on", by_kind="staff", at=NOW + 3 * HOUR),
    )
    two = await row("INC-2", entries=3, region="manila", updates_missed=2, received_at=NOW)
    await pages.store.record(RecordBatch(row=two, entries=told))
    rated = SurveyAnswer(
        case_id=one.case_id, closure=1, score=4, comment=None, answered_at=NOW, answered_by="Kim"
    )
    await SurveyAnswers(pages.store).keep(rated)
    pages.clock.passes(3.5 * HOUR)


async def test_a_week_says_what_was_kept_missed_handed_over_and_rated(pages: Pages) -> None:
    await filled(pages)
    found = json.loads((await pages.get("/statistics.json")).text)
    assert (found["days"]["first"], found["days"]["last"]) == ("2027-03-01", "2027-03-07")
    assert found["received"]["cases"] == 2
    response, update = found["received"]["targets"]
    assert (response["met"], response["missed"]) == (1, 1)
    assert (update["by_staff"], update["met"], update["missed"]) == (3, 4, 2)
    assert found["received"]["satisfaction"]["mean"] == 4
    (missed,) = found["missed"]
    assert (missed["centre"], missed["hours"].index(1)) == ("sydney", 15)  # 04:00 UTC in summer
    assert found["ways"] == [{"giver": "sydney", "taker": "manila", "count": 1}]
    assert (found["cost"]["median"], found["cost"]["waiting"]) == ("PT1H", 0)
    assert [day["opened"] for day in found["flow"]] == [0, 2, 0, 0, 0, 0, 0]
    shown = (await pages.get("/statistics")).text
    for text in ("50.0 %", "66.7 % with the system", "half within 1 h", "sydney → manila", "4.00 of 5"):
        assert text in shown, text
    assert shown.count('<svg class="drawn" role="img"') == shown.count("The same as a table") == 7


async def test_other_days_tenants_and_policies_are_asked_for_in_the_address(pages: Pages) -> None:
    await filled(pages)
    for query, cases in (
        ("from=2027-03-02&to=2027-03-02", 2),
        ("from=2027-03-03", 0),
        ("to=2027-03-02", 2),
        ("tenant=acme", 2),
        ("policy=rhipe-csp", 2),
    ):
        found = json.loads((await pages.get(f"/statistics.json?{query}")).text)
        assert found["received"]["cases"] == cases, query
    shown = (await pages.get("/statistics?from=2027-03-02&to=2027-03-03&tenant=acme")).text
    assert 'href="/statistics?from=2027-02-28&amp;to=2027-03-01&amp;tenant=acme"' in shown
    assert "/statistics.csv?from=2027-03-02&amp;to=2027-03-03&amp;tenant=acme" in shown


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/statistics?from=soon&to=2027-13-01&tenant=nobody", ("soon", "2027-13-01", "nobody")),
        ("/statistics?from=2027-03-02&to=2027-03-01", ("2027-03-01 is before 2027-03-02",)),
        ("/statistics?from=2026-01-01&to=2027-03-01", ("425 days", "100 days at most")),
        ("/statistics?from=0001-01-01&policy=none-such", ("0001-01-01", "none-such")),
        ("/statistics.csv?to=9999-12-31", ("9999-12-31",)),
        ("/coverage?day=yesterday&policy=none-such", ("yesterday", "none-such")),
        ("/rota?week=w&centre=atlantis", ("'w' is no day", "atlantis")),
        ("/undelivered?after=nonsense", ("none of ours",)),
    ],
)
async def test_what_is_wrong_with_an_address_is_said_all_at_once(
    pages: Pages, path: str, words: tuple[str, ...]
) -> None:
    answer = await pages.get(path)
    assert answer.status_code == 400
    for text in words:
        assert text.replace("'", "&#39;") in answer.text, text


async def test_a_file_for_a_spreadsheet_has_no_formula_in_it(pages: Pages) -> None:
    await filled(pages)
    await pages.store.record(RecordBatch(row=await row("INC-3", level="=HYPERLINK(1)", policy="@SUM(A1)")))
    answer = await pages.get("/statistics.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="sunrelay-statistics-2027-03-01-2027-03-07.csv"' in answer.headers["content-disposition"]
    rows = list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert ["kept initial_response", "all", "missed", "1", "promises"] in rows
    assert {len(one) for one in rows} == {5}
    assert not [cell for one in rows for cell in one if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    for cell in ("=1", " =1", "+1", "-1", "@x", "\t=1", "\r", "＝1"):
        assert harmless(cell) == f"'{cell}", cell
    assert (harmless("a=1"), harmless(-1.5)) == ("a=1", -1.5)


class Receiver:
    """Takes what is sent again, or does not."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.trouble: Exception | None = None

    async def send(self, effect_id: str, body: str, url: str, *, ours: bool) -> str:
        self.sent.append((effect_id, body, url))
        if self.trouble is not None:
            raise self.trouble
        return "204"


async def lost(pages: Pages, cause: str = "r-1", reason: str = "410 Gone", *, posted: bool = True) -> str:
    """A notice that never arrived; returns its id."""
    one = effect(cause, to=Recipient.CUSTOMER)
    await pages.store.begun(one, SAID)
    if posted:
        await Deliveries(pages.store).keep(Posted(one.id, URL, digest_of(URL), False, '{"type":"case"}'))
    await pages.store.undeliverable(one.id, reason)
    return one.id


async def test_what_never_arrived_is_sent_again_and_the_page_says_what_became_of_it(
    tmp_path: Path,
) -> None:
    receiver = Receiver()
    async with pages_of(tmp_path, webhooks=Webhooks(receiver, {})) as pages:
        await pages.sign_in("Mo Tan", "manager")
        number = await pages.record()
        one = await lost(pages)
        await lost(pages, "r-2", "the mailbox does not exist", posted=False)
        shown = (await pages.get("/undelivered")).text
        for text in (number, URL, "410 Gone", "the mailbox does not exist", "of a mail nothing is kept"):
            assert text in shown, text
        assert shown.count("<button>Retry") == 1
        assert not receiver.sent  # looking sends nothing
        form = {"form": (await pages.hidden("/undelivered"))["form"], "effect": one}
        for trouble, status in ((NeverWorks("410 Gone still"), 409), (TryAgain("timed out"), 503)):
            receiver.trouble = trouble
            answer = await pages.post("/undelivered", form)
            assert (answer.status_code, str(trouble) in answer.text) == (status, True)
            assert "<button>Retry" in answer.text
        receiver.trouble = None
        answer = await pages.post("/undelivered", form)
        assert answer.status_code == 303
        after = (await pages.get(answer.headers["location"])).text
        assert "It has arrived" in after
        assert "410 Gone" not in after
        assert receiver.sent[-1] == (one, '{"type":"case"}', URL)
        unknown = await pages.post("/undelivered", {**form, "effect": HOSTILE})
        assert unknown.status_code == 404
        assert "<img" not in unknown.text


async def test_hostile_texts_stay_text_on_every_page(pages: Pages) -> None:
    changes = {"level": HOSTILE, "tenant": HOSTILE, "region": HOSTILE, "policy": HOSTILE, "assignee": HOSTILE}
    told = (
        entry(1, kind=EntryKind.BREACHED, about=HOSTILE, at=NOW + HOUR),
        entry(2, kind=EntryKind.HANDED_OVER, about=f"{HOSTILE} -> {HOSTILE}", at=NOW + 2 * HOUR),
        entry(3, kind=EntryKind.ESCALATED_TO_VENDOR, about=HOSTILE, at=NOW + 2 * HOUR),
    )
    hostile = await row("INC-1", entries=3, responded_at=NOW + HOUR, **changes, phase=Phase.VENDOR_ESCALATED)
    await pages.store.record(RecordBatch(row=hostile, entries=told))
    await lost(pages, reason=HOSTILE)
    pages.clock.passes(3.5 * HOUR)
    for path in ("/statistics", "/undelivered", "/vendors"):
        shown = (await pages.get(path)).text
        assert "{{7*7}}" in shown, path
        assert "<img" not in shown, path
        assert "<script>" not in shown, path
    for path in ("/statistics", "/coverage", "/rota", "/undelivered", "/policies/x", "/incidents"):
        for field in ("from", "to", "tenant", "policy", "day", "week", "centre", "again", "after"):
            answer = await pages.client.get(path, params={field: HOSTILE})
            assert answer.status_code in (200, 400, 404, 409), (path, field)
            assert "<img" not in answer.text, (path, field)
