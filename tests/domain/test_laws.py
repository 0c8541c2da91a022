"""What is true of every case whatever is said to it: nothing stumbles, nothing is lost, nothing grows."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import case_step
from domain.actor import Actor, ActorKind
from domain.case import Case
from domain.case_step import delivery_ended, linked_request
from domain.clocks import next_deadline
from domain.decision import Accepted, Declined, Refused
from domain.effects import Effect, Outcome, OutcomeStatus
from domain.messages.case import Submit
from domain.phase import Phase
from domain.record import row_of
from domain.terms import TermsAnswer
from domain.verbs import Verb
from domain.views.customer import customer_view
from domain.views.explain import explain
from domain.views.staff import view
from tests.domain.cases import (
    DAY,
    HOUR,
    MINUTE,
    MOST_STATE,
    TUESDAY,
    Story,
    answered,
    opening,
    resolved,
    terms,
)
from tests.people import ANA, KIM, STRANGER

SPEAKERS = [ANA, KIM, STRANGER, Actor(kind=ActorKind.SYSTEM), Actor(kind=ActorKind.VENDOR)]
RATINGS = st.sampled_from(["high", "medium", "low", "urgent"])
TEXTS = st.sampled_from(["x", "Still looking.", "あ" * 2730, "line\nline"])
FIELDS: dict[Verb, dict[str, st.SearchStrategy[Any]]] = {
    Verb.TRIAGE: {"impact": RATINGS, "urgency": RATINGS, "reason": st.none() | TEXTS},
    Verb.RESPOND: {"text": TEXTS},
    Verb.POST_UPDATE: {"text": TEXTS},
    Verb.WAIT_FOR_CUSTOMER: {"text": TEXTS},
    Verb.REPLY: {"text": TEXTS, "accepts": st.sampled_from([None, True, False])},
    Verb.PROVIDE_INFORMATION: {
        "contact": st.sampled_from([None, {"name": "Kim", "email": "kim@partner.example"}]),
        "explanation": st.none() | TEXTS,
    },
    Verb.CHANGE_LEVEL: {
        "level": st.sampled_from(["P1", "P2", "P3", "P4", "P5", "A", None]),
        "impact": st.none() | RATINGS,
        "urgency": st.none() | RATINGS,
        "reason": st.none() | TEXTS,
    },
    Verb.ADD_NOTE: {"text": TEXTS, "internal": st.booleans()},
    Verb.RESOLVE: {"kind": st.sampled_from(["resolution", "workaround", "guess", None]), "text": TEXTS},
    Verb.CLOSE: {
        "reason": st.sampled_from(["resolved", "requested", "no_further_troubleshooting", "other", None])
    },
    Verb.REOPEN: {"reason": TEXTS},
    Verb.RECOMPUTE_TERMS: {"reason": TEXTS},
}
LEGAL: dict[Phase, set[Phase]] = {
    Phase.RECEIVED: {Phase.IN_PROGRESS, Phase.AWAITING_CUSTOMER, Phase.RESOLVED, Phase.CLOSED},
    Phase.AWAITING_INFORMATION: {Phase.RECEIVED, Phase.IN_PROGRESS, Phase.CLOSED},
    Phase.IN_PROGRESS: {Phase.AWAITING_CUSTOMER, Phase.RESOLVED, Phase.CLOSED},
    Phase.AWAITING_CUSTOMER: {Phase.IN_PROGRESS, Phase.RESOLVED, Phase.CLOSED},
    Phase.RESOLVED: {Phase.IN_PROGRESS, Phase.CLOSED},
    Phase.CLOSED: {Phase.IN_PROGRESS, Phase.ARCHIVED},
    Phase.ARCHIVED: set(),
    Phase.VENDOR_ESCALATED: set(),
}
SPANS = st.sampled_from([timedelta(0), MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, DAY, 3 * DAY, 9 * DAY])
STEPS = st.sampled_from(list(FIELDS)).flatmap(
    lambda verb: st.tuples(
        st.just(verb), st.sampled_from(SPEAKERS), st.fixed_dictionaries(FIELDS[verb]), SPANS, SPANS
    )
)
OPENINGS = st.fixed_dictionaries(
    {
        "actor": st.sampled_from([ANA, KIM]),
        "channel": st.sampled_from(["phone", "email", "other"]),
        "impact": st.none() | RATINGS,
        "urgency": st.none() | RATINGS,
        "contact": st.sampled_from([None, {"name": "Kim", "email": "kim@partner.example"}]),
    }
)


class Witness:
    """Follows a case and objects to the first decision that breaks a law."""

    def __init__(self, first: Accepted) -> None:
        self.story = Story(first.case)
        self.story.adopt(first)
        self.ids = {effect.id for effect in first.effects}
        self._number(first, None)

    def saw(self, decision: Accepted | Declined | None) -> None:
        if decision is None:
            return
        before = self.story.case
        self.story.adopt(decision)
        self._number(decision, before)

    def _number(self, decision: Accepted | Declined, before: Case | None) -> None:
        case = decision.case
        numbers = [entry.number for entry in decision.entries]
        first = before.entries + 1 if before else 1
        assert numbers == list(range(first, case.entries + 1))
        assert case.version == (before.version + 1 if before else 1)
        instants = [entry.at for entry in self.story.entries]
        assert instants == sorted(instants)
        assert len({effect.id for effect in decision.effects}) == len(decision.effects)
        if before is not None:
            self._phases(before.phase, case.phase, decision)
            assert (case.settled_at or TUESDAY) >= (before.settled_at or TUESDAY)

    @staticmethod
    def _phases(before: Phase, after: Phase, decision: Accepted | Declined) -> None:
        """One decision may settle several things, but each change must be a legal one."""
        reachable, edge = {before}, {before}
        for _ in decision.entries:
            edge = {later for phase in edge for later in LEGAL[phase]}
            reachable |= edge
        assert after in reachable

    def nothing_is_due(self, now: datetime) -> None:
        """After what is due has been settled the next deadline lies ahead."""
        deadline = next_deadline(self.story.case.clocks)
        assert deadline is None or deadline.at > now


@settings(max_examples=300)
@given(OPENINGS, st.lists(STEPS, max_size=12))
def test_whatever_is_said_nothing_stumbles_and_every_law_holds(
    fields: dict[str, Any], steps: list[tuple[Verb, Actor, dict[str, Any], timedelta, timedelta]]
) -> None:
    opened = opening(**fields)
    if isinstance(opened, Refused):
        assert opened.code == "ValidationError"
        return
    witness, now = Witness(opened), TUESDAY
    for number, (verb, speaker, given_fields, later, delay) in enumerate(steps):
        received = now + later
        now = received + delay
        message = verb.model.model_validate({"actor": speaker, "received_at": received, **given_fields})
        decision = case_step.decide(witness.story.case, verb, message, f"r{number}", now)
        witness.saw(None if isinstance(decision, Refused) else decision)
        witness.saw(case_step.fall_due(witness.story.case, now))
        if case_step.awaits_terms(witness.story.case):
            answer = TermsAnswer(terms=terms(TUESDAY))
            witness.saw(case_step.take_terms(witness.story.case, answer, now))
            witness.saw(case_step.fall_due(witness.story.case, now))
        witness.nothing_is_due(now)
        _can_be_read(witness.story.case)
    _can_be_kept(witness.story)


def _can_be_read(case: Case) -> None:
    assert view(case).version == row_of(case).version == case.version
    customer_view(case)
    for running in case.clocks:
        explain(case, running.clock)


def _can_be_kept(story: Story) -> None:
    """The case and its effects can be written down and read again, the request of a linked case too."""
    written = story.case.model_dump_json()
    assert len(written.encode()) <= MOST_STATE
    assert Case.model_validate_json(written) == story.case
    for effect in story.effects:
        assert Effect.model_validate_json(effect.model_dump_json()) == effect
        if effect.facts.linked_case and effect.kind == "linked_case":
            Submit.model_validate_json(linked_request(story.case, effect).model_dump_json())


@settings(max_examples=100)
@given(st.lists(st.integers(0, 600).map(lambda minutes: minutes * MINUTE), min_size=1, max_size=4))
def test_being_there_or_coming_back_leads_to_the_same_next_deadline(spans: list[timedelta]) -> None:
    there, away, now = answered(), answered(), TUESDAY
    for span in spans:
        now += span
        there.until(now)
    away.away_until(now)
    assert next_deadline(there.case.clocks) == next_deadline(away.case.clocks)
    total = away.case.score
    assert total.system + total.missed == there.case.score.system


@settings(max_examples=60)
@given(st.permutations(range(4)), st.integers(1, 40))
def test_messages_handled_together_in_another_order_leave_no_earlier_promise(
    order: list[int], minutes: int
) -> None:
    story = answered()
    handled = TUESDAY + HOUR / 2
    for number in order:
        at = TUESDAY + number * timedelta(seconds=minutes)
        story.say("post_update", at, text=f"News {number}", handled=handled)
    due = next_deadline(story.case.clocks)
    assert due is not None
    assert due.at >= TUESDAY + 3 * timedelta(seconds=minutes) + HOUR * 3 / 4


def _many_messages() -> list[tuple[Verb, Any]]:
    """One message of each kind that can be repeated, each with as long a text as it may have."""
    long = "あ" * 2730
    said: list[tuple[Verb, Actor, dict[str, Any]]] = [
        (Verb.POST_UPDATE, ANA, {"text": long}),
        (Verb.REPLY, KIM, {"text": long, "message_id": "<" + "m" * 250 + ">"}),
        (Verb.ADD_NOTE, ANA, {"text": long}),
        (Verb.WAIT_FOR_CUSTOMER, ANA, {"text": long}),
        (Verb.RESPOND, ANA, {"text": long}),
        (Verb.CHANGE_LEVEL, KIM, {"level": "P1", "reason": long}),
        (Verb.CHANGE_LEVEL, ANA, {"level": "P2", "reason": long}),
        (Verb.CHANGE_LEVEL, ANA, {"level": "P1", "reason": long}),
        (Verb.RESOLVE, ANA, {"kind": "workaround", "text": long}),
        (Verb.REPLY, KIM, {"text": long, "accepts": False}),
        (Verb.CLOSE, ANA, {"reason": "no_further_troubleshooting", "text": long}),
        (Verb.REOPEN, KIM, {"reason": long}),
        (Verb.RESPOND, ANA, {"text": long}),
    ]
    return [(verb, verb.model.model_validate({"actor": actor, **fields})) for verb, actor, fields in said]


@pytest.mark.covers("GAP-21")
def test_a_case_stays_within_64_kib_after_ten_thousand_messages_of_8_kib() -> None:
    wide = tuple("\N{GRINNING FACE}" * 100 for _ in range(17))
    opened = opening(
        explanation="あ" * 2500, error_messages=wide, contact={"name": "あ" * 200, "email": "k@p.example"}
    )
    assert isinstance(opened, Accepted), opened
    case, messages, accepted = opened.case, _many_messages(), 0
    for number in range(10_000):
        verb, message = messages[number % len(messages)]
        at = TUESDAY + number * MINUTE
        message = message.model_copy(update={"received_at": at})
        decision = case_step.decide(case, verb, message, f"r{number}", at)
        if not isinstance(decision, Refused):
            case, accepted = decision.case, accepted + 1
        if number % 500 == 499:
            assert len(case.model_dump_json().encode()) <= MOST_STATE
    assert accepted > 9_000
    assert case.entries > accepted


def test_failures_of_delivery_do_not_make_a_case_grow_either() -> None:
    story = answered()
    (response,) = [effect for effect in story.effects if effect.kind == "first_response"]
    failed = Outcome(effect_id=response.id, status=OutcomeStatus.UNDELIVERABLE, reason="あ" * 300)
    for minute in range(500):
        story.adopt(delivery_ended(story.case, (response,), (failed,), TUESDAY + minute * MINUTE))
    assert len(story.case.model_dump_json().encode()) <= MOST_STATE


def test_a_refusal_changes_nothing_at_all() -> None:
    story = resolved()
    noise = random.Random(7)
    for number in range(200):
        verb = noise.choice([Verb.RESPOND, Verb.TRIAGE, Verb.REOPEN, Verb.WAIT_FOR_CUSTOMER])
        fields = {"text": "x"} if verb in (Verb.RESPOND, Verb.WAIT_FOR_CUSTOMER) else {"reason": "x"}
        rating = {"impact": "high", "urgency": "high"} if verb is Verb.TRIAGE else {}
        story.refused(verb, TUESDAY + number * MINUTE, noise.choice([ANA, KIM]), **fields, **rating)
    assert story.case.version == resolved().case.version
