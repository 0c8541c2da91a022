"""How long cases go on after the last row of a log, on whichever engine.

Part of the rehearsals. Of a case still open then nothing more is known, so it ends there; a solved one closes
in peace.
"""

from datetime import timedelta

from domain.phase import Phase

SETTLE = timedelta(seconds=30)
"""How long what was said last is given to be carried out: an activity under way holds the server's clock.

A case ended while one of its activities is under way holds it for ever (seen in six of ten runs).
"""

PEACE = timedelta(days=60)  # longer than the closing and the reopen window of a solved case take
SOLVED = frozenset({Phase.RESOLVED, Phase.CLOSED})
