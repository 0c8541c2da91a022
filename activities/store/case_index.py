"""The index by which cases are found: what is written when a case is recorded.

A projection beside the row. Words are in a full text table of the database's own kind (FTS5, tsvector), which
is told words alone, parted here; what is looked for as a whole is in `case_keys`. Written only where what the
case may be found by has changed.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import (
    Connection,
    Executable,
    Integer,
    String,
    column,
    delete,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.store import spelling
from activities.store.tables import case_files, case_keys, case_records, case_search, cases
from domain.finding import CarriedCase, Fact, Findable, FoundBy, facts_of, facts_of_row
from domain.record import CaseRow, RecordBatch

FIELDS = ("title", "names", "text")
"""The columns of the full text, by how much a word in them says; PostgreSQL has them as weights A, B, C."""

_WEIGHTS = dict(zip(FIELDS, "ABC", strict=True))
_FIELD_OF = {FoundBy.TITLE: "title", FoundBy.SUBJECT: "text", FoundBy.TEXT: "text"}
_MOST_POSITION = 16_383  # of PostgreSQL's
_PAGE = 500

case_words = table(
    "case_words", column("rowid", Integer), *(column(field, String) for field in FIELDS), column("words")
)
"""FTS5's in SQLite, with a column a field; in PostgreSQL one of its vectors. Only the migration makes it."""


class Entry(NamedTuple):
    """What is kept of one case; the digest tells whether anything has changed."""

    case_id: str
    facts: tuple[Fact, ...]

    @property
    def content(self) -> bytes:
        """The facts, as they are read again to say why a case was found."""
        return json.dumps([list(fact) for fact in self.facts]).encode()

    @property
    def digest(self) -> str:
        """The digest of the facts."""
        return sha256(self.content).hexdigest()


def read_facts(content: bytes) -> tuple[Fact, ...]:
    """Return facts as they were kept."""
    return tuple(Fact(FoundBy(by), words) for by, words in json.loads(zlib.decompress(content)))


async def write_index(connection: AsyncConnection, batch: RecordBatch) -> None:
    """Keep what a case may be found by, as part of its batch's transaction.

    A batch that has the row alone, as runs begun before 0.3 send it, says no more than what is kept already.
    """
    found = _findable(batch)
    entry = Entry(batch.row.case_id, facts_of(found) if found else _of_row(batch.row))
    kept = select(case_search.c.digest).where(case_search.c.case_id == entry.case_id)
    digest = (await connection.execute(kept)).scalar_one_or_none()
    if digest != entry.digest and (found is not None or digest is None):
        await connection.run_sync(_replace, [entry])


def _findable(batch: RecordBatch) -> Findable | None:
    if batch.case is not None:
        return Findable.model_validate(batch.case)
    return None if batch.file is None else _carried(batch.file)


def _carried(file: str | bytes) -> Findable | None:
    try:
        return CarriedCase.model_validate_json(file).case
    except ValidationError:
        return None


def _of_row(row: CaseRow) -> tuple[Fact, ...]:
    return facts_of_row(row.number, row.case_id, row.tenant, row.reference, row.title)


def index_all(connection: Connection) -> None:
    """Index every case there is, for a store that was made before there was an index."""
    row = (cases.c.case_id, cases.c.number, cases.c.tenant, cases.c.reference, cases.c.title)
    last = ""
    while page := connection.execute(
        select(*row).where(cases.c.case_id > last).order_by(cases.c.case_id).limit(_PAGE)
    ).all():
        last = page[-1].case_id
        found = _carried_cases(connection, [one.case_id for one in page])
        entries = []
        for one in page:
            case = found.get(one.case_id)
            alone = facts_of_row(one.number, one.case_id, one.tenant, one.reference, one.title)
            entries.append(Entry(one.case_id, facts_of(case) if case else alone))
        _replace(connection, entries)


def _carried_cases(connection: Connection, case_ids: list[str]) -> dict[str, Findable]:
    """Read those cases out of their files, or out of the records of those that are over."""
    found: dict[str, Findable] = {}
    records = select(case_records.c.case_id, case_records.c.record)
    for case_id, record in connection.execute(records.where(case_records.c.case_id.in_(case_ids))):
        if case := _carried(f'{{"case":{record}}}'):
            found[case_id] = case
    files = select(case_files.c.case_id, case_files.c.file).order_by(case_files.c.version)
    for case_id, file in connection.execute(files.where(case_files.c.case_id.in_(case_ids))):
        if case := _carried(zlib.decompress(file)):
            found[case_id] = case
    return found


def _replace(connection: Connection, entries: list[Entry]) -> None:
    """Put entries in the place of what was kept of these cases; keys and words go with it."""
    ids = [entry.case_id for entry in entries]
    connection.execute(delete(case_search).where(case_search.c.case_id.in_(ids)))
    connection.execute(
        insert(case_search),
        [
            {"case_id": entry.case_id, "digest": entry.digest, "facts": zlib.compress(entry.content, 1)}
            for entry in entries
        ],
    )
    query = select(case_search.c.case_id, case_search.c.id).where(case_search.c.case_id.in_(ids))
    places: dict[str, int] = {row.case_id: row.id for row in connection.execute(query)}
    for statement, rows in _statements(connection.dialect.name, entries, places):
        if rows:
            connection.execute(statement, rows)


def _statements(
    dialect: str, entries: list[Entry], places: dict[str, int]
) -> Iterator[tuple[Executable, list[dict[str, Any]]]]:
    yield insert(case_keys), [row for entry in entries for row in _keys(entry)]
    parted = [(places[entry.case_id], _words_of(entry.facts)) for entry in entries]
    if dialect == "postgresql":
        put = text("insert into case_words (rowid, words) values (:rowid, cast(:words as tsvector))")
        yield put, [{"rowid": place, "words": _vector(fields)} for place, fields in parted]
    else:
        put = text(
            "insert into case_words (rowid, title, names, text) values (:rowid, :title, :names, :text)"
        )
        rows = [{name: " ".join(found) for name, found in fields.items()} for _, fields in parted]
        yield put, [{"rowid": place, **row} for (place, _), row in zip(parted, rows, strict=True)]
    spelled = {word for _, fields in parted for found in fields.values() for word in found}
    learn = text("insert into known_words (word) values (:word) on conflict do nothing")
    yield learn, [{"word": word} for word in sorted(spelled) if _is_spelled(word)]


def _keys(entry: Entry) -> Iterator[dict[str, str]]:
    found = {(fact.by.value, key) for fact in entry.facts for key in keys_of(fact) if key}
    return ({"case_id": entry.case_id, "kind": kind, "key": key} for kind, key in sorted(found))


def keys_of(fact: Fact) -> tuple[str, ...]:
    """Return what a fact is looked for as a whole by; nothing where it is looked for by its words alone."""
    match fact.by:
        case FoundBy.NUMBER:
            return (spelling.number(fact.text),)
        case FoundBy.TELEPHONE:
            return (spelling.telephone(fact.text),)
        case FoundBy.MAIL:
            address = spelling.mail(fact.text)
            return (address, address[address.find("@") :])
        case FoundBy.REFERENCE | FoundBy.COMPANY:
            return (spelling.squashed(fact.text),)
        case _:
            return ()


def _words_of(facts: Iterable[Fact]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {field: [] for field in FIELDS}
    for fact in facts:
        if fact.by is not FoundBy.NUMBER:  # which is looked for as a whole, and whose letters every one has
            fields[field_of(fact)] += spelling.words(fact.text)
    return fields


def field_of(fact: Fact) -> str:
    """Return in which column of the full text a fact is."""
    return _FIELD_OF.get(fact.by, "names")


def _vector(fields: dict[str, list[str]]) -> str:
    """Write a vector as PostgreSQL reads it; a word is letters and digits, and needs no quoting."""
    places: dict[str, list[str]] = {}
    at = 0
    for field, found in fields.items():
        for word in found:
            at = min(at + 1, _MOST_POSITION)
            places.setdefault(word, []).append(f"{at}{_WEIGHTS[field]}")
        at = min(at + 1, _MOST_POSITION)  # no phrase goes over the end of a field
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


def _is_spelled(word: str) -> bool:
    """Tell whether a word may be mistyped: one of some letters, and none of digits."""
    return len(word) >= 3 and word.isalpha()
