"""That a handoff is accepted shows until the case changes hands: in lists, receipts and the engine."""

from domain.record import row_of
from starter.cli.pages.board import offer_of
from tests.domain.cases import MINUTE
from tests.domain.test_handoffs_under_trouble import ASKED, EARLY, LINH, MANILA, SHIFT_END, SYDNEY, answered
from tests.people import ANA
from workflows.ui_details import details, receipt


def test_that_a_case_is_accepted_shows_in_its_row_its_receipt_and_what_temporal_shows() -> None:
    relay = answered(SYDNEY, MANILA, **ASKED).until(EARLY)
    row = row_of(relay.case)
    assert (row.offered_to, row.accepted_by, offer_of(row)) == ("manila", None, "to manila")
    assert "- to manila from 2027-06-15 08:00 UTC: not accepted yet" in details(relay.case)
    relay.say("accept_handoff", EARLY + MINUTE, LINH)
    row = row_of(relay.case)
    assert (row.offered_to, row.accepted_by, offer_of(row)) == ("manila", "Linh", "manila: Linh")
    assert "- to manila from 2027-06-15 08:00 UTC: accepted by Linh" in details(relay.case)
    answer = receipt(relay.case)
    assert (answer.owner, answer.offered_to, answer.accepted_by) == (ANA.name, "manila", "Linh")
    relay.until(SHIFT_END)
    row, answer = row_of(relay.case), receipt(relay.case)
    assert (row.offered_to, row.accepted_by, offer_of(row)) == (None, None, None)
    assert (answer.owner, answer.offered_to, answer.accepted_by) == ("Linh", None, None)
