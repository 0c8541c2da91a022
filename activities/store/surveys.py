"""The answers to surveys: the table that holds them, one for each closure of a case (RHIPE-27).

This room writes and reads them; whether an answer counts is the domain's to say. What a living case was told
comes here with its timeline, what is said of an archived one comes from the door.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store.database import Database
from activities.store.own_tables import survey_answers as rows
from domain.survey import SurveyAnswer, answers_in
from domain.timeline import TimelineEntry


def answers_among(case_id: str, entries: Iterable[TimelineEntry]) -> list[dict[str, Any]]:
    """Pick the rows of answers out of timeline entries; whoever writes them leaves old ones be."""
    return [answer.model_dump() for answer in answers_in(case_id, entries)]


class SurveyAnswers:
    """Keep answers in a store that its owner opens and closes."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def keep(self, answer: SurveyAnswer) -> SurveyAnswer:
        """Keep an answer unless there is one, and return the one that is kept."""
        async with self._store.writing() as connection:
            await connection.execute(self._store.insert_new(rows), answer.model_dump())
            return (await answers_about(connection, answer.case_id, answer.closure))[0]


async def answers_about(
    connection: AsyncConnection, case_id: str, closure: int | None = None
) -> tuple[SurveyAnswer, ...]:
    """Return the answers about one case, by closure."""
    query = select(rows).where(rows.c.case_id == case_id).order_by(rows.c.closure)
    if closure is not None:
        query = query.where(rows.c.closure == closure)
    return tuple(SurveyAnswer.model_validate(row._mapping) for row in await connection.execute(query))
