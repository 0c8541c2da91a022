"""What a check looks at, and what it finds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.effects import Effect
from domain.phase import Phase
from domain.views.staff import CaseView, DeadlineView
from tests.scenarios.files import Check, Json, instant
from tests.scenarios.letters import Letter

_OVER = (Phase.CLOSED, Phase.ARCHIVED)


@dataclass(frozen=True)
class Scene:
    """What is there at the instant of a check: the case, what it has caused, and the ids of all cases.

    The engine's clock may stand elsewhere than the file's: `moved` takes an instant there, `back` returns it.
    """

    view: CaseView | None
    effects: tuple[Effect, ...]
    ids: Mapping[str, str]
    moved: Callable[[datetime], datetime]
    back: Callable[[datetime], datetime]
    letters: tuple[Letter, ...] = ()

    def at(self, text: str) -> datetime:
        return self.moved(instant(text))

    def told(self, at: datetime | None) -> str:
        return "none" if at is None else f"{self.back(at):%Y-%m-%dT%H:%M:%SZ}"


def disappointment(check: Check, scene: Scene) -> str | None:
    """What is wrong, with both sides; None where all is as it must be."""
    wanted, found = _LOOKS[check.kind](check, scene)
    return None if wanted == found else f"{check.name}: expected {wanted}, got {found}"


def _deadline(check: Check, scene: Scene) -> tuple[str, str]:
    clock = check.body["clock"]
    return f"{clock} due {check.body['due']}", f"{clock} due {scene.told(_due(clock, scene))}"


def _no_deadline(check: Check, scene: Scene) -> tuple[str, str]:
    """A clock that was missed and only waits to be kept late has no deadline any more."""
    clock = check.body["clock"]
    return f"{clock} due none", f"{clock} due {scene.told(_due(clock, scene))}"


def _due(clock: str, scene: Scene) -> datetime | None:
    rows: tuple[DeadlineView, ...] = scene.view.deadlines if scene.view else ()
    return next((row.due_at for row in rows if row.clock == clock), None)


def _state(check: Check, scene: Scene) -> tuple[str, str]:
    wanted, found = check.body["phase"], scene.view.phase.value if scene.view else "none"
    if "reopens" in check.body:
        wanted += f" with {check.body['reopens']} reopens"
        found += f" with {scene.view.reopens if scene.view else 0} reopens"
    return wanted, found


def _closed(check: Check, scene: Scene) -> tuple[str, str]:
    wanted = f"closed as {check.body['reason']}"
    if scene.view is None:
        return wanted, "no such case"
    if scene.view.phase not in _OVER:
        return wanted, scene.view.phase.value
    return wanted, f"closed as {scene.view.close_reason}"


def _level(check: Check, scene: Scene) -> tuple[str, str]:
    wanted, found = check.body["id"], scene.view.level if scene.view else "no such case"
    if "source" in check.body:
        wanted += f" by {check.body['source']}"
        found += f" by {scene.view.level_source}" if scene.view else ""
    return wanted, found


def _breach(check: Check, scene: Scene) -> tuple[str, str]:
    body = check.body
    due = scene.at(body["due"])
    breaches = scene.view.breaches if scene.view else ()
    found = [breach for breach in breaches if breach.clock == body["clock"] and breach.due_at == due]
    wanted = f"1 breach of {body['clock']} due {body['due']}"
    told = f"{len(found)} breach of {body['clock']} due {body['due']}"
    if "late_by_s" in body:
        wanted += f", {body['late_by_s']} s late"
        told += f", {found[0].late_seconds if found else None} s late"
    return wanted, told


def _effects(check: Check, scene: Scene) -> tuple[str, str]:
    body = check.body
    since = scene.at(body["since"]) if "since" in body else None
    until = scene.moved(check.at)
    found = {effect.id for effect in scene.effects if _is_meant(body, effect, since, until)}
    about = f" about {body['about']}" if "about" in body else ""
    what = f"{body['kind']} to {body['to']}{about}"
    return f"{body['count']} {what}", f"{len(found)} {what}"


def _mail(check: Check, scene: Scene) -> tuple[str, str]:
    """Mails are counted by whom they are to and by words that stand in their subject or their text."""
    body = check.body
    since = scene.at(body["since"]) if "since" in body else None
    until = scene.moved(check.at)
    sent = [
        one
        for one in scene.letters
        if one.to == body["to"] and one.at <= until and (since is None or one.at > since)
    ]
    found = [one for one in sent if all(words in one.said for words in body["words"])]
    what = f"mail to {body['to']} that says {' and '.join(map(repr, body['words'])) or 'anything'}"
    others = f" among {len(sent)}" + "".join(f"; {one.said[:100]!r}" for one in sent[-3:])
    wanted = f"{body['count']} {what}"
    return wanted, wanted if len(found) == body["count"] else f"{len(found)} {what}{others}"


def _is_meant(body: Json, effect: Effect, since: datetime | None, until: datetime) -> bool:
    return (
        effect.kind == body["kind"]
        and effect.to == body["to"]
        and (since is None or effect.caused_at > since)
        and effect.caused_at <= until
        and ("about" not in body or effect.about == body["about"])
    )


def _linked_case(check: Check, scene: Scene) -> tuple[str, str]:
    names = {identity: key for key, identity in scene.ids.items()}
    wanted = f"linked to {check.body['of']}"
    if scene.view is None:
        return wanted, "no such case"
    return wanted, f"linked to {names.get(scene.view.parent or '', scene.view.parent)}"


def _scope(check: Check, scene: Scene) -> tuple[str, str]:
    wanted = check.body["disposition"]
    scope = scene.view.scope if scene.view else None
    found = scope.disposition.value if scope else "no scope decided"
    if "refer_to" in check.body:
        wanted += f" to {check.body['refer_to']}"
        found += f" to {scope.refer_to if scope else None}"
    return wanted, found


def _owner(check: Check, scene: Scene) -> tuple[str, str]:
    found = scene.view.region if scene.view else "no such case"
    return f"owner {check.body['region']}", f"owner {found}"


def _vendor(check: Check, scene: Scene) -> tuple[str, str]:
    vendor = scene.view.vendor if scene.view else None
    found = vendor.contacted.value if vendor else "not with the vendor"
    return f"the vendor's contact {check.body['contact']}", f"the vendor's contact {found}"


def _contact(check: Check, scene: Scene) -> tuple[str, str]:
    main = scene.view.main_contact if scene.view else None
    return f"main contact {check.body['main']}", f"main contact {main}"


_LOOKS: dict[str, Callable[[Check, Scene], tuple[str, str]]] = {
    "deadline": _deadline,
    "no_deadline": _no_deadline,
    "state": _state,
    "closed": _closed,
    "level": _level,
    "breach": _breach,
    "effects": _effects,
    "linked_case": _linked_case,
    "scope": _scope,
    "contact": _contact,
    "vendor": _vendor,
    "owner": _owner,
    "mail": _mail,
}
