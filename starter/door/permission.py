"""May somebody see or do this? Asked here, for every door, with the actor, the verb or view, and the case.

Readable is what role and tenant allow: our own people and our programs read all of it; a requester, or a
program of one tenant, that tenant's cases and nothing internal; the vendor what is with the vendor, and
nothing internal. A private case is for whoever of its tenant asked and for its contact alone. Another's case
is not there: it gets the words of a case nobody knows. What may be said to a
case is the domain's to decide (`domain.verbs`); what is here is before it.

A lead and a manager are engineers who may also read the audit; a manager gives and takes credentials, too.
How the desk does as a whole, and what it could not deliver, is for leads, managers, the TSS and the SDM.
A change of policy reaches open cases by a lead or a manager alone.
"""

from collections.abc import Iterable

from domain.actor import Actor, ActorKind, Door, Role
from domain.case import Case
from domain.case_step import refuse_speaker
from domain.private import is_for
from domain.verbs import Verb
from domain.views.staff import CaseView
from starter.door.faults import Fault, Kind, Way, not_found, usage

_READS_AUDIT = frozenset({Role.LEAD, Role.MANAGER, Role.SDM})
_READS_FIGURES = frozenset({Role.LEAD, Role.MANAGER, Role.TSS, Role.SDM})
_GIVES_CREDENTIALS = frozenset({Role.MANAGER})
_CHANGES_PROMISES = frozenset({Role.LEAD, Role.MANAGER})


def is_ours(actor: Actor) -> bool:
    """Tell whether this is one of our own people or programs; a program of one tenant is that tenant's."""
    return actor.is_staff or (actor.kind is ActorKind.SYSTEM and actor.tenant is None)


def is_customer_view(actor: Actor) -> bool:
    """Whether a case is shown to this actor without anything internal."""
    return not is_ours(actor)


def may_know(
    actor: Actor,
    tenant: str,
    *,
    is_with_vendor: bool,
    private_to: str | None = None,
    known_as: Iterable[str] = (),
) -> bool:
    """Tell whether a case of this tenant is there for the actor at all, who is `known_as` these."""
    if actor.kind is ActorKind.VENDOR and not is_with_vendor:
        return False
    if is_ours(actor) or _is_any_vendor(actor):
        return True
    return actor.tenant == tenant and (actor.kind is ActorKind.VENDOR or is_for(private_to, known_as))


def _is_any_vendor(actor: Actor) -> bool:
    return actor.kind is ActorKind.VENDOR and actor.tenant is None


def may_see(actor: Actor, view: CaseView, known_as: Iterable[str] = ()) -> CaseView:
    """Return the case. Raises: Fault (not found): what is not the actor's to see is not there for them."""
    is_with_vendor, private_to = view.vendor is not None, view.private_to
    if not may_know(
        actor, view.tenant, is_with_vendor=is_with_vendor, private_to=private_to, known_as=known_as
    ):
        raise hidden(view.case_id)
    return view


def may_say(actor: Actor, verb: Verb, view: CaseView, case: Case | None) -> bool:
    """Tell whether somebody may say a verb to a case as it stands; without its record, by role and phase."""
    if case is not None:
        return refuse_speaker(case, actor, verb) is None
    return verb.may_be_said_by(actor) and verb.has_room_in(view.phase)


def hidden(case: str) -> Fault:
    """Return the answer to who asks for another's case: that of a case nobody knows."""
    fault = not_found(case)
    fault.withheld = "another's case"
    return fault


def may_open(actor: Actor, tenant: str) -> None:
    """Let a requester, or a program of one tenant, open cases of that tenant. Raises: Fault (refused)."""
    if not is_ours(actor) and actor.kind is not ActorKind.VENDOR and actor.tenant != tenant:
        reason, remedy = "the request names a tenant other than yours", "open it for your own tenant"
        raise Fault(Kind.REFUSED, "Forbidden", reason, remedy)


def speaker(actor: Actor) -> Actor:
    """Return who speaks. Raises: Fault (usage) for a requester of no tenant, who could see all cases."""
    if actor.is_requester and actor.tenant is None:
        reason = f"no tenant is set for a {actor.kind}"
        raise Fault(Kind.USAGE, "UsageError", reason, "name their tenant", way=Way.NAME_TENANT)
    return actor


def listed_tenant(actor: Actor, tenant: str | None) -> str | None:
    """Return whose cases a list is of: the actor's own tenant's, whatever they asked for, ours for all.

    Raises: Fault: usage for another tenant's, refused for the vendor, to whom cases are shown one by one.
    """
    if is_ours(actor):
        return tenant
    if actor.kind is ActorKind.VENDOR:
        staff_only(actor, "a list of cases")
    if tenant not in (None, actor.tenant):
        raise usage("this door belongs to another tenant", "leave the tenant out")
    return speaker(actor).tenant


def searched_tenant(actor: Actor, tenant: str | None) -> str | None:
    """Return through whose cases a search goes: a requester's own, everybody's for our own people.

    Raises: Fault (usage); refused for a vendor, who knows the cases they were given.
    """
    if not actor.is_requester:
        staff_only(actor, "a search through cases")
    return listed_tenant(actor, tenant)


def staff_only(actor: Actor, what: str) -> str:
    """Name who speaks. Raises: Fault (refused) for anybody but our own people and programs."""
    if not is_ours(actor):
        raise _not_for(actor, what)
    return actor.label


def may_release(actor: Actor, drafted_by: str) -> None:
    """Let a person release what an agent wrote, and never who it was written as. Raises: Fault."""
    if not actor.is_staff:
        raise _not_for(actor, "releasing a draft")
    if actor.name is not None and actor.name == drafted_by:
        raise Fault(Kind.REFUSED, "Forbidden", "nobody releases a draft of their own", "ask somebody else")


def may_read_audit(actor: Actor) -> None:
    """Let leads, managers and the SDM read the audit, and whoever has the command line. Raises: Fault."""
    _only(actor, _READS_AUDIT, "the audit")


def may_read_statistics(actor: Actor) -> str:
    """Name who reads what the cases add up to (RHIPE-43, RHIPE-44). Raises: Fault for who leads nothing."""
    return _leading(actor, "the statistics")


def may_see_deliveries(actor: Actor) -> str:
    """Name who sees what never arrived, and may have it sent again. Raises: Fault for who leads nothing."""
    return _leading(actor, "the list of deliveries")


def may_rehearse(actor: Actor) -> str:
    """Name who tries policies on a log at this desk's cost. Raises: Fault for who leads nothing."""
    return _leading(actor, "rehearsals")


def _leading(actor: Actor, what: str) -> str:
    """Let our programs in, too."""
    is_program = is_ours(actor) and not actor.is_staff
    return actor.label if is_program else _only(actor, _READS_FIGURES, what)


def has_figures(actor: Actor) -> bool:
    """Tell whether statistics and deliveries are there for somebody at a page, which leads nobody astray."""
    return actor.is_staff and actor.role in _READS_FIGURES


def may_give_credentials(actor: Actor) -> str:
    """Name who gives or takes credentials: a manager, or whoever has the command line. Raises: Fault.

    Who runs commands here reaches the store itself, and is trusted with it; somebody must be the first.
    """
    return _only(actor, _GIVES_CREDENTIALS, "giving and taking credentials")


def may_apply_policies(actor: Actor) -> str:
    """Name who holds every open case of a policy to what it says now. Raises: Fault for all but these.

    At the command line too: what was promised to many customers moves, and no slip should do it.
    """
    if not (actor.is_staff and actor.role in _CHANGES_PROMISES):
        raise _not_for(actor, "applying a policy to open cases", "ask a lead or a manager")
    return actor.label


def _only(actor: Actor, roles: frozenset[Role], what: str) -> str:
    has_store = actor.is_staff and actor.door is Door.CLI
    if not has_store and not (actor.is_staff and actor.role in roles):
        raise _not_for(actor, what)
    return actor.label


def _not_for(actor: Actor, what: str, remedy: str = "ask our staff") -> Fault:
    whom = f"{actor.role}" if actor.is_staff and actor.role else f"{actor.kind}"
    return Fault(Kind.REFUSED, "RoleNotPermitted", f"{what} is not for a {whom}", remedy)
