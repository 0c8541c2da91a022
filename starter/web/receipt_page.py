"""How the page looks on which a record is checked: plain HTML in the reader's language, and nothing else.

Drawing; a language is a table in `receipt_texts.toml`.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Template

from activities.words.reader_time import in_reader_time, reader_locale
from domain.customer_promise import Standing, ToldPromise, Why
from domain.promise_receipt import OutcomeRecord, PromiseRecord
from starter.door.plain import words
from starter.door.promise_receipts import Checked
from starter.web.page_templates import templates_in

_HERE = Path(__file__).parent
_FALLBACK = "en"
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_UNITS = (86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds")
_KNOWN_CODES = frozenset(
    {"ReceiptUnreadable", "ReceiptAlgorithm", "ReceiptKeyUnknown", "ReceiptForged", "ReceiptTooLarge"}
)


@lru_cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Read what the page says, by language."""
    return tomllib.loads((_HERE / "receipt_texts.toml").read_text(encoding="utf-8"))


def language_of(wished: str) -> str:
    """Choose the first language of ours among those a browser asks for, `ja-JP,ja;q=0.9`, else English."""
    for tag in _TAG.findall(wished[:200]):
        base = str(tag).partition("-")[0].lower()
        if base in texts():
            return base
    return _FALLBACK


def form(language: str) -> str:
    """Ask for a record."""
    return _render(language, "form")


def refused(language: str, code: str) -> str:
    """Say why something is no record that is believed, by its code, and ask again."""
    return _render(language, "refused", code=code if code in _KNOWN_CODES else "InternalError")


def result(language: str, checked: Checked, now: datetime) -> str:
    """Say what was promised, and how it was kept as far as is known now (UTC)."""
    record = checked.record
    is_promise = isinstance(record, PromiseRecord)
    rows = _promise(language, record) if isinstance(record, PromiseRecord) else _outcome(language, record)
    known = _ending_here(language, checked.known, now) if checked.known else None
    return _render(language, "result", rows=rows, known=known, is_promise=is_promise)


def _promise(language: str, record: PromiseRecord) -> list[tuple[str, str]]:
    said = texts()[language]
    rows = [
        (said["what"], _clock(said, record.clock)),
        (said["due"], _when(record.due_at, language)),
        (said["case"], record.case),
        (said["told"], _when(record.told_at, language)),
        (said["level"], record.level),
        (said["policy"], record.policy),
        (said["issuer"], record.issuer),
    ]
    return [*rows, (said["before"], record.before)] if record.before else rows


def _outcome(language: str, record: OutcomeRecord) -> list[tuple[str, str]]:
    said = texts()[language]
    return [
        (said["what"], _clock(said, record.clock)),
        (said["due"], _when(record.due_at, language)),
        (said["case"], record.case),
        (said["kept"], _ending(language, record.standing, record.at, record.late_seconds, record.why)),
        (said["issuer"], record.issuer),
    ]


def _ending_here(language: str, told: ToldPromise, now: datetime) -> str:
    if told.standing is None or told.ended_at is None:
        said, late = texts()[language], int((now - told.due_at).total_seconds())
        return said["owed"].format(late=_span(said, late)) if late > 0 else said["stands"]
    return _ending(language, told.standing, told.ended_at, told.late_seconds or 0, told.why)


def _ending(language: str, standing: Standing, at: datetime, late: int, why: Why | None) -> str:
    """Say how a promise ended: `late by 2 hours 5 minutes, on ...`."""
    said = texts()[language]
    how = said[f"standing_{standing}"].format(late=_span(said, late), at=_when(at, language))
    return f"{how} ({said[f'why_{why}']})" if why else how


def _span(said: Mapping[str, str], seconds: int) -> str:
    parts = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(said[unit].format(count=count))
    return said["span_gap"].join(parts[:2])


def _clock(said: Mapping[str, str], clock: str) -> str:
    return said.get(f"clock_{clock}", words(clock))


def _when(at: datetime, language: str) -> str:
    return in_reader_time(at.astimezone(UTC), "UTC", reader_locale(language))


def _render(language: str, what: str, **facts: Any) -> str:
    said = texts()[language]
    given = {"rows": (), "known": None, "is_promise": True, "code": None} | facts
    return _page().render(said=said, language=language, what=what, **given) + "\n"


@lru_cache
def _page() -> Template:
    return templates_in(_HERE).get_template("receipt.html.j2")
