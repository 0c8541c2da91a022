"""What may be asked of a case at any time, answered from its record. Durable code; nothing changes here."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.case import Case
from domain.clocks import Clock
from domain.incidents.asking import notice_wanted
from domain.incidents.fan_out import ASK_FOR_NOTICE, NoticeWanted
from domain.messages.incident import IncidentNews
from domain.views import staff
from domain.views.customer import CustomerView
from domain.views.customer import customer_view as seen_by_customer
from domain.views.explain import Explanation, explain
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
    def view(self) -> staff.CaseView:
        """Everything staff may see of the case."""
        return staff.view(self._opened(), self._outbox.size)

    @workflow.query(description="What the customer may see: no internal notes.")
    def customer_view(self) -> CustomerView:
        """Return what the customer may see: no internal notes."""
        return seen_by_customer(self._opened())

    @workflow.query(description="The running clocks, the nearest first; instants are UTC.")
    def deadlines(self) -> tuple[staff.DeadlineView, ...]:
        """Return the running clocks, the nearest first; instants are UTC."""
        return staff.deadlines(self._opened())

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

    @workflow.query(
        name=ASK_FOR_NOTICE, description="The mail this case's customer would get of such news, if any."
    )
    def incident_notice(self, news: IncidentNews) -> NoticeWanted:
        """Return the mail this case's customer would get of such news, if any."""
        if self._case is None:
            return NoticeWanted()
        return notice_wanted(self._case, news, workflow.now())
