"""What a record of a promise says, in words of a person at a shell, and as one record for programs."""

from datetime import datetime
from typing import Any

from domain.customer_promise import Standing, ToldPromise
from domain.promise_receipt import OutcomeRecord, PromiseRecord
from starter.door.plain import late_by, moment, printable, span, words
from starter.door.promise_receipts import Checked

_ENDED = {
    Standing.KEPT: "kept",
    Standing.LATE: "late",
    Standing.REPLACED: "another promise took its place",
    Standing.VOID: "nothing was owed any more",
    Standing.UNTOLD: "its letter never arrived",
}


def receipt_page(checked: Checked, now: datetime) -> str:
    """Say what was promised, and how it was kept as far as is known now (UTC), a line each."""
    record = checked.record
    lines = ["The signature is whole: nothing was changed since it was signed."]
    lines += _promise(record) if isinstance(record, PromiseRecord) else _outcome(record)
    if checked.known is not None:
        lines.append(f"  as known here   {ended(checked.known, now)}")
    return printable("\n".join(lines))


def receipt_record(checked: Checked) -> dict[str, Any]:
    """Return what was checked, for programs; `known` is None where this desk knows nothing of it."""
    kind = "promise" if isinstance(checked.record, PromiseRecord) else "outcome"
    known = checked.known.model_dump(mode="json") if checked.known else None
    return {
        "code": "ReceiptValid",
        "kind": kind,
        "record": checked.record.model_dump(mode="json", exclude_none=True),
        "known": known,
    }


def ended(told: ToldPromise, now: datetime) -> str:
    """Say how a promise ended, or that it is owed still, or late already."""
    if told.standing is None:
        return (
            "it stands" if now <= told.due_at else f"late by {span(now - told.due_at)} so far, and owed still"
        )
    return _ending(told.standing, moment(told.ended_at), told.late_seconds or 0, told.why)


def _ending(standing: Standing, at: str, late: int, why: str | None) -> str:
    how = f"{_ENDED[standing]}{f' by {late_by(late)}' if late else ''}"
    return f"{how}, {at}{f' ({words(why)})' if why else ''}"


def _promise(record: PromiseRecord) -> list[str]:
    lines = [
        f"  promised        {words(record.clock)} by {moment(record.due_at)}",
        f"  case            {record.case}",
        f"  told            {moment(record.told_at)}",
        f"  level, policy   {record.level}, {record.policy}",
        f"  by              {record.issuer}",
        f"  calendar        {record.calendar}",
    ]
    return [*lines, f"  in place of     {record.before}"] if record.before else lines


def _outcome(record: OutcomeRecord) -> list[str]:
    ending = _ending(record.standing, moment(record.at), record.late_seconds, record.why)
    return [
        f"  was promised    {words(record.clock)} by {moment(record.due_at)}",
        f"  case            {record.case}",
        f"  it was          {ending}",
        f"  by              {record.issuer}",
        f"  of the record   {record.record}",
    ]
