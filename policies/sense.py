"""What a policy says that no desk can mean: each part is legal alone, and together nobody could keep it.

Part of the room of policies; it reads records of the domain and no file. Every check is made as far as there
is something to check, so that the writer of a file hears of everything at once; a record that is not whole
answers what it can.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import combinations, pairwise, product
from typing import NamedTuple

from domain.frozen import Frozen
from domain.messages.request import Contact, Submit
from domain.messages.vendor import RequestVendorReview
from domain.policy import LevelRule, Plan, Rung, SupportPolicy, Target, VendorEscalation, in_words
from domain.terms import LONGEST_SPAN
from policies.errors import Fault, did_you_mean
from policies.paths import Path, part_name

SHORTEST = timedelta(seconds=1)
"""Nothing is promised or repeated more often: the clocks of a case know no fractions (ours)."""

_EVERY = ("initial_response", "update_every", "customer_update_every", "stale_after")
_WORDS_OF_PARTS = {"reply_to_escalation_notice", "last_conversation", "status", "request"}
_LINES = {"assigned_engineer", "L1", "L2", "L3", "TSS", "SDM"}
_REQUEST = {*Submit.model_fields, "severity", "priority"}


def faults_of_sense(policy: SupportPolicy) -> Iterator[Fault]:
    """Find what no desk can mean, each with its path, the value, and what to write instead."""
    checks: tuple[Callable[[SupportPolicy], Iterator[Fault]], ...] = (
        _slower_though_more_urgent,
        _ladder_out_of_order,
        _ladder_leaves_out,
        _spans_nobody_keeps,
        _shares_of_nobody,
        _said_twice,
        _names_of_nothing,
        _vendor_names_nobody,
        _no_language,
    )
    for check in checks:
        with suppress(AttributeError):  # of a record that is not whole
            yield from check(policy)


def _by_rank(policy: SupportPolicy) -> list[LevelRule]:
    return sorted(policy.rules.levels, key=lambda level: level.rank)


def _slower_though_more_urgent(policy: SupportPolicy) -> Iterator[Fault]:
    """Compare the promises of a level with those of less urgent ones, under every plan.

    Only what is slower under every reading is a fault: a desk that is open two hours a day means its 4 h
    beside one business day.
    """
    for (name, plan), field in product(policy.plans.items(), _EVERY):
        found = (_promised(plan, name, level, field) for level in _by_rank(policy))
        for one, other in _compared([promised for promised in found if promised is not None]):
            if _is_slower(one, other):
                fault = (
                    f"{one.words} at {one.level} is slower than {other.words} at {other.level}, which is "
                    f"less urgent; give {other.words} or less, or give {other.level} more"
                )
                yield one.path, fault


class _Promised(NamedTuple):
    level: str
    path: Path
    words: str
    days: int
    """Business days, or 0 where it is a span."""
    least: timedelta
    most: timedelta


def _promised(plan: Plan, plan_name: str, level: LevelRule, field: str) -> _Promised | None:
    target = plan.targets.get(level.id)
    by_plan = target is not None and field in target.model_fields_set
    value = getattr(target if by_plan else level, field)
    if value is None:
        return None
    at: Path = ("plans", plan_name, "targets", level.id) if by_plan else ("rules", "levels", level.id)
    path = (*at, field)
    if isinstance(value, Target) and value.business_days:
        days = value.business_days
        return _Promised(level.id, path, str(value), days, _at_least(days, plan), days * timedelta(days=1))
    span = value.within or timedelta(0) if isinstance(value, Target) else value
    words = str(value) if isinstance(value, Target) else in_words(value)
    return _Promised(level.id, path, words, 0, span, span)


def _compared(promises: list[_Promised]) -> Iterator[tuple[_Promised, _Promised]]:
    """Pair each promise with the next less urgent one, and with the next of its own kind."""
    for place, one in enumerate(promises):
        later = promises[place + 1 :]
        alike = [other for other in later if bool(other.days) == bool(one.days)]
        yield from ((one, other) for other in dict.fromkeys((*later[:1], *alike[:1])))


def _is_slower(one: _Promised, other: _Promised) -> bool:
    """Compare like with like; hours with business days of 24 hours, and these with the hours of the plan.

    Weekends and holidays between two business days are in neither count (ours).
    """
    if one.days and other.days:
        return one.days > other.days
    return one.least > other.most


def _at_least(days: int, plan: Plan) -> timedelta:
    """Return the least open time that business days take: where no two days differ, all of each.

    Where they differ, the first and the last day may be one short day together.
    """
    weeks = [day for day in plan.hours.values() if day]
    minutes = [sum(_minutes(one.opens, one.closes) for one in day) for day in weeks] or [1440]
    whole = days if all(day == weeks[0] for day in weeks) else days - 1
    return whole * timedelta(minutes=min(minutes))


def _minutes(opens: object, closes: object) -> int:
    begin, end = (
        1440 if one == "24:00" else getattr(one, "hour", 0) * 60 + getattr(one, "minute", 0)
        for one in (opens, closes)
    )
    return max(end - begin, 1)


def _first_told(rungs: Iterable[Rung], to: str, level: str) -> timedelta | None:
    after = [one.after or timedelta(0) for one in rungs if one.to == to and level in (one.levels or (level,))]
    return min(after, default=None)


def _ladder_out_of_order(policy: SupportPolicy) -> Iterator[Fault]:
    """Find whoever hears later of a missed promise the more urgent it is."""
    ladder = policy.rules.notices.ladder
    for to, (urgent, other) in product(dict.fromkeys(rung.to for rung in ladder), pairwise(_by_rank(policy))):
        first, later = (_first_told(ladder, to, level.id) for level in (urgent, other))
        if first is not None and later is not None and first > later:
            fault = (
                f"{to} hears of {urgent.id} after {in_words(first)}, and of {other.id}, which is less urgent,"
                f" after {in_words(later)}; give {urgent.id} {in_words(later)} or less"
            )
            yield ("rules", "notices", "ladder"), fault


def _ladder_leaves_out(policy: SupportPolicy) -> Iterator[Fault]:
    """Find levels whose missed promises nobody would hear of; an empty ladder tells the TSS."""
    ladder = policy.rules.notices.ladder
    named = {level for rung in ladder for level in rung.levels}
    if not ladder or any(not rung.levels for rung in ladder):
        return
    for level in _by_rank(policy):
        if level.id not in named:
            yield (
                ("rules", "notices", "ladder"),
                (
                    f"nobody would hear of a missed promise at {level.id}; add a rung with its level, "
                    'such as { to = "centre" } for all of them'
                ),
            )


def _spans_nobody_keeps(policy: SupportPolicy) -> Iterator[Fault]:
    for path, value in _values(policy, ()):
        if not isinstance(value, timedelta):
            continue
        if value > LONGEST_SPAN:
            longest = f"{LONGEST_SPAN.days}d"
            yield path, f"{in_words(value)} is longer than a case's calendar is known; give {longest} or less"
        elif value < SHORTEST:
            yield path, f"{value.total_seconds():g} s is less than anybody can keep; give 1s or more"


def _shares_of_nobody(policy: SupportPolicy) -> Iterator[Fault]:
    """Find bounds of a level with no share of users between them."""
    for level in policy.rules.levels:
        lows = [(level.at_least_percent, 0), (level.above_percent, 1)]
        highs = [(level.up_to_percent, 0), (level.below_percent, -1)]
        low, above = max(((value, bare) for value, bare in lows if value is not None), default=(0, 0))
        high, below = min(((value, bare) for value, bare in highs if value is not None), default=(100, 0))
        if low > high or (low == high and (above or below)):
            at = ("rules", "levels", level.id)
            yield at, f"no share of users lies between {low} and {high} percent; move one of the bounds"


def _said_twice(policy: SupportPolicy) -> Iterator[Fault]:
    for path, value in _values(policy, ()):
        parts = value if isinstance(value, tuple) else ()
        for part in dict.fromkeys(one for one in parts if parts.count(one) > 1):
            said = part if isinstance(part, str) else "the same"
            yield path, f"{said} is there {parts.count(part)} times; say it once"
    for one, other in combinations(policy.rules.levels, 2):
        if one.name.casefold() == other.name.casefold():
            yield (
                ("rules", "levels", other.id, "name"),
                f"{other.name} is the name of {one.id} too; give each level a name of its own",
            )
    numbers: dict[str, str] = {}
    for country, number in policy.organisation.telephones.items():
        digits = "".join(char for char in number if char.isdigit())
        if digits in numbers:
            at = ("organisation", "telephones", country)
            yield at, f"{number} is the number of {numbers[digits]} too; leave one of them out"
        numbers.setdefault(digits, country)


def _names_of_nothing(policy: SupportPolicy) -> Iterator[Fault]:
    """Find words that name nothing there is: a field no request has could never be given."""
    intake, ours = policy.rules.intake, policy.organisation
    levels = tuple(level.id for level in policy.rules.levels)
    at: Path = ("rules", "intake")
    yield from _unknown((*at, "required"), intake.required, _REQUEST, "field of a request")
    yield from _unknown((*at, "welcome"), intake.welcome, _REQUEST, "field of a request")
    for kind, fields in intake.required_by_type.items():
        yield from _unknown((*at, "required_by_type", kind), fields, _REQUEST, "field of a request")
    sun, at = ours.follow_the_sun, ("organisation", "follow_the_sun")
    travel: dict[str, Iterable[str]] = {
        "levels": sun.levels,
        "tell_at_once": sun.tell_at_once,
        "acceptance": sun.acceptance,
    }
    for name, named in travel.items():
        yield from _unknown((*at, name), named, levels, "level")
    if ours.outage is not None:
        yield from _unknown(("organisation", "outage", "levels"), ours.outage.levels, levels, "level")
    if ours.physical_access is not None:
        at, wanted = ("organisation", "physical_access", "required"), ours.physical_access.required
        yield from _unknown(at, wanted, _REQUEST, "field of a request")


def _vendor_names_nobody(policy: SupportPolicy) -> Iterator[Fault]:
    vendor, at = policy.organisation.vendor, ("organisation", "vendor")
    if vendor is None:
        return
    levels = tuple(level.id for level in policy.rules.levels)
    lines = {tier.name for tier in policy.organisation.tiers} | _LINES
    yield from _unknown((*at, "by"), vendor.by, lines, "tier of the policy")
    yield from _unknown((*at, "severity_for"), vendor.severity_for, levels, "level")
    yield from _unknown((*at, "engineer_is_contact_in"), vendor.engineer_is_contact_in, policy.plans, "plan")
    details = Contact.model_fields
    yield from _unknown((*at, "contact_details"), vendor.contact_details, details, "detail of a contact")
    parts = {*_WORDS_OF_PARTS, *RequestVendorReview.model_fields}
    yield from _unknown((*at, "review_parts"), vendor.review_parts, parts, "part of a review request")
    yield from _vendor_has_no_such(vendor)


def _vendor_has_no_such(vendor: VendorEscalation) -> Iterator[Fault]:
    at = ("organisation", "vendor")
    if vendor.severity_for:
        severities = tuple(vendor.severity_for.values())
        yield from _unknown((*at, "around_the_clock"), vendor.around_the_clock, severities, "severity")


def _no_language(policy: SupportPolicy) -> Iterator[Fault]:
    intake = policy.rules.intake
    if intake.languages_mode == "strict" and not intake.languages:
        yield (
            ("rules", "intake", "languages"),
            'no language is spoken, and any other is refused; name some, such as ["en"]',
        )


def _unknown(path: Path, named: Iterable[str], known: Iterable[str], what: str) -> Iterator[Fault]:
    known = tuple(sorted(known) if isinstance(known, set) else known)
    for word in named:
        if word not in known:
            hint = did_you_mean(word, known) or f"known are {', '.join(known) if len(known) < 13 else '...'}"
            yield path, f"{word} is no {what}; {hint}"


def _values(record: Frozen, path: Path) -> Iterator[tuple[Path, object]]:
    """List every value in a record and the records in it, with its path."""
    for name in type(record).model_fields:
        if name in record.__dict__:
            yield from _in_value(record.__dict__[name], (*path, name))


def _in_value(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    if isinstance(value, Frozen):
        yield from _values(value, path)
        return
    yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _in_value(part, (*path, str(key)))
    elif isinstance(value, tuple):
        for position, part in enumerate(value):
            if isinstance(part, Frozen):
                name = part_name({key: getattr(part, key, None) for key in ("id", "name")}, position)
                yield from _values(part, (*path, name))
