"""Who is helped under the overview: administrators, who proves to be one, and named contacts."""

import pytest

from domain.actor import Role
from domain.decision import Refused
from domain.effects import EffectKind
from domain.phase import CloseReason, Phase
from domain.record import row_of
from domain.tenants import TenantRecord
from domain.timeline import EntryKind
from domain.views.customer import customer_view
from domain.views.staff import view
from tests.domain.cases import HOUR, MINUTE, Story
from tests.domain.overview_desk import (
    ADMIN,
    BARE,
    BILLED,
    BILLING,
    ENGINEER,
    ITEMS,
    ORDINARY,
    PREMIER,
    ROBIN,
    TENANT,
    WEDNESDAY,
    asked,
    refused,
    taken,
    warnings,
)

KIT = {"name": "Kit Moor", "role": "named_contact", "organisation": TENANT}
CUSTOMER = {"name": "Robin Hale", "role": "customer", "organisation": TENANT}


def everything_kept(story: Story) -> str:
    """All that is kept, shown or sent of a case."""
    records = [story.case, view(story.case), customer_view(story.case), row_of(story.case)]
    return "\n".join(one.model_dump_json() for one in [*records, *story.effects, *story.entries])


# --- administrators --------------------------------------------------------------------------------------


@pytest.mark.covers("O365-09")
@pytest.mark.parametrize("given", [ORDINARY, BILLING], ids=["technical", "billing"])
def test_an_administrator_is_helped_whoever_takes_his_call(given: dict[str, object]) -> None:
    for actor in (ADMIN, ENGINEER):
        assert taken(given, actor=actor).case.phase is Phase.RECEIVED


@pytest.mark.covers("O365-09")
@pytest.mark.parametrize("given", [ORDINARY, BILLING], ids=["technical", "billing"])
def test_whoever_is_no_administrator_gets_a_closed_case_and_the_explanation(given: dict[str, object]) -> None:
    story = taken(given, actor=ENGINEER, requester=CUSTOMER)
    assert warnings(story) == ("RequesterNotEntitled",)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.NOT_ENTITLED)
    (told,) = story.effects
    assert (told.kind, told.about) == (EffectKind.CANNOT_SUPPORT, CloseReason.NOT_ENTITLED)
    assert told.facts.text is not None
    assert told.facts.text.startswith("Only an administrator of the account is helped directly")
    assert told.facts.refer_to == "account administrator"
    assert view(story.case).deadlines[0].clock == "reopen_window"
    assert story.happened(EntryKind.CLOSED)[0].text == told.facts.text


@pytest.mark.covers("O365-09")
def test_what_the_door_knows_of_a_requester_counts_and_not_what_he_says() -> None:
    visitor = ADMIN.model_copy(update={"role": Role.CUSTOMER})
    story = taken(ORDINARY, actor=visitor)
    assert warnings(story) == ("RequesterNotEntitled",)
    assert story.case.close_reason is CloseReason.NOT_ENTITLED


@pytest.mark.covers("O365-09")
def test_a_case_closed_for_that_is_not_reopened() -> None:
    story = taken(ORDINARY, actor=ENGINEER, requester=CUSTOMER)
    answer = story.refused("reopen", WEDNESDAY + MINUTE, ENGINEER, reason="He is sorry")
    assert answer.code == "ReopenNotPermitted"


@pytest.mark.covers("O365-09", "O365-22")
def test_what_is_missing_is_asked_for_before_who_may_ask() -> None:
    answer = refused(ORDINARY, actor=ENGINEER, requester=CUSTOMER, functionality=None, severity=None)
    assert (answer.code, answer.missing) == ("ValidationError", ("severity", "functionality"))
    assert "RequesterNotEntitled" not in str(answer)


# --- who he is, before billing data are touched ----------------------------------------------------------


@pytest.mark.covers("O365-10")
@pytest.mark.parametrize("absent", [[name] for name in ITEMS] + [["admin_name", "alternate_email"], [*ITEMS]])
def test_each_of_the_four_items_that_is_missing_is_named(absent: list[str]) -> None:
    given = {name: value for name, value in ITEMS.items() if name not in absent}
    answer = refused(BILLING, verification=given)
    assert answer.code == "VerificationIncomplete"
    assert answer.missing == tuple(f"verification.{name}" for name in absent)


@pytest.mark.covers("O365-10")
@pytest.mark.parametrize("plan", ["standard", "premier-o365"])
def test_billing_without_any_of_them_is_told_of_all_four(plan: str) -> None:
    given = BILLING if plan == "standard" else PREMIER | BILLED
    answer = refused(given, plan, verification=None)
    assert (answer.code, answer.missing) == ("VerificationIncomplete", ("verification",))
    for item in ("administrator", "company", "its address", "another mail address"):
        assert item in answer.remedy


@pytest.mark.covers("O365-10")
def test_a_mismatch_says_neither_which_item_nor_what_is_right() -> None:
    answers = [refused(BILLING, verification=ITEMS | {name: "Somebody Else"}) for name in ITEMS]
    answers += [refused(BILLING, verification=dict.fromkeys(ITEMS, "x"))]
    answers += [refused(BILLING, record=record) for record in (None, TenantRecord(tenant=TENANT))]
    assert [answer.code for answer in answers] == ["VerificationFailed"] * 7
    assert len({answer.model_dump_json() for answer in answers}) == 1
    said = answers[0].model_dump_json().lower()
    assert not any(word.lower() in said for item in ITEMS.items() for word in item)
    assert answers[0].missing == ()


@pytest.mark.covers("O365-10")
def test_only_the_result_of_the_check_and_its_time_are_kept() -> None:
    story = taken(BILLING)
    shown = view(story.case)
    assert (shown.verified, shown.verified_at) == (True, WEDNESDAY)
    (entry,) = story.happened(EntryKind.ENTITLEMENT_CHECKED)
    assert (entry.about, entry.at, entry.internal, entry.text) == ("verified", WEDNESDAY, True, None)
    assert entry.number not in [one.number for one in customer_view(story.case).timeline]


@pytest.mark.covers("O365-10")
def test_no_value_of_the_check_is_kept_shown_or_sent_in_the_whole_life_of_a_case() -> None:
    story = taken(BILLING)
    story.say("respond", WEDNESDAY + MINUTE, ENGINEER, text="We look at the bill.")
    story.say("resolve", WEDNESDAY + 2 * MINUTE, ENGINEER, kind="resolution", text="It is right.")
    story.say("reply", WEDNESDAY + HOUR, ADMIN, text="Thank you.", accepts=True)
    story.say("reopen", WEDNESDAY + 2 * HOUR, ADMIN, reason="It is wrong again.")
    told = everything_kept(story).lower()
    assert story.case.request.functionality is not None
    assert story.case.request.functionality.lower() in told
    assert [value for value in ITEMS.values() if value.lower() in told] == []


@pytest.mark.covers("O365-10")
def test_a_directory_that_cannot_be_read_turns_nobody_away_and_verifies_nobody() -> None:
    story = taken(BILLING, unread=True)
    assert (view(story.case).verified, view(story.case).verified_at) == (None, None)
    (entry,) = story.happened(EntryKind.ENTITLEMENT_CHECKED)
    assert (entry.about, entry.internal) == ("unread", True)
    told = everything_kept(story).lower()
    assert [value for value in ITEMS.values() if value.lower() in told] == []


# --- named contacts and what their plan holds ------------------------------------------------------------


@pytest.mark.covers("O365-11")
def test_a_named_contact_with_the_access_id_issued_to_him_is_helped() -> None:
    for actor in (ROBIN, ENGINEER):
        assert taken(PREMIER, actor=actor).case.phase is Phase.RECEIVED
    assert taken(PREMIER, actor=ENGINEER, requester=KIT, access_id="PX-2002").case.phase is Phase.RECEIVED


@pytest.mark.covers("O365-11")
@pytest.mark.parametrize("plan", ["premier-base", "premier-o365", "cloud-vantage"])
def test_every_premier_plan_wants_the_access_id(plan: str) -> None:
    answer = refused(PREMIER, plan, access_id=None)
    assert (answer.code, answer.missing) == ("AccessIdRequired", ("access_id",))


@pytest.mark.covers("O365-11")
@pytest.mark.parametrize(
    "changes",
    [
        {"access_id": "PX-9999"},
        {"access_id": "PX-2002"},
        {"requester": KIT, "actor": ENGINEER},
        {"record": None},
    ],
    ids=["unknown", "another's", "used by another", "unlisted tenant"],
)
def test_an_access_id_that_is_not_his_is_refused_and_the_answer_tells_nothing(
    changes: dict[str, object],
) -> None:
    answer = asked(PREMIER, **changes)  # type: ignore[arg-type]
    assert isinstance(answer, Refused)
    assert answer.code == "AccessIdInvalid"
    said = answer.model_dump_json()
    assert not any(word in said for word in ("PX-", "Robin Hale", "Kit Moor"))


@pytest.mark.covers("O365-11")
def test_whom_the_door_knows_by_name_asks_for_himself_whatever_the_request_says() -> None:
    assert taken(PREMIER, requester=KIT).case.phase is Phase.RECEIVED


@pytest.mark.covers("O365-11")
def test_whoever_is_no_named_contact_is_not_helped_under_a_premier_plan() -> None:
    administrator = PREMIER["requester"] | {"role": "administrator"}
    story = taken(PREMIER, actor=ENGINEER, requester=administrator)
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.NOT_ENTITLED)
    told = story.effects[0].facts.text
    assert told is not None
    assert "Requests must come from a named contact" in told


@pytest.mark.covers("O365-12")
@pytest.mark.parametrize("plan", ["premier-base", "premier-o365", "cloud-vantage"])
@pytest.mark.parametrize("channel", ["portal", "phone"])
def test_premier_requests_do_not_come_by_the_ordinary_ways(plan: str, channel: str) -> None:
    answer = refused(PREMIER, plan, channel=channel)
    assert answer.code == "ChannelNotPermitted"
    assert answer.remedy == "use premier_phone or mpo_portal"
    assert refused(PREMIER | BARE, plan, channel=channel) == answer


@pytest.mark.covers("O365-16")
@pytest.mark.parametrize(
    ("plan", "category", "offer"),
    [
        ("standard", "proactive_service", "proactive"),
        ("standard", "deployment", "deployment"),
        ("premier-base", "proactive_service", "proactive"),
        ("premier-base", "service_review", "service_reviews"),
        ("premier-base", "deployment", "deployment"),
        ("premier-o365", "deployment", "deployment"),
    ],
)
def test_what_is_not_in_the_plan_is_refused_by_its_name(plan: str, category: str, offer: str) -> None:
    answer = refused(ORDINARY if plan == "standard" else PREMIER, plan, category=category)
    assert answer.code == "NotInPlan"
    assert answer.reason == f"{offer} is not part of the plan {plan}"


@pytest.mark.covers("O365-16")
@pytest.mark.parametrize(
    ("plan", "categories"),
    [
        ("premier-base", ["break_fix"]),
        ("premier-o365", ["break_fix", "proactive_service", "service_review"]),
        ("cloud-vantage", ["break_fix", "proactive_service", "service_review", "deployment"]),
    ],
)
def test_each_premier_offer_holds_what_it_sells(plan: str, categories: list[str]) -> None:
    for category in categories:
        assert taken(PREMIER, plan, category=category).case.phase is Phase.RECEIVED


def test_nobody_is_turned_away_for_a_plan_that_could_not_be_looked_up() -> None:
    story = taken(PREMIER, "standard", unread=True)
    assert story.case.phase is Phase.RECEIVED
    assert story.case.timeline[-1].about == "unread"
