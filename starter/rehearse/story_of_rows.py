"""Turns the rows of a case into its story: what each row, seen after the one before, stands for.

Part of the rehearsals. It reads one row after the other and never looks ahead, so that a log cut off
anywhere tells the same story up to there. What a case makes of it is the case's business.
"""

from collections.abc import Iterator, Mapping

from domain.actor import Actor, ActorKind, Role, Tier
from domain.messages.case import (
    AddNote,
    ChangeLevel,
    Close,
    Escalate,
    Message,
    PostUpdate,
    Reopen,
    Reply,
    Resolve,
    Respond,
    Submit,
    Triage,
    WaitForCustomer,
)
from domain.verbs import Verb
from starter.rehearse.cases import LogCase, Note
from starter.rehearse.mapping import ChannelRule, LogMapping, Move, StateRule
from starter.rehearse.problems import Mended, problem
from starter.rehearse.rows import LogRow
from starter.rehearse.story import Saying, Story, Turn, Word

SOURCE = "rehearsal"


def tell(case: LogCase, mapping: LogMapping, policy: str, centres: Mapping[str, str], note: Note) -> Story:
    """Write the story of one case of the log; `centres` are ours by the country of an owner."""
    return _Teller(case.rows[0], mapping, policy, centres, note).story(case)


class _Teller:
    """What is known of a case after the rows read so far."""

    def __init__(
        self, first: LogRow, mapping: LogMapping, policy: str, centres: Mapping[str, str], note: Note
    ) -> None:
        self._mapping = mapping
        self._policy = policy
        self._centres = centres
        self._note = note
        self._channel = self._channel_of(first)
        self._state: str | None = None
        self._rating = (first.impact, first.urgency)
        self._is_rated = self._channel.by == "staff" and None not in self._rating
        self._group = first.group
        self._tier = first.tier
        self._reopenings = first.reopenings or 0
        self._tenant = mapping.intake.tenant

    def story(self, case: LogCase) -> Story:
        first = case.rows[0]
        assert first.opened_at is not None
        turns = [Turn(at=row.at, line=row.line, sayings=tuple(self._says(row))) for row in case.rows]
        return Story(
            case=case.case,
            opens_at=first.opened_at,
            submit=self._submit(first),
            turns=tuple(turn for turn in turns if turn.sayings),
        )

    # --- opening -----------------------------------------------------------------------------------------

    def _channel_of(self, first: LogRow) -> ChannelRule:
        known = self._mapping.channels.get(first.channel)
        if known is None and self._mapping.columns.channel is not None:
            self._note(problem(Mended.UNKNOWN_CHANNEL, first.line, first.case, first.channel))
        return known or self._mapping.other_channels

    def _submit(self, first: LogRow) -> Submit:
        """Write the request, with the rating of the first row: ours, or the customer's wish."""
        intake = self._mapping.intake
        return Submit(
            actor=self._person(first) if self._channel.by == "staff" else self._customer(),
            source=SOURCE,
            reference=first.case,
            policy=self._policy,
            channel=self._channel.channel,
            title=f"{first.case} of the log"[:200],
            impact=first.impact,
            urgency=first.urgency,
            **{**dict(intake), "region": self._centre(first) or intake.region},
        )

    def _centre(self, row: LogRow) -> str | None:
        return None if row.country is None else self._centres.get(row.country)

    def _person(self, row: LogRow) -> Actor:
        name = None if row.speaker is None else f"agent {row.speaker}"[:200]
        tier, region = row.tier or Tier.L1, self._centre(row)
        return Actor(kind=ActorKind.STAFF, name=name, role=Role.ENGINEER, tier=tier, region=region)

    def _customer(self) -> Actor:
        return Actor(kind=ActorKind.CUSTOMER, name="the caller", role=Role.CUSTOMER, tenant=self._tenant)

    # --- row by row --------------------------------------------------------------------------------------

    def _says(self, row: LogRow) -> Iterator[Saying]:
        """Say what a row stands for: the customer's part first, then the level, then ours."""
        for number, words in enumerate(self._parts(row), 1):
            yield Saying(
                words=tuple(
                    Word(
                        verb=verb,
                        message=message.model_copy(update={"request_id": f"line-{row.line}.{number}.{word}"}),
                    )
                    for word, (verb, message) in enumerate(words, 1)
                )
            )

    def _parts(self, row: LogRow) -> Iterator[list[tuple[Verb, Message]]]:
        before, after = self._state, self._mapping.states[row.state]
        by_customer = self._by_customer(row, before)
        if by_customer is not Move.NOTHING:
            yield self._spoken(by_customer, row, after)
        if before is not None or after.enter is not Move.NOTHING:
            yield from self._levels(row)
        yield from self._raised(row)
        move = after.again if row.state == before else after.enter
        if (said := self._ours(move, row, by_customer, before)) is not Move.NOTHING:
            yield self._spoken(said, row, after)
        if row.group is not None and row.group != self._group:
            yield self._note_of(row, f"The case is with group {row.group} now")
            self._group = row.group
        self._state = row.state

    def _by_customer(self, row: LogRow, before: str | None) -> Move:
        """Tell what the customer did: leaving a state may be their answer or their no."""
        grown = row.reopenings is not None and row.reopenings > self._reopenings
        self._reopenings = max(self._reopenings, row.reopenings or 0)
        if grown:
            return Move.BACK
        if before is None or before == row.state:
            return Move.NOTHING
        rule = self._mapping.states[before]
        return Move.NOTHING if row.state in rule.leaves_quietly_for else rule.leave

    def _ours(self, move: Move, row: LogRow, by_customer: Move, before: str | None) -> Move:
        """Tell what our side did: nothing of its own in a row that is the customer's.

        A machine's work is a note, and its closing of a resolved case is left to the case's own clock.
        """
        by_machine = row.speaker in self._mapping.machines
        is_resolved = before is not None and self._mapping.states[before].enter is Move.RESOLVE
        match move:
            case Move.WORK | Move.NOTE if by_customer is not Move.NOTHING:
                return Move.NOTHING
            case Move.WORK | Move.NEWS | Move.ASK if by_machine:
                return Move.NOTE
            case Move.CLOSE if by_machine and is_resolved:
                return Move.NOTHING
            case _:
                return move

    def _levels(self, row: LogRow) -> Iterator[list[tuple[Verb, Message]]]:
        """Say a rating that is new: as the triage where nobody of ours has rated the case yet."""
        impact, urgency = row.impact or self._rating[0], row.urgency or self._rating[1]
        if impact is None or urgency is None or row.speaker in self._mapping.machines:
            return
        is_new, self._rating = (impact, urgency) != self._rating, (impact, urgency)
        actor, reason = self._person(row), self._mapping.change_reason
        if not self._is_rated:
            self._is_rated = True
            yield [(Verb.TRIAGE, Triage(actor=actor, impact=impact, urgency=urgency, reason=reason))]
        elif is_new:
            change = ChangeLevel(actor=actor, impact=impact, urgency=urgency, reason=reason)
            yield [(Verb.CHANGE_LEVEL, change)]

    def _raised(self, row: LogRow) -> Iterator[list[tuple[Verb, Message]]]:
        """Say that the case went to a higher line; that it went back down is no message of ours."""
        before, self._tier = self._tier, row.tier or self._tier
        if before is Tier.L1 and self._tier is not Tier.L1:
            actor = self._person(row).model_copy(update={"tier": before})
            yield [(Verb.ESCALATE, Escalate(actor=actor, classification=row.problem_kind))]

    def _note_of(self, row: LogRow, text: str) -> list[tuple[Verb, Message]]:
        return [(Verb.ADD_NOTE, AddNote(actor=self._person(row), text=text))]

    def _spoken(self, move: Move, row: LogRow, rule: StateRule) -> list[tuple[Verb, Message]]:
        """Put a move into words, and into others for a case that stands otherwise."""
        actor, customer, text = self._person(row), self._customer(), rule.text
        match move:
            case Move.WORK | Move.NEWS:
                return [
                    (Verb.POST_UPDATE, PostUpdate(actor=actor, text=text)),
                    (Verb.RESPOND, Respond(actor=actor, text=text)),
                ]
            case Move.ASK:
                return [(Verb.WAIT_FOR_CUSTOMER, WaitForCustomer(actor=actor, text=text))]
            case Move.ANSWER:
                return [(Verb.REPLY, Reply(actor=customer, text="Here is my answer"))]
            case Move.BACK:
                return [
                    (Verb.REOPEN, Reopen(actor=customer, reason="It is not solved")),
                    (Verb.REPLY, Reply(actor=customer, text="It is not solved", accepts=False)),
                ]
            case Move.RESOLVE:
                return [(Verb.RESOLVE, Resolve(actor=actor, kind="resolution", text=text))]
            case Move.CLOSE:
                reasons = self._mapping.close_reasons
                return [(Verb.CLOSE, Close(actor=actor, reason=reason, text=text)) for reason in reasons]
            case _:
                return self._note_of(row, text)
