"""What our staff do by the API beside the cases: search, drafts of agents, webhooks that got lost."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import pytest
from standardwebhooks import Webhook

from activities.store.case_store import CaseStore
from activities.store.drafts import Draft, Drafts
from tests.starter.api_client import Api, request
from tests.starter.conftest import WEBHOOKS, eventually

AGENT = "Agent Smith"


def test_a_case_is_found_by_what_its_customer_knows_and_pages_follow_each_other(api: Api) -> None:
    numbers = {api.open(f"SEARCH-{turn}", title=f"Frobnicator {turn} jammed")["number"] for turn in range(3)}
    eventually(lambda: api.get("/v1/search?text=frobnicator").json()["total"] == 3)
    after, found = "", []
    while after is not None:
        page = api.get(f"/v1/search?text=frobnicator&limit=2{after and f'&after={after}'}").json()
        found += [one["row"]["number"] for one in page["cases"]]
        after = page.get("next_cursor")
    assert len(found) == 3
    assert set(found) == numbers
    assert page["open"] == 3
    one = sorted(numbers)[0]
    (by_number,) = api.get(f"/v1/search?text={one}").json()["cases"]
    assert (by_number["row"]["number"], by_number["marks"][0]["by"]) == (one, "number")
    assert api.get("/v1/search?text=frobnicatr").json()["nearly"] is True
    assert api.get("/v1/search").status_code == 422


def test_who_searches_finds_their_own_company_s_cases_alone(api: Api) -> None:
    api.open("SEARCH-OWN", title="Quokka lost")
    api.key("Ola Other", "customer", "Other Search")
    api.key("Hal of Harbour", "customer", "Harbour Foods")
    eventually(lambda: api.get("/v1/search?text=quokka").json()["total"] == 1)
    assert api.get("/v1/search?text=quokka", as_="Hal of Harbour").json()["total"] == 1
    nothing = api.get("/v1/search?text=quokka", as_="Ola Other").json()
    assert (nothing["cases"], nothing["total"]) == ([], 0)
    api.key("Vic Vendor", "vendor")
    assert api.get("/v1/search?text=quokka", as_="Vic Vendor").status_code == 403


def _drafted(api: Api, case: Any, verb: str = "post_update", **fields: str) -> str:
    """What an agent wrote, as its own door keeps it."""
    draft = Draft(
        case_id=case["case_id"],
        number=case["number"],
        tenant="Harbour Foods",
        verb=verb,
        fields=dict(fields),
        because="staff_update to the customer",
        drafted_by=AGENT,
        drafted_at=datetime.now(UTC),
    )

    async def keep() -> None:
        store = await CaseStore.open(f"sqlite:///{api.run.home / 'cases.db'}")
        await Drafts(store).keep(draft)
        await store.close()

    asyncio.run(keep())
    return draft.draft_id


def test_a_draft_is_released_once_by_a_person_who_did_not_write_it(api: Api) -> None:
    case = api.open("DRAFT-1")
    api.post(f"/v1/cases/{case['number']}/responses", {"text": "I have started."})
    draft = _drafted(api, case, text="The cause is found.")
    waiting = api.get(f"/v1/drafts?case={case['number']}").json()["drafts"]
    assert [(one["draft_id"], one["fields"]["text"]) for one in waiting] == [(draft, "The cause is found.")]
    release = f"/v1/drafts/{draft}/releases"
    api.key(AGENT, "tss")
    api.key("Nightly job", "system")
    api.key("Hal of Harbour", "customer", "Harbour Foods")
    for who in (AGENT, "Nightly job", "Hal of Harbour"):
        assert api.post(release, as_=who).status_code == 403, who
    assert api.post(release, {"text": "Other words."}).status_code == 422
    released = api.post(release, key="release-1")
    assert (released.status_code, released.json()["outcome"]) == (200, "accepted")
    assert api.post(release, key="release-1").headers["idempotent-replayed"] == "true"
    late = api.post(release)
    assert (late.status_code, late.json()["code"]) == (409, "DraftDecided")
    told = api.get(f"/v1/cases/{case['number']}/timeline").json()["entries"]
    assert [(one["by"], one["text"]) for one in told if one["text"] == "The cause is found."] == [
        ("Mia Chen", "The cause is found.")
    ]


def test_a_draft_that_is_dropped_is_never_said(api: Api) -> None:
    case = api.open("DRAFT-2")
    draft = _drafted(api, case, "respond", text="Buy our other product.")
    assert api.post(f"/v1/drafts/{draft}/drops").status_code == 200
    assert api.post(f"/v1/drafts/{draft}/releases").json()["code"] == "DraftDecided"
    assert api.get(f"/v1/drafts?case={case['number']}").json()["drafts"] == []
    assert api.get(f"/v1/cases/{case['number']}").json()["phase"] == "received"


class Receiver(ThreadingHTTPServer):
    """A customer's receiver of webhooks, which answers as a test wants."""

    status = 400

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.got: list[tuple[dict[str, str], str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Hook(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_webhook_that_never_arrived_is_listed_and_sent_again_as_it_was(
    api: Api, receiver: Receiver
) -> None:
    contact = {"name": "Priya Nair", "webhook": receiver.url}
    case = api.post("/v1/cases", request("HOOK-1", contact=contact)).json()

    def lost() -> list[Any]:
        rows = api.get("/v1/webhook-deliveries?status=undeliverable").json()["deliveries"]
        return [row for row in rows if row["case_id"] == case["case_id"]]

    (row, *_) = eventually(lost)
    assert row["address"] == receiver.url
    assert "400" in row["reason"]
    sent = [one for one in receiver.got if one[0]["webhook-id"] == row["effect_id"]]
    replay = f"/v1/webhook-deliveries/{quote(row['effect_id'], safe='')}/replays"
    refused = api.post(replay)
    assert (refused.status_code, refused.json()["code"]) == (409, "WebhookRefused")
    receiver.status = 503
    away = api.post(replay, key="replay-1")
    assert (away.status_code, away.json()["code"]) == (503, "WebhookUnreachable")
    assert int(away.headers["retry-after"]) >= 1
    receiver.status = 204
    assert api.post(replay, key="replay-1").json()["status"] == "delivered"
    count = len(receiver.got)
    assert api.post(replay, key="replay-1").headers["idempotent-replayed"] == "true"
    assert len(receiver.got) == count
    headers, body = receiver.got[-1]
    assert (headers["webhook-id"], body) == (row["effect_id"], sent[0][1])
    assert Webhook(WEBHOOKS["SUNRELAY_WEBHOOK_SECRET"]).verify(body, headers)["type"].startswith("case.")
    assert row["effect_id"] not in {one["effect_id"] for one in lost()}
    api.key("Hal of Harbour", "customer", "Harbour Foods")
    assert api.post(replay, as_="Hal of Harbour").status_code == 403
    assert api.post("/v1/webhook-deliveries/nothing/replays").json()["code"] == "DeliveryNotFound"
