"""Whether an engineer of ours is there as long as the vendor works on a case, also in the night.

House rule: while the vendor works around the clock we owe an engineer around the clock. The rota is
looked at for as far as it is known (48 h); a gap is told to the SDM, who can still fill it.
"""

from domain.case import Case
from domain.centres.coverage import Stretch, coverage
from domain.centres.regions import Roster
from domain.decision import Draft
from domain.effects import EffectKind, Recipient
from domain.lifecycle.vendor_follow_up import change_vendor
from domain.timeline import EntryKind


def works_around_the_clock(case: Case) -> bool:
    """Tell whether the vendor, who has the case, works on it day and night."""
    vendor, rules = case.vendor, case.terms.vendor
    if vendor is None or rules is None or not vendor.is_active:
        return False
    return vendor.severity in rules.around_the_clock


def want_cover(draft: Draft) -> None:
    """Have the rota looked at, where the vendor works around the clock and there are centres."""
    if not works_around_the_clock(draft.case) or not draft.case.terms.regions:
        return
    change_vendor(draft, cover_wanted=True)
    if draft.case.roster_wanted_for is None:
        draft.set(roster_wanted_for=draft.at)


def check_cover(draft: Draft, roster: Roster) -> None:
    """Tell the SDM of hours in which nobody of ours is there, where that was to be looked up."""
    vendor = draft.case.vendor
    if vendor is None or not vendor.cover_wanted:
        return
    change_vendor(draft, cover_wanted=False)
    gaps = _gaps(draft.case, roster)
    if not gaps:
        return
    draft.enter(
        EntryKind.COVER_GAP,
        internal=True,
        about=f"until {gaps[0].until:%Y-%m-%d %H:%M} UTC",
        due_at=gaps[0].since,
        count=len(gaps),
    )
    draft.tell(
        EffectKind.COVER_GAP,
        Recipient.SDM,
        first_at=gaps[0].since,
        last_at=gaps[0].until,
        count=len(gaps),
        severity=vendor.severity,
        vendor_reference=vendor.reference,
    )


def _gaps(case: Case, roster: Roster) -> tuple[Stretch, ...]:
    """List the stretches without a centre that may have the case, as far as the roster is known.

    A centre where nobody has checked in counts from its next shift on.
    """
    within = case.terms.plan_rules.regions
    hours = {
        centre.name: [span for span in centre.open if centre.on_shift != 0 or span.opens_at > roster.read_at]
        for centre in roster.centres
        if not within or centre.name in within
    }
    return tuple(one for one in coverage(hours, roster.read_at, roster.until) if one.is_gap)
