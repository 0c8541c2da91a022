"""What reports and pages say of a case in one line: its scope, an outage, what an entry tells."""

from typing import TYPE_CHECKING, Protocol

from starter.door.plain import counted, late_by, moment, printable, span, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from domain.actor import ActorKind, Door, Role
    from domain.brief import HandoffBrief
    from domain.case import ScopeFinding
    from domain.outage import OutageSpan
    from domain.survey import Survey, SurveyAnswer
    from domain.timeline import TimelineEntry
    from domain.views.handoff_tax import HandoffTax
    from domain.views.leaflet import Leaflet
    from domain.views.staff import PromiseView
    from starter.reports.incident_report import IncidentReport


SAID_ABOVE = frozenset({"title", "tenant", "reference", "received_at", "business_impact"})
"""What was said in the request that stands at the head of a report."""

Rows = list[tuple[str, str | None]]
"""Labels and what stands behind them; None where there is nothing to say."""


def scope_line(found: "ScopeFinding | None") -> str | None:
    """Say what the rules of scope make of a case, where they do not simply accept it."""
    if found is None or (found.rule is None and found.disposition == "accept"):
        return None
    by = f"by the rule {words(found.rule)}" if found.rule else "no rule matched"
    refer_to = f"refer to {words(found.refer_to)}" if found.refer_to else None
    stays = None if found.vendor_escalation else "never to the vendor"
    return ", ".join(filter(None, (words(found.disposition), by, refer_to, stays)))


class Entry(Protocol):
    """What says who did something, in the timeline of a case or of an incident."""

    @property
    def by(self) -> str:
        """What they are called."""

    @property
    def by_kind(self) -> "ActorKind | None":
        """On which side they stand; None in entries of earlier versions."""

    @property
    def by_role(self) -> "Role | None":
        """In which role."""

    @property
    def door(self) -> "Door | None":
        """Through which door."""


def who(entry: Entry) -> str:
    """Say who did it, on which side, in which role, through which door: `Ana (staff engineer, cli)`.

    Nobody's name can say it for them: what is in the last brackets is ours. Sunrelay itself needs none.
    """
    as_whom = _as_whom(entry)
    return f"{entry.by} ({as_whom}, {words(entry.door)})" if as_whom else entry.by


def person(entry: Entry) -> str:
    """Say who did it, on which side and in which role: `Ana (staff engineer)`."""
    as_whom = _as_whom(entry)
    return f"{entry.by} ({as_whom})" if as_whom else entry.by


def _as_whom(entry: Entry) -> str | None:
    kind, role = entry.by_kind, entry.by_role
    if kind is None or (kind == "system" and entry.by == "Sunrelay" and entry.door == "engine"):
        return None
    return words(kind) if role is None or role.value == kind.value else f"{words(kind)} {words(role)}"


def outage_rows(outage: "OutageSpan | None") -> Rows:
    """Say since when an outage is counted, what was told of it, and how long it lasted (DED-28)."""
    if outage is None:
        return []
    ended = f", {words(outage.ended_by)} {moment(outage.ended_at)}" if outage.ended_at else ", goes on"
    told = f"{outage.notices}, the last {moment(outage.noticed_at)}" if outage.notices else "none yet"
    minutes = f"{outage.minutes} min" if outage.minutes is not None else None
    if outage.earlier_minutes:
        minutes = f"{minutes or 'not measured yet'}, and {outage.earlier_minutes} min of earlier outages"
    expected = outage.expected_resolution_at
    return [
        ("outage", f"counted from {moment(outage.began_at)}, declared {moment(outage.declared_at)}{ended}"),
        ("notices", told),
        ("expected", moment(expected) if expected and outage.is_running else None),
        ("minutes", minutes),
    ]


def promised(rows: "Sequence[PromiseView]") -> str:
    """Say in one line what is promised, also where that is nothing (O365-08)."""
    return "; ".join(f"{words(row.clock)}: {row.promise}" for row in rows)


_SAID = {
    ("scope_updated", "review"): "worse, check the level",
    ("entitlement_checked", "verified"): "the four items match",
    ("entitlement_checked", "not verified"): "the four items do not match",
    ("entitlement_checked", "not checked"): "not all four items given",
    ("entitlement_checked", "unread"): None,
    ("scope_decided", "triage"): "no rule matched, a person decides",
    ("customer_update_lapsed", "customer_update"): None,
    ("confirmation_asked", "confirmation"): None,
}
"""What an entry is about where its kind and one word of ours do not say it, or say it twice."""


_LASTED = frozenset({"outage_ended", "session_ended"})
"""Entries whose count is one of minutes."""


_ANSWER, _SUGGESTED = "survey_answered", "survey_suggested"
"""Their count is the closure they are about."""

_GIVEN = "information_provided"
"""Its text names each field with what it says; what is never shown is named alone, by what it is about."""


def said(row: "TimelineEntry", when: "Callable[[datetime], str]" = moment) -> str:
    """Say in one line what an entry tells besides its text; `when` writes an instant."""
    about = _about(row)
    parts = [about] if about else []
    parts += [f"due {when(row.due_at)}"] if row.due_at else []
    parts += [f"{late_by(row.late_seconds)} late"] if row.late_seconds else []
    if row.count is not None and row.kind in _LASTED:
        parts.append(f"{row.count} min")
    elif row.count and row.count > 1 and row.kind not in (_ANSWER, _SUGGESTED):
        parts.append(f"{row.count} times")
    return printable(", ".join(parts))


def _about(row: "TimelineEntry") -> str | None:
    """Say what an entry is about; another system's name, or an address, keeps its underscores."""
    if row.about is None or row.kind == "tracked_elsewhere" or "@" in row.about:
        return row.about
    if row.kind == _GIVEN and row.text is not None:
        return None
    if row.kind == _ANSWER:
        score, *more = row.about.split(", ")
        return ", ".join([f"{score} of 5", *more, f"closure {row.count}"])
    if row.kind == _SUGGESTED:
        return f"closure {row.count}"
    return _SAID.get((row.kind.value, row.about), words(row.about))


def report_rows(report: "IncidentReport") -> list[tuple[str, str]]:
    """List what there is to say of the case as a whole, label by label."""
    score, elsewhere = report.score, report.external_tracking
    linked = ", ".join(filter(None, (report.parent, *report.linked_cases)))
    return [
        ("title", report.title),
        ("case", f"{report.case_id}, reference {report.reference} of {report.tenant}"),
        ("policy", f"{report.policy}, plan {report.plan}"),
        ("state", f"{words(report.phase)}, {report.level} {report.level_name}, owner {report.owner}"),
        ("impact", report.business_impact or "-"),
        ("promised", promised(report.promises)),
        ("scope", scope_line(report.scope) or "-"),
        ("elsewhere", f"{elsewhere.system}, {elsewhere.reference}" if elsewhere else "-"),
        *_instants(report),
        ("updates", f"{score.staff} by staff, {score.system} by the system, {score.missed} missed"),
        ("reopened", str(report.reopens)),
        ("satisfaction", satisfaction(report.surveys, report.answers)),
        ("linked", linked or "-"),
        ("people", ", ".join(report.people)),
        *((label, text) for label, text in outage_rows(report.outage) if text is not None),
        *leaflet_rows(report.leaflet),
        ("made", f"{moment(report.made_at)}, from the {report.source}"),
    ]


def brief_rows(brief: "HandoffBrief | None") -> list[tuple[str, str]]:
    """List the lines of a handoff brief; what nobody wrote says that it was drafted."""
    if brief is None:
        return []
    return [
        (words(name), f"{text} (drafted from the timeline)" if name in brief.drafted else text)
        for name, text in brief.lines.items()
    ]


def handoff_rows(taxes: "Sequence[HandoffTax]") -> list[tuple[str, str]]:
    """Say of each handoff from whom to whom it went, and what it cost."""
    return [(f"{words(tax.giver)} to {words(tax.taker)}", printable(", ".join(_cost(tax)))) for tax in taxes]


def _cost(tax: "HandoffTax") -> list[str]:
    first = "nothing done yet" if tax.seconds is None else f"first act after {late_by(tax.seconds)}"
    done = f"next action confirmed: {tax.next_action}" if tax.next_action else "next action not confirmed"
    by = [f"accepted by {tax.accepted_by}"] if tax.accepted_by else []
    again = [f"{counted(tax.asked_again, 'question')} asked again"] if tax.asked_again else []
    return [moment(tax.theirs_at), *by, first, *again, done]


def leaflet_rows(leaflet: "Leaflet | None") -> list[tuple[str, str]]:
    """List what the guide says of the support behind the case, as far as it says anything."""
    if leaflet is None:
        return []
    kind = "a contract" if leaflet.is_contract else "a guide, and no contract"
    rows = [
        ("guide", f"{leaflet.title}, {leaflet.plan}: {kind}"),
        ("level means", "; ".join(filter(None, (leaflet.level, *leaflet.examples)))),
        ("kind", leaflet.category or ""),
        ("who works", "; ".join(leaflet.tiers)),
        ("costs extra", "; ".join(leaflet.charged)),
        ("to read", "; ".join((*leaflet.reports, *leaflet.documents))),
        ("portals", ", ".join(leaflet.portals)),
    ]
    return [(label, printable(said)) for label, said in rows if said]


def _instants(report: "IncidentReport") -> list[tuple[str, str]]:
    answered, closed = report.responded_at, report.closed_at
    first = f"{moment(answered)}, after {span(answered - report.received_at)}" if answered else "none yet"
    return [
        ("received", moment(report.received_at)),
        ("first response", first),
        ("validated", moment(report.validated_at)),
        ("resolved", moment(report.resolved_at)),
        ("closed", f"{moment(closed)} {words(report.close_reason)}" if closed else "-"),
    ]


def satisfaction(surveys: "tuple[Survey, ...]", answers: "tuple[SurveyAnswer, ...]") -> str:
    """Say what was answered about each closure, and until when the others may be."""
    said = {answer.closure: _marks(answer) for answer in answers}
    waiting = {
        survey.closure: f"no answer, open until {moment(survey.open_until)}"
        for survey in surveys
        if survey.closure not in said
    }
    rows = sorted((said | waiting).items())
    return "; ".join(f"closure {closure}: {text}" for closure, text in rows) or "-"


def _marks(answer: "SurveyAnswer") -> str:
    more = {"wait time": answer.wait_time, "patience": answer.patience}
    return ", ".join([f"{answer.score} of 5", *(f"{what} {mark}" for what, mark in more.items() if mark)])
