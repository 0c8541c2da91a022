"""How urgent a case is: who may say so, and what a change of level does to the clocks."""

import pytest

from domain.actor import Actor, ActorKind, Role, Tier
from domain.case import LevelSource
from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import EffectKind, Recipient
from domain.phase import Phase
from domain.timeline import EntryKind
from tests.domain.cases import (
    DAY,
    HOUR,
    MINUTE,
    TUESDAY,
    Story,
    answered,
    case_in,
    mailed,
    opened,
    refused_opening,
    terms,
)
from tests.domain.desks import utc
from tests.people import KIM, P1, P2, P3, P5

LOW = {"impact": "medium", "urgency": "low"}
SDM = Actor(kind=ActorKind.STAFF, name="Sol", role=Role.SDM, tier=Tier.L2)


@pytest.mark.covers("RHIPE-11", "RHIPE-12")
def test_a_level_named_where_staff_rate_is_kept_as_a_wish_and_said_to_be_one() -> None:
    named = opened(impact=None, urgency=None, priority="P1")
    assert named.case.level == "P2"
    assert named.decision.warnings == ("PriorityNotPermitted",)  # type: ignore[union-attr]
    assert opened(priority="P1").decision.warnings == ()  # type: ignore[union-attr]
    assert "PriorityNotPermitted" in opened(priority="P3").decision.warnings  # type: ignore[union-attr]


@pytest.mark.covers("RHIPE-12")
def test_a_requesters_wish_for_another_level_is_recorded_told_and_declined() -> None:
    story = answered()
    decision = story.say("change_level", TUESDAY + MINUTE, KIM, level="P2", reason="We lose money")
    assert decision.code == "PriorityNotPermitted"  # type: ignore[union-attr]
    assert story.case.level == "P1"
    assert story.happened(EntryKind.LEVEL_REQUESTED)[0].about == "P2"
    (told,) = story.told(EffectKind.LEVEL_REQUESTED)
    assert (told.to, told.about, told.facts.text) == (Recipient.ASSIGNEE, "P2", "We lose money")


@pytest.mark.covers("RHIPE-12")
def test_staff_change_a_level_only_with_a_reason() -> None:
    story = opened(**P3)
    refused = story.refused("change_level", TUESDAY + MINUTE, level="P1")
    assert (refused.code, refused.missing) == ("ReasonRequired", ("reason",))
    story.say("change_level", TUESDAY + MINUTE, level="P1", reason="All users are affected now")
    assert (story.case.level, story.case.level_source) == ("P1", LevelSource.STAFF)
    assert story.happened(EntryKind.LEVEL_CHANGED)[0].about == "P3 -> P1"


def test_a_level_that_is_in_force_already_is_no_change() -> None:
    assert opened().refused("change_level", TUESDAY + MINUTE, level="P1", reason="x").code == "NoChange"


def test_an_unknown_level_is_refused_with_the_known_ones() -> None:
    refused = opened().refused("change_level", TUESDAY + MINUTE, level="A", reason="x")
    assert (refused.code, refused.remedy) == ("SeverityUnknown", "use one of P1, P2, P3, P4, P5")


@pytest.mark.covers("RHIPE-11")
def test_half_a_rating_is_refused() -> None:
    refused = opened().refused("change_level", TUESDAY + MINUTE, impact="low", reason="x")
    assert (refused.code, refused.missing) == ("ValidationError", ("level",))
    wrong = opened().refused("change_level", TUESDAY + MINUTE, impact="low", urgency="none", reason="x")
    assert (wrong.code, wrong.missing) == ("ValidationError", ("urgency",))


@pytest.mark.covers("RHIPE-15", "CONF-05")
def test_triage_rates_a_mailed_case_and_may_raise_it_by_staff_only() -> None:
    story = mailed()
    assert story.refused("triage", TUESDAY + MINUTE, KIM, **P1).code == "PriorityNotPermitted"
    story.say("triage", TUESDAY + 30 * MINUTE, **P1)
    assert (story.case.level, story.case.level_source) == ("P1", LevelSource.MATRIX)
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 90 * MINUTE


@pytest.mark.covers("RHIPE-15")
def test_a_second_triage_is_a_change_of_level_and_needs_a_reason() -> None:
    story = mailed()
    story.say("triage", TUESDAY + MINUTE, **P2)
    assert story.refused("triage", TUESDAY + 2 * MINUTE, **P3).code == "ReasonRequired"
    assert story.refused("triage", TUESDAY + 2 * MINUTE, reason="x", **P2).code == "NoChange"
    assert story.refused("triage", TUESDAY + 2 * MINUTE, KIM, **P3).code == "PriorityNotPermitted"
    story.say("triage", TUESDAY + 2 * MINUTE, reason="There is a workaround", **P3)
    assert story.case.level == "P3"


def test_triage_that_confirms_the_default_level_tells_the_customer_nothing() -> None:
    story = mailed()
    story.say("triage", TUESDAY + MINUTE, **P2)
    assert story.case.level_source is LevelSource.MATRIX
    assert story.told(EffectKind.LEVEL_CHANGED) == []
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 4 * HOUR


@pytest.mark.covers("GAP-13")
def test_raising_before_the_response_takes_the_earlier_of_old_due_and_change_plus_target() -> None:
    soon, late = opened(**P3), opened(**P3)
    soon.say("change_level", TUESDAY + HOUR, level="P1", reason="All users")
    assert soon.due(Clock.INITIAL_RESPONSE) == TUESDAY + 2 * HOUR
    late.say("change_level", TUESDAY + 23 * HOUR, level="P2", reason="More users")
    assert late.due(Clock.INITIAL_RESPONSE) == TUESDAY + DAY


@pytest.mark.covers("GAP-13")
def test_lowering_before_the_response_counts_from_receipt() -> None:
    story = opened()
    story.say("change_level", TUESDAY + 30 * MINUTE, level="P2", reason="A workaround")
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 4 * HOUR
    story.say("change_level", TUESDAY + HOUR, **LOW, reason="One user")
    assert story.due(Clock.INITIAL_RESPONSE) == utc("2027-06-17T00:00")
    story.say("change_level", TUESDAY + 2 * HOUR, **P5, reason="A question")
    assert not story.runs(Clock.INITIAL_RESPONSE)


@pytest.mark.covers("GAP-13")
def test_after_the_response_only_the_cadence_changes_from_the_change_on() -> None:
    story = answered(**P3)
    story.say("change_level", TUESDAY + 3 * HOUR, level="P1", reason="All users")
    assert not story.runs(Clock.INITIAL_RESPONSE)
    assert story.due(Clock.UPDATE) == TUESDAY + 4 * HOUR
    story.say("change_level", TUESDAY + 3 * HOUR + MINUTE, level="P5", reason="A question after all")
    assert not story.runs(Clock.UPDATE)


def test_raising_a_level_without_a_target_starts_the_response_clock_from_the_change() -> None:
    story = opened(**P5)
    story.say("change_level", TUESDAY + 3 * HOUR, level="P1", reason="All users")
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 4 * HOUR


def test_a_target_already_missed_stays_missed_whatever_the_level() -> None:
    story = opened().until(TUESDAY + 2 * HOUR)
    story.say("change_level", TUESDAY + 2 * HOUR, level="P4", reason="One user")
    assert story.due(Clock.INITIAL_RESPONSE) is None
    story.say("respond", TUESDAY + 3 * HOUR, text="We have begun.")
    assert story.breaches(Clock.INITIAL_RESPONSE)[0].late_seconds == 2 * 3600


def test_a_target_is_warned_of_once_even_where_raising_the_level_leaves_it_in_place() -> None:
    story = opened(**P3).until(TUESDAY + 18 * HOUR)
    story.say("change_level", TUESDAY + 21 * HOUR, level="P2", reason="More users")
    story.until(TUESDAY + DAY)
    assert len(story.told(EffectKind.WARNING)) == 1
    assert len(story.breaches(Clock.INITIAL_RESPONSE)) == 1


def test_a_raised_target_has_its_own_warning_before_it() -> None:
    story = opened(**P3)
    story.say("change_level", TUESDAY + HOUR, level="P2", reason="More users")
    story.until(TUESDAY + 5 * HOUR)
    assert [effect.caused_at for effect in story.told(EffectKind.WARNING)] == [TUESDAY + 4 * HOUR]


def test_a_response_due_at_a_raised_target_is_a_breach_of_that_target() -> None:
    story = opened(**P3)
    story.say("change_level", TUESDAY + HOUR, level="P1", reason="All users")
    story.until(TUESDAY + 3 * HOUR)
    assert [breach.due_at for breach in story.case.breaches] == [TUESDAY + 2 * HOUR]


def test_the_customer_is_told_the_new_level_with_its_promises() -> None:
    before, after = opened(**P3), answered(**P3)
    before.say("change_level", TUESDAY + HOUR, level="P1", reason="All users")
    (told,) = before.told(EffectKind.LEVEL_CHANGED)
    assert (told.to, told.about, told.facts.reason) == (Recipient.CUSTOMER, "P1", "All users")
    assert (told.facts.due_at, told.facts.next_update_at) == (TUESDAY + 2 * HOUR, None)
    after.say("change_level", TUESDAY + HOUR, level="P1", reason="All users")
    facts = after.told(EffectKind.LEVEL_CHANGED)[0].facts
    assert (facts.due_at, facts.next_update_at) == (None, TUESDAY + 2 * HOUR)


def test_a_case_without_a_service_level_can_be_rated_and_still_has_no_clock() -> None:
    story = opened(channel="other", **P3)
    story.say("change_level", TUESDAY + HOUR, level="P1", reason="All users")
    assert not story.runs(Clock.INITIAL_RESPONSE)


def _warnings(rating: dict[str, str], percent: float | None, workaround: bool | None = None) -> object:
    story = opened(users_affected_percent=percent, workaround=workaround, **rating)
    return story.decision.warnings  # type: ignore[union-attr]


@pytest.mark.covers("RHIPE-16", "CONF-04")
def test_p1_is_for_more_than_half_of_the_users_without_a_workaround() -> None:
    assert _warnings(P1, 50.1) == _warnings(P1, 100, workaround=False) == ()
    assert _warnings(P1, 50) == _warnings(P1, 80, workaround=True) == ("PriorityBoundsMismatch",)


@pytest.mark.covers("RHIPE-17", "CONF-04")
def test_p2_is_for_more_than_a_quarter_and_up_to_half_of_the_users() -> None:
    assert _warnings(P2, 25.1) == _warnings(P2, 50) == ()
    assert _warnings(P2, 25) == _warnings(P2, 50.1) == ("PriorityBoundsMismatch",)


@pytest.mark.covers("RHIPE-18", "CONF-04")
def test_p3_is_for_a_tenth_to_a_quarter_of_the_users() -> None:
    assert _warnings(P3, 10) == _warnings(P3, 25) == ()
    assert _warnings(P3, 9.9) == _warnings(P3, 25.1) == ("PriorityBoundsMismatch",)


@pytest.mark.covers("RHIPE-12")
def test_p4_is_for_less_than_a_tenth_of_the_users_and_numbers_only_warn() -> None:
    assert _warnings(LOW, 0) == _warnings(LOW, 9.9) == _warnings(LOW, None) == ()
    assert _warnings(LOW, 10) == ("PriorityBoundsMismatch",)
    assert opened(users_affected_percent=90, **LOW).case.level == "P4"


@pytest.mark.covers("RHIPE-19")
@pytest.mark.parametrize("percent", [-0.1, 100.1, float("inf"), float("nan")])
def test_a_share_of_users_is_between_0_and_100_percent(percent: float) -> None:
    refused = refused_opening(users_affected_percent=percent)
    assert (refused.code, refused.missing) == ("ValidationError", ("users_affected_pct",))


@pytest.mark.covers("RHIPE-16", "RHIPE-17")
def test_triage_warns_of_a_mismatch_too() -> None:
    story = mailed()
    story.say("triage", TUESDAY + MINUTE, users_affected_percent=3, **P1)
    assert story.decision.warnings == ("PriorityBoundsMismatch",)  # type: ignore[union-attr]
    assert story.case.level == "P1"


@pytest.mark.covers("CONF-02")
def test_levels_are_ordered_by_rank_and_never_by_name() -> None:
    given = terms()
    renamed = {"P1": "zebra", "P2": "B", "P3": "C", "P4": "D", "P5": "a"}
    levels = tuple(rule.model_copy(update={"id": renamed[rule.id]}) for rule in given.rules.levels)
    matrix = tuple(cell.model_copy(update={"level": renamed[cell.level]}) for cell in given.rules.matrix)
    rules = given.rules.model_copy(update={"levels": levels, "matrix": matrix})
    story = opened(under=given.model_copy(update={"rules": rules}), **P3)
    story.say("change_level", TUESDAY + HOUR, level="zebra", reason="All users")
    assert story.due(Clock.INITIAL_RESPONSE) == TUESDAY + 2 * HOUR


def test_a_service_delivery_manager_may_change_the_level_and_a_requester_may_not() -> None:
    story = answered()
    story.say("change_level", TUESDAY + MINUTE, SDM, level="P2", reason="Agreed with the customer")
    assert story.case.level == "P2"
    robot = Actor(kind=ActorKind.SYSTEM)
    refused = story.refused("change_level", TUESDAY + 2 * MINUTE, robot, level="P1", reason="x")
    assert refused.code == "RoleNotPermitted"


def test_while_we_wait_for_the_customer_a_higher_level_still_writes_once_a_day() -> None:
    story: Story = case_in(Phase.AWAITING_CUSTOMER)
    story.say("change_level", TUESDAY + HOUR, level="P2", reason="Half of them")
    assert story.due(Clock.UPDATE) == TUESDAY + HOUR + DAY


@pytest.mark.covers("RHIPE-17", "RHIPE-18", "CONF-04")
@pytest.mark.parametrize("rating", [P2, P3])
def test_p2_and_p3_have_a_workaround(rating: dict[str, str]) -> None:
    assert _warnings(rating, None, workaround=False) == ("PriorityBoundsMismatch",)
    assert _warnings(rating, None, workaround=True) == _warnings(rating, None) == ()


@pytest.mark.covers("RHIPE-17", "RHIPE-15")
def test_a_triage_doubts_by_what_the_request_said() -> None:
    story = mailed(workaround=False)
    story.say("triage", TUESDAY + MINUTE, **P3)
    assert isinstance(story.decision, Accepted)
    assert story.decision.warnings == ("PriorityBoundsMismatch",)
    story = mailed(workaround=False)
    story.say("triage", TUESDAY + MINUTE, workaround=True, **P3)
    assert isinstance(story.decision, Accepted)
    assert story.decision.warnings == ()
