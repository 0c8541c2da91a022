"""Who at a centre gets a case that was passed on to another tier, and that nobody there has its skill.

RHIPE-37, RHIPE-40. Who is at work is in the roster; here is what follows from it.
"""

from domain.case import Case
from domain.centres.regions import Centre, Roster
from domain.centres.rota import reaches
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.contacts import handoff_note, tell_assignee
from domain.messages.case import ReassignReason, Respond
from domain.rules import RULES_0_4
from domain.timeline import EntryKind


def was_read_for_another(roster: Roster, case: Case) -> bool:
    """Tell whether a roster names who takes a case of another tier or skill than it has by now."""
    asked = roster.asked
    return asked is not None and (asked.tier, asked.skill) != (case.tier, case.skill)


def was_read_too_early(roster: Roster, case: Case) -> bool:
    """Tell whether a roster was asked for before what the case waits for now: news came in between."""
    asked = roster.asked.wanted_for if roster.asked is not None else None
    if case.rules < RULES_0_4 or asked is None or case.roster_wanted_for is None:
        return False
    return asked != case.roster_wanted_for


def give_to_specialist(draft: Draft, owner: Centre) -> None:
    """Give a case that was passed on to whoever takes it at its own centre; the customer is told.

    Where nobody of the tier is at work, who has the case keeps it (RHIPE-40).
    """
    if not draft.case.seeks_engineer:
        return
    note_lack(draft, owner)
    name = owner.engineer
    if name is None or name == draft.case.assignee or not reaches(owner.engineer_tier, draft.case.tier):
        return
    give(draft, name, ReassignReason.SENIOR_ENGINEER)


def give(draft: Draft, name: str, why: str, text: str | None = None) -> None:
    """Give a case to somebody: they are told, and the customer whom to contact (RHIPE-37), unless the
    policy says never.

    The timeline says from whom to whom it went, and why.
    """
    case = draft.case
    draft.set(assignee=name, seeks_engineer=False)
    said = ": ".join(filter(None, (why.replace("_", " "), text)))
    draft.enter(EntryKind.REASSIGNED, said, about=f"{case.assignee or case.region} -> {name}")
    if case.terms.tells_of_reassignment:
        draft.tell(EffectKind.REASSIGNED, Recipient.CUSTOMER, about=why, contact=name)
    tell_assignee(draft, why)


def leave_to_centre(draft: Draft) -> None:
    """Take a case back from somebody who is there no longer; the centre is told, and who is there sought."""
    case = draft.case
    draft.set(assignee=None, seeks_engineer=True)
    draft.enter(EntryKind.REASSIGNED, internal=True, about=f"{case.assignee} -> {case.region}")
    handoff_note(draft, EffectKind.HANDOFF_NOTE, case.region)


def owner_after(draft: Draft, message: Respond, named: str | None) -> str | None:
    """Name who has a case after a response; an owner stays unless it says otherwise, and hears of it.

    By the rules before 0.4 whoever is named takes it. Raises: Refusal where nobody knows who takes it.
    """
    owner = draft.case.assignee
    if message.take and named is None:
        reason, remedy = "it is not known who is taking it", "set the name of the door's actor"
        refuse("ValidationError", reason, remedy, ("actor",))
    if draft.case.rules < RULES_0_4 or owner is None or named == owner:
        return named or owner
    takes = message.take or message.assignee is not None
    draft.tell(
        EffectKind.COLLEAGUE_RESPONDED,
        Recipient.ASSIGNEE,
        about="taken" if takes else "kept",
        text=message.text,
        by=draft.actor.label,
        contact=named if takes else None,
    )
    if not takes:
        draft.warn("OwnerStays")
    return named if takes else owner


def note_lack(draft: Draft, centre: Centre) -> None:
    """Note where nobody of the tier or with the skill is at work (RHIPE-40); the search ends."""
    case = draft.case
    draft.set(seeks_engineer=False)
    if not _lacks(centre, case):
        return
    who = " ".join(filter(None, (case.tier, f"with the skill {case.skill}" if case.skill else None)))
    text = f"SkillNotAvailable: nobody of {who} is at work in {centre.name}"
    draft.enter(EntryKind.SKILL_NOT_AVAILABLE, text, internal=True, about=case.skill)


def _lacks(centre: Centre, case: Case) -> bool:
    """Tell whether a centre lacks what a case wants; of one without a rota its own word counts."""
    if centre.on_shift is None and centre.engineer is None:
        return case.skill is not None and case.skill not in centre.skills
    if case.skill is not None and not centre.is_specialist:
        return True
    return not reaches(centre.engineer_tier, case.tier)
