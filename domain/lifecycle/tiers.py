"""Who of our own people has a case, and what each tier may do about it.

DED-17, RHIPE-37, RHIPE-39, RHIPE-40, RHIPE-43, RHIPE-44.
"""

from domain.actor import Role, Tier
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.lifecycle.assignment import give
from domain.lifecycle.handoff import look_again
from domain.lifecycle.handoff_eligibility import follows_the_sun
from domain.messages.case import Claim, Escalate, Reassign, TakeOwnership
from domain.messages.vendor import AssignResolverGroup
from domain.timeline import EntryKind

_OWNERS = (Role.TSS, Role.SDM)


def claim(draft: Draft, message: Claim) -> None:
    """Give a case nobody has to the first who claims it. Raises: Refusal naming who has it."""
    name = message.actor.name
    if name is None:
        refuse(
            "ValidationError",
            "it is not known who is claiming it",
            "set the name of the door's actor",
            ("actor",),
        )
    holder = draft.case.assignee
    if holder == name:
        refuse("NoChange", "the case is yours already", "there is nothing to do")
    if holder is not None:
        refuse("AlreadyClaimed", f"{holder} has this case", "take another one, or reassign it")
    draft.set(assignee=name, seeks_engineer=False)
    draft.enter(EntryKind.REASSIGNED, internal=True, about=name)


def reassign(draft: Draft, message: Reassign) -> None:
    """Give the case to somebody else; the customer is told whom to contact. Raises: Refusal."""
    if message.assignee == draft.case.assignee:
        refuse("NoChange", f"{message.assignee} has this case already", "there is nothing to do")
    give(draft, message.assignee, message.reason)


def take_ownership(draft: Draft, message: TakeOwnership) -> None:
    """Give a long or hard case to the TSS or SDM who asks for it (RHIPE-43). Raises: Refusal."""
    if message.actor.role not in _OWNERS:
        refuse(
            "RoleNotPermitted", "only the TSS or the SDM takes a case out of its line", "claim or reassign it"
        )
    name = message.actor.label
    if name == draft.case.assignee:
        refuse("NoChange", "the case is yours already", "there is nothing to do")
    give(draft, name, "take_ownership", message.reason)


def escalate(draft: Draft, message: Escalate) -> None:
    """Pass the case on to L2, classified (RHIPE-39, RHIPE-40). Raises: Refusal.

    Who of L2 has it is decided once it is known who is at work; where the policy does not follow the sun,
    nobody asks, and whoever of L2 claims it has it.
    """
    if message.classification is None:
        refuse(
            "ClassificationRequired",
            "the next tier needs to know what kind of problem it is",
            "give a classification",
            ("classification",),
        )
    if draft.case.tier is Tier.L2 and message.skill == draft.case.skill:
        refuse("NoChange", "the case is with L2 already", "there is nothing to do")
    draft.set(tier=Tier.L2, skill=message.skill, seeks_engineer=follows_the_sun(draft.case) is not None)
    if message.skill is not None and draft.case.terms.skills and message.skill not in draft.case.terms.skills:
        draft.warn("SkillUnknown")
    text = "\n".join(filter(None, (message.classification, message.reason)))
    number = draft.enter(EntryKind.ESCALATED, text, internal=True, about=message.skill)
    draft.tell(
        EffectKind.CASE_ESCALATED,
        Recipient.ASSIGNEE,
        about=message.skill,
        text=text,
        text_entry=number,
        by=message.actor.label,
    )
    look_again(draft)


def assign_resolver_group(draft: Draft, message: AssignResolverGroup) -> None:
    """Have another group of ours work on the case (DED-17). Raises: Refusal.

    Whoever tells the customer goes on doing so: neither the owner nor any clock changes.
    """
    case, owner = draft.case, message.communication_owner
    ours = (case.assignee, case.terms.vendor.main_contact if case.terms.vendor else None)
    if owner is not None and owner not in ours:
        refuse(
            "CommunicationOwnerFixed",
            f"{owner} cannot become the customer's contact; that stays with our support staff",
            "assign the group alone",
            ("communication_owner",),
        )
    if message.group == case.resolver_group:
        refuse("NoChange", f"{message.group} is already working on it", "there is nothing to do")
    draft.set(resolver_group=message.group)
    draft.enter(EntryKind.RESOLVER_GROUP_ASSIGNED, message.reason, internal=True, about=message.group)
