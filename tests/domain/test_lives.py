"""A reference used again: the archived case is the answer, or a linked case is, and two lives never mix."""

from datetime import timedelta

from domain.case_step import (
    answered_before,
    conflicts,
    decide,
    linked_to_life,
    open_case,
    take_earlier_life,
)
from domain.decision import Accepted, Refused
from domain.lifecycle.intake_checks import check_own_identity, request_digest
from domain.lives import StoredLife
from domain.naming import case_id, case_number
from domain.phase import Phase
from domain.timeline import EntryKind
from domain.verbs import Verb
from tests.domain.cases import ANA, TUESDAY, request, terms

HOUR = timedelta(hours=1)
SUBMIT = request("INC-1", received_at=TUESDAY)
FIRST = case_id(SUBMIT.tenant, SUBMIT.source, SUBMIT.reference)


def life(**changes: object) -> StoredLife:
    """What the store holds of the first life: archived, of the content of `SUBMIT`."""
    given = {
        "case_id": FIRST,
        "number": case_number(FIRST),
        "phase": Phase.ARCHIVED,
        "closed_at": TUESDAY,
        "request_digest": request_digest(SUBMIT),
    }
    return StoredLife.model_validate(given | changes)


def test_the_very_request_is_answered_with_the_case_it_made() -> None:
    again = SUBMIT.model_copy(update={"actor": ANA, "received_at": None, "request_id": "r-2"})
    for phase in (Phase.CLOSED, Phase.ARCHIVED):
        answer = answered_before(again, life(phase=phase))
        assert answer is not None
        assert answer.code == "CaseClosed"
        assert case_number(FIRST) in answer.reason


def test_another_request_is_not_answered_so_nor_is_one_whose_case_is_open_or_its_own() -> None:
    other = request("INC-1", explanation="Something else.")
    assert answered_before(other, life()) is None
    assert answered_before(SUBMIT, None) is None
    assert answered_before(SUBMIT, life(phase=Phase.IN_PROGRESS, request_digest=None)) is None
    assert answered_before(SUBMIT, life(is_own=True)) is None


def test_another_content_becomes_a_linked_case_of_one_name_however_often_it_comes() -> None:
    other = request("INC-1", explanation="Something else.", request_id="a")
    linked = linked_to_life(other, life())
    again = linked_to_life(other.model_copy(update={"request_id": "b", "received_at": TUESDAY}), life())
    assert linked.reference == again.reference
    assert linked.reference.startswith("INC-1/again/")
    assert (linked.linked_to, linked.explanation) == (FIRST, "Something else.")
    third = linked_to_life(request("INC-1", explanation="A third thing."), life())
    assert third.reference != linked.reference
    refused = conflicts(other, life(), linked)
    number = case_number(case_id(linked.tenant, linked.source, linked.reference))
    assert (refused.code, number in refused.reason) == ("DuplicateRequestConflict", True)


def test_a_long_reference_stays_within_its_bounds() -> None:
    linked = linked_to_life(request("R" * 200, explanation="Something else."), life())
    Verb.SUBMIT.model.model_validate(linked.model_dump())


def second_life() -> Accepted:
    decision = open_case(SUBMIT, terms(), TUESDAY, FIRST, begun_at=TUESDAY + HOUR)
    assert isinstance(decision, Accepted)
    return decision


def test_what_an_opening_tells_is_another_thing_in_each_life() -> None:
    later = open_case(SUBMIT, terms(), TUESDAY, FIRST, begun_at=TUESDAY + 2 * HOUR)
    assert isinstance(later, Accepted)
    first, second = (decision.effects[0] for decision in (second_life(), later))
    assert first.id != second.id
    assert second_life().effects[0].id == first.id  # a reset repeats, and doubles nothing


def test_a_case_opened_beside_an_earlier_one_gets_an_id_of_its_own_and_staff_are_told() -> None:
    opened = second_life().case
    taken = take_earlier_life(opened, life(), TUESDAY + 2 * HOUR)
    case = taken.case
    assert case.id == case_id(SUBMIT.tenant, SUBMIT.source, case.request.reference) != FIRST
    assert (case.number, case.parent, case.workflow_id) == (case_number(case.id), FIRST, FIRST)
    assert (case.request_digest, case.clocks, case.phase) == (
        opened.request_digest,
        opened.clocks,
        opened.phase,
    )
    (entry,) = taken.entries
    assert (entry.number, entry.kind, entry.internal) == (opened.entries + 1, EntryKind.NOTED, True)
    (told,) = taken.effects
    assert (told.kind, told.to, told.case_id) == ("new_case", "assignee", case.id)
    assert told.facts.linked_number == case_number(FIRST)
    again = take_earlier_life(opened, life(), TUESDAY + 3 * HOUR)
    assert (again.case.id, again.effects[0].id) == (case.id, told.id)


def test_it_goes_on_under_its_new_id() -> None:
    case = take_earlier_life(second_life().case, life(), TUESDAY + HOUR).case
    at = TUESDAY + 2 * HOUR
    said = Verb.RESPOND.model.model_validate({"actor": ANA, "text": "I am on it.", "received_at": at})
    decision = decide(case, Verb.RESPOND, said, "r-1", at)
    assert isinstance(decision, Accepted)
    assert all(effect.id.startswith(f"{case.id}/r-1/") for effect in decision.effects)


def test_an_id_that_stands_for_another_reference_is_refused() -> None:
    other = request("INC-2", received_at=TUESDAY)
    decision = open_case(other, terms(), TUESDAY, FIRST)
    assert isinstance(decision, Refused)
    assert (decision.code, decision.missing) == ("ValidationError", ("workflow_id",))
    assert isinstance(open_case(other, terms(), TUESDAY, FIRST, rules=0), Accepted)
    check_own_identity("an-id-of-their-own", other)
