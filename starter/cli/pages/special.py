"""What a case page says of planned work, remote sessions, root causes and visits."""

from typing import TYPE_CHECKING

from starter.door.plain import moment, words

if TYPE_CHECKING:
    from domain.sessions import RemoteSession
    from domain.views.special import AgreedView, SpecialView

Rows = list[tuple[str, str | None]]


def agreed(view: "AgreedView") -> Rows:
    """Say what was agreed with the customer."""
    zone = f", told in {view.start_zone}" if view.start_zone else ""
    access = view.access
    hands = f"{words(access.task or access.kind)} at {access.equipment}" if access else None
    if access is not None and access.window_start is not None:
        hands = f"{hands}, from {moment(access.window_start)} to {moment(access.window_end)}"
    return [
        ("test", "nothing is broken" if view.test else None),
        ("begins", f"{moment(view.start_at)}{zone}" if view.start_at else None),
        ("session", _session(view.session) if view.session else None),
        ("appointment", _session(view.appointment) if view.appointment else None),
        ("access", hands),
        ("root cause", _root_cause(view)),
    ]


def special(view: "SpecialView") -> Rows:
    """Say the same to our own people, and who came to the site."""
    visit = view.visit
    came = None
    if visit is not None:
        came = (
            f"{visit.visitor or 'let in'}, {moment(visit.admitted_at)}" if visit.admitted_at else "nobody yet"
        )
        came += f", turned away {visit.denials} times" if visit.denials else ""
    return [*agreed(view), ("visitor", came)]


def _session(session: "RemoteSession") -> str:
    told = [words(session.state), words(session.mode) if session.mode else ""]
    if session.started_at is None and session.starts_at is not None:
        told.append(f"from {moment(session.starts_at)} to {moment(session.ends_at)}")
    if session.started_at is not None:
        told.append(f"from {moment(session.started_at)}")
        told.append(f"consent by {session.consent_by}" if session.consent_by else "with consent")
    if session.ended_at is not None:
        told.append(f"until {moment(session.ended_at)}")
    return ", ".join(filter(None, told))


def _root_cause(view: "AgreedView") -> str | None:
    cause = view.root_cause
    if cause is None:
        return None
    quote = f", quote {cause.quote_ref}" if cause.quote_ref else ""
    asked = f"analysis asked for {moment(cause.requested_at)}{quote}" if cause.requested_at else None
    return "; ".join(filter(None, (cause.found, asked)))
