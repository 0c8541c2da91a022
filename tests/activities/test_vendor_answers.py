"""What a vendor answers, however wrong, neither poisons a case nor opens a second ticket."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from activities.channels.answer_head import LONGEST_WAIT
from activities.store.case_store import CaseStore
from activities.vendor.answers import MAX_ANSWER, at_pointer, reference_in
from domain.effects import OutcomeStatus
from tests.activities.http_receiver import HttpReceiver, answer_of
from tests.activities.vendor_desk import TOKEN, VendorDesk, config_file, ticket


@pytest.fixture
def desk(own_store: CaseStore, receiver: HttpReceiver, tmp_path: Path) -> VendorDesk:
    return VendorDesk(own_store, vendor_config=config_file(tmp_path, f"http://127.0.0.1:{receiver.port}"))


def body(**given: object) -> bytes:
    return json.dumps({"external_id": ticket().id} | given).encode()


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"<html>maintenance</html>",
        b"[" * 100_000,
        b"null",
        b'"V-1"',
        b"\xff\xfe",
        body(),
        body(id=None),
        body(id=True),
        body(id=["V-1"]),
        body(id=" "),
        body(id="V" * 101),
        body(id="V-7", external_id="somebody else's"),
    ],
)
async def test_an_answer_without_our_reference_is_looked_for_instead_of_sent_again(
    desk: VendorDesk, receiver: HttpReceiver, rubbish: bytes
) -> None:
    found = json.dumps({"found": [{"id": "V-8", "external_id": "x"}, json.loads(body(id=7))]}).encode()
    receiver.answers = [answer_of(201, rubbish), answer_of(200, found)]
    await desk.not_told(ticket())
    assert (await desk.tell(ticket())).reference == "7"
    assert receiver.received[1].target.startswith("/tickets?external_id=case-")


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504])
async def test_a_vendor_in_trouble_may_have_taken_it_and_is_asked_first(
    desk: VendorDesk, receiver: HttpReceiver, status: int
) -> None:
    receiver.answers = [answer_of(status), answer_of(200, b'{"found": []}'), answer_of(201, body(id="V-1"))]
    await desk.not_told(ticket())
    assert (await desk.tell(ticket())).reference == "V-1"
    assert [len(one.body) > 0 for one in receiver.received] == [True, False, True]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422])
async def test_a_vendor_who_refuses_is_not_asked_again(
    desk: VendorDesk, receiver: HttpReceiver, status: int
) -> None:
    receiver.answers = [answer_of(status, b"we do\r\nnot want it " + TOKEN.encode())]
    outcome = await desk.tell(ticket())
    assert outcome.status is OutcomeStatus.UNDELIVERABLE
    assert f"{status} " in str(outcome.reason)
    assert "we do not want it [token]" in str(outcome.reason)


@pytest.mark.parametrize(("header", "seconds"), [("120", 120), ("0", 1), ("9" * 400, 3600)])
async def test_the_vendor_s_wish_to_wait_reaches_temporal(
    desk: VendorDesk, receiver: HttpReceiver, header: str, seconds: int
) -> None:
    receiver.answers = [answer_of(429, Retry_After=header)]
    error = await desk.not_told(ticket())
    assert error.next_retry_delay == timedelta(seconds=seconds) <= LONGEST_WAIT


async def test_a_vendor_who_never_says_less_than_too_much_is_left_to_people(
    desk: VendorDesk, receiver: HttpReceiver
) -> None:
    receiver.answers = [answer_of(201, b" " * (MAX_ANSWER + 1))] * 2
    await desk.not_told(ticket())
    outcome = await desk.tell(ticket())
    assert outcome.status is OutcomeStatus.UNDELIVERABLE
    assert "more than 1048576 bytes" in str(outcome.reason)


async def test_an_answer_of_a_mebibyte_is_read(desk: VendorDesk, receiver: HttpReceiver) -> None:
    said = body(id="V-1")
    receiver.answers = [answer_of(201, said + b" " * (MAX_ANSWER - len(said)))]
    assert (await desk.tell(ticket())).reference == "V-1"


async def test_an_operation_that_failed_is_not_started_again(
    desk: VendorDesk, receiver: HttpReceiver, own_store: CaseStore
) -> None:
    failed = json.dumps({"status": "Failed", "error": {"message": f"no plan for {TOKEN}"}}).encode()
    receiver.answers = [answer_of(202, Location="/operations/7"), answer_of(200, failed)]
    await desk.not_told(ticket())
    await own_store.not_yet(ticket().id)
    outcome = await desk.tell(ticket())
    assert outcome.status is OutcomeStatus.UNDELIVERABLE
    assert "Failed, no plan for [token]" in str(outcome.reason)


async def test_an_operation_nobody_remembers_is_looked_for(
    desk: VendorDesk, receiver: HttpReceiver, own_store: CaseStore
) -> None:
    found = json.dumps({"found": [json.loads(body(id="V-3"))]}).encode()
    receiver.answers = [answer_of(202, Location="/operations/7"), answer_of(404), answer_of(200, found)]
    await desk.not_told(ticket())
    await own_store.not_yet(ticket().id)
    assert (await desk.tell(ticket())).reference == "V-3"


async def test_what_is_done_and_not_shown_yet_is_not_sent_a_second_time(
    desk: VendorDesk, receiver: HttpReceiver, own_store: CaseStore
) -> None:
    done, nothing = answer_of(200, b'{"status": "Succeeded"}'), answer_of(200, b'{"found": []}')
    receiver.answers = [answer_of(202, Location="/operations/7"), done, nothing]
    await desk.not_told(ticket())
    await own_store.not_yet(ticket().id)
    assert "does not show it yet" in str(await desk.not_told(ticket()))


async def test_a_vendor_who_says_only_that_he_took_it_is_looked_at_later(
    desk: VendorDesk, receiver: HttpReceiver
) -> None:
    receiver.answers = [answer_of(202, Retry_After="2")]
    error = await desk.not_told(ticket())
    assert error.next_retry_delay == timedelta(seconds=2)


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("/a/b", 1),
        ("/list/1", "y"),
        ("/list/2", None),
        ("/a~1b", 2),
        ("/m~0n", 3),
        ("/a/b/c", None),
        ("/", 4),
    ],
)
def test_a_pointer_reads_as_the_standard_says(pointer: str, found: object) -> None:
    whole = {"a": {"b": 1}, "list": ["x", "y"], "a/b": 2, "m~n": 3, "": 4}
    assert at_pointer(whole, pointer) == found


def test_a_reference_is_one_line_without_control_characters() -> None:
    assert reference_in({"id": "V-1\r\nBcc: x"}, "/id") == "V-1 Bcc: x"
