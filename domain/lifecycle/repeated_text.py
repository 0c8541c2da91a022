"""What the customer has been told word for word is not told them again.

A command sent twice, by a slip or a script, causes one mail; what is new may always be said.
"""

import hashlib
import json

from domain.decision import Draft, refuse
from domain.phase import Phase


def tell_once(draft: Draft, phase: Phase, *words: str | None) -> None:
    """Refuse what put the case into this phase, said again before the customer answered.

    Raises: Refusal with `NoChange`.
    """
    digest = hashlib.sha256(json.dumps([phase, *words]).encode()).hexdigest()[:24]
    if draft.case.phase is phase and draft.case.told_last == digest:
        refuse(
            "NoChange",
            "the customer has already been told exactly this",
            "say what is new, or wait for their answer",
        )
    draft.set(told_last=digest)
