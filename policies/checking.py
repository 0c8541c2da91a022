"""What makes a policy wrong besides the shape of its fields: rules between its parts, and our tables.

Part of the room of policies; it reads the tables beside it. Every check here is made as far as the document
allows, whatever else is wrong with it, so that its writer hears of everything at once.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from pydantic import TypeAdapter, ValidationError

from domain.compiled_terms import compile_terms
from domain.frozen import Frozen
from domain.policy import RegionRule, Rules, SupportPolicy, Weekday
from domain.terms import LONGEST_SPAN, Calendars, Terms
from domain.time.local_time import LocalZone, OffsetChange
from domain.time.spans import counted_spans
from policies.errors import Fault, faults_in, placed
from policies.holiday_tables import HolidayTableInvalid, calendar_names
from policies.paths import Path, Table, part_name
from policies.sense import faults_of_sense
from policies.zones import ZoneUnknown, local_zone

_UNKNOWN = re.compile(
    r"unknown (?P<what>level|plan|region|category|support type) (?P<words>[\w+-]+(?:, [\w+-]+)*)"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOWHERE = Calendars(
    name="none",
    zone=LocalZone(name="UTC", changes=(OffsetChange(at=_EPOCH, seconds=0),)),
    holidays=(),
    sources="",
)


def faults_of_shape(document: Table, error: ValidationError) -> list[Fault]:
    """Find every fault of a document that is no policy, `error` being why.

    A model whose fields are wrong never asks its own rules, and the first rule broken hides the others; so
    each rule is asked once more by itself, of what there is.
    """
    faults = [*faults_in(error, document), *_broken_rules(document)]
    return list(dict.fromkeys(one for fault in faults for one in _at_the_word(fault, document)))


def faults_of_tables(document: Table) -> Iterator[Fault]:
    """Find what only the tables beside us can tell: zones, calendars, countries named twice."""
    regions = document.get("regions")
    called: dict[str, str] = {}
    for name, table in regions.items() if isinstance(regions, dict) else ():
        try:
            region = RegionRule.model_validate(table)
        except ValidationError:
            continue  # its own faults are told elsewhere
        yield from _faults_of_region(region, ("regions", name))
        for country in region.countries:
            if country in called:
                yield ("regions", name, "countries"), f"{country} already calls {called[country]}"
            called.setdefault(country, name)


def faults_of_plans(policy: SupportPolicy) -> Iterator[Fault]:
    """Compile terms under every plan, so that no case finds out first that it cannot be done."""
    for name, plan in policy.plans.items():
        at: Path = ("plans", name, "hours")
        if not plan.around_the_clock and not any(plan.hours.values()):
            yield at, "the plan never opens, so none of its clocks would ever run"
        try:
            terms = compile_terms(policy, name, policy.default_region, _NOWHERE, _EPOCH)
            yield from _too_long(terms, policy, name)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                if one["loc"][1:]:  # the others only say that a week with a wrong day is no week
                    day = list(Weekday)[int(one["loc"][1])]
                    yield (*at, day), one["msg"].removeprefix("Value error, ")


def _too_long(terms: Terms, policy: SupportPolicy, plan: str) -> Iterator[Fault]:
    """Find spans no horizon can hold: what ends beyond it would be counted without holidays."""
    spans = counted_spans(terms.rules, terms.calendar.hours, coverage=terms.hours_in_coverage)
    for path, span in spans if any(terms.calendar.hours) else ():
        if span > LONGEST_SPAN:
            _, level, *field = path.split(".") if path.startswith("levels.") else ("", "", "")
            own = field and policy.plans[plan].targets.get(level)
            by_plan = own and field[0] in own.model_fields_set
            at = ("plans", plan, "targets", level, *field) if by_plan else ("rules", *path.split("."))
            yield (
                at,
                (
                    f"under plan {plan} it takes {span.days} days or more, weekends and holidays counted in, "
                    f"and a case's calendar can be known {LONGEST_SPAN.days} days ahead at most; give less"
                ),
            )


def _faults_of_region(region: RegionRule, path: Path) -> Iterator[Fault]:
    try:
        local_zone(region.zone, _EPOCH, _EPOCH)
    except ZoneUnknown as error:
        yield (*path, "zone"), str(error)
    try:
        calendars = calendar_names()
    except HolidayTableInvalid as error:
        yield (*path, "calendar"), str(error)
        return
    if region.calendar not in calendars:
        yield (*path, "calendar"), f"unknown {region.calendar!r}; known are {', '.join(calendars)}"


def _broken_rules(document: Table) -> Iterator[Fault]:
    rules = _as_far_as_valid(Rules, document.get("rules"))
    yield from _asked(rules, ("rules",))
    policy = _as_far_as_valid(SupportPolicy, document)
    policy.__dict__["rules"] = rules
    yield from _asked(policy, ())
    if isinstance(policy, SupportPolicy):
        yield from faults_of_sense(policy)


def _as_far_as_valid(model: type[Frozen], table: object) -> Frozen:
    """Make a record of the fields that are valid alone; the others are not there at all."""
    given = table if isinstance(table, dict) else {}
    record = model.model_construct()
    for name, field in model.model_fields.items():
        if name in given:
            record.__dict__.pop(name, None)
            with suppress(ValidationError):
                adapter: TypeAdapter[object] = TypeAdapter(field.rebuild_annotation())
                record.__dict__[name] = adapter.validate_python(given[name])
    return record


def _asked(record: Frozen, path: Path) -> Iterator[Fault]:
    """Ask a record each of its rules; one that needs a field that is not there has no answer."""
    for rule in type(record).__pydantic_decorators__.model_validators:
        try:
            getattr(record, rule)()
        except AttributeError:
            continue
        except ValueError as error:
            yield placed(path, str(error), tuple(type(record).model_fields))


def _at_the_word(fault: Fault, document: Table) -> Iterator[Fault]:
    """Move `unknown level P9` from the rule that says so to the fields that name it."""
    path, message = fault
    if (found := _UNKNOWN.match(message)) is None:
        yield fault
        return
    node: object = document
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    words = found["words"].split(", ")
    places = [(word, place) for word in words for place in _places_of(word, node, path)]
    if {word for word, _ in places} != set(words):
        yield fault
        return
    for word, place in places:
        yield place, f"unknown {found['what']} {word}{message[found.end() :]}"


def _places_of(word: str, node: object, path: Path) -> Iterator[Path]:
    """Find where a word is a value, a part of a list of texts, or a key."""
    if node == word:
        yield path
    elif isinstance(node, list):
        for position, part in enumerate(node):
            if part == word:
                yield path
            elif isinstance(part, dict):
                yield from _places_of(word, part, (*path, part_name(part, position)))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == word:
                yield (*path, key)
            yield from _places_of(word, value, (*path, key))
