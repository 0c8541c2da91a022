"""While the vendor works around the clock one of our engineers is there, and the case goes where he is."""

from typing import Any

import pytest

from domain import case_step
from domain.centres.regions import Centre
from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.policy import VendorEscalation
from domain.timeline import EntryKind
from tests.domain.cases import DAY, HOUR, TUESDAY
from tests.domain.relay import Relay, centre
from tests.domain.vendor_desk import VENDOR
from tests.people import ANA

KEPT = VendorEscalation.model_validate(
    {"disposition": "keep_open", "follow_up_every": "24h", "around_the_clock": ["A"]}
)
DAY_SHIFT, NIGHT_SHIFT = centre("sydney", -1, 8), centre("manila", 4, 60)


def with_vendor(*centres: Centre, severity: str = "A", **changes: Any) -> Relay:
    """A case of a policy that keeps it open, taken to the vendor an hour after it came in."""
    relay = Relay(centres)
    terms = relay.case.terms
    sun = terms.follow_the_sun.model_copy(update={"levels": ("P1",)}) if terms.follow_the_sun else None
    held = terms.model_copy(update={"vendor": KEPT, "follow_the_sun": sun, **changes})
    relay.case = relay.case.model_copy(update={"terms": held})
    relay.say("respond", TUESDAY, text="We look into it.")
    relay.say("escalate_to_vendor", TUESDAY + HOUR, ANA, vendor_reference="1", severity=severity)
    assert relay.case.phase is Phase.VENDOR_ESCALATED
    return relay


def test_hours_in_which_nobody_is_there_are_told_to_the_sdm() -> None:
    relay = with_vendor(DAY_SHIFT, centre("manila", 10, 60))
    (told,) = relay.told(EffectKind.COVER_GAP)
    assert (told.to, told.facts.severity) == (Recipient.SDM, "A")
    assert (told.facts.first_at, told.facts.last_at) == (TUESDAY + 8 * HOUR, TUESDAY + 10 * HOUR)
    (entry,) = relay.happened(EntryKind.COVER_GAP)
    assert entry.internal


def test_where_somebody_is_always_there_nobody_is_told() -> None:
    assert with_vendor(DAY_SHIFT, NIGHT_SHIFT).told(EffectKind.COVER_GAP) == []


def test_another_severity_is_not_looked_up_until_the_vendor_raises_it() -> None:
    relay = with_vendor(DAY_SHIFT, severity="B")
    assert relay.told(EffectKind.COVER_GAP) == []
    relay.say("vendor_update", TUESDAY + 2 * HOUR, VENDOR, text="This is urgent.", severity="A")
    assert len(relay.told(EffectKind.COVER_GAP)) == 1
    relay.say("vendor_update", TUESDAY + 3 * HOUR, VENDOR, text="We are at it.", severity="A")
    assert len(relay.told(EffectKind.COVER_GAP)) == 1


def test_a_centre_where_nobody_has_checked_in_is_not_there_now() -> None:
    relay = with_vendor(centre("sydney", -1, 60, on_shift=0))
    (told,) = relay.told(EffectKind.COVER_GAP)
    assert told.facts.first_at == TUESDAY + HOUR


def test_a_policy_that_follows_no_sun_has_its_rota_looked_at_too() -> None:
    relay = with_vendor(DAY_SHIFT, follow_the_sun=None)
    assert len(relay.told(EffectKind.COVER_GAP)) == 1


def test_a_policy_without_centres_has_no_rota_to_look_at() -> None:
    relay = with_vendor(DAY_SHIFT, regions=())
    assert relay.told(EffectKind.COVER_GAP) == []


@pytest.mark.covers("RHIPE-25")
def test_a_case_with_the_vendor_travels_where_he_works_around_the_clock() -> None:
    relay = with_vendor(DAY_SHIFT, NIGHT_SHIFT).until(TUESDAY + 8 * HOUR)
    assert relay.case.region == "manila"


def test_a_case_with_the_vendor_rests_where_nothing_is_due_in_the_night() -> None:
    relay = with_vendor(
        centre("sydney", -1, 8).model_copy(update={"open": (*DAY_SHIFT.open, *centre("x", 22, 30).open)}),
        NIGHT_SHIFT,
        severity="B",
    )
    running = tuple(clock for clock in relay.case.clocks if clock.every is None)
    relay.case = relay.case.model_copy(update={"clocks": running})
    relay.until(TUESDAY + 20 * HOUR)
    assert relay.case.region == "sydney"


@pytest.mark.covers("GAP-11")
def test_a_case_with_the_vendor_rests_where_our_question_is_due_once_its_own_centre_is_open_again() -> None:
    relay = with_vendor(
        centre("sydney", -1, 8).model_copy(update={"open": (*DAY_SHIFT.open, *centre("x", 22, 30).open)}),
        NIGHT_SHIFT,
        severity="B",
    )
    question = relay.case.clock(Clock.VENDOR_FOLLOW_UP)
    assert question is not None
    assert question.due_at == TUESDAY + 25 * HOUR
    housekeeping = tuple(clock for clock in relay.case.clocks if clock.every is None)
    relay.case = relay.case.model_copy(update={"clocks": (*housekeeping, question)})
    relay.until(TUESDAY + 20 * HOUR)
    assert relay.case.region == "sydney"


def test_a_case_with_the_vendor_travels_where_our_question_to_him_is_due_in_the_night() -> None:
    relay = with_vendor(
        centre("sydney", -1, 8).model_copy(update={"open": (*DAY_SHIFT.open, *centre("x", 30, 38).open)}),
        NIGHT_SHIFT,
        severity="B",
    )
    relay.until(TUESDAY + 20 * HOUR)
    assert relay.case.region == "manila"


def test_a_roster_that_comes_after_the_vendor_was_done_says_nothing() -> None:
    relay = Relay((DAY_SHIFT,))
    relay.case = relay.case.model_copy(update={"terms": relay.case.terms.model_copy(update={"vendor": KEPT})})
    relay.say("respond", TUESDAY, text="We look into it.")
    told = super(Relay, relay).say(
        "escalate_to_vendor", TUESDAY + HOUR, ANA, vendor_reference="1", severity="A"
    )
    assert isinstance(told, Accepted)
    super(Relay, relay).say("vendor_update", TUESDAY + 2 * HOUR, VENDOR, text="Done.", resolved=True)
    decision = case_step.take_roster(relay.case, relay.roster(TUESDAY + DAY), TUESDAY + DAY)
    assert [effect.kind for effect in decision.effects if effect.kind is EffectKind.COVER_GAP] == []
