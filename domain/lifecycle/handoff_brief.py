"""What goes along when a case changes hands, and that whoever takes it says what they do next.

RHIPE-25, O365-23. A brief is written by people; a line nobody wrote is drafted from what the case knows, and
says so. Cases of the two most urgent ranks always carry one, others where somebody wrote it (ours).
"""

from collections.abc import Mapping

from domain.actor import REQUESTERS, ActorKind
from domain.brief import LINES, MOST_OF_A_LINE, Brief, HandoffBrief, WrittenBrief
from domain.case import Case
from domain.centres.handover import Handover
from domain.decision import Draft, refuse
from domain.messages.staffing import ConfirmNextAction, WriteBrief
from domain.phase import Phase
from domain.text import excerpt
from domain.timeline import KEPT_ONLY, EntryKind, TimelineEntry

_BRIEFED_RANKS = 2  # ours: those two whose problems cannot wait until the next centre has read everything
_LAST_STEPS = 3  # ours: of what was done, as much as fits a line of a brief
_STEPS = frozenset(
    {
        EntryKind.RESPONDED,
        EntryKind.UPDATED,
        EntryKind.NOTED,
        EntryKind.DIAGNOSED,
        EntryKind.SESSION_ENDED,
        EntryKind.ESCALATED_TO_VENDOR,
        EntryKind.VENDOR_FOLLOWED_UP,
    }
)


def carries_brief(case: Case) -> bool:
    """Tell whether a case takes a brief along when it changes hands."""
    return case.brief is not None or case.rule.rank < _BRIEFED_RANKS


def brief_of(case: Case) -> HandoffBrief:
    """Return what whoever takes a case over has to know: what was written, the rest as drafted."""
    written = _written(case)
    drafted = {name: text for name, text in _draft(case).items() if name not in written}
    return HandoffBrief(
        **written,
        **drafted,
        drafted=tuple(drafted),
        written_at=case.brief.written_at if case.brief else None,
        written_by=case.brief.written_by if case.brief else None,
    )


def write_brief(draft: Draft, message: WriteBrief) -> None:
    """Write lines of the brief; those left out stay. Raises: Refusal where nothing new is said."""
    if not message.lines:
        refuse("ValidationError", "a brief with no line says nothing", "give at least one of them", LINES)
    if not keep(draft, message):
        refuse("NoChange", "the brief says this already", "there is nothing to do")


def keep(draft: Draft, given: Brief) -> bool:
    """Keep the lines that are given; true where they say anything new."""
    known = _written(draft.case)
    lines = known | given.lines
    if lines == known:
        return False
    draft.set(brief=WrittenBrief(**lines, written_at=draft.at, written_by=draft.actor.label))
    news = (f"{name.replace('_', ' ')}: {text}" for name, text in given.lines.items())
    draft.enter(EntryKind.BRIEFED, "\n".join(news), internal=True)
    return True


def confirm_next_action(draft: Draft, message: ConfirmNextAction) -> None:
    """Take what the receiver says they do next, also before the giver's shift ends. Raises: Refusal."""
    case, region = draft.case, draft.actor.region
    coming = case.handover if case.handover is not None and case.handover.accepted_by is not None else None
    if coming is not None and coming.confirmed is None and region in (None, coming.to):
        draft.set(handover=coming.model_copy(update={"confirmed": confirmed(draft, message.next_action)}))
    elif not case.is_unconfirmed:
        refuse("NoChange", "no next action waits to be confirmed", "write it into the brief instead")
    elif region in (None, case.region):
        confirmed(draft, message.next_action)
        draft.set(is_unconfirmed=False)
    else:
        remedy = "whoever took it over says what they do next"
        refuse("HandoffNotOffered", f"the case is with {case.region}", remedy)


def confirmed(draft: Draft, words: str | None) -> str:
    """Note what the receiver does next, by default what the brief says; it is theirs from now on."""
    said, by = words or brief_of(draft.case).next_action or "", draft.actor.label
    lines = _written(draft.case) | {"next_action": said, "next_action_owner": by[:MOST_OF_A_LINE]}
    draft.set(brief=WrittenBrief(**lines, written_at=draft.at, written_by=by))
    draft.enter(EntryKind.NEXT_ACTION_CONFIRMED, said, internal=True)
    return said


def await_confirmation(draft: Draft, handover: Handover) -> None:
    """Let the taker's next action wait for its confirmation, unless they gave it as they accepted."""
    draft.set(is_unconfirmed=carries_brief(draft.case) and handover.confirmed is None)


def _written(case: Case) -> dict[str, str]:
    return {} if case.brief is None else case.brief.lines


# --- what the case knows by itself --------------------------------------------------------------------------


def _draft(case: Case) -> Mapping[str, str]:
    lines = {
        "impact": case.business_impact,
        "hypothesis": _hypothesis(case),
        "tried": _tried(case),
        "next_action": _next_action(case),
        "next_action_owner": None if case.handover is None else case.handover.engineer,
        "waiting_for": _waiting_for(case),
    }
    return {name: excerpt(text, MOST_OF_A_LINE) for name, text in lines.items() if text}


def _hypothesis(case: Case) -> str | None:
    if case.root_cause is not None and case.root_cause.found:
        return case.root_cause.found
    found = _last(case, EntryKind.DIAGNOSED)
    return None if found is None else ": ".join(filter(None, (found.about, found.text)))


def _tried(case: Case) -> str | None:
    steps = [
        entry.text
        for entry in case.timeline
        if entry.kind in _STEPS and entry.by_kind is ActorKind.STAFF and entry.text
    ]
    before = case.request.troubleshooting_done or ", ".join(case.request.troubleshooting_steps or ())
    return "\n".join(steps[-_LAST_STEPS:]) or before or None


def _next_action(case: Case) -> str:
    """Say what is owed first, by what the case waits for."""
    if case.phase is Phase.RESOLVED:
        return "Ask the customer whether it works now."
    if case.responded_at is None:
        return "Give the first response."
    if case.answer_owed_since is not None or _spoke_last(case):
        return "Answer the customer: they wrote last."
    if case.waiting_since is not None:
        return "Wait for the customer's answer, and ask again where none comes."
    if case.vendor is not None and case.vendor.is_active:
        return "Ask the vendor for news, and pass them on."
    return "Go on where the last step ended, and give the next update."


def _waiting_for(case: Case) -> str | None:
    if case.waiting_since is not None:
        return f"the customer: {case.waiting_for}" if case.waiting_for else "the customer"
    if case.vendor is not None and case.vendor.is_active:
        return f"the vendor, {case.vendor.reference or 'whose ticket is not open yet'}"
    return None


def _spoke_last(case: Case) -> bool:
    """Tell whether the customer spoke after whoever of ours spoke last."""
    words = (entry for entry in reversed(case.timeline) if entry.about not in KEPT_ONLY)
    speakers = (entry.by_kind for entry in words if entry.by_kind is not ActorKind.SYSTEM)
    return next(speakers, None) in REQUESTERS


def _last(case: Case, kind: EntryKind) -> TimelineEntry | None:
    return next((entry for entry in reversed(case.timeline) if entry.kind is kind), None)
