"""What is true of every request, whatever it leaves out and whoever sends it."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case_step import linked_request, open_case
from domain.clocks import Clock
from domain.decision import Accepted, Declined, Refused
from domain.effects import EffectKind
from domain.phase import CloseReason, Phase
from domain.policy import LicenceSource
from domain.tenants import TenantFacts
from domain.views.customer import customer_view
from domain.views.staff import view
from tests.domain.boundary_desk import (
    ENGINEER,
    MORNING,
    asked,
    guide,
    guide_with,
    held_to,
    only,
    promised_clocks,
    taken,
)
from tests.domain.cases import DAY, Story
from tests.people import ANA, P1, P5

CSS, RHIPE, WEST = "distributor-css", "rhipe-csp", "westcoast"
REQUIRED = ("end_user_company", "onmicrosoft_domain", "priority", "scope")
STRICT = held_to(guide_with(CSS, "intake", on_incomplete="refuse"))
CLOSED = held_to(guide(CSS))
LEFT_OUT = st.sets(st.sampled_from(REQUIRED))
TOLD = (EffectKind.CANNOT_SUPPORT, EffectKind.REFERRAL)
FACTS = st.none() | st.builds(
    TenantFacts,
    read=st.booleans(),
    listed=st.booleans(),
    entitled=st.none() | st.booleans(),
    licence_source=st.none() | st.sampled_from(LicenceSource),
    addons=st.sampled_from([(), ("on_premise",)]),
)


def _categories(name: str) -> list[str | None]:
    rules = guide(name).rules
    named = {category for rule in rules.scope.rules for category in rule.categories}
    return [None, "something_else", *sorted(named | set(rules.intake.categories))]


REQUESTS = st.sampled_from([CSS, RHIPE, WEST]).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.fixed_dictionaries(
            {
                "facts": FACTS,
                "category": st.sampled_from(_categories(name)),
                "partner_centre_account": st.none() | st.booleans(),
                "scope": st.sampled_from([None, "Exchange Online"]),
                "outage": st.booleans(),
            }
        ),
        st.sampled_from([{}, {"actor": ANA, **P1}, {"actor": ANA, **P5}]),
    )
)


@given(LEFT_OUT, st.sampled_from(["enduser.onmicrosoft.com", "enduser.example", None]), FACTS)
@settings(max_examples=60, deadline=None)
def test_whatever_is_left_out_the_answer_names_exactly_that(
    left_out: set[str], domain: str | None, facts: TenantFacts | None
) -> None:
    fields = dict.fromkeys(left_out)
    if "onmicrosoft_domain" not in left_out:
        fields["onmicrosoft_domain"] = domain
    lacking = {*left_out, *(() if domain == "enduser.onmicrosoft.com" else ("onmicrosoft_domain",))}
    story = taken(CSS, facts=facts, under=CLOSED, **fields)
    assert set(story.case.missing) == lacking
    assert (story.case.close_reason is CloseReason.MISSING_INFORMATION) is bool(lacking)
    for told in story.told(EffectKind.CANNOT_SUPPORT):
        assert set(told.facts.missing) == lacking
    refused = asked(CSS, facts=facts, under=STRICT, **fields)
    if lacking:
        assert isinstance(refused, Refused)
        assert (refused.code, set(refused.missing)) == ("ValidationError", lacking)


@given(REQUESTS, st.timedeltas(min_value=timedelta(0), max_value=30 * DAY))
@settings(max_examples=120, deadline=None)
def test_a_request_closed_with_an_explanation_never_has_a_clock_of_ours(sent, later: timedelta) -> None:
    name, fields, rating = sent
    decision = asked(name, **fields, **rating)
    if isinstance(decision, Refused) or decision.case.phase is not Phase.CLOSED:
        return
    story = Story(decision.case)
    story.adopt(decision)
    assert {running.clock for running in story.case.clocks} == {Clock.REOPEN_WINDOW, Clock.TERMS_RENEWAL}
    (told,) = story.told(*TOLD)
    assert told.facts.text
    assert story.effects == [told]
    story.until(MORNING + later)
    assert promised_clocks(story) == set()
    assert (story.case.breach_count, story.case.warning_count, story.effects) == (0, 0, [told])
    assert view(story.case).phase == customer_view(story.case).phase == story.case.phase


@given(REQUESTS, FACTS, st.sets(st.sampled_from(["contact", "explanation", "tenant_domain", "priority"])))
@settings(max_examples=80, deadline=None)
def test_the_case_that_continues_another_is_opened_whatever_is_missing_and_whoever_may_ask(
    sent, facts_now: TenantFacts | None, left_out: set[str]
) -> None:
    name, fields, rating = sent
    decision = asked(name, **(fields | rating | dict.fromkeys(left_out)))
    if isinstance(decision, Refused):
        return
    story = Story(decision.case)
    if story.case.phase is not Phase.CLOSED:
        story.say("close", MORNING, ENGINEER, reason="requested")
    later = MORNING + 60 * DAY
    said = story.until(later).say("reopen", later, ENGINEER, reason="It is back.")
    if isinstance(said, Refused):
        assert said.code == "ReopenNotPermitted"
        return
    request = linked_request(story.case, only(story, EffectKind.LINKED_CASE))
    linked = open_case(request, held_to(guide(name), later), later, facts=facts_now)
    assert isinstance(linked, Accepted), linked
    assert (linked.case.parent, linked.case.missing) == (story.case.id, ())


@given(st.lists(st.tuples(st.booleans(), st.timedeltas(timedelta(hours=1), 20 * DAY)), max_size=12))
@settings(max_examples=40, deadline=None)
def test_a_solved_distributors_case_has_no_clock_but_the_weekly_reminder_until_it_is_confirmed(
    answers: list[tuple[bool, timedelta]],
) -> None:
    story, at = taken(CSS, under=CLOSED), MORNING
    for works, wait in answers:
        at += timedelta(seconds=int(wait.total_seconds()))
        if story.case.phase is Phase.CLOSED or story.case.phase is Phase.ARCHIVED:
            assert isinstance(story.say("reopen", at, story.case.request.actor, reason="x"), Declined)
            break
        story.say("resolve", at, ENGINEER, kind="workaround", text="Try again.")
        assert promised_clocks(story) == {Clock.CONFIRMATION}
        assert story.due(Clock.CONFIRMATION) == at + 7 * DAY
        said = story.say("reply", at, story.case.request.actor, text="-", accepts=works)
        assert isinstance(said, Accepted)
        assert (story.case.phase is Phase.CLOSED) is works
    if story.case.close_reason is not None:
        assert only(story, EffectKind.CASE_CLOSED).about == CloseReason.CUSTOMER_CONFIRMED
