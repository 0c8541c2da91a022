"""Handing a case to a department of our own, which contacts the customer as soon as we would have.

RHIPE-31, RHIPE-43. The case stays open: the department is told at once, a clock runs until somebody says that
the customer was contacted, and a contact that is missed climbs like any other promise.
"""

from domain.clocks import Clock, RunningClock
from domain.counting import run_target
from domain.decision import Draft, refuse
from domain.effects import Address, Channel, EffectKind, Recipient
from domain.lifecycle import ladder
from domain.lifecycle.breaches import kept, miss
from domain.lifecycle.updates import give_first_answer, restart_cadence
from domain.lifecycle.when_due import CatchUp, when_due
from domain.messages.special import Contacted
from domain.phase import Phase
from domain.policy import ScopeRule
from domain.referral import Referral
from domain.text import MAX_TEXT_BYTES, clipped
from domain.timeline import EntryKind


def refer(draft: Draft, rule: ScopeRule, text: str | None) -> None:
    """Pass the case on to the department a rule of scope names, and tell it and the customer at once.

    What was still missing of the request is for the department to ask for. Where the level promises no
    response there is no clock.
    """
    assert rule.refer_to is not None
    case = draft.case
    draft.set(referral=Referral(department=rule.refer_to, since=draft.at), missing=())
    if case.phase is Phase.AWAITING_INFORMATION:
        draft.set(phase=Phase.RECEIVED if case.responded_at is None else Phase.IN_PROGRESS)
    target = case.rule.initial_response
    if target is not None and case.has_sla:
        draft.run(run_target(draft.case, Clock.DEPARTMENT_CONTACT, draft.at, target))
    draft.stop(Clock.TRIAGE)
    if case.responded_at is None:
        draft.stop(Clock.INITIAL_RESPONSE)  # their contact is the first answer
    running = draft.case.clock(Clock.DEPARTMENT_CONTACT)
    due_at = running.due_at if running else None
    draft.enter(EntryKind.REFERRED, text, about=rule.refer_to, due_at=due_at)
    draft.tell(
        EffectKind.REFERRAL,
        Recipient.CUSTOMER,
        about=rule.name,
        text=clipped("\n\n".join(filter(None, (text, rule.explanation))), MAX_TEXT_BYTES) or None,
        refer_to=rule.refer_to,
        contact=rule.refer_to,
        how=rule.how or None,
        steps=rule.steps,
        links=(rule.link,) if rule.link else (),
        due_at=due_at,
    )
    _tell_department(draft, text or case.request.explanation)


def _tell_department(draft: Draft, text: str | None = None, about: str | None = None) -> None:
    """Tell the department, whom to contact and by when; one without an address is told by the TSS."""
    case, referral = draft.case, draft.case.referral
    assert referral is not None
    department = case.terms.departments.get(referral.department)
    running = case.clock(Clock.DEPARTMENT_CONTACT)
    draft.tell(
        EffectKind.INTERNAL_REFERRAL,
        Recipient.DEPARTMENT if department and department.address else Recipient.TSS,
        about=about,
        whom=_address(department.address) if department and department.address else None,
        refer_to=referral.department,
        contact=department.owner if department else None,
        text=text,
        technical_contact=case.contact,
        due_at=(running.due_at or running.missed_at) if running else None,
    )


def _address(text: str) -> Address:
    return Address(channel=Channel.WEBHOOK if "://" in text else Channel.EMAIL, to=text)


def contacted(draft: Draft, message: Contacted) -> None:
    """Note that the department has contacted the customer: that is the answer they were promised.

    The case goes on like any answered one. Raises: Refusal.
    """
    referral = draft.case.referral
    if referral is None:
        refuse(
            "InvalidTransition", "this case was not passed on to a department", "answer it yourself: respond"
        )
    if referral.contacted_at is not None:
        refuse("NoChange", "we already know that they contacted the customer", "there is nothing to do")
    running = draft.case.clock(Clock.DEPARTMENT_CONTACT)
    if running is not None:
        kept(draft, running)
        draft.stop(Clock.DEPARTMENT_CONTACT)
    draft.set(
        referral=referral.model_copy(
            update={"contacted_at": draft.at, "contacted_by": message.who or message.actor.label}
        )
    )
    draft.enter(EntryKind.CONTACTED, message.text, about=referral.department)
    give_first_answer(draft)
    restart_cadence(draft)


@when_due(Clock.DEPARTMENT_CONTACT)
def nobody_contacted(draft: Draft, running: RunningClock, catch_up: CatchUp) -> None:
    """Record it, remind the department, and let it climb from the instant at which it was due."""
    assert running.due_at is not None
    miss(draft, running, catch_up)
    _tell_department(draft, about=Clock.DEPARTMENT_CONTACT)
    ladder.climb_from(draft, Clock.DEPARTMENT_CONTACT, running.due_at)
