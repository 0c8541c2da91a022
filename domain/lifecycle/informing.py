"""Keeping the customer informed: the initial response, the update cadence, questions and answers.

Pure. RHIPE-14, RHIPE-37, RHIPE-38, DED-16, DED-20, GAP-07, GAP-10, GAP-18.
"""

from datetime import datetime, timedelta

from domain.case import Case
from domain.clocks import Clock, RunningClock, warning_at
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle import outage_notices
from domain.lifecycle.breaches import kept
from domain.lifecycle.duty import discharge, run_duty
from domain.lifecycle.repeating import tell_once
from domain.messages import AddNote, PostUpdate, Reply, Respond, WaitForCustomer
from domain.phase import OPEN, Phase
from domain.planned import work_begins_at
from domain.policy import in_words
from domain.timeline import EntryKind

_BY_TELEPHONE = ("telephone", "phone")


def cadence(case: Case) -> timedelta | None:
    """This will name the interval between updates: the level's, the one agreed (DED-27), or none.

    While we wait for the customer it is at least 24 h (policy field, assumed).
    """
    every = case.agreed_interval if case.rule.update_as_agreed else case.rule.update_every
    if every is None or not case.has_sla or _is_left_to_the_vendor(case):
        return None
    if case.phase is Phase.AWAITING_CUSTOMER:
        return max(every, case.terms.rules.informing.waiting_update_every)
    return every


def _is_left_to_the_vendor(case: Case) -> bool:
    """This will tell whether the vendor has the case and our own updates rest meanwhile (CONF-01).

    One that is to be handed over for good is ours until its ticket has a number.
    """
    rules = case.terms.vendor
    if case.working_phase is not Phase.VENDOR_ESCALATED or rules is None or rules.our_cadence != "stop":
        return False
    return rules.disposition == "keep_open" or case.phase not in OPEN


def restart_cadence(draft: Draft) -> None:
    """This will let the next update fall due one interval from now (GAP-07).

    While we wait for the customer it warns nobody: the system can say what we wait for.
    """
    case = draft.case
    every = cadence(case)
    if every is None:
        draft.stop(Clock.UPDATE)
        return
    waiting = case.phase is Phase.AWAITING_CUSTOMER
    begins_at = work_begins_at(case, draft.at)
    due_at = begins_at + every
    draft.run(
        RunningClock(
            clock=Clock.UPDATE,
            started_at=begins_at,
            due_at=due_at,
            warn_at=None if waiting else warning_at(case.terms, begins_at, due_at),
            every=every,
            rule=f"every {in_words(every)}",
        )
    )


def next_update_at(draft: Draft) -> datetime | None:
    """This will name the instant of the next update the customer may expect."""
    update = draft.case.clock(Clock.UPDATE)
    return update.due_at if update else None


def settle_response(draft: Draft) -> bool:
    """This will stop the response clock where it runs: a person of ours has answered (RHIPE-14)."""
    response = draft.case.clock(Clock.INITIAL_RESPONSE)
    first = draft.case.responded_at is None
    if response is not None:
        kept(draft, response)
        draft.stop(Clock.INITIAL_RESPONSE)
    if first:
        draft.set(responded_at=draft.at)
    return first or response is not None


def end_streak(draft: Draft) -> None:
    """This will end a row of updates by the system: the customer hears from a person (GAP-07)."""
    if draft.case.score.system_streak:
        draft.set(score=draft.case.score.model_copy(update={"system_streak": 0}))


def respond(draft: Draft, message: Respond) -> None:
    """This will record the initial response; a second one is ignored with an entry (RHIPE-14)."""
    waits_for_answer = draft.case.clock(Clock.INITIAL_RESPONSE) is not None
    no_promise = draft.case.rule.initial_response is None or not draft.case.has_sla
    waits_for_answer = waits_for_answer or (draft.case.reopens > 0 and no_promise)
    if draft.case.responded_at is not None and not waits_for_answer:
        draft.enter(EntryKind.NOTED, f"A second response, not sent: {message.text}"[:8000], internal=True)
        draft.warn("AlreadyResponded")
        return
    draft.set(assignee=message.assignee or message.actor.name or draft.case.assignee)
    settle_response(draft)
    end_streak(draft)
    if draft.case.phase is Phase.RECEIVED:
        draft.set(phase=Phase.IN_PROGRESS)
    number = draft.enter(EntryKind.RESPONDED, message.text)
    restart_cadence(draft)
    run_duty(draft)
    _tell_news(draft, EffectKind.FIRST_RESPONSE, message.text, number)


def post_update(draft: Draft, message: PostUpdate) -> None:
    """This will tell the customer news; the cadence restarts, and the due update counts as kept by staff."""
    case = draft.case
    if case.responded_at is None or case.clock(Clock.INITIAL_RESPONSE) is not None:
        refuse(
            "InvalidTransition", "the customer has had no response yet", "use respond for the first answer"
        )
    if case.clock(Clock.UPDATE) is not None:
        score = case.score
        draft.set(score=score.model_copy(update={"staff": score.staff + 1}))
    end_streak(draft)
    number = draft.enter(EntryKind.UPDATED, message.text)
    if case.phase is not Phase.RESOLVED:
        restart_cadence(draft)
    _tell_news(draft, EffectKind.STAFF_UPDATE, message.text, number)
    outage_notices.pass_on(draft, message.text, number)


def wait_for_customer(draft: Draft, message: WaitForCustomer) -> None:
    """This will ask the customer and wait for him; a request for information is a response too (RHIPE-14).

    Raises: Refusal where the same question waits for his answer already.
    """
    tell_once(draft, Phase.AWAITING_CUSTOMER, message.text)
    if settle_response(draft):
        run_duty(draft)
    end_streak(draft)
    draft.set(
        phase=Phase.AWAITING_CUSTOMER,
        waiting_since=draft.at,
        waiting_for=message.text[:280],
        assignee=draft.case.assignee or message.actor.name,
    )
    number = draft.enter(EntryKind.QUESTION_ASKED, message.text)
    restart_cadence(draft)
    _tell_news(draft, EffectKind.QUESTION, message.text, number)


def reply(draft: Draft, message: Reply) -> None:
    """This will take what the customer says while we work on the case, and tell whoever works on it.

    An answer we waited for takes the case back to work, with the cadence from the answer.
    """
    if message.message_id:
        draft.refer_to(message.message_id)
    number = draft.enter(EntryKind.REPLIED, message.text)
    if draft.case.phase is Phase.AWAITING_CUSTOMER:
        draft.set(phase=draft.case.working_phase, waiting_since=None, waiting_for=None)
        restart_cadence(draft)
    tell_of_reply(draft, message, number)


def tell_of_reply(draft: Draft, message: Reply, number: int, about: str | None = None) -> None:
    """This will tell whoever works on the case what the customer said, and when a resolved one closes."""
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
    )


def add_note(draft: Draft, message: AddNote) -> None:
    """This will keep a note; a requester's comment is told to whoever works on the case (RHIPE-03)."""
    internal = message.internal and not message.actor.is_requester
    if message.actor.is_requester:
        discharge(draft)
    number = draft.enter(EntryKind.NOTED, message.text, internal=internal)
    if message.actor.is_requester:
        draft.tell(
            EffectKind.CUSTOMER_REPLIED,
            Recipient.ASSIGNEE,
            about="comment",
            text=message.text,
            text_entry=number,
            by=message.actor.label,
        )


def _tell_news(draft: Draft, kind: EffectKind, text: str, number: int) -> None:
    draft.tell(
        kind,
        Recipient.CUSTOMER,
        text=text,
        text_entry=number,
        by=draft.actor.label,
        next_update_at=next_update_at(draft),
    )
    have_him_called(draft, text)


def have_him_called(draft: Draft, text: str | None) -> None:
    """This will have somebody call the customer who wants his updates by telephone (DED-16)."""
    request = draft.case.request
    if request.update_channel in _BY_TELEPHONE:
        draft.tell(
            EffectKind.CALL_CUSTOMER,
            Recipient.ASSIGNEE,
            text=text,
            phone=draft.case.contact.phone if draft.case.contact else None,
        )
