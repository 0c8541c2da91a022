"""How a case comes into being: its request is waited for, its terms compiled, then it is opened or refused.

Durable code. A refused opening is an outcome, not an accident: whoever waits is told, and the run ends as
failed with the catalogue's code, so that the same reference may be submitted again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from temporalio import workflow

from domain import case_step
from domain.decision import Accepted, Refused
from domain.effects import COMPILE_TERMS
from domain.lives import Beginning, StoredLife
from domain.messages.case import Submit
from domain.naming import case_id, case_number
from domain.rules import RULES_0_3, RULES_0_4
from domain.terms import TermsAnswer, TermsRequest
from domain.verbs import Verb
from workflows import delivery
from workflows.life import Heard, sent_by
from workflows.message_step import MessageStep
from workflows.refusal import report_refusal
from workflows.rules import rules_of_run

PATIENCE_FOR_AN_OPENING = timedelta(hours=1)
"""What was started without a request or a declaration waits this long for one, then ends as failed."""

_NO_REQUEST = Refused(
    code="ValidationError", reason="no request came", remedy="submit one when starting the case"
)


def _no_request(unread: Sequence[tuple[str, int, str]]) -> Refused:
    """Say that no request came, and what came in its place: the name of a signal may be mistyped."""
    if not unread:
        return _NO_REQUEST
    came = ", ".join(dict.fromkeys(f"{name!a:.60} ({reason})" for name, _, reason in unread[:5]))
    return _NO_REQUEST.model_copy(update={"reason": f"no request came; what came: {came}"[:600]})


async def wait_for_opening(has_come: Callable[[], bool], what: str) -> None:
    """Wait until what opens a life has come or was refused, or for an hour in vain."""
    if has_come():
        return
    try:
        await workflow.wait_condition(
            has_come, timeout=PATIENCE_FOR_AN_OPENING, timeout_summary=f"waiting for the {what}"
        )
    except TimeoutError:
        return


def _came_meanwhile(refused: Refused) -> Refused:
    """Return what is said of a message that came while the opening before it was being refused."""
    return Refused(
        code="DuplicateRequestConflict",
        reason=f"another request under this id was being refused just then ({refused.code})",
        remedy="send it again",
    )


class Opening:
    """The part of a case that opens it."""

    _step: MessageStep
    _request: Submit | None
    _rules: int
    _start_refused: Refused | None
    _start_sent: bytes
    _is_linked_instead = False

    async def _opened_or_refused(self) -> tuple[Accepted | Refused, Heard | None]:
        """Wait for the request and decide the opening; the message that brought it is answered."""
        if self._start_refused is not None:
            return self._start_refused, None
        heard = await self._wait_for_request()
        if self._request is None:
            return self._step.opening_refused or _no_request(self._step.unread), None
        return await self._decide_opening(self._request), heard

    async def _wait_for_request(self) -> Heard | None:
        if self._request is not None:
            return None
        await wait_for_opening(
            lambda: bool(self._submissions()) or self._step.opening_refused is not None, "request"
        )
        if not (found := self._submissions()):
            return None
        heard = found[0]
        self._step.inbox.remove(heard)
        assert isinstance(heard.message, Submit)
        # Received when it reached us, not when its terms were ready.
        self._request = heard.message.model_copy(
            update={"received_at": heard.message.received_at or heard.at}
        )
        return heard

    def _submissions(self) -> list[Heard]:
        return [heard for heard in self._step.inbox if heard.verb is Verb.SUBMIT]

    async def _decide_opening(self, request: Submit) -> Accepted | Refused:
        if refused := case_step.refuse_opening(request, self._rules):
            return refused
        beginning = self._beginning()
        answer = await compile_terms(first_terms(request, beginning))
        if refused := case_step.answered_before(request, answer.life):
            return refused
        if answer.terms is None:
            assert answer.refused is not None
            return Refused(
                code=answer.refused.code, reason=answer.refused.reason, remedy=answer.refused.remedy
            )
        decision = case_step.open_case(
            request,
            answer.terms,
            workflow.now(),
            workflow.info().workflow_id,
            answer.facts,
            answer.roster,
            self._rules,
            _begun_at(beginning, answer.life),
        )
        if isinstance(decision, Refused) or answer.life is None or answer.life.is_own:
            return decision
        self._is_linked_instead = True
        return await _open_beside(request, answer.life)

    async def _turn_away(self, refused: Refused, heard: Heard | None) -> None:
        """Answer whoever waits, and report what nobody waits for, also what comes in the meantime."""
        now, waiting = refused, [heard] if heard is not None else []
        while True:
            waiting, self._step.inbox = [*waiting, *self._step.inbox], []
            for one in waiting:
                one.refused = now if one.verb is Verb.SUBMIT else refused
            await workflow.wait_condition(workflow.all_handlers_finished)
            for why, sent in self._unheard(now, waiting):
                await report_refusal(why, sent, answered_elsewhere=self._is_linked_instead)
            await self._report_unanswered()
            if not self._step.inbox:
                return
            now, waiting = _came_meanwhile(refused), []

    def _unheard(self, refused: Refused, waiting: Sequence[Heard]) -> list[tuple[Refused, bytes]]:
        """Return what was refused here and nobody waits for: signalled, or part of the start.

        The rules of a start that cannot be read are not known: the mark of today's is what a replay of an
        earlier one does without.
        """
        sent, self._start_sent = self._start_sent, b""
        is_bad_start = self._start_refused is not None
        if (rules_of_run(0) if is_bad_start else self._rules) < RULES_0_4:
            return []
        signalled = [(refused, one.sent) for one in waiting if one.by_signal and one.verb is Verb.SUBMIT]
        if is_bad_start:
            return [*signalled, (refused, sent)] if sent else signalled
        if self._request is not None and not any(one.verb is Verb.SUBMIT for one in waiting):
            request, self._request = self._request, None
            return [(refused, sent_by(request))]
        return signalled

    async def _report_unanswered(self) -> None:
        """Have noted and told the requests that an open case has refused and nobody waits for."""
        while self._step.unanswered:
            refused, sent = self._step.unanswered.pop(0)
            await report_refusal(refused, sent)

    def _beginning(self) -> Beginning | None:
        """Name this life of the case, so that the store can be asked for another; 0.2 did not ask."""
        if self._rules < RULES_0_3:
            return None
        info = workflow.info()
        return Beginning(case_id=info.workflow_id, begun_at=info.workflow_start_time)


def _begun_at(beginning: Beginning | None, life: StoredLife | None) -> datetime | None:
    """Return what the case is told apart by; one that was recorded before 0.3 goes on without."""
    if beginning is None or (life is not None and life.is_own and life.begun_at is None):
        return None
    return beginning.begun_at


async def _open_beside(request: Submit, life: StoredLife) -> Refused:
    """Open a linked case for a request whose reference made another one before; this run then ends."""
    linked = case_step.linked_to_life(request, life)
    identity = case_id(linked.tenant, linked.source, linked.reference)
    await delivery.open_linked(identity, linked, f"{case_number(identity)} again: {life.number}")
    return case_step.conflicts(request, life, linked)


def first_terms(request: Submit, beginning: Beginning | None = None) -> TermsRequest:
    """Ask for the terms of a request from its receipt on, for its tenant's facts and for an earlier life."""
    now = workflow.now()
    return case_step.terms_wanted(request, min(request.received_at or now, now), beginning, now)


async def compile_terms(asked: TermsRequest) -> TermsAnswer:
    """Compile terms, and ask what is known of the tenant and of who is open."""
    return await delivery.ask_our_own(COMPILE_TERMS, asked, TermsAnswer, "compile terms")
