"""Keeping both sides informed: responses, updates, questions, answers and notes.

Two lines each on the one step of `workflows.hearing`.
"""

from temporalio import workflow
from temporalio.common import RawValue

from domain.actor import Verb
from workflows.hearing import Hearing, one_payload
from workflows.messages import Receipt


class InformingMessages(Hearing):
    """This will hear these verbs, as updates (answered) and as signals (on disk once sent)."""

    @workflow.update(name="respond", description="Give the initial response: a person has begun to work.")
    async def respond(self, raw: RawValue) -> Receipt:
        """Give the initial response: a person has begun to work."""
        return await self._ask(Verb.RESPOND, raw)

    @respond.validator
    @one_payload
    def _may_respond(self, raw: RawValue) -> None:
        self._dry_run(Verb.RESPOND, raw)

    @workflow.signal(name="respond", description="Give the initial response: a person has begun to work.")
    @one_payload
    def respond_told(self, raw: RawValue) -> None:
        """Give the initial response: a person has begun to work."""
        self._told(Verb.RESPOND, raw)

    @workflow.update(name="post_update", description="Tell the customer news; the update cadence restarts.")
    async def post_update(self, raw: RawValue) -> Receipt:
        """Tell the customer news; the update cadence restarts."""
        return await self._ask(Verb.POST_UPDATE, raw)

    @post_update.validator
    @one_payload
    def _may_post_update(self, raw: RawValue) -> None:
        self._dry_run(Verb.POST_UPDATE, raw)

    @workflow.signal(name="post_update", description="Tell the customer news; the update cadence restarts.")
    @one_payload
    def post_update_told(self, raw: RawValue) -> None:
        """Tell the customer news; the update cadence restarts."""
        self._told(Verb.POST_UPDATE, raw)

    @workflow.update(
        name="wait_for_customer", description="Ask the customer something and wait for the answer."
    )
    async def wait_for_customer(self, raw: RawValue) -> Receipt:
        """Ask the customer something and wait for the answer."""
        return await self._ask(Verb.WAIT_FOR_CUSTOMER, raw)

    @wait_for_customer.validator
    @one_payload
    def _may_wait_for_customer(self, raw: RawValue) -> None:
        self._dry_run(Verb.WAIT_FOR_CUSTOMER, raw)

    @workflow.signal(
        name="wait_for_customer", description="Ask the customer something and wait for the answer."
    )
    @one_payload
    def wait_for_customer_told(self, raw: RawValue) -> None:
        """Ask the customer something and wait for the answer."""
        self._told(Verb.WAIT_FOR_CUSTOMER, raw)

    @workflow.update(
        name="reply",
        description="What the customer says; accepts=true closes a resolved case, false reopens the work.",
    )
    async def reply(self, raw: RawValue) -> Receipt:
        """What the customer says; accepts=true closes a resolved case, false reopens the work."""
        return await self._ask(Verb.REPLY, raw)

    @reply.validator
    @one_payload
    def _may_reply(self, raw: RawValue) -> None:
        self._dry_run(Verb.REPLY, raw)

    @workflow.signal(
        name="reply",
        description="What the customer says; accepts=true closes a resolved case, false reopens the work.",
    )
    @one_payload
    def reply_told(self, raw: RawValue) -> None:
        """What the customer says; accepts=true closes a resolved case, false reopens the work."""
        self._told(Verb.REPLY, raw)

    @workflow.update(name="add_note", description="Keep a note; internal unless it says otherwise.")
    async def add_note(self, raw: RawValue) -> Receipt:
        """Keep a note; internal unless it says otherwise."""
        return await self._ask(Verb.ADD_NOTE, raw)

    @add_note.validator
    @one_payload
    def _may_add_note(self, raw: RawValue) -> None:
        self._dry_run(Verb.ADD_NOTE, raw)

    @workflow.signal(name="add_note", description="Keep a note; internal unless it says otherwise.")
    @one_payload
    def add_note_told(self, raw: RawValue) -> None:
        """Keep a note; internal unless it says otherwise."""
        self._told(Verb.ADD_NOTE, raw)

    @workflow.update(
        name="agree_interval",
        description="Set how often an advisory case is told news, as agreed with the customer.",
    )
    async def agree_interval(self, raw: RawValue) -> Receipt:
        """Set how often an advisory case is told news, as agreed with the customer."""
        return await self._ask(Verb.AGREE_INTERVAL, raw)

    @agree_interval.validator
    @one_payload
    def _may_agree_interval(self, raw: RawValue) -> None:
        self._dry_run(Verb.AGREE_INTERVAL, raw)

    @workflow.signal(
        name="agree_interval",
        description="Set how often an advisory case is told news, as agreed with the customer.",
    )
    @one_payload
    def agree_interval_told(self, raw: RawValue) -> None:
        """Set how often an advisory case is told news, as agreed with the customer."""
        self._told(Verb.AGREE_INTERVAL, raw)

    @workflow.update(
        name="update_scope",
        description="Say that the problem has grown or its impact has changed; the engineer is told at once.",
    )
    async def update_scope(self, raw: RawValue) -> Receipt:
        """Say that the problem has grown or its impact has changed; the engineer is told at once."""
        return await self._ask(Verb.UPDATE_SCOPE, raw)

    @update_scope.validator
    @one_payload
    def _may_update_scope(self, raw: RawValue) -> None:
        self._dry_run(Verb.UPDATE_SCOPE, raw)

    @workflow.signal(
        name="update_scope",
        description="Say that the problem has grown or its impact has changed; the engineer is told at once.",
    )
    @one_payload
    def update_scope_told(self, raw: RawValue) -> None:
        """Say that the problem has grown or its impact has changed; the engineer is told at once."""
        self._told(Verb.UPDATE_SCOPE, raw)

    @workflow.update(
        name="track_elsewhere",
        description="Note where else the case is tracked; its own clocks run on.",
    )
    async def track_elsewhere(self, raw: RawValue) -> Receipt:
        """Note where else the case is tracked; its own clocks run on."""
        return await self._ask(Verb.TRACK_ELSEWHERE, raw)

    @track_elsewhere.validator
    @one_payload
    def _may_track_elsewhere(self, raw: RawValue) -> None:
        self._dry_run(Verb.TRACK_ELSEWHERE, raw)

    @workflow.signal(
        name="track_elsewhere",
        description="Note where else the case is tracked; its own clocks run on.",
    )
    @one_payload
    def track_elsewhere_told(self, raw: RawValue) -> None:
        """Note where else the case is tracked; its own clocks run on."""
        self._told(Verb.TRACK_ELSEWHERE, raw)
