"""Keeping the customer informed: the initial response, the update cadence, questions and answers.

RHIPE-14, RHIPE-37, RHIPE-38, DED-16, DED-20, GAP-07, GAP-10, GAP-18.
"""

from datetime import datetime, timedelta

from domain.case import Case
from domain.clocks import Clock
from domain.counting import run_cadence
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import auto_close, outage_notices
from domain.lifecycle.assignment import owner_after
from domain.lifecycle.breaches import kept
from domain.lifecycle.customer_update import discharge, run_duty
from domain.lifecycle.given_files import take_files
from domain.lifecycle.repeated_text import tell_once
from domain.messages.case import AddNote, PostUpdate, Reply, Respond, WaitForCustomer
from domain.phase import OPEN, Phase
from domain.planned import work_begins_at
from domain.rules import RULES_0_3, RULES_0_4
from domain.timeline import EntryKind

_BY_TELEPHONE = ("telephone", "phone")


def cadence(case: Case) -> timedelta | None:
    """Name the interval between updates: the level's, the one agreed (DED-27), or none.

    While we wait for the customer it is at least 24 h (policy field, assumed), where we assumed it ourselves.
    """
    every = case.agreed_interval if case.rule.update_as_agreed else case.rule.update_every
    if every is None or not case.has_sla or _is_left_to_the_vendor(case):
        return None
    if case.phase is Phase.AWAITING_CUSTOMER and _may_be_stretched(case):
        return max(every, case.terms.rules.informing.waiting_update_every)
    return every


def _may_be_stretched(case: Case) -> bool:
    """Tell whether waiting stretches the cadence: not one a guide states or that was agreed, nor an outage's.

    Terms of before 0.4 do not know who said it, and go on as they were told.
    """
    if case.rules < RULES_0_4:
        return True
    if case.rule.update_as_agreed or outage_notices.running_outage(case) is not None:
        return False
    assumed = case.terms.assumed_cadences
    return assumed is None or case.level in assumed


def _is_left_to_the_vendor(case: Case) -> bool:
    """Tell whether the vendor has the case and our own updates rest meanwhile (CONF-01).

    One that is to be handed over for good is ours until its ticket has a number.
    """
    rules = case.terms.vendor
    if case.answer_owed_since is not None:
        return False  # whoever works on the problem, the question was put to us
    if case.working_phase is not Phase.VENDOR_ESCALATED or rules is None or rules.our_cadence != "stop":
        return False
    return rules.disposition == "keep_open" or case.phase not in OPEN


def restart_cadence(draft: Draft) -> None:
    """Let the next update fall due one interval from now (GAP-07).

    While we wait for the customer it warns nobody: the system can say what we wait for.
    """
    case = draft.case
    every = cadence(case)
    if every is None:
        draft.stop(Clock.UPDATE)
        return
    waiting = case.phase is Phase.AWAITING_CUSTOMER
    draft.run(run_cadence(case, Clock.UPDATE, work_begins_at(case, draft.at), every, warns=not waiting))


def next_update_at(draft: Draft) -> datetime | None:
    """Name the instant of the next update the customer may expect."""
    update = draft.case.clock(Clock.UPDATE)
    return update.due_at if update else None


def give_first_answer(draft: Draft) -> bool:
    """Settle the first answer where one is owed: a person of ours has spoken (RHIPE-14).

    The work on the case has begun with it, and so has what the customer owes us. Return whether it was owed.
    """
    case = draft.case
    if not case.owes_first_answer:
        return False
    if (response := case.clock(Clock.INITIAL_RESPONSE)) is not None:
        kept(draft, response)
        draft.take_back(EffectKind.RESPONSE_LATE)
        draft.stop(Clock.INITIAL_RESPONSE)
    draft.set(responded_at=case.responded_at or draft.at)
    run_duty(draft)
    if case.phase is Phase.RECEIVED:
        draft.set(phase=Phase.IN_PROGRESS)
    return True


def count_update(draft: Draft) -> None:
    """Count one more update by staff, where the case is promised any (RHIPE-38, GAP-07)."""
    score = draft.case.score
    if draft.case.clock(Clock.UPDATE) is not None:
        draft.set(score=score.model_copy(update={"staff": score.staff + 1}))
    end_streak(draft)


def end_streak(draft: Draft) -> None:
    """End a row of updates by the system: the customer hears from a person (GAP-07)."""
    if draft.case.score.system_streak:
        draft.set(score=draft.case.score.model_copy(update={"system_streak": 0}))


def respond(draft: Draft, message: Respond) -> None:
    """Record the initial response (RHIPE-14); a second one is news, and goes to the customer as such.

    By the rules before 0.3 a second one was kept as a note and not sent.
    """
    no_promise = draft.case.rule.initial_response is None or not draft.case.has_sla
    if not draft.case.owes_first_answer and not (draft.case.reopens > 0 and no_promise):
        _respond_again(draft, message)
        return
    draft.set(assignee=owner_after(draft, message, message.assignee or message.actor.name))
    give_first_answer(draft)
    end_streak(draft)
    number = draft.enter(EntryKind.RESPONDED, message.text)
    restart_cadence(draft)
    run_duty(draft)
    tell_news(draft, EffectKind.FIRST_RESPONSE, message.text, number)


def _respond_again(draft: Draft, message: Respond) -> None:
    if draft.case.rules < RULES_0_3:
        draft.enter(EntryKind.NOTED, f"A second response, not sent: {message.text}"[:8000], internal=True)
        draft.warn("ResponseNotSent")
        return
    case = draft.case
    speaks = message.take or (case.rules >= RULES_0_4 and case.assignee is not None)
    named = message.assignee or (message.actor.name if speaks else None)
    draft.set(assignee=owner_after(draft, message, named))
    post_update(draft, PostUpdate(actor=message.actor, text=message.text))
    draft.warn("AlreadyResponded")


def post_update(draft: Draft, message: PostUpdate) -> None:
    """Tell the customer news; the cadence restarts, and the due update counts as kept by staff."""
    case = draft.case
    if case.owes_first_answer:
        refuse(
            "InvalidTransition", "the customer has not had a response yet", "use respond for the first answer"
        )
    count_update(draft)
    take_files(draft, message)
    number = draft.enter(EntryKind.UPDATED, message.text)
    if case.phase is not Phase.RESOLVED:
        restart_cadence(draft)
    auto_close.answered(draft)
    tell_news(draft, EffectKind.STAFF_UPDATE, message.text, number)
    outage_notices.pass_on(draft, message.text, number)


def wait_for_customer(draft: Draft, message: WaitForCustomer) -> None:
    """Ask the customer and wait for them; a request for information is a response too (RHIPE-14).

    Raises: Refusal where the same question waits for their answer already.
    """
    tell_once(draft, Phase.AWAITING_CUSTOMER, message.text)
    give_first_answer(draft)
    end_streak(draft)
    draft.set(
        phase=Phase.AWAITING_CUSTOMER,
        waiting_since=draft.at,
        waiting_for=message.text[:280],
        assignee=draft.case.assignee or message.actor.name,
    )
    number = draft.enter(EntryKind.QUESTION_ASKED, message.text)
    restart_cadence(draft)
    tell_news(draft, EffectKind.QUESTION, message.text, number)


def reply(draft: Draft, message: Reply) -> None:
    """Take what the customer says while we work on the case, and tell whoever works on it.

    An answer we waited for takes the case back to work, with the cadence from the answer (`requesters.heard`,
    since 0.4 whatever verb it comes with).
    """
    if message.message_id:
        draft.refer_to(message.message_id)
    number = draft.enter(EntryKind.REPLIED, message.text)
    if draft.case.phase is Phase.AWAITING_CUSTOMER:
        draft.set(phase=draft.case.working_phase, waiting_since=None, waiting_for=None)
        restart_cadence(draft)
    tell_of_reply(draft, message, number)


def tell_of_reply(draft: Draft, message: Reply, number: int, about: str | None = None) -> None:
    """Tell whoever works on the case what the customer said, and when a resolved one closes."""
    auto_close = draft.case.clock(Clock.AUTO_CLOSE)
    draft.tell(
        EffectKind.CUSTOMER_REPLIED,
        Recipient.ASSIGNEE,
        about=about,
        text=message.text,
        text_entry=number,
        by=message.actor.label,
        said_by=message.actor.kind,
        auto_close_at=auto_close.due_at if auto_close else None,
        next_update_at=next_update_at(draft) if draft.case.answer_owed_since else None,
    )


def add_note(draft: Draft, message: AddNote) -> None:
    """Keep a note; a requester's comment is told to whoever works on the case (RHIPE-03)."""
    internal = message.internal and not message.actor.is_requester
    if message.actor.is_requester:
        discharge(draft)
    take_files(draft, message, internal=internal)
    number = draft.enter(EntryKind.NOTED, message.text, internal=internal)
    if message.actor.is_requester:
        draft.tell(
            EffectKind.CUSTOMER_REPLIED,
            Recipient.ASSIGNEE,
            about="comment" if draft.case.answer_owed_since is None else "unclear",
            text=message.text,
            text_entry=number,
            by=message.actor.label,
            next_update_at=next_update_at(draft) if draft.case.answer_owed_since else None,
        )


def tell_news(draft: Draft, kind: EffectKind, text: str, number: int) -> None:
    """Tell the customer what a person has written, and when to expect the next."""
    draft.tell(
        kind,
        Recipient.CUSTOMER,
        text=text,
        text_entry=number,
        by=draft.actor.label,
        next_update_at=next_update_at(draft),
    )
    have_them_called(draft, text)


def have_them_called(draft: Draft, text: str | None) -> None:
    """Have somebody call the customer who wants their updates by telephone (DED-16)."""
    request = draft.case.request
    if request.update_channel in _BY_TELEPHONE:
        draft.tell(
            EffectKind.CALL_CUSTOMER,
            Recipient.ASSIGNEE,
            text=text,
            phone=draft.case.contact.phone if draft.case.contact else None,
        )
