"""One verb said to one case, as every door says it: looked into first, then asked or handed over.

What the rota and the centres know belongs to the verb, not to the door: an assignee is somebody of the rota,
and who accepts speaks for the centre they have checked in at.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from domain.actor import Actor
from domain.verbs import Verb
from policies.zones import ZoneUnknown, local_zone
from starter.door import rota
from starter.door.archive import ask_whenever, tell_whenever
from starter.door.case_reader import reach
from starter.door.faults import usage
from starter.door.requests import build
from starter.door.session import Session
from workflows.messages import Receipt

_NAMES_ASSIGNEE = frozenset({Verb.REASSIGN, Verb.ACCEPT_HANDOFF, Verb.RESPOND})
_TAKES_CASE = frozenset({Verb.RESPOND, Verb.CLAIM})
_SPEAKS_FOR_CENTRE = frozenset({Verb.ACCEPT_HANDOFF, Verb.DECLINE_HANDOFF})


class Answer(NamedTuple):
    """The receipt, and the warnings of the door itself: what each code means, in words."""

    receipt: Receipt
    warnings: rota.Warnings


class Said(NamedTuple):
    """What somebody wants to say: the verb, the fields of its record, and their own id of the request."""

    verb: Verb
    fields: Mapping[str, Any]
    request_id: str | None = None

    def check(self, session: Session, actor: Actor) -> None:
        """Refuse what is no message, before anything is looked up. Raises: Fault naming every bad field."""
        build(session, actor, self.verb, self.fields, self.request_id)
        if self.verb is Verb.SCHEDULE_SESSION:
            zone_is_known(session, self.fields.get("zone"))


def zone_is_known(session: Session, zone: str | None) -> None:
    """See that a zone is one, and does not only look like one; it would be told in UTC. Raises: Fault."""
    try:
        if zone is not None:
            local_zone(zone, session.now(), session.now())
    except ZoneUnknown:
        raise usage(f"there is no zone {zone}", "use a name such as Australia/Sydney", "zone") from None


async def speak(session: Session, actor: Actor, case_id: str, said: Said) -> Answer:
    """Say a verb to a case, and wait for its receipt. Raises: Fault."""
    await reach(session, actor, case_id)
    actor, warnings = await consult(session, actor, said.verb, case_id, said.fields)
    message = build(session, actor, said.verb, said.fields, said.request_id)
    return Answer(await ask_whenever(session, case_id, said.verb, message), warnings)


async def hand_over(
    session: Session, actor: Actor, case_id: str, said: Said
) -> tuple[str | None, rota.Warnings]:
    """Say a verb without waiting; return the request id, and the warnings of the door. Raises: Fault."""
    await reach(session, actor, case_id)
    actor, warnings = await consult(session, actor, said.verb, case_id, said.fields)
    message = build(session, actor, said.verb, said.fields, said.request_id)
    await tell_whenever(session, case_id, said.verb, message)
    return message.request_id, warnings


async def consult(
    session: Session, actor: Actor, verb: Verb, case_id: str | None, fields: Mapping[str, Any]
) -> tuple[Actor, rota.Warnings]:
    """Ask rota and centres what the verb wants to know; return who speaks, for which centre, and warnings.

    Raises: Fault where the rota knows nobody of that name, or the centre is closed.
    """
    warnings: rota.Warnings = {}
    if verb in _NAMES_ASSIGNEE:
        await rota.assignee_is_known(session, fields.get("assignee"))
    if verb in _TAKES_CASE and fields.get("assignee") is None:
        await rota.speaker_is_known(session, actor)
    if verb in _SPEAKS_FOR_CENTRE:
        actor = await rota.at_their_centre(session, actor)
    if verb is Verb.HAND_OFF and case_id is not None:
        anyway = fields.get("anyway") is True
        warnings = await rota.centre_is_open(session, case_id, str(fields.get("to", "")), anyway=anyway)
    return actor, warnings
