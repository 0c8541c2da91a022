"""Plays a log without a server: its cases in shares, on as many processes as are wanted.

Part of the rehearsals. A case has nothing to do with another, so a share is played wherever there is room,
and shares are put together in the order of the log: the result is the same for any number of processes. Few
shares are under way at once, so that memory is bounded by the log itself.
"""

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.policy import SupportPolicy
from policies import load_policy
from starter.door.faults import Fault, Kind
from starter.rehearse.beside import CaseHands, compared
from starter.rehearse.cases import in_order
from starter.rehearse.examination import examine
from starter.rehearse.figures import Refusals, refusals
from starter.rehearse.findings import CaseFinding
from starter.rehearse.hands import hands_of
from starter.rehearse.journal import Journal
from starter.rehearse.mapping import LogMapping
from starter.rehearse.memory import InMemory
from starter.rehearse.ownership import owned
from starter.rehearse.problems import EXAMPLES, Tallies
from starter.rehearse.rows import LogRow
from starter.rehearse.script import Reading
from starter.rehearse.story_of_rows import tell
from starter.rehearse.tables import Tables

_ROWS_A_SHARE = 400
_UNDER_WAY = 2  # shares for each process: one it plays, and one that waits for it
_NO_SHIFT = timedelta(0)

Share = list[tuple[str, list[LogRow]]]


class Manner(NamedTuple):
    """What is the same for every share of a log."""

    policy: str
    mapping: LogMapping
    centres: dict[str, str]
    newest_first: bool
    log_ends_at: datetime


class Part(NamedTuple):
    """What was found in one share. `used` counts rows, `begins_at` (UTC) is the first opening."""

    used: int
    begins_at: datetime
    findings: tuple[CaseFinding, ...]
    hands: tuple[CaseHands, ...]
    said: Counter[str]
    told: Counter[str]
    refused: tuple[Refusals, ...]
    problems: Tallies


class Player:
    """Plays shares in one process. What is compiled for one case is kept for the next."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._policy: SupportPolicy = load_policy(manner.policy)
        self._tables = Tables(follows_the_sun=manner.mapping.follows_the_sun)

    def play(self, share: Share) -> Part:
        """Play the cases of a share, one after the other."""
        manner, journal, problems = self._manner, Journal(), Tallies()
        told: Counter[str] = Counter()
        findings: list[CaseFinding] = []
        hands: list[CaseHands] = []
        used, begins_at = 0, manner.log_ends_at
        for name, rows in share:
            case = in_order(name, rows, problems.note, newest_first=manner.newest_first)
            story = tell(case, manner.mapping, manner.policy, manner.centres, problems.note)
            life = InMemory(story, self._tables, journal)
            records = life.live(manner.log_ends_at)
            found = [examine(one, one.row.reference, self._policy, _NO_SHIFT) for one in records]
            findings += sorted(found, key=lambda one: one.received_at)
            told.update(life.told)
            used, begins_at = used + len(case.rows), min(begins_at, story.opens_at)
            if manner.mapping.follows_the_sun:
                ours = [owned(one, story.submit.region, _NO_SHIFT) for one in records]
                log = hands_of(case, manner.mapping, manner.centres)
                hands += compared([log], ours, found, self._policy)
        refused = refusals(sorted(journal.unheard, key=lambda one: one.line), EXAMPLES)
        return Part(used, begins_at, tuple(findings), tuple(hands), journal.said, told, refused, problems)


Report = Callable[[int, int, int], None]
"""Called with the cases played, the rows used and the notices told so far."""


def play_all(reading: Reading, processes: int, report: Report) -> Iterator[Part]:
    """Play every case of a log, and yield what was found in the order of the log. Raises: Fault."""
    manner = Manner(
        policy=reading.policy.name,
        mapping=reading.mapping,
        centres=reading.centres,
        newest_first=reading.cases.newest_first,
        log_ends_at=reading.ends_at,
    )
    cases = rows = notices = 0
    for part in _played(manner, _shares(reading), processes):
        cases, rows = cases + len(part.findings), rows + part.used
        notices += part.told.total()
        report(cases, rows, notices)
        yield part


def _shares(reading: Reading) -> Iterator[Share]:
    """Take the cases out of a reading, share by share."""
    by_case = reading.cases.by_case
    share: Share = []
    for name in list(by_case):
        share.append((name, by_case.pop(name)))
        if sum(len(rows) for _, rows in share) >= _ROWS_A_SHARE:
            yield share
            share = []
    if share:
        yield share


def _played(manner: Manner, shares: Iterator[Share], processes: int) -> Iterator[Part]:
    if processes == 1:
        yield from map(Player(manner).play, shares)
        return
    spawn = multiprocessing.get_context("spawn")  # a fork would take along threads of whoever has some
    pool = ProcessPoolExecutor(processes, mp_context=spawn, initializer=_begin, initargs=(manner,))
    waiting: deque[Future[Part]] = deque()
    try:
        for share in shares:
            waiting.append(pool.submit(_play, share))
            while len(waiting) > _UNDER_WAY * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        reason = "a process of the rehearsal ended before its work was done"
        raise Fault(Kind.FAULT, "RehearsalFailed", reason, "give it more memory, or --processes 1") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_player: Player


def _begin(manner: Manner) -> None:
    """Begin a process: Ctrl-C is for the command alone, and with the command its processes end."""
    global _player
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_command, daemon=True).start()
    _player = Player(manner)


def _end_with_the_command() -> None:
    command = multiprocessing.parent_process()
    if command is not None:
        command.join()
        os._exit(1)


def _play(share: Share) -> Part:
    return _player.play(share)
