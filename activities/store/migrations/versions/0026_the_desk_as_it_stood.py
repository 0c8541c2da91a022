"""How cases and centres stood: from when until when, so that any instant can be looked at.

What stands now is where it begins: each case as it was written last, each engineer, check-in and absence.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_ZONED = sa.DateTime(timezone=True)
_AT_ONCE = 500
_IN_FACTS = (
    "plan",
    "title",
    "category",
    "accepted_by",
    "response_promised",
    "responded_at",
    "resolved_at",
    "closed_at",
    "close_reason",
    "next_clock",
    "owed_clock",
    "updates_by_staff",
    "updates_by_system",
    "updates_missed",
    "reopens",
    "entries",
)
_SAME = (
    "case_id",
    "version",
    "policy",
    "level",
    "rank",
    "phase",
    "region",
    "offered_to",
    "tier",
    "assignee",
    "next_due_at",
    "owed_at",
    "breaches",
)


def upgrade() -> None:
    """Add the tables, and begin them with what stands now."""
    moments, past = _case_moments(), _centre_past()
    kept = op.create_table(
        "past_kept",
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("since", _ZONED, nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_past_kept"),
    )
    now = datetime.now(UTC)
    op.bulk_insert(kept, [{"what": "cases", "since": now}, {"what": "people", "since": now}])
    _begin(moments, (_moment(case, now) for case in _all("cases")))
    _begin(past, _people(now))


def _case_moments() -> sa.Table:
    table = op.create_table(
        "case_moments",
        sa.Column(
            "case_id",
            sa.String(64),
            sa.ForeignKey("cases.case_id", ondelete="CASCADE", name="fk_case_moments_case_id_cases"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", _ZONED, nullable=False),
        sa.Column("until", _ZONED, nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("phase", sa.String(32), nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("offered_to", sa.Text),
        sa.Column("tier", sa.String(8)),
        sa.Column("assignee", sa.Text),
        sa.Column("next_due_at", _ZONED),
        sa.Column("owed_at", _ZONED),
        sa.Column("breaches", sa.Integer, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("is_whole", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "version", name="pk_case_moments"),
    )
    op.create_index("ix_case_moments_phase_until_at", "case_moments", ["phase", "until", "at"])
    return table


def _centre_past() -> sa.Table:
    table = op.create_table(
        "centre_past",
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", _ZONED, nullable=False),
        sa.Column("until", _ZONED, nullable=False),
        sa.Column("region", sa.String(64), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.PrimaryKeyConstraint("what", "name", "at", name="pk_centre_past"),
    )
    op.create_index("ix_centre_past_until", "centre_past", ["until"])
    return table


def _all(name: str) -> Iterator[Mapping[str, Any]]:
    """Read a table as it is, page by page."""
    table = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
    found = op.get_bind().execute(sa.select(table))
    while some := found.fetchmany(_AT_ONCE):
        yield from (dict(row._mapping) for row in some)


def _begin(table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == _AT_ONCE:
            op.bulk_insert(table, some)
            some = []
    if some:
        op.bulk_insert(table, some)


def _moment(case: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Say of a case that it has stood so since it was written last; which promises ran is not known."""
    facts = {name: _plain(case[name]) for name in _IN_FACTS if case[name] is not None}
    return {name: case[name] for name in _SAME} | {
        "at": case["recorded_at"] or now,
        "until": _NEVER,
        "facts": json.dumps(facts),
        "is_whole": False,
    }


def _people(now: datetime) -> Iterator[dict[str, Any]]:
    regions = {}
    for row in _all("engineers"):
        regions[row["name"]] = row["region"]
        yield _stands("engineer", row["name"], row["region"], row["record"], row["changed_by"], now)
    for row in _all("check_ins"):
        span = {"since": _plain(row["since"]), "until": _plain(row["until"])}
        record = json.dumps({"region": row["region"], **span})
        yield _stands("check_in", row["engineer"], row["region"], record, row["changed_by"], now)
    for row in _all("absences"):
        record = json.dumps({"away_from": _plain(row["away_from"]), "away_until": _plain(row["away_until"])})
        region = regions.get(row["engineer"], "")
        yield _stands("absence", row["engineer"], region, record, row["changed_by"], now)


def _stands(what: str, name: str, region: str, record: str, by: str, now: datetime) -> dict[str, Any]:
    names = {"what": what, "name": name, "region": region, "record": record, "changed_by": by}
    return {**names, "at": now, "until": _NEVER}


def _plain(value: Any) -> Any:
    """Write an instant as JSON has it, in UTC; SQLite keeps it without its zone."""
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
