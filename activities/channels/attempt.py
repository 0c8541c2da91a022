"""What one attempt to reach one address can come to, whatever the channel.

It arrives (an answer is returned), or it never will, or it is worth trying again.
"""

from datetime import timedelta

from activities.plain_text import one_line

MAX_REASON_CHARS = 300


class NeverWorks(Exception):
    """This address will refuse the same message for ever: another address, or somebody, must be told."""

    def __init__(self, reason: str) -> None:
        super().__init__(shortened(reason))


class Undecided(NeverWorks):
    """It may have arrived or not, and nobody can tell by asking: a person looks, before it is sent again."""


class TryAgain(Exception):
    """It did not work now; the message names the address tried.

    `after` is the receiver's own wish. `away`: its whole system does not answer, so that others who want
    to go there need not wait for the same. `sure`: the message did surely not arrive.
    """

    def __init__(
        self, reason: str, after: timedelta | None = None, *, away: bool = False, sure: bool = True
    ) -> None:
        super().__init__(shortened(reason))
        self.after = after
        self.away = away
        self.sure = sure


def shortened(reason: str) -> str:
    """Make one line of what another system said, at most 300 characters."""
    line = one_line(reason)
    return line if len(line) <= MAX_REASON_CHARS else line[: MAX_REASON_CHARS - 1] + "…"
