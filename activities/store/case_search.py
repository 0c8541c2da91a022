"""Cases found by whatever somebody knows of them: a number, a telephone, an address, a company, some words.

What was typed is read as everything it may be. A case that is known by the whole of it comes first, then one
whose title has the words, then one in which they are anywhere; where nothing has them, words that are spelled
nearly so are looked for. Of equals an open case comes first, then the latest. Values are bound, and what goes
to the full text is made of letters and digits alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import Field
from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store import spelling
from activities.store.case_index import FIELDS, case_words, keys_of, read_facts
from activities.store.full_text import Term, has_words
from activities.store.private_cases import for_whom
from activities.store.tables import case_keys, case_search, cases, known_words
from domain.finding import Fact, FoundBy
from domain.frozen import Frozen
from domain.naming import id_prefix
from domain.phase import OPEN
from domain.record import CaseRow

ROW = tuple(cases.c[name] for name in CaseRow.model_fields)
"""The columns of a row as lists show it."""

MOST_WORDS = 12
"""Words of a search that count (ours); with each more, fewer cases have them all."""

_NEAR = 24  # spellings that stand for one word
_FEWEST = {FoundBy.NUMBER: 4, FoundBy.MAIL: 4}  # characters by which a key may begin; else three
_SHORTEST_TELEPHONE = 7  # digits by which a telephone kept without its country is still the same one
_LAST = "\U0010ffff"
_WHOLE, _BEGINS = 90, 70
_IN_FIELD = {"title": 60, "names": 50, "text": 40}
_AS_WRITTEN, _NEARLY = 5, 10


class Search(Frozen):
    """What is looked for, in whose cases (None: everybody's), and which page of it.

    `known_as`: private cases only where they are for somebody known by one of these; None for all.
    """

    text: str
    tenant: str | None = None
    known_as: tuple[str, ...] | None = None
    open_only: bool = False
    limit: int = Field(default=20, ge=1, le=1000)
    offset: int = Field(default=0, ge=0)


class Mark(Frozen):
    """Why a case was found: by what of it, and how that is written there. `nearly`: by a like spelling."""

    by: FoundBy
    text: str
    nearly: bool = False


class FoundCase(Frozen):
    """A case that was found, and by what."""

    row: CaseRow
    marks: tuple[Mark, ...]


class Found(Frozen):
    """One page of what was found: how many there are in all, and how many of them are open.

    `nearly`: nothing has the words as they are written. `misheard`: numbers in the text whose check character
    is wrong. `is_empty`: there is nothing in the text to look for.
    """

    cases: tuple[FoundCase, ...] = ()
    total: int = 0
    open: int = 0
    nearly: bool = False
    misheard: tuple[str, ...] = ()
    is_empty: bool = False


class Asked(NamedTuple):
    """A text as it is looked for: by these keys of each kind, and by terms, of which all must be there."""

    keys: Mapping[FoundBy, tuple[str, ...]]
    terms: tuple[Term, ...]
    misheard: tuple[str, ...]


def read(text: str) -> Asked:
    """Read a text as everything it may be."""
    keys: dict[FoundBy, tuple[str, ...]] = {}
    whole = spelling.squashed(text)[: spelling.MOST_KEY]
    if len(whole) >= 2:
        keys = {FoundBy.REFERENCE: (whole,), FoundBy.COMPANY: (whole,)}
    numbers = spelling.numbers_in(text[:2000])
    keys[FoundBy.NUMBER] = tuple(dict.fromkeys(filter(None, (spelling.number(whole), *numbers))))
    if "@" in (address := spelling.mail(text))[: spelling.MOST_KEY]:
        keys[FoundBy.MAIL] = (address,)
    if spelling.is_telephone(text):
        keys[FoundBy.TELEPHONE] = (spelling.telephone(text),)
    phrases = dict.fromkeys(tuple(spelling.words(chunk)) for chunk in text.split())
    terms = tuple(Term((phrase,)) for phrase in phrases if phrase)[:MOST_WORDS]
    return Asked(keys, terms, tuple(one for one in numbers if not id_prefix(one.upper())))


def matches(asked: Asked, *, ranked: bool = True) -> Subquery | None:
    """Select the ids of the cases that match, each with how well it does; None where nothing is asked.

    How well is not told apart where they are not to be `ranked`: each way to match is a search of its own.
    """
    by_key = [
        select(case_keys.c.case_id, score.label("score")).where(
            and_(case_keys.c.kind == kind.value, condition)
        )
        for kind, keys in asked.keys.items()
        for key in keys
        for condition, score in _key_matches(kind, key)
    ]
    by_words = [*_by_words(asked.terms)] if asked.terms else []
    found = [*by_key, *(by_words if ranked else by_words[-1:])]
    if not found:
        return None
    every = union_all(*found).subquery()
    best = func.max(every.c.score).label("score")
    return select(every.c.case_id, best).group_by(every.c.case_id).subquery()


_Match = tuple[ColumnElement[bool], ColumnElement[int]]


def _key_matches(kind: FoundBy, key: str) -> Iterable[_Match]:
    column: Column[str] = case_keys.c.key
    yield column == key, literal(_WHOLE)
    if len(key) >= _FEWEST.get(kind, 3):
        yield and_(column > key, column < key + _LAST), literal(_BEGINS)
    if kind is FoundBy.TELEPHONE:  # kept without its country, or asked for with a line's own digits before it
        shorter = [key[:end] for end in range(_SHORTEST_TELEPHONE, len(key))]
        if shorter:
            yield column.in_(shorter), literal(_WHOLE - 1)


def _by_words(terms: tuple[Term, ...], malus: int = 0) -> Iterable[Select[tuple[str, int]]]:
    """Select what has the words, from the best way to the last, which finds what any other finds."""
    fields: tuple[str, ...] = ()
    for field in FIELDS:
        fields = (*fields, field)
        for as_written in (True, False):
            score = _IN_FIELD[field] + (_AS_WRITTEN if as_written else 0) - malus
            condition = has_words(terms, fields, as_written=as_written)
            yield (
                select(case_search.c.case_id, literal(score).label("score"))
                .join(case_words, case_words.c.rowid == case_search.c.id)
                .where(condition)
            )


async def search(connection: AsyncConnection, wanted: Search) -> Found:
    """Find cases; words that nothing has are looked for as they may have been meant."""
    asked = read(wanted.text)
    found = await _page(connection, wanted, asked, matches(asked))
    if found.total == 0 and asked.terms:
        near = await _nearly(connection, asked.terms)
        if near != asked.terms:
            meant = Asked({}, near, asked.misheard)
            found = await _page(connection, wanted, meant, matches(meant))
            found = found.model_copy(update={"nearly": found.total > 0})
    is_empty = not asked.terms and not any(asked.keys.values())
    return found.model_copy(update={"misheard": asked.misheard, "is_empty": is_empty})


async def _page(
    connection: AsyncConnection, wanted: Search, asked: Asked, matching: Subquery | None
) -> Found:
    if matching is None:
        return Found()
    is_open = case((cases.c.phase.in_(sorted(phase.value for phase in OPEN)), 1), else_=0)
    conditions: list[ColumnElement[bool]] = []
    if wanted.tenant is not None:
        conditions.append(cases.c.tenant == wanted.tenant)
    if wanted.known_as is not None:
        conditions.append(for_whom(wanted.known_as))
    if wanted.open_only:
        conditions.append(is_open == 1)
    joined = cases.join(matching, matching.c.case_id == cases.c.case_id)
    counting = select(func.count(), func.coalesce(func.sum(is_open), 0)).select_from(joined)
    total, open_ = (await connection.execute(counting.where(*conditions))).one()
    place = (matching.c.score.desc(), is_open.desc(), cases.c.received_at.desc(), cases.c.case_id)
    query = (
        select(*ROW, case_search.c.facts)
        .select_from(joined.join(case_search, case_search.c.case_id == cases.c.case_id))
        .where(*conditions)
        .order_by(*place)
        .limit(wanted.limit)
        .offset(wanted.offset)
    )
    rows = (await connection.execute(query)).all() if total else []
    return Found(cases=tuple(_found(row._mapping, asked) for row in rows), total=total, open=open_)


def _found(row: Mapping[Any, Any], asked: Asked) -> FoundCase:
    values = {name: row[name] for name in CaseRow.model_fields}
    return FoundCase(row=CaseRow.model_validate(values), marks=marks(read_facts(row["facts"]), asked))


async def _nearly(connection: AsyncConnection, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple([await _spelled_nearly(connection, term) for term in terms])


async def _spelled_nearly(connection: AsyncConnection, term: Term) -> Term:
    """Return the term with the words there are that are spelled like it, the nearest first.

    They share their first letter, or two of the next three; then their letters are compared (ours).
    """
    word = term.phrases[0][0]
    allowed = spelling.tolerance(word)
    if len(term.phrases[0]) > 1 or not allowed or not word.isalpha():
        return term
    column: SQLColumnExpression[str] = known_words.c.word
    alike = or_(
        func.substr(column, 1, 1) == word[0],
        func.substr(column, 2, 2) == word[1:3],
        func.substr(column, 3, 2) == word[2:4],
    )
    length = func.length(column).between(len(word) - allowed, len(word) + allowed)
    known = (await connection.execute(select(column).where(alike, length))).scalars()
    near = sorted((spelling.distance(word, one), one) for one in known)
    meant = [(one,) for far, one in near if far <= allowed and one != word]
    return Term((*term.phrases, *meant[:_NEAR]))


def marks(facts: Iterable[Fact], asked: Asked) -> tuple[Mark, ...]:
    """Say by what of a case it was found: the whole keys first, then where its words are."""
    facts = tuple(facts)
    by_key = [Mark(by=fact.by, text=fact.text) for fact in facts if _is_key(fact, asked)]
    if by_key:
        return tuple(by_key)
    found = []
    for fact in facts:
        has = spelling.words(fact.text) if fact.by is not FoundBy.NUMBER else []
        hits = [hit for term in asked.terms if (hit := term.within(has)) is not None]
        if hits:
            nearly = all(hit.nearly for hit in hits)
            found.append(Mark(by=fact.by, text=spelling.excerpt(fact.text, hits[0].word), nearly=nearly))
    return tuple(found)


def _is_key(fact: Fact, asked: Asked) -> bool:
    return any(
        key == typed
        or (len(typed) >= _FEWEST.get(fact.by, 3) and key.startswith(typed))
        or (fact.by is FoundBy.TELEPHONE and len(key) >= _SHORTEST_TELEPHONE and typed.startswith(key))
        for key in keys_of(fact)
        for typed in asked.keys.get(fact.by, ())
        if key
    )
