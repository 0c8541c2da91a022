"""The guides' verbs and fields from outside: as update and as signal, blank, hostile, large, repeated.

Whatever comes, the case lives on: it answers the next message, and its clocks run.
"""

from typing import Any

import pytest

from domain.actor import Actor
from domain.clocks import Clock
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk
from tests.guides import asked, asker, kinds_told, taken
from tests.live_case import LiveCase
from tests.people import ANA, STRANGER

SAM = asker("o365-dedicated")
BIDI, LONG, TOO_LONG = "right\u202eleft", "é" * 4096, "x" * (8 * 1024 + 1)

SAID: dict[str, tuple[Actor, dict[str, Any], EntryKind]] = {
    "agree_interval": (ANA, {"every": "7d"}, EntryKind.INTERVAL_AGREED),
    "update_scope": (SAM, {"text": "It spreads."}, EntryKind.SCOPE_UPDATED),
    "track_elsewhere": (ANA, {"system": "Resolver", "external_ref": "R-77"}, EntryKind.TRACKED_ELSEWHERE),
    "validate_resolution": (ANA, {"text": "Please try it."}, EntryKind.VALIDATION_ASKED),
}
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("agree_interval", {"every": "never"}, "every"),
    ("agree_interval", {}, "every"),
    ("agree_interval", {"every": 7.5e300}, "every"),
    ("update_scope", {"text": BIDI}, "text"),
    ("update_scope", {"text": TOO_LONG}, "text"),
    ("update_scope", {"text": "It spreads.", "business_impact": BIDI}, "business_impact"),
    ("update_scope", {"text": "It spreads.", "business_impact": TOO_LONG}, "business_impact"),
    ("update_scope", {"text": "It spreads.", "users_affected": 0}, "users_affected"),
    ("update_scope", {"text": "It spreads.", "users_affected": "1e9"}, "users_affected"),
    ("track_elsewhere", {"system": "Resolver", "external_ref": ""}, "external_ref"),
    ("track_elsewhere", {"system": "Resolver", "external_ref": "  "}, "external_ref"),
    ("track_elsewhere", {"system": BIDI, "external_ref": "R-77"}, "system"),
    ("track_elsewhere", {"system": "x" * 201, "external_ref": "R-77"}, "system"),
    ("validate_resolution", {"text": "nul\x00byte"}, "text"),
    ("validate_resolution", {"text": "It works.", "validated": "perhaps"}, "validated"),
    ("change_level", {"level": "A", "business_impact": BIDI}, "business_impact"),
]


async def advisory(desk: Desk) -> LiveCase:
    """A case every verb of the guides may be said to."""
    return await taken(desk, "o365-dedicated", severity="D")


async def lives_on(desk: Desk, case: LiveCase) -> None:
    """It is answered, an interval is agreed, and its updates go out."""
    await case.say("respond", ANA, text="I am on it.")
    receipt = await case.say("agree_interval", ANA, every="1d")
    await desk.until(await case.due(Clock.UPDATE))
    assert (await case.view()).score.system == 1
    assert await case.due(Clock.UPDATE) > receipt.at


async def test_every_verb_of_the_guides_is_heard_as_update_and_as_signal(
    desk: Desk, subtests: pytest.Subtests
) -> None:
    for verb, (speaker, fields, kind) in SAID.items():
        with subtests.test(verb):
            case = await taken(desk, "o365-dedicated", verb, severity="D")
            receipt = await case.say(verb, speaker, request_id="once", **fields)
            assert (receipt.outcome, receipt.repeated) == ("accepted", False)
            await case.tell(verb, speaker, **fields)
            assert [entry.kind for entry in await case.timeline()] == [EntryKind.SUBMITTED, kind, kind]
            assert (await case.say(verb, speaker, request_id="once", **fields)).repeated
            await case.tell(verb, speaker, request_id="once", **fields)
            assert len(await case.timeline()) == 3


async def test_nobody_says_a_verb_that_is_not_theirs(desk: Desk, subtests: pytest.Subtests) -> None:
    case = await advisory(desk)
    for verb, (_, fields, _) in SAID.items():
        with subtests.test(verb):
            wrong = STRANGER if verb == "update_scope" else SAM
            with pytest.raises(Fault) as refused:
                await case.say(verb, wrong, **fields)
            assert refused.value.code == ("Forbidden" if verb == "update_scope" else "RoleNotPermitted")
            await case.tell(verb, wrong, **fields)
            unread = (await case.entries(EntryKind.NOT_UNDERSTOOD))[-1]
            assert f"'{verb}'" in (unread.text or "")
            assert refused.value.code in (unread.text or "")
    assert len(await case.timeline()) == 1 + len(SAID)
    assert await kinds_told(case) == ["acknowledgement"]


@pytest.mark.covers("O365-26", "DED-27")
async def test_a_hostile_value_is_refused_by_its_field_and_stops_nothing(
    desk: Desk, subtests: pytest.Subtests
) -> None:
    case = await advisory(desk)
    for number, (verb, fields, field) in enumerate(WRONG, 1):
        with subtests.test(f"{number}: {field} of {verb}"):
            speaker = SAID.get(verb, (SAM,))[0]
            with pytest.raises(Fault) as refused:
                await case.say(verb, speaker, **fields)
            assert (refused.value.code, refused.value.missing) == ("ValidationError", (field,))
            await case.tell(verb, speaker, **fields)
            (*others, unread) = await case.entries(EntryKind.NOT_UNDERSTOOD)
            assert len(others) == number - 1
            assert f"ValidationError: {field}" in (unread.text or "")
    await lives_on(desk, case)


async def test_texts_of_eight_kib_in_every_field_are_kept_whole_and_stop_nothing(desk: Desk) -> None:
    case = await advisory(desk)
    await case.say("update_scope", SAM, text=LONG, business_impact=LONG[::-1], users_affected=10**12)
    await case.say("track_elsewhere", ANA, system="x" * 200, external_ref="y" * 200)
    await case.say("validate_resolution", ANA, text=LONG)
    await case.say("reply", SAM, text=LONG, accepts=False)
    assert (await case.entries(EntryKind.VALIDATION_ASKED))[0].text == LONG
    assert (await case.view()).business_impact == LONG
    await lives_on(desk, case)


async def test_twenty_five_attachments_are_taken_and_one_more_is_not(desk: Desk) -> None:
    most = tuple(f"secure_store:{number:02}-{'x' * 180}" for number in range(25))
    case = await taken(desk, "o365-dedicated", severity="D", plan="itar", attachments=most)
    await lives_on(desk, case)
    other, submit = asked(desk, "o365-dedicated", "G-2")
    with pytest.raises(Fault) as refused:
        await other.submit(submit.model_dump(mode="json") | {"attachments": [*most, "secure_store:x"]})
    assert (refused.value.code, refused.value.missing) == ("ValidationError", ("attachments",))


@pytest.mark.covers("DED-10")
async def test_files_of_a_boundary_plan_lie_inside_the_boundary(desk: Desk) -> None:
    case, submit = asked(desk, "o365-dedicated", plan="itar", attachments=("share:log.zip",))
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert refused.value.code == "AttachmentLocationNotPermitted"


@pytest.mark.covers("DED-05", "DED-19")
@pytest.mark.parametrize("blank", [None, "", " \n\t "])
async def test_a_blank_statement_is_none(desk: Desk, blank: str | None) -> None:
    for reference, field, code in (
        ("G-1", "business_impact", "BusinessImpactStatementRequired"),
        ("G-2", "troubleshooting_done", "TroubleshootingRequired"),
    ):
        case, submit = asked(desk, "o365-dedicated", reference)
        request = submit.model_dump(mode="json", exclude_none=True) | {field: blank}
        with pytest.raises(Fault) as refused:
            await case.submit(request)
        assert (refused.value.code, refused.value.missing) == (code, (field,))
    case = await advisory(desk)
    await case.say("update_scope", SAM, text="It spreads.", business_impact=blank)
    assert (await case.view()).business_impact == "Mail flow is impaired"


@pytest.mark.covers("O365-22", "O365-24")
async def test_everything_a_request_lacks_is_named_in_one_answer(desk: Desk) -> None:
    lacking = ("business_impact", "functionality", "users_affected", "contact")
    changes = dict.fromkeys(lacking) | {"plan": "premier-o365"}
    case, submit = asked(desk, "o365-overview", **changes)
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert (refused.value.code, refused.value.missing) == ("ValidationError", lacking)
    case, submit = asked(desk, "o365-overview", "G-2", plan="premier-o365", contact=None)
    with pytest.raises(Fault) as refused:
        await case.submit(submit)
    assert (refused.value.code, refused.value.missing) == ("ContactRequired", ("contact",))
