"""What a customer can do with a case by a form: a verb, what of its record is asked, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from domain.case import Case
from domain.phase import Phase
from domain.verbs import Verb
from domain.views.staff import CaseView
from starter.door.permission import may_say
from starter.web.board.case_fields import Field, fields_of
from starter.web.board.case_written import Written
from starter.web.board.visitors import Visitor

_NOT_ASKED = frozenset(
    {
        "contact.role",
        "contact.webhook",
        "contact.availability.zone",
        "contact.availability.start",
        "contact.availability.end",
    }
)
"""What of a contact a form for everybody leaves out."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Act:
    """One form. `asks` is the field somebody writes into, `fixed` what the button says, `otherwise` what is
    said where nobody wrote; `phases` narrow those of the verb."""

    name: str
    verb: Verb
    asks: str | None
    fixed: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    otherwise: str | None = None
    phases: frozenset[Phase] | None = None

    def fields(self, view: CaseView) -> tuple[Field, ...]:
        """List what is asked for; of a case that lacks something, that."""
        if self.asks is not None:
            return tuple(one for one in fields_of(self.verb) if one.path == self.asks)
        missing = {path.partition(".")[0] for path in view.missing}
        return tuple(
            one
            for one in fields_of(self.verb)
            if one.path.partition(".")[0] in missing and one.path not in _NOT_ASKED
        )


_TO_CONFIRM = frozenset({Phase.RESOLVED, Phase.VALIDATING_RESOLUTION})

ACTS = {
    act.name: act
    for act in (
        Act("provide", Verb.PROVIDE_INFORMATION, None),
        Act("confirm", Verb.REPLY, "text", {"accepts": "yes"}, "confirm_said", _TO_CONFIRM),
        Act("reject", Verb.REPLY, "text", {"accepts": "no"}, None, _TO_CONFIRM),
        Act("reopen", Verb.REOPEN, "reason"),
        Act("reply", Verb.REPLY, "text"),
    )
}
"""In the order in which a page shows them."""


@dataclass(frozen=True)
class Form:
    """A form as a page shows it: blank, or as it came back."""

    act: Act
    fields: tuple[Field, ...]
    written: Written


def forms_for(who: Visitor, view: CaseView, case: Case | None) -> tuple[Form, ...]:
    """Return the forms there are for a visitor in a case as it stands."""
    return tuple(
        blank_form(act, view)
        for act in ACTS.values()
        if may_say(who.actor, act.verb, view, case)
        and (act.phases is None or view.phase in act.phases)
        and act.fields(view)
    )


def blank_form(act: Act, view: CaseView) -> Form:
    """Return a form nobody has written into."""
    return Form(act, act.fields(view), Written(act.verb, {}, view.version, view.entries))
