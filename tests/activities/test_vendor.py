"""The vendor at the socket: every way he can fail, and one ticket in all of them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from activities.store.case_store import CaseStore
from activities.words.content import content_of
from activities.words.letters import Words
from domain.effects import Channel, OutcomeStatus
from starter.desk.fake_vendor import FakeVendor, Mood
from tests.activities.builders import CASE, NUMBER
from tests.activities.desk import SHORT
from tests.activities.mail_system import MailSystem
from tests.activities.vendor_desk import TOKEN, FakeAt, Moods, VendorDesk, config_file, follow_up, ticket

ACCEPTED_THEN_FAILED = (Mood.TAKES_THEN_FAILS, Mood.TAKES_THEN_HANGS_UP)


@pytest.fixture
async def there() -> AsyncIterator[FakeAt]:
    moods = Moods()
    vendor = FakeVendor(TOKEN, moods)
    await vendor.start()
    yield FakeAt(vendor, moods)
    await vendor.stop()


@pytest.fixture
def desk(own_store: CaseStore, mail_system: MailSystem, there: FakeAt, tmp_path: Path) -> VendorDesk:
    return VendorDesk(own_store, mail_system.port, vendor_config=config_file(tmp_path, there.vendor.url))


@pytest.mark.covers("RHIPE-59")
async def test_a_ticket_carries_what_the_case_says_and_comes_back_with_its_number(
    desk: VendorDesk, there: FakeAt
) -> None:
    outcome = await desk.tell(ticket(severity="urgent", enhanced=True))
    assert (outcome.status, outcome.channel, outcome.reference) == (
        OutcomeStatus.DELIVERED,
        Channel.VENDOR,
        "V-1001",
    )
    (opened,) = there.vendor.tickets
    assert opened.key == ticket().id
    assert opened.said["product"] == "azure"
    assert opened.said["enhanced"] is True
    assert opened.said["severity"] == "urgent"
    contact = {"name": "Kim van Ng", "email": "kim@partner.example", "phone": "+61 2 5550 0100"}
    assert opened.said["contact"] == contact
    assert NUMBER in str(opened.said["subject"])
    assert there.vendor.requests[0].headers["idempotency-key"] == ticket().id


async def test_no_text_of_a_case_becomes_a_header_of_the_vendor_s(
    own_store: CaseStore, there: FakeAt, tmp_path: Path
) -> None:
    more = '[open.headers]\nx-title = "{subject}"\nx-message = "{message}"\n'
    config = config_file(tmp_path, there.vendor.url, more)
    told = ticket(title="会議 100%", text="One\r\nx-evil: two")
    await VendorDesk(own_store, vendor_config=config).tell(told)
    headers = there.vendor.requests[0].headers
    assert headers["x-title"] == f"[{NUMBER}] azure: %E4%BC%9A%E8%AD%B0 100%"
    assert "%0A    x-evil: two" in headers["x-message"]
    assert "x-evil" not in headers


async def test_a_ticket_that_is_open_is_not_sent_again(desk: VendorDesk, there: FakeAt) -> None:
    first = await desk.tell(ticket())
    assert await desk.tell(ticket()) == first
    assert len(there.vendor.requests) == 1


async def test_accepted_then_failed_is_one_ticket_in_100_of_100_runs(desk: VendorDesk, there: FakeAt) -> None:
    for run in range(100):
        there.is_now(ACCEPTED_THEN_FAILED[run % 2], Mood.WELL)
        await desk.not_told(ticket(f"r-{run}"))
        outcome = await desk.tell(ticket(f"r-{run}"))
        assert outcome.reference == f"V-{1001 + run}"
    assert there.keys() == [ticket(f"r-{run}").id for run in range(100)]


async def test_a_ticket_is_found_again_after_the_worker_died_before_it_noted_it(
    desk: VendorDesk, there: FakeAt
) -> None:
    attempt = asyncio.create_task(desk.tell(ticket()))
    there.vendor.opened = lambda _: attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    there.vendor.opened = lambda _: None
    assert (await desk.tell(ticket())).reference == "V-1001"
    assert len(there.vendor.tickets) == 1


async def test_a_vendor_who_failed_before_he_took_it_gets_it_at_the_next_attempt(
    desk: VendorDesk, there: FakeAt
) -> None:
    there.is_now(Mood.FAILS)
    assert "500 Internal Server Error" in str(await desk.not_told(ticket()))
    there.is_now(Mood.WELL)
    assert (await desk.tell(ticket())).reference == "V-1001"
    assert len(there.vendor.tickets) == 1


async def test_a_busy_vendor_is_left_alone_as_long_as_he_wishes(desk: VendorDesk, there: FakeAt) -> None:
    there.is_now(Mood.BUSY)
    error = await desk.not_told(ticket())
    assert error.next_retry_delay == timedelta(seconds=3)
    again = await desk.not_told(ticket())
    assert "asked to wait until" in str(again)
    assert len(there.vendor.requests) == 1


async def test_a_vendor_who_needs_time_is_asked_where_he_said_and_when(
    desk: VendorDesk, there: FakeAt, own_store: CaseStore
) -> None:
    there.is_now(Mood.SLOW)
    delays = []
    for _ in range(2):
        delays.append((await desk.not_told(ticket())).next_retry_delay)
        await own_store.not_yet(ticket().id)  # the time he asked for has passed
    assert delays == [timedelta(seconds=1)] * 2
    assert (await desk.tell(ticket())).reference == "V-1001"
    assert [one.path for one in there.vendor.requests] == [
        "/tickets",
        "/operations/V-1001",
        "/operations/V-1001",
        "/tickets",
    ]
    assert len(there.vendor.tickets) == 1


@pytest.mark.parametrize("mood", [Mood.REDIRECTS, Mood.FORBIDS])
async def test_a_vendor_who_refuses_is_called_by_our_own_people(
    own_store: CaseStore, mail_system: MailSystem, there: FakeAt, tmp_path: Path, mood: Mood
) -> None:
    there.is_now(mood)
    config = config_file(tmp_path, there.vendor.url)
    desk = VendorDesk(own_store, mail_system.port, vendor_config=config, staff_address="desk@our.example")
    outcome = await desk.tell(ticket())
    assert (outcome.status, outcome.channel, outcome.reference) == (
        OutcomeStatus.DELIVERED,
        Channel.EMAIL,
        None,
    )
    (mail,) = mail_system.taken
    assert mail.message["Subject"].startswith(f"[{NUMBER}] Call the vendor: ")
    assert ("redirects are not followed" if mood is Mood.REDIRECTS else "401") in str(outcome.reason)
    assert not there.vendor.tickets
    assert len(there.vendor.requests) == 1


async def test_an_answer_over_a_mebibyte_is_not_read_and_the_ticket_found_again(
    desk: VendorDesk, there: FakeAt
) -> None:
    there.is_now(Mood.TALKS_TOO_LONG, Mood.WELL)
    assert "more than 1048576 bytes" in str(await desk.not_told(ticket()))
    assert (await desk.tell(ticket())).reference == "V-1001"
    assert len(there.vendor.tickets) == 1


async def test_a_vendor_who_never_answers_is_given_up_for_now(
    own_store: CaseStore, there: FakeAt, tmp_path: Path
) -> None:
    there.is_now(Mood.SILENT)
    config = config_file(tmp_path, there.vendor.url)
    desk = VendorDesk(own_store, patience=SHORT, vendor_config=config)
    await desk.not_told(ticket())
    there.is_now(Mood.WELL)
    assert (await desk.tell(ticket())).reference == "V-1001"


async def test_whoever_may_have_been_told_already_is_named_to_the_one_who_calls(
    own_store: CaseStore, mail_system: MailSystem, there: FakeAt, tmp_path: Path
) -> None:
    config = config_file(tmp_path, there.vendor.url)
    desk = VendorDesk(own_store, mail_system.port, vendor_config=config, staff_address="desk@our.example")
    there.is_now(Mood.TAKES_THEN_FAILS, Mood.FORBIDS)
    await desk.not_told(ticket())
    outcome = await desk.tell(ticket())
    assert f"look for {ticket().id} there: it may have arrived" in str(outcome.reason)
    assert len(mail_system.taken) == 1


async def test_what_is_added_goes_to_the_ticket_that_was_opened(desk: VendorDesk, there: FakeAt) -> None:
    await desk.tell(ticket())
    there.is_now(Mood.TAKES_THEN_FAILS, Mood.WELL)
    await desk.not_told(follow_up())
    outcome = await desk.tell(follow_up())
    assert (outcome.status, outcome.reference) == (OutcomeStatus.DELIVERED, None)
    (opened,) = there.vendor.tickets
    assert [one.key for one in opened.comments] == [follow_up().id]
    assert "News r-1" in str(opened.comments[0].said["text"])


async def test_what_is_added_to_a_ticket_nobody_knows_is_not_lost(
    own_store: CaseStore, mail_system: MailSystem, there: FakeAt, tmp_path: Path
) -> None:
    config = config_file(tmp_path, there.vendor.url)
    desk = VendorDesk(own_store, mail_system.port, vendor_config=config, vendor_address="desk@vendor.example")
    outcome = await desk.tell(follow_up())
    assert (outcome.status, outcome.channel) == (OutcomeStatus.DELIVERED, Channel.EMAIL)
    assert "the vendor must be told reference" in str(outcome.reason)
    (mail,) = mail_system.taken
    assert mail.recipients == ["desk@vendor.example"]
    assert not there.vendor.requests


async def test_without_an_interface_the_vendor_is_written_to(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    desk = VendorDesk(own_store, mail_system.port, vendor_address="desk@vendor.example")
    outcome = await desk.tell(ticket())
    assert (outcome.status, outcome.channel) == (OutcomeStatus.DELIVERED, Channel.EMAIL)
    (mail,) = mail_system.taken
    assert mail.recipients == ["desk@vendor.example"]
    assert "Call the vendor" not in mail.message["Subject"]


async def test_without_any_way_to_the_vendor_our_own_people_call_him(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    desk = VendorDesk(own_store, mail_system.port, staff_address="desk@our.example")
    outcome = await desk.tell(ticket())
    assert outcome.status is OutcomeStatus.DELIVERED
    (mail,) = mail_system.taken
    assert mail.recipients == ["desk@our.example"]
    for form in ("plain", "html"):
        assert "Call the vendor" in mail.part(form)


async def test_where_nobody_at_all_can_be_told_the_case_hears_of_it(own_store: CaseStore) -> None:
    outcome = await VendorDesk(own_store).tell(ticket())
    assert outcome.status is OutcomeStatus.UNDELIVERABLE
    assert "SUNRELAY_VENDOR_CONFIG" in str(outcome.reason)


async def test_the_token_is_in_nothing_that_is_said_logged_or_noted(
    own_store: CaseStore,
    mail_system: MailSystem,
    there: FakeAt,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    config = config_file(tmp_path, there.vendor.url)
    desk = VendorDesk(own_store, mail_system.port, vendor_config=config, staff_address="desk@our.example")
    with caplog.at_level(logging.DEBUG):
        there.is_now(Mood.FORBIDS)
        outcome = await desk.tell(ticket())
        there.is_now(Mood.TAKES_THEN_HANGS_UP)
        error = await desk.not_told(ticket("r-9"))
    noted = [one.model_dump_json() for one in await own_store.deliveries(CASE)]
    mails = [mail.message.as_string() for mail in mail_system.taken]
    said = [outcome.model_dump_json(), repr(error), caplog.text, *noted, *mails]
    assert "the token [token] has expired" in said[0]
    assert not [text for text in said if TOKEN in text]
    assert "HTTP Request" not in caplog.text  # nor is any URL, in which others hide theirs


# --- a vendor of whom only a search tells whether it arrived ---------------------------------------------

ONLY_SEARCHED = """
name = "searched"
base_url = "{url}"

[open]
path = "/tickets"
reference = "/id"
echo = "/external_id"

[open.body]
external_id = "{{key}}"

[open.find]
path = "/tickets"
query = {{ external_id = "{shown}" }}
items = "/found"
{lag}
"""
SHOWN, NOT_YET = "{key}", "not-yet-{key}"


class Searched(NamedTuple):
    """One store, one vendor; how soon his search shows a ticket is set for each desk."""

    store: CaseStore
    mail: MailSystem
    there: FakeAt
    place: Path

    def desk(self, shown: str, lag: str = "", **given: Any) -> VendorDesk:
        file = self.place / "searched.toml"
        file.write_text(ONLY_SEARCHED.format(url=self.there.vendor.url, shown=shown, lag=lag), "utf-8")
        return VendorDesk(self.store, self.mail.port, vendor_config=str(file), **given)


@pytest.fixture
def searched(own_store: CaseStore, mail_system: MailSystem, there: FakeAt, tmp_path: Path) -> Searched:
    return Searched(own_store, mail_system, there, tmp_path)


async def test_a_search_that_lags_is_given_its_time_before_a_ticket_is_opened_again(
    searched: Searched,
) -> None:
    searched.there.is_now(Mood.TAKES_THEN_FAILS, Mood.WELL)
    lagging = searched.desk(NOT_YET, 'lag = "1s"')
    assert (await lagging.not_told(ticket())).next_retry_delay == timedelta(seconds=1)
    assert "asked to wait" in str(await lagging.not_told(ticket()))
    await asyncio.sleep(1.1)
    assert (await searched.desk(SHOWN, 'lag = "1s"').tell(ticket())).reference == "V-1001"
    assert searched.there.keys() == [ticket().id]


async def test_what_is_not_found_after_the_lag_is_opened_and_every_doubt_waits_anew(
    searched: Searched,
) -> None:
    searched.there.is_now(Mood.FAILS, Mood.WELL, Mood.FAILS, Mood.WELL)
    desk = searched.desk(NOT_YET, 'lag = "1s"')
    await desk.not_told(ticket())
    await asyncio.sleep(1.1)
    assert (await desk.not_told(ticket())).next_retry_delay == timedelta(seconds=1)
    assert searched.there.keys() == []
    await asyncio.sleep(1.1)
    assert (await desk.tell(ticket())).reference == "V-1001"
    assert searched.there.keys() == [ticket().id]


async def test_a_worker_that_died_while_it_sent_makes_the_next_wait_too(searched: Searched) -> None:
    desk = searched.desk(NOT_YET, 'lag = "1h"')
    await desk.store.begun(ticket(), content_of(ticket(), Words().render(ticket())))
    again = await desk.not_told(ticket())
    assert again.next_retry_delay == timedelta(hours=1)
    assert searched.there.keys() == []


async def test_without_a_stated_lag_a_person_decides_and_nothing_is_sent_by_another_way(
    searched: Searched,
) -> None:
    searched.there.is_now(Mood.TAKES_THEN_FAILS, Mood.WELL)
    desk = searched.desk(NOT_YET, vendor_address="desk@vendor.example", staff_address="staff@desk.example")
    await desk.not_told(ticket())
    outcome = await desk.tell(ticket())
    assert (outcome.status, outcome.channel) == (OutcomeStatus.DELIVERED, Channel.EMAIL)
    assert "look there before it is sent again" in (outcome.reason or "")
    (mail,) = searched.mail.taken
    assert mail.recipients == ["staff@desk.example"]
    assert searched.there.keys() == [ticket().id]
