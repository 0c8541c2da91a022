"""What a case hears from the major incident it belongs to: it joins, hears news, is offered its end, leaves.

RHIPE-14, RHIPE-37, DED-31, DED-35. The incident writes the news and tells each audience once; what it
means for the promises of a case is decided here, by the rules the case has for its own engineer's news.
"""

import hashlib
import json

from domain.case import Case
from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.incident_link import IncidentLink, NewsKind
from domain.lifecycle import auto_close, outage_end, resolution, updates
from domain.lifecycle.updates import count_update, give_first_answer, restart_cadence
from domain.messages.case import Resolve, ValidateResolution
from domain.messages.incident import IncidentNews
from domain.phase import WORKED_ON, Phase
from domain.timeline import EntryKind


def notice_id(case: Case, news: IncidentNews) -> str:
    """Name a notice for one audience: the cases of a tenant with the same addresses share the id.

    It is the key of the ledger, so whoever tells it, and however often, it is told once. A case nobody can
    be reached for has an id of its own.
    """
    contact = case.contact
    addresses = [contact.email, contact.webhook] if contact else []
    audience = [case.request.tenant, *addresses] if any(addresses) else [case.id]
    digest = hashlib.sha256(json.dumps(audience).encode()).hexdigest()[:16]
    return f"{news.incident}/{news.notice}/{EffectKind.INCIDENT_NOTICE}/{digest}"


def has_heard(case: Case, news: IncidentNews) -> bool:
    """Tell whether a notice changes nothing any more: it was heard, or the case has left."""
    link = case.incident
    if link is None or link.id != news.incident:
        return news.kind is NewsKind.LEFT
    return news.notice <= link.notice


def hear(draft: Draft, news: IncidentNews) -> None:
    """Take news of the incident the case belongs to; what was heard before changes nothing.

    Raises: Refusal where it belongs to another one, or to none.
    """
    if has_heard(draft.case, news):
        return
    _belongs(draft.case, news)
    joined_at = draft.case.incident.joined_at if draft.case.incident else draft.at
    link = IncidentLink(id=news.incident, number=news.number, joined_at=joined_at, notice=news.notice)
    draft.set(incident=None if news.kind is NewsKind.LEFT else link)
    if news.kind is NewsKind.RESOLVED and draft.case.phase in WORKED_ON:
        _offer_resolution(draft, news)
    else:
        _take_news(draft, news)


def _belongs(case: Case, news: IncidentNews) -> None:
    link = case.incident
    if link is not None and link.id != news.incident:
        refuse(
            "InvalidTransition",
            f"the case belongs to {link.number}",
            "let it leave that incident first",
        )
    if link is None and news.kind is not NewsKind.JOINED:
        refuse("InvalidTransition", f"the case does not belong to {news.number}", "let it join first")


def _offer_resolution(draft: Draft, news: IncidentNews) -> None:
    """Resolve the case by its own policy, which may want the customer's validation first (DED-35).

    Nobody is made the owner of many cases by solving their common cause.
    """
    owner = draft.case.assignee
    said = {"actor": news.actor, "text": news.text}
    case = draft.case
    wanted = case.rule.validate_resolution or outage_end.wants_validation(case)
    if wanted and case.validated_at is None:
        resolution.validate_resolution(draft, ValidateResolution(**said))
    else:
        resolution.resolve(draft, Resolve(kind="resolution", **said))
    draft.set(assignee=owner)


def _take_news(draft: Draft, news: IncidentNews) -> None:
    """Enter news as if the case's own engineer had posted it (RHIPE-37)."""
    _answers(draft)
    case = draft.case
    count_update(draft)
    text = "\n".join(filter(None, (news.text, news.impact)))[:8000]
    about = f"{news.kind} {news.number}"
    number = draft.enter(EntryKind.INCIDENT_NEWS, text, about=about, due_at=news.expected_resolution_at)
    if case.responded_at is not None and case.phase is not Phase.RESOLVED:
        restart_cadence(draft)
    auto_close.answered(draft)
    _tell(draft, news, number if text == news.text else None)


def _answers(draft: Draft) -> None:
    """Count a person's news as the initial response (RHIPE-14), unless the policy says otherwise.

    Where it has rules for outages they say whether a notice is a response (DED-30).
    """
    outage = draft.case.terms.outage
    if outage is not None and not outage.ends_response:
        return
    give_first_answer(draft)


def _tell(draft: Draft, news: IncidentNews, number: int | None) -> None:
    """Tell the customer, or note where the incident did; `number` is the entry that says just this."""
    identity = notice_id(draft.case, news)
    if not news.tell:
        if news.told_with is None:
            draft.refer_to(identity)
        else:
            draft.enter(EntryKind.NOTED, f"told with {news.told_with}", internal=True, about=news.number)
        return
    before = draft.case.references
    draft.tell(
        EffectKind.INCIDENT_NOTICE,
        Recipient.CUSTOMER,
        about=news.kind,
        text=news.text,
        text_entry=number,
        by=news.actor.label,
        impact=news.impact,
        expected_at=news.expected_resolution_at,
        next_update_at=updates.next_update_at(draft),
        incident=f'{news.number} "{news.title}"',
        also_for=news.also_for,
    )
    draft.effects[-1] = draft.effects[-1].model_copy(update={"id": identity})
    draft.set(references=before)
    draft.refer_to(identity)
