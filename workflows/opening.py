"""How a case comes into being: its request is waited for, its terms compiled, then it is opened or refused.

Durable code. A refused opening is an outcome, not an accident: whoever waits is told, and the run ends as
failed with the catalogue's code, so that the same reference may be submitted again.
"""

from datetime import timedelta

from temporalio import workflow

from domain import lifecycle
from domain.actor import Verb
from domain.decision import Accepted, Refused
from domain.effects import COMPILE_TERMS
from domain.messages import Submit
from domain.terms import TermsAnswer, TermsRequest
from workflows import delivery
from workflows.hearing import Heard, Hearing

PATIENCE_FOR_A_REQUEST = timedelta(hours=1)
"""A case started without a request waits this long for one, then ends as failed."""

_NO_REQUEST = Refused(
    code="ValidationError", reason="no request came", remedy="submit one when starting the case"
)


class Opening(Hearing):
    """The part of a case that opens it."""

    _request: Submit | None

    async def _opened_or_refused(self) -> tuple[Accepted | Refused, Heard | None]:
        """This will wait for the request and decide the opening; the message that brought it is answered."""
        heard = await self._wait_for_request()
        if self._request is None:
            return self._opening_refused or _NO_REQUEST, None
        return await self._decide_opening(self._request), heard

    async def _wait_for_request(self) -> Heard | None:
        if self._request is not None:
            return None
        if not self._submissions() and self._opening_refused is None:
            try:
                await workflow.wait_condition(
                    lambda: bool(self._submissions()) or self._opening_refused is not None,
                    timeout=PATIENCE_FOR_A_REQUEST,
                    timeout_summary="waiting for the request",
                )
            except TimeoutError:
                return None
        if not (found := self._submissions()):
            return None
        heard = found[0]
        self._inbox.remove(heard)
        assert isinstance(heard.message, Submit)
        # Received when it reached us, not when its terms were ready.
        self._request = heard.message.model_copy(
            update={"received_at": heard.message.received_at or heard.at}
        )
        return heard

    def _submissions(self) -> list[Heard]:
        return [heard for heard in self._inbox if heard.verb is Verb.SUBMIT]

    async def _decide_opening(self, request: Submit) -> Accepted | Refused:
        if refused := lifecycle.refuse_opening(request):
            return refused
        answer = await compile_terms(first_terms(request))
        if answer.terms is None:
            assert answer.refused is not None
            return Refused(
                code=answer.refused.code, reason=answer.refused.reason, remedy=answer.refused.remedy
            )
        return lifecycle.open_case(
            request,
            answer.terms,
            workflow.now(),
            workflow.info().workflow_id,
            answer.facts,
            answer.roster,
        )


def first_terms(request: Submit) -> TermsRequest:
    """This will ask for the terms of a request from its receipt on, and for what is known of its tenant."""
    now = workflow.now()
    return lifecycle.terms_wanted(request, min(request.received_at or now, now))


async def compile_terms(asked: TermsRequest) -> TermsAnswer:
    """This will compile terms, and ask what is known of the tenant and of who is open."""
    return await delivery.ask_our_own(COMPILE_TERMS, asked, TermsAnswer, "compile terms")
