"""Who hears of an outage: our lists inside, the audience the customer designated, or their contact.

DED-29 to DED-31, GAP-27. A list is told by its name; who is on it is looked up at delivery.
"""

from datetime import datetime
from typing import Any

from domain.case import Case
from domain.clocks import Clock
from domain.decision import Draft
from domain.effects import Address, Audience, Channel, Effect, EffectKind, Recipient
from domain.outage import OUTAGE_AUDIENCE, Outage
from domain.timeline import EntryKind

SHORT = 600
"""Characters of a notice the case keeps for the system to repeat; the whole text is in its timeline."""

_OF_THE_CASE = frozenset({"title", "level", "level_name", "phase", "owner"})
"""Facts every effect gets from its case."""


def running_outage(case: Case) -> Outage | None:
    """Return the outage of a case that has not ended."""
    return case.outage if case.outage is not None and case.outage.is_running else None


def tell_inside(draft: Draft, kind: EffectKind, **facts: Any) -> None:
    """Tell the policy's lists except the outage audience.

    An empty one blocks nothing, and is noted when the outage is declared (`AudienceMissing`).
    """
    rules = draft.case.terms.outage
    names = [name for name in rules.audiences if name != OUTAGE_AUDIENCE] if rules else []
    empty = [name for name in names if not _may_have_people(draft.case, name)]
    if empty and kind is EffectKind.OUTAGE_DECLARED:
        _note_missing(draft, ", ".join(empty))
    for name in names:
        if name not in empty:
            tell_list(draft, kind, name, **facts)


def tell_audience(draft: Draft, kind: EffectKind, **facts: Any) -> None:
    """Tell everybody the customer designated, each once: addresses a notice named, else their list.

    Where there is neither, the contact of the case is told (`AudienceMissing`, DED-30).
    """
    case = draft.case
    assert case.outage is not None
    if case.outage.audience:
        for address in dict.fromkeys(case.outage.audience):
            draft.tell(kind, Recipient.AUDIENCE, whom=_address(address), **facts)
    elif _may_have_people(case, OUTAGE_AUDIENCE):
        tell_list(draft, kind, OUTAGE_AUDIENCE, **facts)
    else:
        _note_missing(draft, OUTAGE_AUDIENCE)
        draft.tell(kind, Recipient.CUSTOMER, **facts)


def tell_list(draft: Draft, kind: EffectKind, name: str, **facts: Any) -> None:
    """Tell a list of the tenant by its name."""
    audience = Audience(tenant=draft.case.request.tenant, name=name)
    draft.tell(kind, Recipient.AUDIENCE, whom=audience, **facts)


def _address(text: str) -> Address:
    return Address(channel=Channel.WEBHOOK if "://" in text else Channel.EMAIL, to=text)


def _may_have_people(case: Case, name: str) -> bool:
    """Return false only where the directory was read and has nobody on that list."""
    return case.facts is None or not case.facts.read or name in case.facts.audiences


def _note_missing(draft: Draft, names: str) -> None:
    draft.enter(EntryKind.AUDIENCE_MISSING, internal=True, about=names)
    draft.warn("AudienceMissing")


def audience_not_reached(draft: Draft, effect: Effect) -> None:
    """Tell the contact of the case what nobody of the audience, or no address given, has taken.

    However many addresses fail, it is one notice: its id comes from the cause of theirs.
    """
    if effect.audience is not None and effect.audience.name != OUTAGE_AUDIENCE:
        return
    draft.cause = effect.id.removeprefix(f"{effect.case_id}/").partition(f"/{effect.kind}/")[0]
    _note_missing(draft, OUTAGE_AUDIENCE)
    said = {name: value for name, value in effect.facts if name not in _OF_THE_CASE}
    draft.tell(effect.kind, Recipient.CUSTOMER, about=effect.about, **said)


def pass_on(draft: Draft, text: str, number: int) -> None:
    """Let the audience of a running outage hear what the customer is told meanwhile (DED-31)."""
    if (outage := _told_of(draft.case)) is not None:
        tell_audience(
            draft,
            EffectKind.OUTAGE_NOTICE,
            about="news",
            text=text,
            text_entry=number,
            impact=outage.impact,
            expected_at=outage.expected_resolution_at,
            by=draft.actor.label,
            next_update_at=next_notice_at(draft.case),
        )


def repeat(draft: Draft) -> None:
    """Tell the audience again what is known, where an update falls due without news (DED-31)."""
    if (outage := _told_of(draft.case)) is not None:
        tell_audience(
            draft,
            EffectKind.OUTAGE_NOTICE,
            about="repeated",
            text=outage.details,
            impact=outage.impact,
            expected_at=outage.expected_resolution_at,
            last_at=outage.noticed_at,
            stale=True,
            next_update_at=next_notice_at(draft.case),
        )


def _told_of(case: Case) -> Outage | None:
    """Return a running outage whose audience has had a notice and is promised more of them.

    Where the contact of the case stands in for an audience they are told what any customer is told.
    """
    outage, rules = running_outage(case), case.terms.outage
    if outage is None or rules is None or not (outage.notices and rules.repeated_with_cadence):
        return None
    return outage if outage.audience or _may_have_people(case, OUTAGE_AUDIENCE) else None


def next_notice_at(case: Case) -> datetime | None:
    """Name the instant of the next notice, where the policy promises one at the level's cadence."""
    update = case.clock(Clock.UPDATE)
    promised = case.terms.outage is not None and case.terms.outage.repeated_with_cadence
    return update.due_at if update and promised else None
