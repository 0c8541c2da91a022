"""The vendor calls: what is proved to be his reaches its case once, and nothing else does."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client

from starter.cli.command import Door
from starter.cli.output import Output
from starter.door.place import Target
from starter.home import Home
from starter.web.server import serve
from starter.web.vendor import MAX_BODY, listening_app
from starter.web.vendor_answers import Answer
from starter.web.vendor_cases import pass_on
from starter.web.vendor_events import Heard, heard
from starter.web.vendor_proof import KEPT_FOR, MOST_KEPT, Proof, Seen
from tests.servers import free_port
from tests.starter.conftest import Commands, eventually
from tests.starter.vendor_caller import KEY, NEXT_KEY, STRANGE_KEY, Caller, call, signed, taken_there


@pytest.fixture(scope="module")
def vendor(run: Commands) -> Iterator[Caller]:
    """The door of a desk that is changing its vendor's key, as a process of its own."""
    port = free_port()
    settings = {
        "TEMPORAL_ADDRESS": str(run.address),
        "SUNRELAY_HOME": str(run.home),
        "SUNRELAY_VENDOR_WEBHOOK_SECRETS": f"{KEY}\n{NEXT_KEY}",
    }
    with (run.home / "vendor-door.log").open("wb") as log:
        command = [sys.executable, "-m", "starter", "vendor", "listen", "--port", str(port)]
        door = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
    caller = Caller(port)
    try:
        eventually(lambda: _is_listening(caller), 60)
        yield caller
    finally:
        door.send_signal(signal.SIGTERM)
        assert door.wait(30) == 0


def _is_listening(caller: Caller) -> bool:
    with contextlib.suppress(OSError):
        caller.slowly(0, b"")
        return True
    return False


@pytest.fixture(scope="module")
def at_vendor(run: Commands) -> str:
    """The number of a case the vendor has as V-77."""
    return taken_there(run, "VL-1", "V-77")


def _said(run: Commands, number: str, kind: str = "vendor_answered") -> list[Any]:
    return [entry for entry in run.as_json("timeline", number)["entries"] if entry["kind"] == kind]


@pytest.mark.covers("RHIPE-51")
def test_an_answer_of_the_vendor_reaches_the_case_he_knows_by_his_own_number(
    run: Commands, vendor: Caller, at_vendor: str
) -> None:
    answered = vendor.vendor(
        "msg-a", reference="V-77", text="The cause is found.", contact="Robin", severity="B"
    )
    assert (answered.status, answered.code) == (202, "Accepted")
    (entry,) = eventually(
        lambda: [one for one in _said(run, at_vendor) if one["text"] == "The cause is found."]
    )
    assert entry["by"] == "Robin"


def test_a_call_that_is_repeated_is_said_once(run: Commands, vendor: Caller, at_vendor: str) -> None:
    body = call(case_number=at_vendor, text="Said once.")
    assert vendor(body, signed(body, "msg-b")).code == "Accepted"
    assert vendor(body, signed(body, "msg-b", late=timedelta(minutes=1))).code == "Repeated"
    after = call(case_number=at_vendor, text="Said after it.")
    vendor(after, signed(after, "msg-c"))
    texts = eventually(
        lambda: (
            (found := [one["text"] for one in _said(run, at_vendor)]) and "Said after it." in found and found
        )
    )
    assert texts.count("Said once.") == 1


def test_a_door_that_forgot_what_it_heard_does_not_make_the_case_hear_it_twice(
    run: Commands, vendor: Caller, at_vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = call(case_number=at_vendor, text="Heard before the door was opened anew.")
    assert vendor(body, signed(body, "msg-d")).code == "Accepted"
    with _another_door(run, monkeypatch) as door:
        said = _heard(body, "msg-d")
        asyncio.run(pass_on(door.session, said))
    last = call(case_number=at_vendor, text="The last of them.")
    vendor(last, signed(last, "msg-e"))
    eventually(lambda: [one for one in _said(run, at_vendor) if one["text"] == "The last of them."])
    texts = [one["text"] for one in _said(run, at_vendor)]
    assert texts.count("Heard before the door was opened anew.") == 1


@contextlib.contextmanager
def _another_door(run: Commands, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", str(run.address))
    monkeypatch.setenv("SUNRELAY_HOME", str(run.home))
    yield Door(Output(), Target(), timedelta(seconds=10), Home(run.home))


def _heard(body: str, identity: str) -> Heard:
    return heard(body.encode(), identity, datetime.now(UTC))


def test_another_body_under_an_id_that_was_used_is_refused(vendor: Caller, at_vendor: str) -> None:
    assert vendor.vendor("msg-f", case_number=at_vendor, text="First.").status == 202
    again = vendor.vendor("msg-f", case_number=at_vendor, text="Second.")
    assert (again.status, again.code) == (409, "WebhookIdReused")


@pytest.mark.parametrize("key", [KEY, NEXT_KEY])
def test_both_keys_are_good_while_one_is_changed(vendor: Caller, at_vendor: str, key: str) -> None:
    body = call(case_number=at_vendor, text="Signed.")
    assert vendor(body, signed(body, f"msg-{key[-6:-1]}", key=key)).status == 202


@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_a_call_from_another_time_is_refused(vendor: Caller, at_vendor: str, late: timedelta) -> None:
    body = call(case_number=at_vendor)
    answered = vendor(body, signed(body, "msg-g", late=late))
    assert (answered.status, answered.code) == (401, "WebhookUnverified")


def test_a_call_nobody_signed_or_somebody_else_did_is_refused(vendor: Caller, at_vendor: str) -> None:
    body = call(case_number=at_vendor)
    good = signed(body, "msg-h")
    wrong: list[tuple[str, dict[str, str]]] = [
        (body, signed(body, "msg-h", key=STRANGE_KEY)),
        (body.replace("found", "lost!"), good),
        (body, {**good, "webhook-id": "msg-i"}),
        (body, {**good, "webhook-timestamp": str(int(good["webhook-timestamp"]) + 1)}),
        (body, {**good, "webhook-timestamp": "soon"}),
        (body, {**good, "webhook-signature": "v1"}),
        (body, {**good, "webhook-signature": "v1,***"}),
        (body, {**good, "webhook-signature": good["webhook-signature"].replace("v1,", "v2,")}),
        (body, {name: text for name, text in good.items() if name != "webhook-signature"}),
        (body, {}),
    ]
    answers = [vendor(*one) for one in wrong]
    assert {(one.status, one.code) for one in answers} == {(401, "WebhookUnverified")}
    assert vendor(b"\xff\xfe", good).status == 401


@pytest.mark.parametrize(
    "odd", [{"text": "t" * 9000}, {"text": "Fixed.\v\u202eNow."}, {"text": "x", "contact": "a\nb"}]
)
def test_a_long_or_odd_answer_is_understood_and_only_its_case_is_not_found(
    vendor: Caller, odd: dict[str, str]
) -> None:
    body = call(case_number="x", **odd)
    answered = vendor(body, signed(body, "msg-o"))
    assert (answered.status, answered.code) == (404, "CaseNotFound")


@pytest.mark.parametrize(
    "body",
    [
        "not json",
        "[" * 20_000,
        "[]",
        call("vendor.gossip", case_number="x"),
        call(),
        call(case_number=7),
        call(case_number="x", text=None),
        call("vendor.finding", case_number="x"),
        call(case_number="x", resolved="yes"),
    ],
)
def test_a_call_that_says_nothing_we_understand_is_refused(vendor: Caller, body: str) -> None:
    answered = vendor(body, signed(body, "msg-j"))
    assert (answered.status, answered.code) == (400, "ValidationError")


def test_an_id_that_cannot_be_a_request_s_is_refused(vendor: Caller, at_vendor: str) -> None:
    body = call(case_number=at_vendor)
    answered = vendor(body, signed(body, "an id with blanks"))
    assert (answered.status, answered.code) == (400, "WebhookIdInvalid")


@pytest.mark.parametrize(
    "named", [{"case_number": "SR-2222-2222-2"}, {"reference": "V-0"}, {"case_number": "?"}]
)
def test_a_case_nobody_knows_is_not_found(vendor: Caller, named: dict[str, str]) -> None:
    answered = vendor.vendor("msg-k", **named)
    assert (answered.status, answered.code) == (404, "CaseNotFound")


def test_no_case_is_started_by_a_vendor(run: Commands, vendor: Caller) -> None:
    assert vendor.vendor("msg-l", case_number="case-22222222222222222222").status == 404
    assert run("show", "case-22222222222222222222").code == 4


def test_a_number_two_cases_have_needs_ours(run: Commands, vendor: Caller) -> None:
    numbers = [taken_there(run, f"VL-{count}", "V-88") for count in (2, 3)]
    eventually(
        lambda: len([one for number in numbers for one in _said(run, number, "escalated_to_vendor")]) == 2
    )
    answered = vendor.vendor("msg-m", reference="V-88")
    assert (answered.status, answered.code) == (409, "ReferenceAmbiguous")
    assert vendor.vendor("msg-n", reference="V-88", case_number=numbers[0]).status == 202


async def test_a_case_that_is_over_is_said_to_be(run: Commands, vendor: Caller) -> None:
    number = await asyncio.to_thread(taken_there, run, "VL-4", "V-99")
    case_id = (await asyncio.to_thread(run.as_json, "show", number))["case_id"]
    client = await Client.connect(str(run.address))
    await client.get_workflow_handle(case_id).terminate()
    answered = await asyncio.to_thread(vendor.vendor, "msg-o", reference="V-99")
    assert (answered.status, answered.code) == (409, "CaseClosed")


def test_a_body_that_is_too_large_is_not_read(vendor: Caller, at_vendor: str) -> None:
    whole = call(case_number=at_vendor, text="t" * (MAX_BODY + 1))
    answered = vendor(whole, signed(whole, "msg-p"))
    assert (answered.status, answered.code) == (413, "PayloadTooLarge")
    assert b"413" in vendor.slowly(MAX_BODY + 1, b"")


def test_other_places_and_methods_are_answered_in_json_too(vendor: Caller) -> None:
    assert vendor("{}", {}, path="/").code == "NotFound"
    assert vendor("{}", {}, path="/health").code == "MethodNotAllowed"


@pytest.fixture
async def short_of_time() -> AsyncIterator[Caller]:
    """A door that gives a body the blink of an eye, and passes nothing on."""
    port = free_port()
    serving = asyncio.create_task(serve(listening_app(Proof([KEY]), _nobody, within=0.2), "127.0.0.1", port))
    while not await asyncio.to_thread(_is_listening, Caller(port)):
        await asyncio.sleep(0.05)
    yield Caller(port)
    os.kill(os.getpid(), signal.SIGTERM)
    await serving


async def _nobody(said: Heard) -> str:
    raise AssertionError(said)


async def test_a_body_that_does_not_come_is_not_waited_for(short_of_time: Caller) -> None:
    assert b"RequestTimeout" in await asyncio.to_thread(short_of_time.slowly, 100, b"{")


async def test_a_server_that_is_away_is_said_to_be_so_that_the_vendor_tries_again(
    run: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{free_port()}")
    door = Door(Output(), Target(), timedelta(seconds=1), Home(run.home))
    with pytest.raises(Answer) as caught:
        await pass_on(door.session, _heard(call(case_number="case-22222222222222222222"), "msg-q"))
    assert (caught.value.status, caught.value.code) == (503, "ServerUnreachable")


def test_a_key_that_was_taken_out_signs_nothing_any_more() -> None:
    body = call(reference="V-1")
    headers = signed(body, "msg-r", key=KEY)
    assert Proof([KEY, NEXT_KEY]).check(body.encode(), headers) == "msg-r"
    with pytest.raises(Answer, match="WebhookUnverified"):
        Proof([NEXT_KEY]).check(body.encode(), headers)


def test_ids_are_remembered_longer_than_a_call_is_good_and_not_for_ever() -> None:
    now = [0.0]
    seen = Seen(lambda: now[0])
    seen.keep("msg-1", b"x")
    now[0] = KEPT_FOR - 1
    assert seen.is_repeated("msg-1", b"x")
    now[0] = KEPT_FOR + 1
    assert not seen.is_repeated("msg-1", b"x")
    for count in range(MOST_KEPT + 10):
        seen.keep(f"msg-{count}", b"x")
    assert not seen.is_repeated("msg-0", b"x")
    assert seen.is_repeated(f"msg-{MOST_KEPT + 9}", b"x")


@pytest.mark.parametrize("told", [{}, {"SUNRELAY_VENDOR_WEBHOOK_SECRETS": "open-sesame"}])
def test_a_door_without_a_key_is_not_opened(run: Commands, told: dict[str, str]) -> None:
    answer = run("vendor", "listen", "--port", str(free_port()), "-o", "json", **told)
    assert answer.code == 2
    assert "SUNRELAY_VENDOR_WEBHOOK_SECRETS" in answer.fault["reason"]
    assert "open-sesame" not in answer.err


def test_a_port_that_is_taken_is_named(run: Commands, vendor: Caller) -> None:
    answer = run(
        *("vendor", "listen", "--port", str(vendor.port), "-o", "json"), SUNRELAY_VENDOR_WEBHOOK_SECRETS=KEY
    )
    assert (answer.code, answer.fault["code"]) == (1, "PortTaken")


def test_the_practice_vendor_s_mood_is_set_and_shown(run: Commands) -> None:
    assert run.as_json("vendor", "mood")["mood"] == "well"
    assert run.as_json("vendor", "mood", "takes-then-fails")["mood"] == "takes-then-fails"
    assert run("vendor", "mood", "grumpy").code == 2
    assert run.as_json("vendor", "mood", "well")["mood"] == "well"
