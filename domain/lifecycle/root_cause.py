"""An analysis of the root cause, asked for once a problem is solved; where charged, with an accepted quote.

WEST-11, CONF-14, RHIPE-39, CSS-06.
"""

from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.messages.special import RequestRootCause
from domain.root_cause import RootCause
from domain.text import excerpt
from domain.timeline import EntryKind

_CHARGED, _FREE = "chargeable", "included"


def request_root_cause(draft: Draft, message: RequestRootCause) -> None:
    """Note the wish for an analysis and tell the engineer; no clock runs on it. Raises: Refusal.

    Chargeable (WEST-11), it takes the requester's acceptance and the quote they have accepted.
    """
    case = draft.case
    if case.resolved_at is None:
        refuse("InvalidTransition", "nothing has been resolved here", "ask once the problem is solved")
    charged = case.terms.rules.scope.root_cause_analysis == "chargeable"
    if charged and (not message.charge_accepted or message.quote_ref is None):
        missing = () if message.charge_accepted else ("charge_accepted",)
        refuse(
            "ChargeApprovalRequired",
            "a root cause analysis is chargeable",
            "accept the charge, and name the quote",
            missing if message.quote_ref else (*missing, "quote_ref"),
        )
    about = _CHARGED if charged else _FREE
    cause = case.root_cause or RootCause()
    asked = {"requested_at": draft.at, "requested_by": message.actor.label, "quote_ref": message.quote_ref}
    draft.set(root_cause=cause.model_copy(update=asked))
    number = draft.enter(EntryKind.ROOT_CAUSE_REQUESTED, message.text, about=about)
    draft.tell(
        EffectKind.ROOT_CAUSE_REQUESTED,
        Recipient.ASSIGNEE,
        about=about,
        text=message.text,
        text_entry=number,
        by=message.actor.label,
        quote_ref=message.quote_ref,
    )


def found(draft: Draft, text: str) -> None:
    """Note the cause that is offered with a resolution; nobody has promised one (WEST-11)."""
    cause = draft.case.root_cause or RootCause()
    draft.set(root_cause=cause.model_copy(update={"found": excerpt(text), "found_at": draft.at}))
    draft.enter(EntryKind.ROOT_CAUSE_FOUND, text)
