"""What is asked after each closure of a case, and what is answered.

Pure. RHIPE-27, RHIPE-62, GAP-25. The case keeps which surveys are out; the answers themselves are kept in the
case store, whose key allows one for each closure, and are read from there.
"""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from domain.frozen import Frozen
from domain.message import Message
from domain.request import MaybeText
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


class AnswerSurvey(Message):
    """How it went, in the customer's words; without a `closure`, the last one he was asked about."""

    score: Score
    comment: MaybeText = None
    closure: Annotated[int, Field(strict=True, ge=1)] | None = None


class SurveyAnswer(Frozen):
    """One answer, at most one for each closure of a case; `answered_at` UTC."""

    case_id: str
    closure: int
    score: Score
    comment: str | None
    answered_at: datetime
    answered_by: str
    request_id: str | None = None


def asked(surveys: tuple[Survey, ...], closure: int, at: datetime, open_for: timedelta) -> tuple[Survey, ...]:
    """This will add the survey about a closure at `at` (UTC), open for so much elapsed time (GAP-25)."""
    return (*surveys, Survey(closure=closure, asked_at=at, open_until=at + open_for))[-KEPT_SURVEYS:]


def answered(surveys: tuple[Survey, ...], closure: int, at: datetime) -> tuple[Survey, ...]:
    """This will note that the survey about a closure was answered."""
    return tuple(
        survey.model_copy(update={"answered_at": at}) if survey.closure == closure else survey
        for survey in surveys
    )


def answer_of(case_id: str, entry: TimelineEntry, request_id: str | None = None) -> SurveyAnswer | None:
    """This will read the answer out of the timeline entry that tells of it; None of any other entry."""
    if entry.kind is not EntryKind.SURVEY_ANSWERED or entry.about is None or entry.count is None:
        return None
    return SurveyAnswer(
        case_id=case_id,
        closure=entry.count,
        score=int(entry.about),
        comment=entry.text,
        answered_at=entry.at,
        answered_by=entry.by,
        request_id=request_id,
    )
