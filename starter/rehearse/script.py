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
from starter.rehearse.cases import Gathered, LogCase, gather
from starter.rehearse.centre_of_country import placed
from starter.rehearse.figures import Rows
from starter.rehearse.hands import LogHands, hands_of
from starter.rehearse.log import Log
from starter.rehearse.mapping import LogMapping
from starter.rehearse.mapping_choice import fitting_mapping, load_mapping
from starter.rehearse.problems import Mended, Problem, Unusable, tallied
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


def read_script(path: Path, policy: str, mapping: str | None, cases: int | None) -> Script:
    """Read a log as a mapping tells, or as the one mapping of ours that fits it.

    With `cases` only the first so many cases are played. Raises: Fault (usage).
    """
    rules = _policy(policy)
    log = Log(path)
    chosen = load_mapping(mapping) if mapping else fitting_mapping(log.header, log.name)
    _check_columns(log, chosen)
    problems: list[Problem] = []
    reader = RowReader(chosen, datetime.now(UTC), problems.append)
    gathered = gather(log.rows(), reader, problems.append)
    known, problems = gathered.cases, [*log.mended, *problems]
    played = known[:cases]
    if not played:
        raise usage(f"{log.name} has no row that can be used", _first_reason(problems))
    centres = placed(chosen.countries, rules, min(case.rows[0].at for case in known))
    stories = tuple(tell(case, chosen, policy, centres, problems.append) for case in played)
    if len(played) < len(known):
        names = {case.case for case in played}
        problems = [one for one in problems if not one.case or one.case in names]
    return Script(
        log=log.name,
        mapping=chosen,
        policy=rules,
        stories=stories,
        rows=_rows(played, problems).model_copy(update={"written": _written(log, gathered)}),
        ends_at=max(case.rows[-1].at for case in known),
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


def _written(log: Log, gathered: Gathered) -> str:
    """Say how the log is written: `UTF-16, semicolons, newest first`."""
    return f"{log.form}{', newest first' if gathered.newest_first else ''}"


def _first_reason(problems: list[Problem]) -> str:
    return f"line {problems[0].line}: {problems[0].reason}" if problems else "give a log with rows"


def _rows(played: tuple[LogCase, ...], problems: list[Problem]) -> Rows:
    used = sum(len(case.rows) for case in played)
    unusable = [one for one in problems if isinstance(one.reason, Unusable)]
    mended = [one for one in problems if isinstance(one.reason, Mended)]
    return Rows(read=used + len(unusable), used=used, unusable=tallied(unusable), mended=tallied(mended))
