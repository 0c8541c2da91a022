"""How it went: a survey for every closure, and one answer to each.

RHIPE-27, GAP-25. The rule is the same for a case that lives and for one that is archived: a survey is
open longer than a closed case may be reopened.
"""

from datetime import datetime
from typing import NoReturn

from domain.decision import Draft, refuse
from domain.effects import EffectKind, Recipient
from domain.phase import CloseReason
from domain.survey import AnswerSurvey, Survey, answered, asked, marks_in_words
from domain.timeline import EntryKind


def ask_how_it_went(draft: Draft, reason: CloseReason, closed_at: datetime) -> None:
    """Ask about the closure just made, where the policy wants it (RHIPE-27).

    The survey is open for a span of elapsed time from the closure (14 d: GAP-25, policy field).
    """
    case = draft.case
    rules = case.terms.rules.closing
    if not rules.survey:
        return
    draft.set(surveys=asked(case.surveys, case.closures, closed_at, rules.survey_open))
    open_until = draft.case.surveys[-1].open_until
    draft.tell(
        EffectKind.CSAT_SURVEY, Recipient.CUSTOMER, about=reason, count=case.closures, due_at=open_until
    )


def answer_survey(draft: Draft, message: AnswerSurvey) -> None:
    """Take the one answer to a survey; at the last instant it is in time. Raises: Refusal."""
    survey = _survey(draft, message.closure)
    if survey.answered_at is not None:
        already_answered(survey.closure)
    if draft.at > survey.open_until:
        refuse(
            "SurveyClosed",
            f"the survey was open until {survey.open_until:%Y-%m-%d %H:%M} UTC",
            "give general feedback instead: it is welcome at any time",
        )
    draft.set(surveys=answered(draft.case.surveys, survey.closure, draft.at))
    about, closure = marks_in_words(message), survey.closure
    draft.enter(EntryKind.SURVEY_ANSWERED, message.comment, about=about, count=closure)
    if message.suggestions is not None:
        draft.enter(EntryKind.SURVEY_SUGGESTED, message.suggestions, about=str(closure), count=closure)


def already_answered(closure: int) -> NoReturn:
    """Refuse a second answer to the survey about a closure. Raises: Refusal, always."""
    refuse(
        "SurveyAlreadyAnswered",
        f"the survey about closure {closure} has been answered",
        "one answer counts; give general feedback instead",
    )


def _survey(draft: Draft, closure: int | None) -> Survey:
    """Find the survey meant: the last one, unless a closure is named. Raises: Refusal."""
    surveys = draft.case.surveys
    for survey in reversed(surveys):
        if closure in (None, survey.closure):
            return survey
    refuse(
        "SurveyNotFound",
        "nobody was asked about that closure" if surveys else "nobody was asked how this case went",
        "give general feedback instead: it is welcome at any time",
    )
