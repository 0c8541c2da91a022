"""What is heard of those who work on cases: a centre was closed or opened by hand, somebody left the rota.

RHIPE-25, GAP-11. Who is open now is in the roster, which a case that is concerned asks for.
"""

from domain.decision import Draft
from domain.lifecycle.assignment import leave_to_centre
from domain.lifecycle.handoff import wants_roster
from domain.lifecycle.handoff_eligibility import follows_the_sun
from domain.messages.staffing import StaffingNews
from domain.rules import RULES_0_4


def hear(draft: Draft, message: StaffingNews) -> None:
    """Look again at who has the case; by the rules before 0.4 the end of the shift alone decides."""
    if draft.case.rules < RULES_0_4:
        return
    has_left = message.engineer is not None and message.engineer == draft.case.assignee
    if has_left:
        leave_to_centre(draft)
    if (has_left or message.region is not None) and follows_the_sun(draft.case) is not None:
        wants_roster(draft, draft.at)
