"""How the API reads a case: from our store where that is as new as what this door has seen, else from it.

The store has each case as it was after its last step, a moment later than the case itself; who has just been
answered by a case reads at least what they were answered.
"""

from starter.door.case_reader import Seen, see, see_stored
from starter.web.api.callers import Call


async def as_they_stand(call: Call, case_id: str) -> Seen:
    """Read a case. Raises: Fault (not found, or unreachable)."""
    call.is_about(case_id)
    stored = await see_stored(call.session, call.actor, case_id, at_least=call.backing.newest.get(case_id, 0))
    return stored or await see(call.session, call.actor, case_id)
