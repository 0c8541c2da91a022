"""What a request still lacks under its policy, told before it is sent: the very rules of the case.

No tenant is looked up and nothing is opened; what the directory knows may leave less to be given.
"""

from activities.terms import TermsActivities
from domain.lifecycle.intake_required import missing_fields
from domain.messages.case import Submit
from domain.terms import Terms, TermsRequest
from starter.door.faults import Fault, Kind
from starter.door.session import Session


async def terms_of(session: Session, request: Submit) -> Terms:
    """Return what a request would be held to. Raises: Fault (refused) with what is wrong in it."""
    answer = await TermsActivities().compile_terms(
        TermsRequest(
            policy=request.policy,
            plan=request.plan,
            region=request.region,
            country=request.country,
            zone=request.zone,
            calendar=request.calendar,
            at=session.now(),
        )
    )
    if answer.terms is None:
        refused = answer.refused
        assert refused is not None
        raise Fault(Kind.REFUSED, refused.code, refused.reason, refused.remedy)
    return answer.terms


async def lacking(session: Session, request: Submit) -> tuple[str, ...]:
    """Name what the policy requires and the request lacks, in the policy's order. Raises: Fault (refused)."""
    return missing_fields(request, await terms_of(session, request))
