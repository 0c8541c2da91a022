"""Promises told: the record goes out with the letter, the store keeps it, and says later how it was kept."""

import json

import pytest

from activities.receipts.signature import Signer
from activities.store.case_store import CaseStore
from activities.store.promises import PromiseRow
from activities.words.letters import Words
from domain.clocks import Clock
from domain.customer_promise import Standing, Why
from domain.effects import Effect
from domain.promise_receipt import OutcomeRecord, PromiseRecord, digest
from domain.record import RecordBatch, row_of
from tests.activities.desk import Desk
from tests.activities.http_receiver import HttpReceiver
from tests.activities.mail_system import MailSystem
from tests.activities.receipt_keys import ISSUER, signer
from tests.domain.cases import MINUTE, TUESDAY, Story, opened
from tests.people import ANA, KIM, P3

PAGE = f"{ISSUER}/verify"


def letter(story: Story, kind: str = "acknowledgement") -> Effect:
    return next(one for one in story.effects if one.kind == kind and one.to == "customer")


async def recorded(store: CaseStore, story: Story) -> None:
    """Write a case as its workflow does, every entry of it."""
    case = story.case
    file = json.dumps({"case": json.loads(case.model_dump_json())})
    batch = RecordBatch(row=row_of(case), entries=tuple(story.entries), life=case.id, file=file)
    await store.record(batch)


async def rows(store: CaseStore, story: Story) -> list[PromiseRow]:
    return list(await store.promises.of_case(story.case.id))


def signing(store: CaseStore) -> Signer:
    ours = signer()
    store.promises.sign_with(ours)
    return ours


# --- as it leaves ----------------------------------------------------------------------------------------


async def test_a_mail_that_promises_carries_its_record_as_a_file_and_says_so(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    ours, story = signing(own_store), opened(title="<b>Mail</b> =?utf-8?q?x?=")
    desk = Desk(own_store, mail_system.port, words=Words(verify_at=PAGE))
    await desk.tell(letter(story))
    (mail,) = mail_system.taken
    assert mail.message.get_content_type() == "multipart/mixed"
    (file,) = mail.message.iter_attachments()
    assert file.get_filename() == f"promise-{story.case.number}.jws"
    assert file.get_content_type() == "application/jose"
    token = file.get_payload(decode=True)
    assert isinstance(token, bytes)
    said = ours.read(token.decode().strip())
    assert isinstance(said, PromiseRecord)
    promise = letter(story).promise
    assert promise is not None
    assert (said.case, said.due_at, said.told_at) == (story.case.number, promise.due_at, TUESDAY)
    assert (said.issuer, said.id) == (ISSUER, digest(letter(story).id))
    for kind in ("plain", "html"):
        assert f"promise-{story.case.number}.jws" in mail.part(kind)
        assert PAGE in mail.part(kind)
    assert max(len(line) for line in mail.bytes.split(b"\r\n")) <= 998
    assert len(mail.bytes) < 8 * 1024


async def test_a_letter_told_again_is_the_same_mail_and_one_row(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    signing(own_store)
    mail_system.data_moods = ["451 later", "take and vanish", "250 taken"]
    story, desk = opened(), Desk(own_store, mail_system.port, words=Words(verify_at=PAGE))
    await desk.tell_at_last(letter(story))
    first, second = mail_system.taken
    assert first.bytes == second.bytes
    assert len(await rows(own_store, story)) == 1


@pytest.mark.parametrize("language", ["en", "fil", "ja"])
async def test_the_letter_tells_of_its_record_in_the_reader_s_language(
    own_store: CaseStore, mail_system: MailSystem, language: str
) -> None:
    signing(own_store)
    story, desk = opened(language=language), Desk(own_store, mail_system.port, words=Words(verify_at=PAGE))
    await desk.tell(letter(story))
    (mail,) = mail_system.taken
    assert mail.message["Content-Language"] == language
    assert PAGE in mail.part("plain")
    assert ("signed record" in mail.part("plain")) == (language == "en")


async def test_without_a_page_to_check_it_on_none_is_named(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    signing(own_store)
    await Desk(own_store, mail_system.port).tell(letter(opened()))
    (mail,) = mail_system.taken
    assert "signed record" in mail.part("plain")
    assert "check it" not in mail.part("plain")


async def test_without_a_key_nothing_is_said_of_records_and_the_promise_is_kept_track_of(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    story = opened()
    await Desk(own_store, mail_system.port, words=Words(verify_at=PAGE)).tell(letter(story))
    (mail,) = mail_system.taken
    assert mail.message.get_content_type() == "multipart/alternative"
    assert "record" not in mail.part("plain")
    (row,) = await rows(own_store, story)
    assert (row.record, row.outcome, row.standing) == (None, None, None)


async def test_a_letter_that_promises_nothing_has_no_record(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    signing(own_store)
    story = opened(contact={"name": "Kim", "email": "kim@customer.example"})
    plain = letter(story).model_copy(update={"promise": None})
    await Desk(own_store, mail_system.port, words=Words(verify_at=PAGE)).tell(plain)
    (mail,) = mail_system.taken
    assert not list(mail.message.iter_attachments())
    assert await rows(own_store, story) == []


async def test_a_webhook_carries_the_record_as_a_field(own_store: CaseStore, receiver: HttpReceiver) -> None:
    ours = signing(own_store)
    url = f"http://hook.customer.example:{receiver.port}/"
    story = opened(contact={"name": "Kim", "webhook": "https://hook.customer.example/"})
    one = letter(story)
    (address,) = one.addresses
    one = one.model_copy(update={"addresses": (address.model_copy(update={"to": url}),)})
    await Desk(
        own_store, allow_http_webhooks=True, webhook_networks=("127.0.0.0/8",), words=Words(verify_at=PAGE)
    ).tell(one)
    (got,) = receiver.received
    said = json.loads(got.body)["data"]
    assert isinstance(ours.read(said["receipt"]), PromiseRecord)
    assert "attached" not in said["message"]


# --- how it was kept ---------------------------------------------------------------------------------------


async def test_an_answer_in_time_is_written_down_as_kept_and_signed(store: CaseStore) -> None:
    ours, story = signing(store), opened()
    await recorded(store, story)
    await store.promises.tell(letter(story))
    (row,) = await rows(store, story)
    assert row.standing is None
    story.say("respond", TUESDAY + 5 * MINUTE, text="Begun.")
    await recorded(store, story)
    await store.promises.tell(letter(story, "first_response"))
    first, second = await rows(store, story)
    assert (first.standing, first.ended_at, first.late_seconds) == (Standing.KEPT, TUESDAY + 5 * MINUTE, 0)
    assert second.standing is None
    assert first.record
    assert first.outcome
    said = ours.read(first.outcome)
    assert isinstance(said, OutcomeRecord)
    assert (said.standing, said.of, said.record) == (Standing.KEPT, first.id, digest(first.record))


async def test_a_late_answer_is_written_down_with_its_seconds(own_store: CaseStore) -> None:
    signing(own_store)
    story = opened()
    await own_store.promises.tell(letter(story))
    due = story.due(Clock.INITIAL_RESPONSE)
    assert due is not None
    story.until(due + MINUTE)
    await recorded(own_store, story)
    await own_store.promises.tell(letter(story, "response_late"))
    first, anew = await rows(own_store, story)
    assert (first.standing, anew.standing) == (None, None)
    assert anew.before == first.effect_id
    story.say("respond", due + 5 * MINUTE, text="Begun.")
    await recorded(own_store, story)
    first, anew = await rows(own_store, story)
    assert (first.standing, first.late_seconds) == (Standing.LATE, 300)
    assert anew.standing is Standing.KEPT


async def test_a_promise_told_after_it_was_kept_is_settled_at_once(own_store: CaseStore) -> None:
    """The mail system was away: the answer was on record before the acknowledgement could leave."""
    story = opened()
    story.say("respond", TUESDAY + MINUTE, text="Begun.")
    await recorded(own_store, story)
    await own_store.promises.tell(letter(story))
    (row,) = await rows(own_store, story)
    assert (row.standing, row.ended_at) == (Standing.KEPT, TUESDAY + MINUTE)


async def test_a_moved_promise_names_the_one_before_and_that_one_what_took_its_place(
    own_store: CaseStore,
) -> None:
    ours, story = signing(own_store), opened(**P3)
    await recorded(own_store, story)
    await own_store.promises.tell(letter(story))
    story.say("change_level", TUESDAY + MINUTE, ANA, level="P1", reason="All of them.")
    await recorded(own_store, story)
    await own_store.promises.tell(letter(story, "level_changed"))
    old, new = await rows(own_store, story)
    assert (old.standing, old.why, old.ended_by) == (Standing.REPLACED, Why.LEVEL_CHANGED, new.effect_id)
    assert new.record
    said = ours.read(new.record)
    assert isinstance(said, PromiseRecord)
    assert said.before == old.id


async def test_written_again_and_told_again_nothing_is_doubled_and_nothing_changes(
    own_store: CaseStore,
) -> None:
    signing(own_store)
    story = opened()
    await own_store.promises.tell(letter(story))
    story.say("respond", TUESDAY + MINUTE, text="Begun.")
    await recorded(own_store, story)
    await own_store.promises.tell(letter(story, "first_response"))
    before = await rows(own_store, story)
    signing(own_store)  # another key: what was signed once is not signed anew
    for _ in range(2):
        await recorded(own_store, story)
        for kind in ("acknowledgement", "first_response"):
            assert await own_store.promises.tell(letter(story, kind)) in {row.record for row in before}
    assert await rows(own_store, story) == before


async def test_a_letter_that_never_arrived_promised_nothing(
    own_store: CaseStore, mail_system: MailSystem
) -> None:
    signing(own_store)
    story = opened()
    (address,) = letter(story).addresses
    mail_system.refusals[address.to] = ["550 no such user"]
    await Desk(own_store, mail_system.port).tell(letter(story))
    (row,) = await rows(own_store, story)
    assert (row.standing, row.why) == (Standing.UNTOLD, Why.NOT_DELIVERED)
    story.say("respond", TUESDAY + MINUTE, text="Begun.")
    await recorded(own_store, story)
    assert (await rows(own_store, story))[0].standing is Standing.UNTOLD


async def test_a_case_withdrawn_in_time_leaves_the_promise_void(own_store: CaseStore) -> None:
    story = opened(actor=KIM)
    await own_store.promises.tell(letter(story))
    story.say("close", TUESDAY + MINUTE, KIM, reason="requested")
    await recorded(own_store, story)
    row = (await rows(own_store, story))[0]
    assert (row.standing, row.why) == (Standing.VOID, Why.CASE_CLOSED)


async def test_a_store_that_has_only_a_part_of_the_entries_does_not_judge_by_clocks(
    own_store: CaseStore,
) -> None:
    story = opened()
    await recorded(own_store, story)
    await own_store.promises.tell(letter(story))
    story.say("respond", TUESDAY + MINUTE, text="Begun.")
    case, file = story.case, json.dumps({"case": json.loads(story.case.model_dump_json())})
    late = [one for one in story.entries if one.number < case.entries]
    await own_store.record(RecordBatch(row=row_of(case), entries=tuple(late), life=case.id, file=file))
    assert [row.standing for row in await rows(own_store, story)] == [None]
    await recorded(own_store, story)
    assert (await rows(own_store, story))[0].ended_at == TUESDAY + MINUTE
