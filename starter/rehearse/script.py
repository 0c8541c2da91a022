"""What a rehearsal plays: the stories of a log's cases, and what was wrong with its rows.

Part of the rehearsals. Everything that can be wrong with what was asked for is found here, before a server
is started.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from domain.policy import SupportPolicy
from policies import PolicyInvalid, PolicyUnknown, load_policy
from starter.door.faults import usage
from starter.rehearse.cases import Collected, collect, in_order
from starter.rehearse.centre_of_country import placed
from starter.rehearse.figures import Rows
from starter.rehearse.hands import LogHands, hands_of
from starter.rehearse.log import Log
from starter.rehearse.mapping import LogMapping
from starter.rehearse.mapping_choice import fitting_mapping, load_mapping
from starter.rehearse.problems import Mended, Problem, Tallies, Unusable
from starter.rehearse.rows import RowReader
from starter.rehearse.story import Story
from starter.rehearse.story_of_rows import tell


@dataclass(frozen=True)
class Script:
    """The stories, cases in the order of their first rows. `ends_at` (UTC) is the log's last instant.

    Where cases follow the sun: `centres` are ours by the country of an owner, `hands` is who had each case in
    the log.
    """

    log: str
    mapping: LogMapping
    policy: SupportPolicy
    stories: tuple[Story, ...]
    rows: Rows
    ends_at: datetime
    centres: dict[str, str] = field(default_factory=dict)
    hands: tuple[LogHands, ...] = ()

    @property
    def begins_at(self) -> datetime:
        """The instant of the first opening."""
        return min(story.opens_at for story in self.stories)


@dataclass(frozen=True)
class Reading:
    """A log as it was read: the rows of the cases to be played, and what is the same for all of them.

    `ends_at` (UTC) is the last instant of the whole log, `written` how it is written.
    """

    log: str
    mapping: LogMapping
    policy: SupportPolicy
    cases: Collected
    centres: dict[str, str]
    ends_at: datetime
    problems: Tallies
    written: str

    def rows(self, used: int, problems: Tallies) -> Rows:
        """Count the rows: those used, and what was wrong with them, in the file and within their cases."""
        every = Tallies()
        every.add(self.problems)
        every.add(problems)
        return Rows(
            read=used + every.unusable,
            used=used,
            unusable=every.tallied(Unusable),
            mended=every.tallied(Mended),
            written=self.written,
        )


def read_cases(path: Path, policy: str, mapping: str | None, cases: int | None) -> Reading:
    """Read a log as a mapping tells, or as the one mapping of ours that fits it.

    With `cases` only the first so many cases are kept. Raises: Fault (usage).
    """
    rules = _policy(policy)
    problems = Tallies(by_case=cases is not None)
    log = Log(path, problems.note)
    chosen = load_mapping(mapping) if mapping else fitting_mapping(log.header, log.name)
    _check_columns(log, chosen)
    log.columns = frozenset(chosen.columns.names)
    reader = RowReader(chosen, datetime.now(UTC), problems.note)
    known = collect(log.rows(), reader, problems.note)
    if not known.by_case:
        raise usage(f"{log.name} has no row that can be used", _first_reason(problems.first))
    problems.add(reader.mixed())
    names = list(known.by_case)[:cases]
    return Reading(
        log=log.name,
        mapping=chosen,
        policy=rules,
        cases=Collected({name: known.by_case[name] for name in names}, known.newest_first),
        centres=placed(chosen.countries, rules, min(known.first_row(name).at for name in known.by_case)),
        ends_at=max(row.at for rows in known.by_case.values() for row in rows),
        problems=problems.of(set(names)) if cases is not None else problems,
        written=f"{log.form}{', newest first' if known.newest_first else ''}",
    )


def read_script(path: Path, policy: str, mapping: str | None, cases: int | None) -> Script:
    """Read a log (`read_cases`) and tell the story of each of its cases. Raises: Fault (usage)."""
    reading, problems = read_cases(path, policy, mapping, cases), Tallies()
    played = [
        in_order(case, rows, problems.note, newest_first=reading.cases.newest_first)
        for case, rows in reading.cases.by_case.items()
    ]
    chosen, centres = reading.mapping, reading.centres
    stories = tuple(tell(case, chosen, policy, centres, problems.note) for case in played)
    return Script(
        log=reading.log,
        mapping=chosen,
        policy=reading.policy,
        stories=stories,
        rows=reading.rows(sum(len(case.rows) for case in played), problems),
        ends_at=reading.ends_at,
        centres=centres,
        hands=tuple(hands_of(case, chosen, centres) for case in played) if chosen.follows_the_sun else (),
    )


def _policy(name: str) -> SupportPolicy:
    try:
        return load_policy(name)
    except (PolicyUnknown, PolicyInvalid) as error:
        raise usage(str(error), "name a policy that can be used") from None


def _check_columns(log: Log, mapping: LogMapping) -> None:
    if missing := [name for name in mapping.columns.names if name not in log.header]:
        raise usage(
            f"{log.name} has no column {', '.join(missing)}, which the mapping {mapping.name} reads",
            "choose another mapping, or mend its columns",
        )
    if twice := [name for name in mapping.columns.names if log.header.count(name) > 1]:
        raise usage(f"{log.name} has the column {', '.join(twice)} more than once", "rename one of them")


def _first_reason(first: Problem | None) -> str:
    return f"line {first.line}: {first.reason}" if first else "give a log with rows"
