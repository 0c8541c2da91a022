"""What is asked after each closure of a case, and what is answered.

RHIPE-27, RHIPE-62, GAP-25. The case keeps which surveys are out; the answers themselves are kept in the
case store, whose key allows one for each closure, and are read from there.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from domain.frozen import Frozen
from domain.messages.base import CustomerMessage
from domain.messages.request import MaybeText
from domain.timeline import EntryKind, TimelineEntry

KEPT_SURVEYS = 20
"""Of a case closed more often than that within the time a survey is open, the first are closed early."""

BEST = 5
Score = Annotated[int, Field(strict=True, ge=1, le=BEST)]
"""From 1 (poor) to 5 (very good): GAP-25."""


class Survey(Frozen):
    """One question how it went, about the closure of that number; instants UTC, `open_until` inclusive."""

    closure: int
    asked_at: datetime
    open_until: datetime
    answered_at: datetime | None = None


class AnswerSurvey(CustomerMessage):
    """How it went, in the customer's words; without a `closure`, the last one they were asked about.

    `wait_time` and `patience` are marks like the `score`, for how long they waited and how patient we were;
    `suggestions` is what we should do better (RHIPE-62).
    """

    score: Score
    wait_time: Score | None = None
    patience: Score | None = None
    comment: MaybeText = None
    suggestions: MaybeText = None
    closure: Annotated[int, Field(strict=True, ge=1)] | None = None


class SurveyAnswer(Frozen):
    """One answer, at most one for each closure of a case; `answered_at` UTC."""

    case_id: str
    closure: int
    score: Score
    wait_time: Score | None = None
    patience: Score | None = None
    comment: str | None
    suggestions: str | None = None
    answered_at: datetime
    answered_by: str
    request_id: str | None = None


def asked(surveys: tuple[Survey, ...], closure: int, at: datetime, open_for: timedelta) -> tuple[Survey, ...]:
    """Add the survey about a closure at `at` (UTC), open for so much elapsed time (GAP-25)."""
    return (*surveys, Survey(closure=closure, asked_at=at, open_until=at + open_for))[-KEPT_SURVEYS:]


def answered(surveys: tuple[Survey, ...], closure: int, at: datetime) -> tuple[Survey, ...]:
    """Note that the survey about a closure was answered."""
    return tuple(
        survey.model_copy(update={"answered_at": at}) if survey.closure == closure else survey
        for survey in surveys
    )


def marks_in_words(message: AnswerSurvey) -> str:
    """Write the marks as the timeline keeps them: `4`, or `4, wait time 2, patience 5`."""
    more = {"wait time": message.wait_time, "patience": message.patience}
    return ", ".join(
        [str(message.score), *(f"{what} {mark}" for what, mark in more.items() if mark is not None)]
    )


def answers_in(
    case_id: str, entries: Iterable[TimelineEntry], request_id: str | None = None
) -> tuple[SurveyAnswer, ...]:
    """Read the answers out of timeline entries; what was suggested follows the answer it belongs to."""
    found: list[SurveyAnswer] = []
    for entry in entries:
        if entry.kind is EntryKind.SURVEY_ANSWERED and entry.about is not None and entry.count is not None:
            found.append(_answer(case_id, entry, entry.about, entry.count, request_id))
        elif entry.kind is EntryKind.SURVEY_SUGGESTED and found:
            found[-1] = found[-1].model_copy(update={"suggestions": entry.text})
    return tuple(found)


def _answer(
    case_id: str, entry: TimelineEntry, about: str, closure: int, request_id: str | None
) -> SurveyAnswer:
    score, *more = about.split(", ")
    marks = {what.replace(" ", "_"): int(mark) for what, _, mark in (one.rpartition(" ") for one in more)}
    return SurveyAnswer(
        case_id=case_id,
        closure=closure,
        score=int(score),
        comment=entry.text,
        answered_at=entry.at,
        answered_by=entry.by,
        request_id=request_id,
        wait_time=marks.get("wait_time"),
        patience=marks.get("patience"),
    )
