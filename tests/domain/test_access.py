"""Hands and entry at a customer's own equipment: who may ask, what is done, and who is let in."""

from datetime import datetime

import pytest

from domain.clocks import Clock
from domain.decision import Accepted, Declined
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.tenants import UNREAD, Enquiry, TenantFacts, TenantRecord, facts_of
from domain.timeline import EntryKind
from tests.domain.boundary_desk import turned_down
from tests.domain.cases import DAY, HOUR, MINUTE, Story
from tests.domain.dedicated_desk import CORP, DESK, END_USER, MORNING, REQUEST, dedicated, not_opened, opened
from tests.domain.desks import utc
from tests.people import ANA

RECORD = TenantRecord(tenant=CORP, authorised_contacts=("Sam Ortiz", "noc@customer.example"))
OPENS, CLOSES = MORNING + 5 * HOUR, MORNING + 7 * HOUR
HANDS = {"kind": "remote_hands", "equipment": "Rack 7, server ex-04", "task": "power_cycle"}
VISIT = {
    "kind": "site_access",
    "equipment": "Rack 7",
    "visitor": "Lee of the carrier",
    "window_start": OPENS,
    "window_end": CLOSES,
}
BARE = dict.fromkeys(("service", "severity", "business_impact", "troubleshooting_done", "update_channel"))
"""What any other request of this customer has to say, and one for hands or entry need not (DED-39)."""


def known(
    name: str = "Sam Ortiz", email: str | None = None, record: TenantRecord | None = RECORD
) -> TenantFacts:
    """What the directory answers about whoever asks."""
    return facts_of(record, Enquiry(tenant=CORP, requester=name, email=email), None)


def asked(access: dict[str, object], at: datetime = MORNING, **fields: object) -> Story:
    return opened(
        at, **{**BARE, "category": "colocated_equipment", "facts": known(), "access": access, **fields}
    )


@pytest.mark.covers("DED-36")
def test_an_incident_on_ones_own_equipment_is_not_ours_without_a_request_for_access() -> None:
    story = opened(category="colocated_equipment", facts=known())
    assert (story.case.phase, story.case.close_reason) == (Phase.CLOSED, CloseReason.REFERRED)
    assert isinstance(story.decision, Accepted)
    assert story.decision.warnings == ("OutOfScope",)
    (told,) = story.told(EffectKind.REFERRAL)
    assert told.facts.refer_to == "remote_hands"
    assert asked(HANDS).case.phase is Phase.RECEIVED


@pytest.mark.covers("DED-37")
@pytest.mark.parametrize("at", [MORNING, utc("2027-05-16T02:00"), utc("2027-12-25T23:59")])
def test_an_authorised_contact_asks_for_hands_at_any_hour(at: datetime) -> None:
    story = asked(HANDS, at, actor=END_USER, facts=known("Bo Reed", "NOC@customer.example"))
    assert story.due(Clock.INITIAL_RESPONSE) == at + HOUR
    (told,) = story.told(EffectKind.ACCESS_REQUESTED)
    assert (told.to, told.region, told.about) == (Recipient.REGION, "central", "power_cycle")
    assert told.facts.text == "Rack 7, server ex-04"
    (entry,) = story.happened(EntryKind.ACCESS_REQUESTED)
    assert entry.about == "power_cycle"


@pytest.mark.covers("DED-37")
@pytest.mark.parametrize(
    "facts",
    [known("Bo Reed"), known(record=None), known(record=TenantRecord(tenant=CORP)), known(None)],
    ids=["another", "unlisted", "nobody is", "nameless"],
)
@pytest.mark.parametrize("access", [HANDS, VISIT])
def test_nobody_else_does_whatever_his_role(access: dict[str, object], facts: TenantFacts) -> None:
    for speaker in (DESK, ANA):
        refused = not_opened(**BARE, actor=speaker, access=access, facts=facts)
        assert refused.code == "RequesterNotEntitled"
        assert refused.remedy == "let the authorised contact of your organisation ask"


@pytest.mark.covers("DED-37")
def test_a_directory_that_cannot_be_read_turns_nobody_away_and_staff_see_it() -> None:
    story = asked(HANDS, facts=UNREAD)
    assert story.case.phase is Phase.RECEIVED
    (entry,) = story.happened(EntryKind.ENTITLEMENT_CHECKED)
    assert entry.about == "unread"


@pytest.mark.covers("DED-38")
@pytest.mark.parametrize("task", ["reinstall_system", "log_in", "POWER_CYCLE"])
def test_hands_do_simple_things_and_everything_else_takes_a_visit(task: str) -> None:
    refused = not_opened(**BARE, facts=known(), access={**HANDS, "task": task})
    assert (refused.code, refused.remedy) == ("RemoteHandsNotPermitted", "use site_access")
    assert refused.missing == ("access.task",)


@pytest.mark.covers("DED-38")
def test_hands_put_in_and_take_out_replace_connect_and_cycle_power() -> None:
    rules = dedicated().organisation.physical_access
    assert rules is not None
    assert len(rules.remote_hands) == 5
    for task in rules.remote_hands:
        assert asked({**HANDS, "task": task}).case.request.access is not None
    refused = not_opened(**BARE, facts=known(), access={**HANDS, "task": None})
    assert (refused.code, refused.missing) == ("ValidationError", ("access.task",))


@pytest.mark.covers("DED-39")
@pytest.mark.parametrize(
    ("window", "missing"),
    [
        ({"window_start": CLOSES, "window_end": OPENS}, ("access.window_start", "access.window_end")),
        ({"window_end": OPENS}, ("access.window_start", "access.window_end")),
        (
            {"window_start": MORNING - DAY, "window_end": MORNING},
            ("access.window_start", "access.window_end"),
        ),
        ({"window_end": None}, ("access.window_end",)),
    ],
)
def test_a_visit_has_a_window_that_begins_before_it_ends_and_is_not_over(window, missing) -> None:
    refused = not_opened(**BARE, facts=known(), access={**VISIT, **window})
    assert (refused.code, refused.missing) == ("ValidationError", missing)


@pytest.mark.covers("DED-39")
def test_once_asked_for_nothing_more_is_needed_but_who_asks_and_a_contact() -> None:
    assert asked(VISIT).case.missing == ()
    bare = {**BARE, "contact": None, "requester": None}
    refused = not_opened(**bare, facts=known(), access=VISIT)
    assert set(refused.missing) == {"requester", "contact"}
    assert set(BARE) < set(REQUEST)


@pytest.mark.covers("DED-39")
@pytest.mark.parametrize("arrived_at", [OPENS, OPENS + MINUTE, CLOSES])
def test_whoever_comes_in_time_with_an_id_is_let_in(arrived_at: datetime) -> None:
    story = asked(VISIT)
    story.say("visitor_checked_in", arrived_at, id_valid=True)
    assert story.case.visit is not None
    assert (story.case.visit.visitor, story.case.visit.admitted_at) == ("Lee of the carrier", arrived_at)
    (entry,) = story.happened(EntryKind.VISITOR_ADMITTED)
    assert entry.about == "Lee of the carrier"


@pytest.mark.covers("DED-39")
@pytest.mark.parametrize(
    ("arrived_at", "id_valid", "why"),
    [
        (OPENS - MINUTE, True, "outside the window"),
        (CLOSES + MINUTE, True, "outside the window"),
        (OPENS, False, "no valid ID"),
    ],
)
def test_whoever_comes_at_another_time_or_without_an_id_stays_outside(
    arrived_at: datetime, id_valid: bool, why: str
) -> None:
    story = asked(VISIT)
    decision = story.say("visitor_checked_in", CLOSES + HOUR, arrived_at=arrived_at, id_valid=id_valid)
    assert isinstance(decision, Declined)
    assert (decision.code, decision.reason) == ("AccessDenied", why)
    assert story.case.visit is not None
    assert (story.case.visit.admitted_at, story.case.visit.denials) == (None, 1)
    (entry,) = story.happened(EntryKind.ACCESS_DENIED)
    assert entry.about == why
    (told,) = story.told(EffectKind.ACCESS_DENIED)
    assert (told.to, told.facts.received_at) == (Recipient.CUSTOMER, arrived_at)


@pytest.mark.covers("DED-39")
def test_a_visitor_may_come_again_and_nobody_comes_in_the_future() -> None:
    story = asked(VISIT)
    story.say("visitor_checked_in", OPENS, id_valid=False)
    story.say("visitor_checked_in", OPENS + HOUR, id_valid=True, visitor="Mo of the carrier")
    assert story.case.visit is not None
    assert (story.case.visit.visitor, story.case.visit.denials) == ("Mo of the carrier", 1)
    refused = story.refused("visitor_checked_in", OPENS + HOUR, arrived_at=OPENS + 2 * HOUR, id_valid=True)
    assert refused.code == "ValidationError"


def test_nobody_is_let_in_where_no_visit_was_asked_for() -> None:
    for story in (asked(HANDS), opened()):
        refused = story.refused("visitor_checked_in", OPENS, id_valid=True)
        assert refused.code == "InvalidTransition"
    assert asked(VISIT).refused("visitor_checked_in", OPENS, DESK, id_valid=True).code == "RoleNotPermitted"


def test_other_guides_offer_neither_hands_nor_entry() -> None:
    refused = turned_down("westcoast", access=HANDS)
    assert (refused.code, refused.missing) == ("ValidationError", ("access",))
