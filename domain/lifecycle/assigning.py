"""Who at a centre gets a case that was passed on to another tier, and that nobody there has its skill.

Pure. RHIPE-37, RHIPE-40. Who is at work is in the roster; here is what follows from it.
"""

from domain.case import Case
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle.contacts import tell_assignee
from domain.messages import ReassignReason
from domain.regions import Centre, Roster
from domain.rota import reaches
from domain.timeline import EntryKind


def was_read_for_another(roster: Roster, case: Case) -> bool:
    """This will tell whether a roster names who takes a case of another tier or skill than it has by now."""
    asked = roster.asked
    return asked is not None and (asked.tier, asked.skill) != (case.tier, case.skill)


def give_to_specialist(draft: Draft, owner: Centre) -> None:
    """This will give a case that was passed on to whoever takes it at its own centre; the customer is told.

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
    """This will give a case to somebody: he is told, and the customer whom to contact (RHIPE-37).

    The timeline says from whom to whom it went, and why.
    """
    case = draft.case
    draft.set(assignee=name, seeks_engineer=False)
    said = ": ".join(filter(None, (why.replace("_", " "), text)))
    draft.enter(EntryKind.REASSIGNED, said, about=f"{case.assignee or case.region} -> {name}")
    draft.tell(EffectKind.REASSIGNED, Recipient.CUSTOMER, about=why, contact=name)
    tell_assignee(draft, why)


def note_lack(draft: Draft, centre: Centre) -> None:
    """This will note where nobody of the tier or with the skill is at work (RHIPE-40); the search ends."""
    case = draft.case
    draft.set(seeks_engineer=False)
    if not _lacks(centre, case):
        return
    who = " ".join(filter(None, (case.tier, f"with the skill {case.skill}" if case.skill else None)))
    text = f"SkillNotAvailable: nobody of {who} is at work in {centre.name}"
    draft.enter(EntryKind.SKILL_NOT_AVAILABLE, text, internal=True, about=case.skill)


def _lacks(centre: Centre, case: Case) -> bool:
    """This will tell whether a centre lacks what a case wants; of one without a rota its own word counts."""
    if centre.on_shift is None and centre.engineer is None:
        return case.skill is not None and case.skill not in centre.skills
    if case.skill is not None and not centre.is_specialist:
        return True
    return not reaches(centre.engineer_tier, case.tier)
