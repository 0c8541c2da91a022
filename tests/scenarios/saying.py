"""What a step says, as the message a door would make of it, and whether the answer is the expected one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from domain.decision import Accepted, Declined, Refused
from domain.messages.case import Message
from domain.misreading import misread
from domain.tenants import Enquiry, NamedContact, TenantFacts, TenantRecord, facts_of
from domain.verbs import Verb
from tests.scenarios.files import Json, Scenario, Step, instant
from tests.scenarios.overrides import policy_of


@dataclass(frozen=True)
class Answer:
    """How a step ended, whoever answered it."""

    outcome: str
    code: str | None = None
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        said = [self.outcome, *filter(None, [self.code])]
        said += [f"{name} {', '.join(values)}" for name, values in self._lists if values]
        return " ".join(said) + (f" ({self.reason})" if self.reason else "")

    @property
    def _lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (("warnings", self.warnings), ("missing", self.missing))


_INSTANTS = frozenset({"onset_at", "expected_resolution_at", "starts_at"})
"""Fields of messages that are instants of the file's own time."""

NO_SUCH_CASE = Answer("refused", "CaseNotFound", reason="there is no such case")


def answer_of(decision: Accepted | Declined | Refused, missing: tuple[str, ...] = ()) -> Answer:
    """The answer a decision is; `missing` is what an accepted request lacks."""
    if isinstance(decision, Refused):
        return Answer("refused", decision.code, missing=decision.missing, reason=decision.reason)
    if isinstance(decision, Declined):
        return Answer("declined", decision.code, decision.warnings, reason=decision.reason)
    return Answer("accepted", None, decision.warnings, missing)


def disappointment(step: Step, answer: Answer) -> str | None:
    """What is wrong with an answer, with both sides; None where it is as expected."""
    expect = step.expect
    fits = (
        answer.outcome == expect["outcome"]
        and answer.code == expect.get("code")
        and set(expect.get("warnings", answer.warnings)) == set(answer.warnings)
        and set(expect.get("missing", answer.missing)) == set(answer.missing)
    )
    if fits:
        return None
    wanted = Answer(
        expect["outcome"],
        expect.get("code"),
        tuple(expect.get("warnings", ())),
        tuple(expect.get("missing", ())),
    )
    return f"{step.name}: expected {wanted}, got {answer}"


def facts_of_records(records: Json, enquiry: Enquiry) -> TenantFacts:
    """What a directory with these records answers."""
    record = TenantRecord(
        tenant=enquiry.tenant,
        entitled=records.get("requester_entitled"),
        licence_source=records.get("licence_source"),
        addons=tuple(records.get("addons", ())),
        phase=records.get("phase"),
        audiences=records.get("audiences", {}),
        named_contacts=tuple(
            NamedContact(name=one["contact"], access_id=one["id"]) for one in records.get("access_ids", ())
        ),
    )
    return facts_of(record, enquiry, None)


class Voice:
    """This says the steps of one scenario for one tenant; `moved` turns its instants into the engine's."""

    def __init__(self, scenario: Scenario, tenant: str, moved: Callable[[datetime], datetime]) -> None:
        self.scenario = scenario
        self.tenant = tenant
        self.policy = policy_of(scenario)
        self._moved = moved
        self.steps = sorted([*self._openings(), *scenario.steps], key=lambda step: step.at)

    def facts(self, key: str, enquiry: Enquiry) -> TenantFacts:
        """What the records of a case say of its request."""
        setup = self.scenario.cases.get(key, {})
        return facts_of_records(self.scenario.records | setup.get("records", {}), enquiry)

    def message(self, step: Step) -> Message | Refused:
        """The message of a step, received at its instant; one of the wrong shape is a refusal."""
        fields = {key: value for key, value in step.fields.items() if value is not None}
        if step.do == Verb.SUBMIT:
            fields = self._request(step)
        for name in _INSTANTS & fields.keys():
            fields[name] = self._moved(instant(fields[name]))
        stamps = {
            "actor": self._actor(step.actor),
            "received_at": self._moved(step.at),
            "request_id": self.request_id(step),
        }
        try:
            return Verb(step.do).model.model_validate({**fields, **stamps})
        except ValidationError as error:
            return misread(error)

    def request_id(self, step: Step) -> str:
        """The id of the request a step is: the same step is the same request."""
        return step.name.replace(" ", "-")

    def _request(self, step: Step) -> Json:
        """The defaults with the step's own fields over them; null leaves a field out."""
        setup = self.scenario.cases[step.case]
        fields = {**self.scenario.submit, **step.fields}
        fields = {key: value for key, value in fields.items() if value is not None}
        return {
            **fields,
            "tenant": self.tenant,
            "reference": step.case,
            "policy": self.scenario.policy,
            "plan": self.scenario.plan,
            "region": setup["home_region"],
            "zone": setup["zone"],
            "calendar": setup["calendar"],
        }

    def _actor(self, actor: Json) -> Json:
        requester = actor["kind"] in ("customer", "partner")
        return {**actor, "tenant": self.tenant} if requester else actor

    def _openings(self) -> list[Step]:
        """What was said before: a case in progress was taken by telephone and answered."""
        return [
            step
            for key, case in self.scenario.cases.items()
            if case["start"] == "in_progress"
            for step in self._taken_and_answered(key, case)
        ]

    def _rating(self, level: str) -> Json:
        """What makes a request of that level: the cell of a matrix, or the requester's own word."""
        for cell in self.policy.rules.matrix:
            if cell.level == level:
                return {"channel": "phone", "impact": cell.impact, "urgency": cell.urgency}
        return {"severity" if "severity" in self.scenario.submit else "priority": level}

    def _taken_and_answered(self, key: str, case: Json) -> list[Step]:
        rating = self._rating(case["level"])
        staff = {"kind": "staff", "role": "engineer", "tier": "L1"}
        return [
            Step(
                name=f"{do} of {key} before the first step",
                at=instant(case[at]),
                case=key,
                actor=staff,
                do=do,
                fields=fields,
                expect={"outcome": "accepted"},
            )
            for do, at, fields in (
                (Verb.SUBMIT.value, "received_at", rating),
                (Verb.RESPOND.value, "responded_at", {"text": "We have begun to work on this."}),
            )
        ]
