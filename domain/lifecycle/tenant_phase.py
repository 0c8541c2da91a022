"""Whether a tenant has come far enough to have support (DED-40, DED-42).

What the directory does not know denies nothing, as everywhere at intake.
"""

from domain.decision import refuse
from domain.messages.request import Submit
from domain.rules import RULES_0_4
from domain.tenants import TenantFacts
from domain.terms import Terms


def check_ready(request: Submit, terms: Terms, facts: TenantFacts | None, rules: int) -> None:
    """Refuse a real case before the tenant's service is ready; a test is what they learn by.

    Raises: Refusal with `TenantNotReady`.
    """
    gate = terms.not_ready_in.get((facts.phase if facts is not None else None) or "")
    if gate is None or request.test or rules < RULES_0_4:
        return
    assert facts is not None
    refuse(
        "TenantNotReady",
        f"{request.tenant} is in the phase {facts.phase}, and this is still to come: {gate}",
        "open it as a test, or have it signed and the phase in the directory changed",
        ("test",),
    )
