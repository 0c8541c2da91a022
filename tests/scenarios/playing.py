"""One scenario on the stage: its steps said to the real cases, its checks made of what they answer."""

import asyncio
import math
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain import case_step
from domain.actor import ActorKind
from domain.clocks import Clock
from domain.decision import Declined, Refused
from domain.effects import EffectKind
from domain.lifecycle.reopen import linked_reference
from domain.messages.case import Message, Submit
from domain.naming import case_id
from domain.verbs import Verb
from domain.views.staff import CaseView, DeadlineView
from tests.rest import at_rest
from tests.scenarios import letters, saying, seeing
from tests.scenarios.files import Check, Scenario, Step
from tests.scenarios.saying import NO_SUCH_CASE, Answer, Voice, answer_of
from tests.scenarios.seeing import Scene
from tests.scenarios.stage import MovedTerms, Stage
from workflows.messages import QUEUE, WORKFLOW, Receipt, new_case

_WEEK = timedelta(weeks=1)
_PATIENCE = 150.0  # s of real time for a case to answer or to come to rest; a busy machine takes its time
_GLANCE = 0.02  # s of real time between two looks at a case


class Play:
    """One scenario on the stage, under a tenant of its own."""

    def __init__(self, stage: Stage, scenario: Scenario, start: datetime, number: int) -> None:
        self.stage = stage
        self.scenario = scenario
        weeks = math.ceil((start - scenario.instants[0]) / _WEEK)
        self._shift = weeks * _WEEK
        self._weeks = weeks
        self.instants = [self._moved(at) for at in scenario.instants]
        self.voice = Voice(scenario, f"scenario-{number}-{scenario.id}", self._moved)
        self.ids: dict[str, str] = {}
        self.references: dict[str, str] = {}
        self.wrong: list[str] = []

    def _terms(self, key: str) -> MovedTerms:
        return MovedTerms(self.scenario, self._weeks, lambda enquiry: self.voice.facts(key, enquiry))

    def _moved(self, at: datetime) -> datetime:
        return at + self._shift

    def _back(self, at: datetime) -> datetime:
        return at - self._shift

    def steps_at(self, at: datetime) -> list[Step]:
        return [step for step in self.voice.steps if self._moved(step.at) == at]

    def _checks_at(self, at: datetime) -> list[Check]:
        return [check for check in self.scenario.checks if self._moved(check.at) == at]

    # --- saying ------------------------------------------------------------------------------------------

    async def is_close_call(self, at: datetime, until: datetime) -> bool:
        """Whether something falls due, or is warned of, from `at` to `until` in a case spoken to at `at`."""
        for key in {step.case for step in self.steps_at(at)} & self.ids.keys():
            view = await self._view(key)
            wakes = [when for row in view.deadlines for when in (row.due_at, row.warn_at)] if view else []
            if any(when is not None and at <= when <= until for when in wakes):
                return True
        return False

    def busy_calls(self, at: datetime) -> list[Coroutine[Any, Any, None]]:
        """A message to each case spoken to at `at` that is refused to whoever it comes from."""
        keys = {step.case for step in self.steps_at(at)} & self.ids.keys()
        return [_refused_call(self._handle(key)) for key in sorted(keys)]

    async def say(self, at: datetime, *, together: bool = False) -> None:
        """Says every step of this instant in file order; `together` without waiting for answers between."""
        steps = self.steps_at(at)
        if together:
            told = []
            for step in steps:
                told.append(asyncio.create_task(self._say(step)))
                await asyncio.sleep(_GLANCE)  # so that they arrive in this order
            answers = await asyncio.gather(*told)
        else:
            answers = [await self._say(step) for step in steps]
        wrong = map(saying.disappointment, steps, answers)
        self.wrong += [told_wrong for told_wrong in wrong if told_wrong]

    async def _say(self, step: Step) -> Answer:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._answer(step)
        except (TimeoutError, RPCError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            return Answer("no answer", reason=str(error) or f"within {_PATIENCE:g} s")

    async def _answer(self, step: Step) -> Answer:
        message = self.voice.message(step)
        if isinstance(message, Refused):
            return answer_of(message)
        if isinstance(message, Submit):
            return await self._submit(step.case, message)
        if step.case not in self.ids:
            return NO_SUCH_CASE
        if step.do == Verb.REOPEN:
            self._expect_linked(step)
        return await self._ask(step, message)

    async def _ask(self, step: Step, message: Message) -> Answer:
        try:
            receipt: Receipt = await self._handle(step.case).execute_update(
                step.do, message, id=message.request_id, result_type=Receipt
            )
        except WorkflowUpdateFailedError as error:
            return _refusal(error)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return await self._say_to_archived(step, message)
        if receipt.linked_case is not None:
            self._take_linked(step, receipt.linked_case)
        return Answer(receipt.outcome, receipt.code, receipt.warnings, reason=receipt.reason or "")

    async def _submit(self, key: str, request: Submit) -> Answer:
        identity = case_id(request.tenant, request.source, request.reference)
        self.stage.receivers.terms[identity] = self._terms(key)
        if self.scenario.reads_mail:
            self.stage.receivers.by_mail.add(identity)
        start = WithStartWorkflowOperation(
            WORKFLOW,
            new_case(),
            id=identity,
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        )
        try:
            receipt: Receipt = await self.stage.env.client.execute_update_with_start_workflow(
                "submit", request, start_workflow_operation=start, id=request.request_id, result_type=Receipt
            )
        except WorkflowUpdateFailedError as error:
            return _refusal(error)
        except WorkflowAlreadyStartedError:
            return Answer("refused", "CaseClosed", reason="the reference made a case that is archived")
        self.ids[key], self.references[key] = identity, request.reference
        return Answer(receipt.outcome, receipt.code, receipt.warnings, receipt.missing)

    async def _say_to_archived(self, step: Step, message: Message) -> Answer:
        """What a door does: the workflow is over, so the record in the store answers (GAP-17)."""
        case = await self.stage.store.case_record(self.ids[step.case])
        if case is None:
            return NO_SUCH_CASE
        cause = self.voice.request_id(step)
        decision = case_step.decide(case, Verb(step.do), message, cause, self._moved(step.at))
        if isinstance(decision, Declined):
            for effect in decision.effects:
                if effect.kind is EffectKind.LINKED_CASE and effect.facts.linked_case:
                    self._take_linked(step, effect.facts.linked_case)
                    key = next(key for key, one in self.ids.items() if one == effect.facts.linked_case)
                    await self._submit(key, case_step.linked_request(case, effect))
        return answer_of(decision)

    def _linked(self, step: Step) -> tuple[str, str]:
        """The id and the reference of the case a late reopening would open."""
        reference = linked_reference(self.references[step.case], self.voice.request_id(step))
        return case_id(self.voice.tenant, "desk", reference), reference

    def _expect_linked(self, step: Step) -> None:
        self.stage.receivers.terms[self._linked(step)[0]] = self._terms(step.case)

    def _take_linked(self, step: Step, identity: str) -> None:
        """The linked case is the first of the file's that may be one of this parent and is not there yet."""
        free = [key for key in self.scenario.linked_to(step.case) if key not in self.ids]
        key = free[0] if free else f"{step.case}'s linked case {identity}"
        self.ids[key], self.references[key] = identity, self._linked(step)[1]

    # --- looking -----------------------------------------------------------------------------------------

    async def look(self, at: datetime) -> None:
        """Makes every check of this instant, once what was due has been done and told."""
        for check in self._checks_at(at):
            try:
                view = await self._view_at_rest(check.case, at)
            except TimeoutError:
                self.wrong.append(f"{check.name}: the case does not come to rest")
                continue
            told = self.stage.receivers.told[self.ids.get(check.case, "")]
            effects = tuple(told.values())
            arrived = letters.of_mails(self.stage.mail.taken, effects)
            scene = Scene(view, effects, self.ids, self._moved, self._back, arrived)
            if wrong := seeing.disappointment(check, scene):
                self.wrong.append(wrong)

    async def _view_at_rest(self, key: str, at: datetime) -> CaseView | None:
        """The case when nothing due at or before `at` waits to be done or told; None where there is none."""
        if key not in self.ids:
            return None
        margin = self.voice.policy.rules.closing.archive_margin
        async with asyncio.timeout(_PATIENCE):
            while True:
                view = await self._view(key)
                if view and not view.undelivered and _is_settled(view, at, margin):
                    return view
                await asyncio.sleep(_GLANCE)

    async def _view(self, key: str) -> CaseView | None:
        """The case as staff see it now; None where it is not open yet."""
        try:
            return await self._handle(key).query("view", result_type=CaseView)
        except WorkflowQueryFailedError:
            return None
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return None

    def _handle(self, key: str) -> WorkflowHandle[Any, Any]:
        return self.stage.env.client.get_workflow_handle(self.ids[key])

    async def clear(self) -> None:
        """Takes the cases away that are still there, each when nothing of it is under way.

        The clock of this server stands for good where a case ends in the middle of an activity.
        """
        for key in self.ids:
            await at_rest(self._handle(key))
            try:
                await self._handle(key).terminate("the scenario is over")
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise


async def _refused_call(handle: WorkflowHandle[Any, Any]) -> None:
    with suppress(WorkflowUpdateFailedError):
        await handle.execute_update(Verb.RESPOND, {"actor": {"kind": ActorKind.VENDOR}, "text": "-"})


def _is_settled(view: CaseView, at: datetime, margin: timedelta) -> bool:
    return not _is_due(view.deadlines, at, margin) and not _looks_for_a_centre(view, at)


def _looks_for_a_centre(view: CaseView, at: datetime) -> bool:
    """Whether the owner's shift is over and it is not decided yet who has the case."""
    return view.is_looking or (view.looks_at is not None and view.looks_at <= at)


def _is_due(rows: Iterable[DeadlineView], at: datetime, margin: timedelta) -> bool:
    for row in rows:
        late = margin if row.clock is Clock.REOPEN_WINDOW else timedelta(0)
        if (row.due_at and row.due_at + late <= at) or (row.warn_at and row.warn_at <= at):
            return True
    return False


def _refusal(error: WorkflowUpdateFailedError) -> Answer:
    cause: BaseException | None = error.cause
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    if cause is None or cause.type is None:
        raise error
    details = cause.details[0] if cause.details else {}
    return Answer("refused", cause.type, missing=tuple(details.get("missing", ())), reason=cause.message)
