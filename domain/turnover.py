"""When the record of a case moves to a fresh run, and what of its unfinished business goes along.

Pure. What travels is bounded, however long a mail system or the case store was away.
"""

from domain.effects import Effect, EffectKind, Recipient
from domain.text import excerpt
from domain.timeline import EntryKind, TimelineEntry

QUIET_EVENTS = 500  # house rule: turn over here where nothing is under way
MOST_EVENTS = 1_500  # house rule: and here in any case
MOST_UPDATES = 500  # house rule; the engine refuses the 2,000th
MOST_SIGNALS = 1_000  # house rule; the engine refuses the 10,000th
LAST_EVENTS = 20_000  # the engine ends a run at 51,200
LAST_UPDATES = 1_500
LAST_SIGNALS = 9_000
CARRIED_EFFECTS = 40
CARRIED_TEXT = 16 * 1024
CARRIED_ENTRIES = 40

_REPLACEABLE = frozenset(
    {EffectKind.STATUS_UPDATE, EffectKind.WARNING, EffectKind.BREACH_NOTICE, EffectKind.STALE_NOTICE}
)
"""Notices of ours that say nothing any more once a later one of the same kind goes out."""


def is_time(events: int, updates: int, signals: int, *, quiet: bool, fits: bool = True) -> bool:
    """This will tell whether to turn over; `quiet` means that nothing is being delivered.

    `fits`: all that is undelivered and unrecorded can travel. Where it cannot, the run goes on until it can,
    or until the engine would soon refuse messages: a flood is told and recorded, not cut short.
    """
    if events >= LAST_EVENTS or updates >= LAST_UPDATES or signals >= LAST_SIGNALS:
        return True
    if not fits:
        return False
    if events >= MOST_EVENTS or updates >= MOST_UPDATES or signals >= MOST_SIGNALS:
        return True
    return quiet and events >= QUIET_EVENTS


def carried(effects: tuple[Effect, ...]) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
    """This will choose which undelivered effects travel, and return those with the ones left behind.

    A notice of ours that a later one replaces stays behind; of the rest the newest 40. Once texts together
    exceed 16 KiB, those in the timeline travel as its entry number, the others shortened.
    """
    latest = {_said(effect): effect.id for effect in effects}
    alive = [
        effect for effect in effects if effect.kind not in _REPLACEABLE or latest[_said(effect)] == effect.id
    ]
    kept = alive[-CARRIED_EFFECTS:]
    names = {effect.id for effect in kept}
    left = tuple(effect for effect in effects if effect.id not in names)
    budget = CARRIED_TEXT
    packed: list[Effect] = []
    for effect in reversed(kept):
        size = len((effect.facts.text or "").encode())
        if size > budget:
            packed.append(_without_text(effect))
            continue
        budget -= size
        packed.append(effect)
    return tuple(reversed(packed)), left


def _said(effect: Effect) -> tuple[EffectKind, Recipient, str | None]:
    """This will name what is said to whom: a warning of one clock does not replace that of another."""
    return effect.kind, effect.to, effect.about


def _without_text(effect: Effect) -> Effect:
    text = None if effect.facts.text_entry is not None else excerpt(effect.facts.text or "")
    return effect.model_copy(update={"facts": effect.facts.model_copy(update={"text": text})})


def carried_entries(entries: tuple[TimelineEntry, ...]) -> tuple[TimelineEntry, ...]:
    """This will bound the entries the case store has not taken yet to the newest 40, texts shortened.

    The first of those left out is replaced by a remark that says how many are missing; they stand in the
    history of the run that ends here.
    """
    short = tuple(
        entry.model_copy(update={"text": entry.text[:280]}) if entry.text and len(entry.text) > 280 else entry
        for entry in entries
    )
    if len(short) <= CARRIED_ENTRIES:
        return short
    lost = short[: len(short) - CARRIED_ENTRIES + 1]
    remark = lost[-1].model_copy(
        update={
            "kind": EntryKind.NOTED,
            "internal": True,
            "text": f"{len(lost)} entries did not reach the case store; they are in the workflow's history",
            "count": len(lost),
        }
    )
    return (remark, *short[-(CARRIED_ENTRIES - 1) :])
