"""What may be asked of a case at any time, answered from its record. Durable code; nothing changes here."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain import views
from domain.case import Case
from domain.clocks import Clock
from domain.customer_view import CustomerView
from domain.customer_view import customer_view as seen_by_customer
from domain.explain import Explanation, explain
from workflows.outbox import Outbox


class Reading:
    """The queries of a case."""

    _case: Case | None
    _outbox: Outbox

    def _opened(self) -> Case:
        if self._case is None:
            raise ApplicationError("the case is not open yet", type="CaseNotFound", non_retryable=True)
        return self._case

    @workflow.query(description="Everything staff may see of the case.")
    def view(self) -> views.CaseView:
        """Everything staff may see of the case."""
        return views.view(self._opened(), len(self._outbox.undelivered))

    @workflow.query(description="What the customer may see: no internal notes.")
    def customer_view(self) -> CustomerView:
        """What the customer may see: no internal notes."""
        return seen_by_customer(self._opened())

    @workflow.query(description="The running clocks, the nearest first; instants are UTC.")
    def deadlines(self) -> tuple[views.DeadlineView, ...]:
        """The running clocks, the nearest first; instants are UTC."""
        return views.deadlines(self._opened())

    @workflow.query(description="Why a clock is due when it is; give its name, such as initial_response.")
    def explain(self, clock: str) -> Explanation:
        """Why a clock is due when it is; give its name, such as initial_response."""
        try:
            kind = Clock(clock)
        except ValueError:
            known = ", ".join(Clock)
            raise ApplicationError(
                f"there is no clock of that name; known are {known}",
                type="ValidationError",
                non_retryable=True,
            ) from None
        return explain(self._opened(), kind)
