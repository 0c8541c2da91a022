"""What news of a major incident means for a case: its customer is told, its own promises go by its policy."""

from datetime import datetime
from typing import Any

import pytest

from domain.case import Case
from domain.clocks import Clock
from domain.decision import Accepted
from domain.effects import EffectKind
from domain.incidents.asking import notice_wanted
from domain.incidents.fan_out import ChildEnd
from domain.lifecycle.incident_news import notice_id
from domain.messages.case import Contact
from domain.messages.incident import IncidentNews
from domain.phase import Phase
from domain.policy.operations import OutageRules
from domain.timeline import EntryKind
from domain.views.customer import customer_view
from domain.views.staff import view
from tests.domain.cases import (
    HOUR,
    MINUTE,
    TUESDAY,
    Story,
    answered,
    case_in,
    opened,
    policy_with,
    resolved,
    terms,
    terms_with_level,
)
from tests.domain.dedicated_desk import MORNING
from tests.domain.outage_desk import declared_outage
from tests.people import ANA, KIM, ROBOT

INCIDENT = "incident-" + "a" * 20


def news(notice: int = 1, kind: str = "update", **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "incident": INCIDENT,
        "number": "MI-0000-0000-0",
        "title": "Exchange Online does not answer",
        "notice": notice,
        "kind": kind,
        "text": f"News {notice}.",
    }
    return given | changes


def message(at: datetime = TUESDAY, **given: Any) -> IncidentNews:
    return IncidentNews.model_validate({"actor": ANA, "received_at": at, **given})


def joined(story: Story, at: datetime = TUESDAY) -> Story:
    decision = story.say("incident_news", at, **news(1, "joined"))
    assert isinstance(decision, Accepted), decision
    return story


def test_a_case_that_joins_tells_its_customer_and_shows_the_incident() -> None:
    story = joined(answered())
    assert story.case.incident is not None
    assert (story.case.incident.id, story.case.incident.notice) == (INCIDENT, 1)
    (notice,) = story.told(EffectKind.INCIDENT_NOTICE)
    assert notice.about == "joined"
    assert notice.facts.incident == 'MI-0000-0000-0 "Exchange Online does not answer"'
    assert notice.addresses
    assert notice.facts.next_update_at == story.due(Clock.UPDATE)
    (entry,) = story.happened(EntryKind.INCIDENT_NEWS)
    assert (entry.about, entry.internal) == ("joined MI-0000-0000-0", False)


def test_news_restart_the_cadence_and_count_as_the_engineers_own() -> None:
    story = joined(answered())
    story.say("incident_news", TUESDAY + 30 * MINUTE, **news(2, expected_resolution_at=TUESDAY + 3 * HOUR))
    assert story.due(Clock.UPDATE) == TUESDAY + 30 * MINUTE + HOUR
    assert story.case.score.staff == 2
    assert story.told(EffectKind.INCIDENT_NOTICE)[-1].facts.expected_at == TUESDAY + 3 * HOUR


def test_a_notice_heard_before_changes_nothing() -> None:
    story = joined(answered())
    for repeated in (news(1, "joined"), news(1), news(1, "joined")):
        before = story.case
        story.say("incident_news", TUESDAY + 30 * MINUTE, **repeated)
        assert story.case == before.model_copy(update={"version": before.version + 1})
    assert len(story.told(EffectKind.INCIDENT_NOTICE)) == 1


def test_a_case_told_by_the_incident_sends_nothing_and_keeps_the_mail_in_its_thread() -> None:
    story = joined(answered())
    told = message(**news(2, tell=False))
    story.say("incident_news", TUESDAY + MINUTE, **news(2, tell=False))
    assert len(story.told(EffectKind.INCIDENT_NOTICE)) == 1
    assert story.case.references[-1] == notice_id(story.case, told)
    before = story.case.references
    story.say("incident_news", TUESDAY + 2 * MINUTE, **news(3, tell=False, told_with="SR-1111-1111-1"))
    assert story.case.references == before
    assert story.happened(EntryKind.NOTED)[-1].text == "told with SR-1111-1111-1"
    assert story.due(Clock.UPDATE) == TUESDAY + 2 * MINUTE + HOUR


@pytest.mark.covers("RHIPE-14")
def test_a_persons_news_are_the_first_answer_and_nobody_elses_are() -> None:
    story = opened()
    refused = story.refused("incident_news", TUESDAY + MINUTE, ROBOT, **news(1, "joined"))
    assert refused.code == "RoleNotPermitted"
    assert story.refused("incident_news", TUESDAY + MINUTE, KIM, **news(1, "joined")).code == refused.code
    joined(story, TUESDAY + MINUTE)
    assert story.case.responded_at == TUESDAY + MINUTE
    assert not story.runs(Clock.INITIAL_RESPONSE)
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.case.assignee is None


def test_where_the_policy_says_that_a_notice_is_no_response_the_clock_runs_on() -> None:
    rules = OutageRules(levels=("P1",), notify_within=HOUR, ends_response=False)
    story = opened(under=terms().model_copy(update={"outage": rules}))
    due_at = story.due(Clock.INITIAL_RESPONSE)
    joined(story, TUESDAY + MINUTE)
    assert story.due(Clock.INITIAL_RESPONSE) == due_at
    assert story.case.phase is Phase.RECEIVED
    assert not story.runs(Clock.UPDATE)
    assert len(story.told(EffectKind.INCIDENT_NOTICE)) == 1


def test_the_own_clocks_of_a_case_run_on_while_the_incident_says_nothing() -> None:
    story = joined(answered())
    story.until(TUESDAY + 2 * HOUR)
    assert story.case.score.system == 2
    assert len(story.told(EffectKind.STATUS_UPDATE)) == 2


def test_resolving_the_incident_offers_resolution_by_the_rules_of_the_case() -> None:
    story = joined(answered())
    story.say("incident_news", TUESDAY + HOUR, **news(2, "resolved", text="The mail servers answer again."))
    assert story.case.phase is Phase.RESOLVED
    assert story.runs(Clock.AUTO_CLOSE)
    (told,) = story.told(EffectKind.CASE_RESOLVED)
    assert told.facts.text == "The mail servers answer again."
    story.say("reply", TUESDAY + 2 * HOUR, KIM, text="Not for us.", accepts=False)
    assert story.case.phase is Phase.IN_PROGRESS
    assert story.case.incident is not None


def test_nobody_becomes_the_owner_of_a_case_by_resolving_its_incident() -> None:
    story = joined(opened())
    story.say("incident_news", TUESDAY + HOUR, **news(2, "resolved"))
    assert (story.case.phase, story.case.assignee) == (Phase.RESOLVED, None)


@pytest.mark.covers("DED-35")
def test_a_level_that_needs_validation_is_asked_for_it_and_not_resolved() -> None:
    """Resolving it by hand would be `ResolutionNotValidated`; the incident does not get round that."""
    story = joined(answered(under=terms_with_level("P1", validate_resolution=True)))
    story.say("incident_news", TUESDAY + HOUR, **news(2, "resolved"))
    assert story.case.phase is Phase.VALIDATING_RESOLUTION
    assert len(story.told(EffectKind.VALIDATION_REQUEST)) == 1
    early = story.refused("resolve", TUESDAY + 2 * HOUR, kind="resolution", text="Done.")
    assert early.code == "ResolutionNotValidated"


@pytest.mark.covers("CSS-13")
def test_where_only_the_requester_closes_a_case_he_is_asked_for_his_word() -> None:
    """`ConfirmationRequired` stands for a case of an incident too."""
    asks = terms(policy=policy_with("closing", auto_close_business_days=None, confirmation="required"))
    story = joined(answered(under=asks))
    story.say("incident_news", TUESDAY + HOUR, **news(2, "resolved"))
    assert len(story.told(EffectKind.CONFIRM_RESOLUTION)) == 1
    assert story.refused("close", TUESDAY + 2 * HOUR, reason="resolved").code == "ConfirmationRequired"


def test_a_case_that_lacks_information_or_is_resolved_takes_the_end_as_news() -> None:
    for story in (case_in(Phase.AWAITING_INFORMATION), resolved()):
        phase = story.case.phase
        joined(story, TUESDAY + MINUTE)
        story.say("incident_news", TUESDAY + HOUR, **news(2, "resolved"))
        assert story.case.phase is phase
        assert story.happened(EntryKind.INCIDENT_NEWS)[-1].about == "resolved MI-0000-0000-0"


def test_a_case_that_leaves_is_on_its_own_again_and_may_leave_twice() -> None:
    story = joined(answered())
    story.say("incident_news", TUESDAY + MINUTE, **news(2, "left", text="It is your proxy."))
    assert story.case.incident is None
    assert story.told(EffectKind.INCIDENT_NOTICE)[-1].about == "left"
    entries = story.case.entries
    story.say("incident_news", TUESDAY + 2 * MINUTE, **news(2, "left"))
    assert story.case.entries == entries


def test_news_of_an_incident_the_case_does_not_belong_to_are_refused() -> None:
    story = answered()
    assert story.refused("incident_news", TUESDAY + MINUTE, **news(1)).code == "InvalidTransition"
    joined(story, TUESDAY + MINUTE)
    other = news(1, "joined", incident="incident-" + "b" * 20, number="MI-1111-1111-1")
    refused = story.refused("incident_news", TUESDAY + 2 * MINUTE, **other)
    assert refused.code == "InvalidTransition"
    assert "MI-0000-0000-0" in refused.reason


@pytest.mark.covers("DED-02")
def test_a_closed_case_hears_no_news() -> None:
    story = case_in(Phase.CLOSED)
    assert story.refused("incident_news", TUESDAY + MINUTE, **news(1, "joined")).code == "CaseClosed"


def test_cases_of_one_tenant_with_one_address_share_the_id_of_a_notice_and_no_others_do() -> None:
    said = message(**news(3))

    def case(**changes: Any) -> Case:
        return opened(**changes).case

    same = {notice_id(case(reference=name), said) for name in ("INC-1", "INC-2")}
    assert len(same) == 1
    elsewhere = case(tenant="Other Foods", tenant_company="Other Foods")
    other = case(contact=Contact(name="Ben", email="ben@southerncloud.example"))
    assert len({*same, notice_id(elsewhere, said), notice_id(other, said)}) == 3
    later = message(**news(4))
    assert notice_id(case(), later) not in same


def test_two_cases_without_an_address_share_nothing() -> None:
    said = message(**news(3))
    by_phone = Contact(name="Kim", phone="+61 2 5550 0100")
    ids = {notice_id(opened(reference=name, contact=by_phone).case, said) for name in ("INC-1", "INC-2")}
    assert len(ids) == 2


def test_a_case_of_another_incident_is_left_to_it() -> None:
    story = joined(answered())
    other = message(**news(1, "joined", incident="incident-" + "b" * 20))
    wanted = notice_wanted(story.case, other, TUESDAY + MINUTE)
    assert (wanted.end, wanted.effect) == (ChildEnd.ELSEWHERE, None)


def test_a_case_says_whom_it_would_tell_before_it_hears() -> None:
    story = joined(answered())
    wanted = notice_wanted(story.case, message(TUESDAY + MINUTE, **news(2)), TUESDAY + MINUTE)
    assert wanted.effect is not None
    said = story.case
    story.say("incident_news", TUESDAY + MINUTE, **news(2))
    told = story.told(EffectKind.INCIDENT_NOTICE)[-1]
    assert wanted.effect.id == told.id
    assert wanted.effect.facts == told.facts
    assert wanted.effect.thread == said.references
    heard = notice_wanted(story.case, message(TUESDAY + MINUTE, **news(2)), TUESDAY + MINUTE)
    assert (heard.end, heard.effect) == (ChildEnd.HEARD, None)


@pytest.mark.parametrize(
    ("phase", "given", "end"),
    [
        (Phase.CLOSED, news(1, "joined"), ChildEnd.OVER),
        (Phase.ARCHIVED, news(1, "joined"), ChildEnd.OVER),
        (Phase.IN_PROGRESS, news(1), None),
        (Phase.IN_PROGRESS, news(1, "left"), ChildEnd.HEARD),
    ],
)
def test_a_case_that_is_not_to_be_told_says_why(
    phase: Phase, given: dict[str, Any], end: ChildEnd | None
) -> None:
    story = case_in(phase)
    wanted = notice_wanted(story.case, message(TUESDAY + MINUTE, **given), TUESDAY + MINUTE)
    assert (wanted.end, wanted.effect) == (end, None)


def test_a_case_that_has_been_idle_for_long_answers_all_the_same() -> None:
    """The engine's clock of a case is that of its last step, here an hour before the news."""
    story = joined(answered())
    wanted = notice_wanted(story.case, message(TUESDAY + HOUR, **news(2)), TUESDAY)
    assert wanted.end is None
    assert wanted.effect is not None


def test_resolution_is_the_cases_own_to_tell() -> None:
    story = joined(answered())
    wanted = notice_wanted(story.case, message(TUESDAY + MINUTE, **news(2, "resolved")), TUESDAY + MINUTE)
    assert (wanted.end, wanted.effect) == (None, None)


def test_the_customer_sees_the_number_of_the_incident() -> None:
    story = joined(answered())
    assert customer_view(story.case).incident == "MI-0000-0000-0"
    assert view(story.case).incident == story.case.incident


@pytest.mark.covers("DED-35")
def test_an_outage_is_validated_before_its_end_is_told_also_where_the_level_asks_for_no_validation() -> None:
    story = declared_outage()
    level = story.case.rule.model_copy(update={"validate_resolution": False})
    rules = story.case.terms.rules.model_copy(update={"levels": (level,)})
    under = story.case.terms.model_copy(update={"rules": rules})
    story.case = story.case.model_copy(update={"terms": under})
    story.say("incident_news", MORNING + HOUR, **news(1, "joined"))
    story.say("incident_news", MORNING + 2 * HOUR, **news(2, "resolved"))
    assert story.case.phase is Phase.VALIDATING_RESOLUTION
    early = story.refused("resolve", MORNING + 3 * HOUR, ANA, kind="resolution", text="Done.")
    assert early.code == "ResolutionNotValidated"
