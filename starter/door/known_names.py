"""Names by which cases are asked for: whoever asks for one that nobody has is told so, and what may be meant.

A list of nothing would look like good news. Where a name is known to no case and to none of our records, it
is a slip; a requester is compared with what is their own alone.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from activities.store.case_store import CaseStore
from domain.actor import Actor
from starter.door.faults import Fault, Kind, Way, usage
from starter.door.permission import is_customer_view
from starter.door.plain import printable
from starter.door.policies_in_force import known_regions, unknown_level
from starter.door.session import Session

_MOST_NAMED = 8
_KINDS = {"RegionUnknown": Kind.REFUSED, "PolicyValueUnknown": Kind.REFUSED}


async def check_names(
    session: Session,
    actor: Actor,
    *,
    tenant: str | None = None,
    owner: str | None = None,
    policy: str | None = None,
    regions: Mapping[str, str | None] = MappingProxyType({}),
    levels: Iterable[str] = (),
) -> None:
    """See that there is somebody or something of each name. Raises: Fault that names each one unknown."""
    faults = [unknown_region(name, field) for field, name in regions.items() if name]
    whose = actor.tenant if is_customer_view(actor) else None
    if tenant and not is_customer_view(actor):
        known = await session.read(CaseStore.tenant_names)
        faults.append(_unknown(tenant, known, "TenantUnknown", "tenant", "tenant"))
    if owner:
        known = await session.read(lambda store: store.owner_names(whose))
        faults.append(_unknown(owner, known, "EngineerNotFound", "owner", "owner", Way.SEE_ROTA))
    if policy:
        known = await session.read(CaseStore.policy_names)
        faults.append(_unknown(policy, known, "PolicyValueUnknown", "policy", "policy", Way.LIST_POLICIES))
    if strange := list(levels):
        used = await session.read(CaseStore.level_names)
        faults.append(unknown_level(one for one in strange if one not in used))
    _raise_all([fault for fault in faults if fault is not None])


def unknown_region(name: str, field: str) -> Fault | None:
    """Return the fault of a centre no policy has (RHIPE-22), or None."""
    return _unknown(name, known_regions(), "RegionUnknown", "region", field)


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three names that are spelled nearly so, whatever their capitals."""
    folded = {one.casefold(): one for one in sorted(known)}
    begins = [one for key, one in folded.items() if len(name) > 2 and key.startswith(name.casefold())]
    near = [folded[key] for key in get_close_matches(name.casefold(), folded, n=3, cutoff=0.7)]
    return list(dict.fromkeys([*near, *begins]))[:3]


def _unknown(
    name: str, known: Iterable[str], code: str, what: str, field: str, way: Way | None = None
) -> Fault | None:
    known = set(known)
    if name.strip() in known:
        return None
    near = nearest(name.strip()[:200], known)
    if near:
        remedy = f"did you mean {' or '.join(near)}?"
    elif not known:
        remedy = "there is none yet"
    else:
        some = ", ".join(printable(one) for one in sorted(known)[:_MOST_NAMED])
        remedy = f"known are {some}{', ...' if len(known) > _MOST_NAMED else ''}"
    fault = Fault(
        _KINDS.get(code, Kind.NOT_FOUND),
        code,
        f"there is no {what} {printable(name.strip()[:200])!r}",
        printable(remedy),
    )
    fault.fields = (field,)
    fault.way = None if near else way
    return fault


def _raise_all(faults: list[Fault]) -> None:
    """Raise what is wrong, all of it in one fault. Raises: Fault."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        told = "; ".join(
            f"{fault.reason} ({fault.remedy})" if fault.remedy else fault.reason for fault in faults
        )
        fields = [field for fault in faults for field in fault.fields]
        raise usage(told, "fix each of them", *fields)
