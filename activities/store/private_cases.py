"""Which cases a query may find for somebody of the requester's side: of private ones those for them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from activities.store.tables import cases


def for_whom(known: Iterable[str], of: ReadOnlyColumnCollection[str, Any] = cases.c) -> ColumnElement[bool]:
    """Say that a case is private to nobody, or to somebody known by one of these (`domain.private`)."""
    column = of.private_to
    named = (column.contains(f"\n{one}\n", autoescape=True) for one in known)
    return or_(column.is_(None), *named)
