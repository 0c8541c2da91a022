"""A case the vendor works on while it stays open with us: we ask, he answers, the customer is told."""

from typing import Any

import pytest

from domain import case_step
from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason, Phase
from domain.policy import Disposition
from domain.rules import RULES_0_3
from domain.tenants import UNREAD
from domain.timeline import EntryKind
from domain.vendor import Boundary
from domain.verbs import Verb
from domain.views.staff import deadlines, view
from tests.domain import dedicated_desk
from tests.domain.boundary_desk import ALEX, ENGINEER, JO, KNOWN, guide, held_to, promised_clocks, worked_on
from tests.domain.cases import DAY, HOUR, SECOND, Story
from tests.domain.vendor_desk import AT, CSS, NUMBER, VENDOR, WEST, kept_open, to, to_vendor
from tests.people import ANA

FOUND = {"finding": "on_premises", "text": "It is the server in your cellar."}
WITH_ADDON = KNOWN.model_copy(update={"addons": ("on_premise",)})


def at_the_dedicated_desk() -> Story:
    """A Severity B with the vendor; here our own updates have a cadence."""
    story = dedicated_desk.at_severity("B", AT)
    story.say("escalate_to_vendor", AT, ANA, vendor_reference=NUMBER)
    return story


@pytest.mark.covers("CSS-09", "CONF-01", "CSS-08")
def test_the_case_stays_open_and_our_engineer_its_main_contact() -> None:
    story = kept_open()
    assert story.case.phase is Phase.VENDOR_ESCALATED
    assert story.case.main_contact == "css_engineer"
    assert story.told(EffectKind.CASE_CLOSED, EffectKind.ESCALATION_CLOSURE) == []
    assert story.case.vendor is not None
    assert (story.case.vendor.reference, story.case.vendor.severity) == (NUMBER, "C")


@pytest.mark.covers("CSS-09")
def test_the_main_contact_is_not_the_requester_while_the_vendor_has_it() -> None:
    story = kept_open()
    refused = story.refused("change_main_contact", AT + HOUR, ALEX, to="reseller")
    assert (refused.code, refused.missing) == ("PolicyViolation", ("main_contact",))
    story.say("vendor_update", AT + HOUR, VENDOR, text="Done.", resolved=True)
    story.say("change_main_contact", AT + 2 * HOUR, ALEX, to="reseller")
    assert story.case.main_contact == "reseller"
    assert story.refused("change_main_contact", AT + 3 * HOUR, ALEX, to="reseller").code == "NoChange"


@pytest.mark.covers("CSS-10", "GAP-09")
def test_the_vendor_is_asked_every_24_hours_until_he_answers() -> None:
    story = kept_open()
    assert story.due(Clock.VENDOR_FOLLOW_UP) == AT + DAY
    story.until(AT + DAY - SECOND)
    assert to_vendor(story) == []
    story.until(AT + 2 * DAY)
    asked = to_vendor(story)
    assert [one.kind for one in asked] == [EffectKind.VENDOR_FOLLOW_UP] * 2
    assert [one.caused_at for one in asked] == [AT + DAY, AT + 2 * DAY]
    assert len({one.id for one in asked}) == 2
    story.say("vendor_update", AT + 2 * DAY + HOUR, VENDOR, text="We are at it.")
    assert story.due(Clock.VENDOR_FOLLOW_UP) == AT + 3 * DAY + HOUR


@pytest.mark.covers("CSS-09", "GAP-09")
def test_a_silent_vendor_is_told_to_the_tss_and_then_to_the_sdm() -> None:
    story = kept_open().until(AT + 5 * DAY)
    assert to(story, EffectKind.VENDOR_SILENT) == [Recipient.TSS, Recipient.SDM]
    assert [one.caused_at for one in story.told(EffectKind.VENDOR_SILENT)] == [AT + 2 * DAY, AT + 4 * DAY]
    story.say("vendor_update", AT + 5 * DAY + HOUR, ENGINEER, text="He called: next week.")
    story.until(AT + 7 * DAY + HOUR)
    assert to(story, EffectKind.VENDOR_SILENT) == [Recipient.TSS, Recipient.SDM, Recipient.TSS]


def test_our_own_absence_asks_the_vendor_once() -> None:
    story = kept_open().away_until(AT + 3 * DAY + HOUR)
    assert len(to_vendor(story)) == 1
    assert story.due(Clock.VENDOR_FOLLOW_UP) == AT + 4 * DAY


@pytest.mark.covers("CSS-10")
def test_our_own_targets_are_shown_as_with_the_vendor_and_run_on() -> None:
    story = at_the_dedicated_desk()
    shown = {row.clock: row.with_vendor for row in deadlines(story.case)}
    assert shown[Clock.UPDATE]
    assert not shown[Clock.VENDOR_FOLLOW_UP]
    due = story.due(Clock.UPDATE)
    assert due is not None
    assert len(story.until(due).told(EffectKind.STATUS_UPDATE)) == 1


def test_what_the_vendor_says_is_an_update_to_the_customer_and_told_to_the_engineer() -> None:
    story = at_the_dedicated_desk()
    due = story.due(Clock.UPDATE)
    story.say("vendor_update", AT + HOUR, VENDOR, text="A fix is being tried.", severity="B")
    (told,) = story.told(EffectKind.VENDOR_UPDATE)
    assert (told.to, told.facts.text) == (Recipient.CUSTOMER, "A fix is being tried.")
    assert due is not None
    assert story.due(Clock.UPDATE) == due + HOUR
    assert story.case.score.staff == 1
    assert to(story, EffectKind.VENDOR_ANSWERED) == [Recipient.ASSIGNEE]
    story.say("vendor_update", AT + 2 * HOUR, ANA, text="He says it works for him.")
    assert len(story.told(EffectKind.VENDOR_UPDATE)) == 2
    assert len(story.told(EffectKind.VENDOR_ANSWERED)) == 1


def at_rest(severity: str) -> Story:
    """With the vendor, under a policy that lets our own updates rest meanwhile."""
    story = dedicated_desk.at_severity(severity, AT)
    rules = story.case.terms.vendor
    assert rules is not None
    resting = rules.model_copy(update={"our_cadence": "stop"})
    story.case = story.case.model_copy(
        update={"terms": story.case.terms.model_copy(update={"vendor": resting})}
    )
    story.say("escalate_to_vendor", AT, ANA, vendor_reference=NUMBER)
    return story


def test_a_policy_may_let_our_own_updates_rest_while_the_vendor_works() -> None:
    story = at_rest("A")
    assert not story.runs(Clock.UPDATE)
    assert not story.runs(Clock.CUSTOMER_UPDATE)
    story.say("vendor_update", AT + HOUR, VENDOR, text="We are at it.")
    assert (story.runs(Clock.UPDATE), story.told(EffectKind.VENDOR_UPDATE)) == (False, [])
    story.say("vendor_update", AT + 2 * HOUR, VENDOR, text="Done.", resolved=True)
    assert story.due(Clock.UPDATE) == AT + 4 * HOUR
    assert story.runs(Clock.CUSTOMER_UPDATE)


def test_a_vendor_who_is_done_gives_the_case_back_to_us() -> None:
    story = kept_open()
    story.say("vendor_update", AT + HOUR, VENDOR, text="It is repaired.", resolved=True)
    assert story.case.phase is Phase.IN_PROGRESS
    assert not story.runs(Clock.VENDOR_FOLLOW_UP)
    (told,) = story.told(EffectKind.VENDOR_UPDATE)
    assert told.about == "resolved"
    story.say("escalate_to_vendor", AT + DAY, ENGINEER, **_again())
    assert story.case.phase is Phase.VENDOR_ESCALATED


def _again() -> dict[str, object]:
    return {"prerequisites": ("initial_troubleshooting",), "vendor_reference": "2"}


def test_an_answer_of_the_customer_leaves_the_case_with_the_vendor() -> None:
    story = kept_open()
    story.say("wait_for_customer", AT + HOUR, ENGINEER, text="Which mailbox?")
    assert story.case.phase is Phase.AWAITING_CUSTOMER
    story.say("reply", AT + 2 * HOUR, ALEX, text="All of them.")
    assert story.case.phase is Phase.VENDOR_ESCALATED
    assert story.due(Clock.VENDOR_FOLLOW_UP) == AT + DAY


def test_a_resolved_case_asks_the_vendor_no_more_and_a_rejected_one_again() -> None:
    story = kept_open()
    story.say("resolve", AT + HOUR, ENGINEER, kind="workaround", text="Use the web.")
    assert not story.runs(Clock.VENDOR_FOLLOW_UP)
    story.say("reply", AT + 2 * HOUR, ALEX, text="No.", accepts=False)
    assert story.case.phase is Phase.VENDOR_ESCALATED
    assert story.due(Clock.VENDOR_FOLLOW_UP) == AT + 2 * HOUR + DAY


def test_what_the_vendor_says_of_a_resolved_case_starts_no_clock() -> None:
    story = kept_open()
    story.say("resolve", AT + HOUR, ENGINEER, kind="workaround", text="Use the web.")
    story.say("vendor_update", AT + 2 * HOUR, VENDOR, text="We are at it.")
    assert not story.runs(Clock.VENDOR_FOLLOW_UP)
    resting = at_rest("C")
    resting.say("resolve", AT + HOUR, ANA, kind="resolution", text="It works.")
    resting.say("vendor_update", AT + 2 * HOUR, VENDOR, text="Done.", resolved=True)
    assert (resting.case.phase, resting.runs(Clock.UPDATE)) == (Phase.RESOLVED, False)


def test_a_case_that_was_closed_is_not_with_the_vendor_any_more() -> None:
    story = kept_open()
    story.say("close", AT + HOUR, ALEX, reason="requested")
    assert promised_clocks(story) == set()
    assert story.case.vendor is not None
    assert story.case.vendor.resolved_at == AT + HOUR


@pytest.mark.covers("CSS-11")
def test_the_vendor_finds_the_cause_in_his_cloud_or_on_the_premises() -> None:
    story = kept_open()
    refused = story.refused("vendor_finding", AT + HOUR, VENDOR, boundary="moon")
    assert (refused.code, refused.missing) == ("ValidationError", ("boundary",))
    story.say("vendor_finding", AT + HOUR, VENDOR, boundary="cloud")
    assert story.case.vendor is not None
    assert story.case.vendor.boundary is Boundary.CLOUD
    assert story.due(Clock.VENDOR_FOLLOW_UP) == AT + HOUR + DAY
    assert story.happened(EntryKind.VENDOR_FOUND)[0].about == Boundary.CLOUD


@pytest.mark.covers("CSS-12")
def test_on_the_premises_without_the_addon_the_case_ends_and_is_told() -> None:
    story = kept_open()
    story.say("vendor_finding", AT + HOUR, ENGINEER, boundary="on_premises")
    assert (story.case.phase, story.case.close_reason) == (
        Phase.CLOSED,
        CloseReason.ON_PREMISES_WITHOUT_ADDON,
    )
    (told,) = story.told(EffectKind.CANNOT_SUPPORT)
    assert told.about == "on_premises_without_addon"
    assert "add-on was not bought" in (told.facts.text or "")
    assert story.told(EffectKind.CASE_CLOSED) == []
    assert to_vendor(story.until(AT + 3 * DAY)) == []


@pytest.mark.covers("CSS-12")
def test_with_the_addon_or_where_nobody_knows_it_goes_on() -> None:
    for facts in (WITH_ADDON, UNREAD):
        story = kept_open(facts=facts)
        story.say("vendor_finding", AT + HOUR, VENDOR, boundary="on_premises")
        assert story.case.phase is Phase.VENDOR_ESCALATED
        assert story.due(Clock.VENDOR_FOLLOW_UP) == AT + HOUR + DAY


@pytest.mark.covers("CSS-12")
@pytest.mark.parametrize("verb", ["vendor_finding", "diagnose"])
def test_an_add_on_of_the_plan_is_one_although_the_directory_has_none(verb: str) -> None:
    policy = guide(CSS)
    under = held_to(policy.model_copy(update={"default_plan": "css+on_premise_addon"}))
    story = kept_open(asked={"under": under})
    said = {"boundary": "on_premises"} if verb == "vendor_finding" else FOUND
    story.say(verb, AT + HOUR, ENGINEER, **said)
    assert story.case.phase is Phase.VENDOR_ESCALATED
    assert story.case.addon_check is None


@pytest.mark.covers("CSS-12")
@pytest.mark.parametrize("said", [("vendor_finding", {"boundary": "on_premises"}), ("diagnose", FOUND)])
@pytest.mark.parametrize("addons", [("on_premise",), ("on-premises",), ("On-Premise-addon",)])
def test_an_add_on_bought_since_the_opening_counts(said: Any, addons: tuple[str, ...]) -> None:
    story = kept_open()
    story.directory = KNOWN.model_copy(update={"addons": addons})
    story.say(said[0], AT + HOUR, ENGINEER, **said[1])
    assert story.case.phase is Phase.VENDOR_ESCALATED
    story.directory = KNOWN
    story.say(said[0], AT + 2 * HOUR, ENGINEER, **said[1])
    assert story.case.close_reason is CloseReason.ON_PREMISES_WITHOUT_ADDON


@pytest.mark.covers("CSS-12")
def test_until_the_directory_answers_nothing_is_denied() -> None:
    case = kept_open().case
    found = case_step.decide(
        case,
        Verb.VENDOR_FINDING,
        Verb.VENDOR_FINDING.model.model_validate(
            {"actor": VENDOR, "received_at": AT + HOUR, "boundary": "on_premises", "text": "In the cellar."}
        ),
        "request-9",
        AT + HOUR,
    )
    assert isinstance(found, Accepted)
    assert (found.case.phase, found.warnings) == (Phase.VENDOR_ESCALATED, ("AddonAsked",))
    assert case_step.awaits_facts(found.case)
    closed = case_step.take_facts(found.case, KNOWN, AT + 2 * HOUR)
    assert closed is not None
    assert closed.case.closed_at == AT + 2 * HOUR
    assert not case_step.awaits_facts(closed.case)
    over = found.case.model_copy(update={"phase": Phase.CLOSED})
    late = case_step.take_facts(over, KNOWN, AT + 2 * HOUR)
    assert late is not None
    assert (late.effects, late.case.addon_check) == ((), None)


def test_a_run_from_before_0_4_is_decided_by_what_was_known_at_the_opening() -> None:
    story = kept_open()
    story.case = story.case.model_copy(update={"rules": RULES_0_3})
    story.directory = WITH_ADDON
    story.say("vendor_finding", AT + HOUR, VENDOR, boundary="on_premises")
    assert story.case.close_reason is CloseReason.ON_PREMISES_WITHOUT_ADDON
    assert len(story.told(EffectKind.CASE_CLOSED)) == 1


def test_of_a_case_he_never_had_the_vendor_says_nothing() -> None:
    story = worked_on(CSS)
    for verb, said in (("vendor_update", {"text": "Done."}), ("vendor_finding", {"boundary": "cloud"})):
        assert story.refused(verb, AT, VENDOR, **said).code == "InvalidTransition"
    kept = kept_open()
    kept.say("vendor_update", AT + HOUR, VENDOR, text="Done.", resolved=True)
    again = kept.refused("vendor_finding", AT + 2 * HOUR, VENDOR, boundary="cloud")
    assert again.code == "InvalidTransition"


def test_westcoast_keeps_the_case_and_its_main_contact() -> None:
    story = kept_open(name=WEST)
    assert (story.case.phase, story.case.main_contact) == (Phase.VENDOR_ESCALATED, None)
    assert story.case.scope is not None
    assert story.case.scope.disposition is Disposition.ACCEPT
    story.say("change_main_contact", AT + HOUR, JO, to="reseller")
    assert view(story.case).main_contact == "reseller"


@pytest.mark.covers("DED-17")
def test_a_resolver_group_works_on_it_and_our_staff_tell_the_customer() -> None:
    story = dedicated_desk.at_severity("B", AT)
    clocks = story.case.clocks
    refused = story.refused(
        "assign_resolver_group", AT + HOUR, ANA, group="exchange", communication_owner="exchange"
    )
    assert refused.code == "CommunicationOwnerFixed"
    story.say(
        "assign_resolver_group",
        AT + HOUR,
        ANA,
        group="exchange",
        communication_owner="support_professional",
    )
    assert (story.case.resolver_group, story.case.assignee) == ("exchange", ANA.name)
    assert story.case.clocks == clocks
    assert view(story.case).resolver_group == "exchange"
    assert story.refused("assign_resolver_group", AT + DAY, ANA, group="exchange").code == "NoChange"
