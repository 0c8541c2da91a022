"""Which row of a log stands for which message: the mapping, as data.

Part of the rehearsals. A mapping is a TOML file validated by these models; unknown keys are refused and
every error names its field. Where the file is found is the business of `choosing`.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.actor import Tier
from domain.frozen import Frozen
from domain.messages.case import Contact
from domain.policy import Key, Rating, Zone
from domain.text import Line, Text

Column = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""The name of a column, as the header has it."""


class Move(StrEnum):
    """What a row can stand for.

    `work` is news unless the row already stands for something the customer did; `news` is an update, or the
    response where nobody has answered yet; `ask` waits for the customer and `answer` is their reply; `back`
    is a reopening, or a rejecting reply while the case is only resolved.
    """

    NOTHING = "nothing"
    NOTE = "note"
    WORK = "work"
    NEWS = "news"
    ASK = "ask"
    ANSWER = "answer"
    BACK = "back"
    RESOLVE = "resolve"
    CLOSE = "close"


class StateRule(Frozen):
    """What a state of the log means: on entering it, on a further row in it, and on leaving it.

    Leaving it for one of the states in `leaves_quietly_for` stands for nothing. `queued`: nobody has taken
    the case while it is in this state.
    """

    enter: Literal[Move.NOTHING, Move.NOTE, Move.WORK, Move.NEWS, Move.ASK, Move.RESOLVE, Move.CLOSE]
    again: Literal[Move.NOTHING, Move.NOTE, Move.WORK, Move.NEWS] = Move.NOTE
    leave: Literal[Move.NOTHING, Move.ANSWER, Move.BACK] = Move.NOTHING
    leaves_quietly_for: tuple[str, ...] = ()
    queued: bool = False
    text: Text


class Columns(Frozen):
    """Which column holds what. `opened` names several: the first that is filled counts.

    A `state` of several columns is their cells joined by ` / `. Without `sequence` the rows of a case come in
    the order of the file; what has no column is not known. `country` is where the owner sits, `line` their
    line of support, `problem_kind` what a raise of the line is classified as.
    """

    case: Column
    time: Column
    state: Column | tuple[Column, ...]
    sequence: Column | None = None
    opened: tuple[Column, ...] = ()
    impact: Column | None = None
    urgency: Column | None = None
    channel: Column | None = None
    group: Column | None = None
    speaker: Column | None = None
    reopenings: Column | None = None
    country: Column | None = None
    line: Column | None = None
    problem_kind: Column | None = None

    @property
    def state_parts(self) -> tuple[str, ...]:
        """The columns whose cells make up the state."""
        return (self.state,) if isinstance(self.state, str) else self.state

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that is read."""
        ones = (
            self.case,
            self.time,
            *self.state_parts,
            self.sequence,
            self.impact,
            self.urgency,
            self.channel,
            self.group,
            self.speaker,
            self.reopenings,
            self.country,
            self.line,
            self.problem_kind,
        )
        return tuple(dict.fromkeys([name for name in ones if name is not None] + list(self.opened)))


class ChannelRule(Frozen):
    """Our name of a channel, and who opens cases that come by it: our staff, or the customer themselves."""

    channel: Key
    by: Literal["staff", "customer"]


class Intake(Frozen):
    """What a request needs and the log does not have: the same for every case."""

    tenant: Line
    partner_legal_name: Line
    tenant_company: Line
    tenant_domain: Line
    contact: Contact
    explanation: Text
    affected_users: Line | tuple[Line, ...]
    troubleshooting_steps: tuple[Line, ...]
    plan: Line | None = None
    region: Line | None = None


class Ratings(Frozen):
    """How the log writes impact and urgency: its cell -> high, medium or low."""

    impact: dict[str, Rating]
    urgency: dict[str, Rating]


class LogMapping(Frozen):
    """One kind of log.

    Times without an offset are read in `zone`, ISO 8601 unless `time_format` (as `strptime` has it) says
    otherwise. `tells_the_future` lists columns that hold on every row what happened only later: they are
    dropped before anything is read. `machines` are speakers that are no people: they neither respond nor
    inform nor close. `close_reasons` are tried in this order where a person closes.
    `follows_the_sun`: cases are handed from centre to centre as the policy says, and the log's own changes of
    owner are shown beside it. `countries` (in small letters) are those of owners, each with the zone its
    working day is taken from; `lines` are the log's lines of support as tiers of ours.
    """

    name: Key
    title: str
    zone: Zone
    time_format: str | None = None
    columns: Columns
    tells_the_future: tuple[Column, ...] = ()
    machines: tuple[str, ...] = ()
    close_reasons: tuple[Line, ...] = Field(min_length=1)
    change_reason: Text
    ratings: Ratings
    channels: dict[str, ChannelRule]
    other_channels: ChannelRule
    intake: Intake
    states: dict[str, StateRule] = Field(min_length=1)
    follows_the_sun: bool = False
    countries: dict[str, Zone] = Field(default_factory=dict)
    lines: dict[str, Tier] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _reads_nothing_of_the_future(self) -> Self:
        if both := sorted(set(self.columns.names) & set(self.tells_the_future)):
            raise ValueError(f"columns: {', '.join(both)} tells the future and must not be read")
        return self

    @model_validator(mode="after")
    def _knows_who_owns(self) -> Self:
        if self.follows_the_sun and self.columns.country is None:
            raise ValueError("columns.country: it is needed where cases follow the sun")
        if odd := [name for name in self.countries if name != name.casefold()]:
            raise ValueError(f"countries.{odd[0]}: write it in small letters")
        return self

    @model_validator(mode="after")
    def _knows_its_states(self) -> Self:
        for name, rule in self.states.items():
            if unknown := [other for other in rule.leaves_quietly_for if other not in self.states]:
                raise ValueError(f"states.{name}.leaves_quietly_for: unknown state {unknown[0]!r}")
        return self
