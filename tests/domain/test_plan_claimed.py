"""Whose word the plan of a case is: the directory's, unless our own staff say why not."""

import pytest

from domain import case_step
from domain.decision import Accepted, Decision, Refused
from domain.messages.request import Submit
from domain.rules import RULES_0_3
from domain.tenants import TenantFacts
from domain.terms import TermsRequest
from domain.timeline import EntryKind
from tests.domain.cases import TUESDAY, terms
from tests.people import ANA, KIM, P1, request

HAS = "saas-12x5"
OTHERS = ("saas-24x7", "partner-24x7")


def asked(**fields: object) -> tuple[Submit, TermsRequest]:
    submit = request(**{"reference": "INC-1", **P1, "received_at": TUESDAY, **fields})
    return submit, case_step.terms_wanted(submit, TUESDAY)


def opened(known: str | None = HAS, rules: int | None = None, **fields: object) -> Decision:
    """A request as it is decided under the plan that counts, as the compiler of terms finds it."""
    submit, wanted = asked(**fields)
    facts = TenantFacts(listed=known is not None, plan=known)
    under = terms(plan=wanted.plan_in_force(known) or "partner-24x7")
    release = {} if rules is None else {"rules": rules}
    return case_step.open_case(submit, under, TUESDAY, facts=facts, **release)


@pytest.mark.covers("RHIPE-05", "O365-12")
@pytest.mark.parametrize("claimed", OTHERS)
@pytest.mark.parametrize("actor", [KIM, ANA])
def test_a_plan_the_directory_does_not_have_is_refused(claimed: str, actor: object) -> None:
    decision = opened(actor=actor, plan=claimed)
    assert isinstance(decision, Refused)
    assert decision.code == "PlanMismatch"
    assert "plan" in decision.missing
    assert ("plan_reason" in decision.missing) is (actor is ANA)


@pytest.mark.covers("RHIPE-05")
@pytest.mark.parametrize("claimed", [None, HAS])
def test_the_directorys_plan_is_the_plan(claimed: str | None) -> None:
    decision = opened(actor=KIM, plan=claimed)
    assert isinstance(decision, Accepted)
    assert decision.case.terms.plan == HAS


@pytest.mark.covers("RHIPE-05")
def test_a_requester_has_no_reason_that_counts() -> None:
    decision = opened(actor=KIM, plan="saas-24x7", plan_reason="We have bought it today")
    assert isinstance(decision, Refused)
    assert decision.code == "PlanMismatch"


@pytest.mark.covers("RHIPE-05")
def test_our_staff_give_another_plan_with_a_reason_and_it_is_recorded() -> None:
    why = "Bought an hour ago; the directory has it tomorrow"
    decision = opened(actor=ANA, plan="saas-24x7", plan_reason=why)
    assert isinstance(decision, Accepted)
    assert decision.case.terms.plan == "saas-24x7"
    (entry,) = [one for one in decision.entries if one.kind is EntryKind.ENTITLEMENT_CHECKED]
    assert (entry.text, entry.about, entry.internal) == (why, f"plan {HAS} -> saas-24x7", True)
    assert entry.by == ANA.label


def test_where_the_directory_knows_no_plan_the_claim_stands() -> None:
    decision = opened(None, actor=KIM, plan="saas-24x7")
    assert isinstance(decision, Accepted)
    assert decision.case.terms.plan == "saas-24x7"


def test_what_continues_an_earlier_case_goes_on_under_the_plan_of_today() -> None:
    decision = opened(actor=KIM, plan="saas-24x7", linked_to="case-aaaaaaaaaaaaaaaaaaaa")
    assert isinstance(decision, Accepted)
    assert decision.case.terms.plan == HAS


def test_a_run_from_before_0_4_opens_as_it_did() -> None:
    assert isinstance(opened(rules=RULES_0_3, actor=KIM, plan="saas-24x7"), Accepted)
