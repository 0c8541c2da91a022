"""What a case or an incident sends to the engine stays below what our servers take at a time."""

import json
import random
import string

from activities.store.case_files import MOST_RECALLED
from domain.case import Case
from domain.effects import Effect
from domain.incidents.record import MOST_CHILDREN, MOST_OUTGOING, Incident
from domain.messages.incident import AT_A_TIME
from domain.phase import Phase
from domain.record import Recollection, RecordBatch, RecordReceipt, TakenMessage
from domain.timeline import EntryKind, TimelineEntry
from starter.desk.limits import ONE_MESSAGE
from tests.domain.cases import TUESDAY, answered
from tests.domain.test_incidents import Affair
from workflows.incident_messages import IncidentFile, packed_incident
from workflows.messages import SEEN_REQUESTS
from workflows.record_lane import RecordLane

QUOTES = '"' * 8000  # JSON writes each with two bytes
LARGEST_FILE = json.dumps(QUOTES * 4)  # 64 KiB, as much as a turn-over takes; doubled in JSON
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


def noise(chars: str, length: int, seed: int) -> str:
    """Text that no packing makes shorter than its letters are worth."""
    return "".join(random.Random(seed).choices(chars, k=length))


def closed() -> Case:
    return answered().case.model_copy(update={"phase": Phase.CLOSED})


def batches(lane: RecordLane, case: Case) -> list[RecordBatch]:
    """The writes that bring the store up to date, one after the other."""
    taken = []
    while not taken or lane.unrecorded:
        taken.append(lane._batch(case))
        lane._answered(RecordReceipt(version=case.version), taken[-1], is_all=lane._is_all_in_one())
    return taken


def test_one_write_of_the_record_fits_whatever_was_said() -> None:
    entries = [
        TimelineEntry(number=number, at=TUESDAY, kind=EntryKind.NOTED, by='"' * 200, text=QUOTES)
        for number in range(1, 251)
    ]
    lane = RecordLane(entries, 0, lambda _entries, _version: ("a life", LARGEST_FILE), lambda _run: None)
    for number in range(1, 600):
        lane.put_message(TakenMessage(number=number, cause="c" * 12, said="s" * 8, received_at=TUESDAY))
    sent = batches(lane, closed())
    assert [entry for batch in sent for entry in batch.entries] == entries
    assert max(len(batch.model_dump_json().encode()) for batch in sent) < ONE_MESSAGE


def test_what_a_reset_case_is_told_of_itself_fits() -> None:
    taken = tuple(f"{number:012d}:{number:08d}" for number in range(MOST_RECALLED))
    told = Recollection(version=1, file=LARGEST_FILE, taken=taken, run="r" * 36)
    assert len(told.model_dump_json()) < ONE_MESSAGE


def largest_incident() -> Incident:
    affair = Affair(text=noise(string.printable[:94], 8000, 0))
    for start in range(0, MOST_CHILDREN, AT_A_TIME):
        affair.say("join", cases=[f"case-{noise(_BASE32, 20, start + one)}" for one in range(AT_A_TIME)])
        while affair.incident.outgoing:
            affair.carry()
    for number in range(MOST_OUTGOING):
        text, impact = (noise(string.printable[:94], 8000, seed) for seed in (number, -number))
        affair.say("post_update", text=text, impact=impact)
    return affair.incident


def test_the_largest_incident_turns_over_and_is_the_same_afterwards() -> None:
    incident = largest_incident()
    assert len(incident.children) == MOST_CHILDREN
    file = IncidentFile(
        **packed_incident(incident),
        undelivered=tuple(_long_effect(number) for number in range(40)),
        seen=tuple(f"{number:020d}" for number in range(SEEN_REQUESTS)),
    )
    written = file.model_dump_json()
    assert len(written.encode()) < ONE_MESSAGE
    assert IncidentFile.model_validate_json(written).living == incident


def test_an_ordinary_incident_travels_in_words() -> None:
    incident = Affair().incident
    file = IncidentFile(**packed_incident(incident))
    assert file.incident == file.living == incident


def test_cases_of_the_longest_ids_are_refused_before_an_incident_could_not_turn_over_any_more() -> None:
    affair = Affair()
    for batch in range(20):
        cases = [f"c{noise(string.ascii_letters, 199, batch * AT_A_TIME + one)}" for one in range(AT_A_TIME)]
        if affair.say("join", cases=cases).__class__.__name__ == "Refused":
            break
        while affair.incident.outgoing:
            affair.carry()
    assert 500 <= len(affair.incident.children) < MOST_CHILDREN
    assert len(IncidentFile(**packed_incident(affair.incident)).model_dump_json()) < ONE_MESSAGE


def _long_effect(number: int) -> Effect:
    (effect,) = answered().told("first_response")
    return effect.model_copy(update={"id": f"{effect.id}/{number}"})
