"""How a major incident listens: every verb is an update, decided at once and answered with a receipt.

Durable code; no rule, no I/O. Only ApplicationError leaves a handler: anything else would stop the incident.
There are no signals here: whoever leads an incident wants to know that he was heard.
"""

from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue

from domain import incidents
from domain.decision import Refused
from domain.effects import Effect
from domain.incident import Child, Incident
from domain.incident_messages import INCIDENT_MODELS, Declare, IncidentVerb
from domain.incidents import views
from domain.message import Message
from domain.misreading import misread
from workflows.hearing import MAX_PAYLOAD, cause_of, one_payload, refusal
from workflows.incident_messages import IncidentReceipt
from workflows.seen import SeenRequests


class IncidentHearing:
    """The part of an incident that listens; `workflows.incident` carries out what was decided."""

    _incident: Incident | None
    _refused: Refused | None
    _seen: SeenRequests
    _to_tell: list[Effect]

    def _take(self, verb: IncidentVerb, raw: RawValue) -> IncidentReceipt:
        """This will decide a message and answer it."""
        message = _read(verb, raw)
        cause = _cause(message)
        if self._incident is not None and cause is not None and self._seen.has(cause):
            return _receipt(self._incident, repeated=True)
        decision = self._decided(verb, message)
        if isinstance(decision, Refused):
            if self._incident is None:
                self._refused = self._refused or decision
            raise refusal(decision)
        if isinstance(decision, IncidentReceipt):
            return decision
        self._incident = decision.incident
        self._to_tell += decision.effects
        if cause is not None:
            self._seen.add(cause)
        return _receipt(self._incident, decision.warnings)

    def _decided(
        self, verb: IncidentVerb, message: Message | Refused
    ) -> "incidents.IncidentAccepted | IncidentReceipt | Refused":
        if isinstance(message, Refused):
            return message
        if isinstance(message, Declare):
            return self._declared(message)
        if self._incident is None:
            return Refused(
                code="InvalidTransition", reason="the incident is not declared", remedy="declare it first"
            )
        return incidents.decide(self._incident, verb, message, workflow.now())

    def _declared(self, message: Declare) -> "incidents.IncidentAccepted | IncidentReceipt | Refused":
        known = self._incident
        if known is None:
            return incidents.declare(message, workflow.info().workflow_id, workflow.now())
        if known.digest == incidents.digest(message):
            return _receipt(known, repeated=True)
        return Refused(
            code="DuplicateRequestConflict",
            reason=f"the reference {message.reference} is {known.number}, with other content",
            remedy="use a new reference, or post an update there",
        )

    def _dry_run(self, verb: IncidentVerb, raw: RawValue) -> None:
        """This will refuse before the update is accepted, so that a refusal leaves nothing in history.

        Not a declaration: refused here it would leave a run without an incident.
        """
        if self._incident is None and verb is IncidentVerb.DECLARE:
            return
        message = _read(verb, raw)
        cause = _cause(message)
        if cause is not None and self._seen.has(cause):
            return
        decision = self._decided(verb, message)
        if isinstance(decision, Refused):
            raise refusal(decision)

    def _miscounted(self, handler: str, payloads: tuple[Any, ...]) -> None:
        reason = f"{handler.strip('_')}: {len(payloads)} payloads instead of one"
        raise refusal(Refused(code="ValidationError", reason=reason, remedy="send one JSON object"))

    # --- what may be said --------------------------------------------------------------------------------

    @workflow.update(
        name="declare", description="Declare this incident; the same reference again is the same."
    )
    async def declare(self, raw: RawValue) -> IncidentReceipt:
        """Declare this incident; the same reference again is the same."""
        return self._take(IncidentVerb.DECLARE, raw)

    @declare.validator
    @one_payload
    def _may_declare(self, raw: RawValue) -> None:
        self._dry_run(IncidentVerb.DECLARE, raw)

    @workflow.update(name="join", description="Let cases join, at most 500 at a time; also late.")
    async def join(self, raw: RawValue) -> IncidentReceipt:
        """Let cases join, at most 500 at a time; also late."""
        return self._take(IncidentVerb.JOIN, raw)

    @join.validator
    @one_payload
    def _may_join(self, raw: RawValue) -> None:
        self._dry_run(IncidentVerb.JOIN, raw)

    @workflow.update(name="leave", description="Let cases leave that have another cause; with a reason.")
    async def leave(self, raw: RawValue) -> IncidentReceipt:
        """Let cases leave that have another cause; with a reason."""
        return self._take(IncidentVerb.LEAVE, raw)

    @leave.validator
    @one_payload
    def _may_leave(self, raw: RawValue) -> None:
        self._dry_run(IncidentVerb.LEAVE, raw)

    @workflow.update(name="post_update", description="Post news; each audience is told once.")
    async def post_update(self, raw: RawValue) -> IncidentReceipt:
        """Post news; each audience is told once."""
        return self._take(IncidentVerb.POST_UPDATE, raw)

    @post_update.validator
    @one_payload
    def _may_post_update(self, raw: RawValue) -> None:
        self._dry_run(IncidentVerb.POST_UPDATE, raw)

    @workflow.update(name="resolve", description="The cause is gone: every case is offered resolution.")
    async def resolve(self, raw: RawValue) -> IncidentReceipt:
        """The cause is gone: every case is offered resolution."""
        return self._take(IncidentVerb.RESOLVE, raw)

    @resolve.validator
    @one_payload
    def _may_resolve(self, raw: RawValue) -> None:
        self._dry_run(IncidentVerb.RESOLVE, raw)

    @workflow.update(name="close", description="End the incident; with a reason where it was never resolved.")
    async def close(self, raw: RawValue) -> IncidentReceipt:
        """End the incident; with a reason where it was never resolved."""
        return self._take(IncidentVerb.CLOSE, raw)

    @close.validator
    @one_payload
    def _may_close(self, raw: RawValue) -> None:
        self._dry_run(IncidentVerb.CLOSE, raw)

    # --- what may be asked -------------------------------------------------------------------------------

    @workflow.query(description="How the incident stands.")
    def view(self) -> views.IncidentView:
        """How the incident stands."""
        return views.view(self._declared_one())

    @workflow.query(description="Its cases from the given place on, at most 500.")
    def children(self, offset: int) -> tuple[Child, ...]:
        """Its cases from the given place on, at most 500."""
        return views.children(self._declared_one(), offset)

    def _declared_one(self) -> Incident:
        if self._incident is None:
            raise refusal(
                Refused(code="CaseNotFound", reason="the incident is not declared", remedy="declare it first")
            )
        return self._incident


def _read(verb: IncidentVerb, raw: RawValue) -> Message | Refused:
    """This will read a message; one of the wrong shape or size comes back as a refusal."""
    data = raw.payload.data
    if len(data) > 2 * MAX_PAYLOAD:  # 500 ids of 200 bytes, and what they are said with
        return Refused(
            code="ValidationError", reason=f"the message has {len(data)} bytes", remedy="send it in parts"
        )
    try:
        return INCIDENT_MODELS[verb].model_validate_json(data)
    except ValidationError as error:
        return misread(error)


def _cause(message: Message | Refused) -> str | None:
    if isinstance(message, Refused):
        return None
    info = workflow.current_update_info()
    return cause_of(message, info.id if info else "")


def _receipt(
    incident: Incident, warnings: tuple[str, ...] = (), *, repeated: bool = False
) -> IncidentReceipt:
    return IncidentReceipt(
        incident_id=incident.id,
        number=incident.number,
        at=incident.timeline[-1].at,
        phase=incident.phase,
        cases=sum(child.is_in for child in incident.children),
        notice=incident.notices,
        waiting=len(incident.outgoing),
        next_update_at=incident.next_update_at,
        warnings=warnings,
        repeated=repeated,
    )
