"""A handful of lives under any policy, and all that somebody can see of them: what a value of one changes.

Every request and every message is one a desk gets; what is refused is seen too. Nothing here knows a policy
by name: levels, channels, plans and categories are its own.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from activities.words.contact_ways import ContactWays
from activities.words.letters import Words
from domain import case_step
from domain.actor import Actor, ActorKind, Role, Tier
from domain.clocks import Clock, next_deadline
from domain.compiled_terms import compile_terms
from domain.decision import Accepted, Decision, Declined, Refused
from domain.messages.request import Submit
from domain.policy import LicenceSource, SupportPolicy
from domain.tenants import TenantFacts
from domain.terms import Calendars, Terms
from domain.time.local_time import LocalZone
from domain.verbs import Verb
from domain.views.customer import customer_view
from domain.views.explain import explain
from domain.views.leaflet import leaflet
from domain.views.staff import view
from policies.zones import local_zone
from tests.domain.desks import utc

AT = utc("2027-06-16T03:00")  # a Wednesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENGINEER = Actor(kind=ActorKind.STAFF, name="Ana Reyes", role=Role.ENGINEER, tier=Tier.L1, region="sydney")
SPECIALIST = Actor(kind=ActorKind.STAFF, name="Lina Soh", role=Role.ENGINEER, tier=Tier.L2)
SDM = Actor(kind=ActorKind.STAFF, name="Sue Dixon", role=Role.SDM)
VENDOR = Actor(kind=ActorKind.VENDOR, name="Vera")
KIM = Actor(kind=ActorKind.CUSTOMER, name="Kim Ng", tenant="Harbour Foods")

CONTACT = {
    "name": "Kim Ng",
    "role": "partner_technical",
    "phone": "+61255500100",
    "email": "kim.ng@partner.example",
    "availability": {"zone": "Australia/Sydney", "start": "09:00", "end": "17:00"},
}
FULL: dict[str, Any] = {
    "tenant": "Harbour Foods",
    "reference": "R-1",
    "country": "AU",
    "explanation": "Mail does not leave.",
    "contact": CONTACT,
    "requester": {"name": "Kim Ng", "role": "administrator"},
    "partner_legal_name": "Southern Cloud",
    "tenant_company": "Harbour Foods",
    "tenant_domain": "harbourfoods.example",
    "end_user_company": "Harbour Foods",
    "onmicrosoft_domain": "harbour.onmicrosoft.com",
    "affected_users": "all",
    "users_affected": 7,
    "users_affected_percent": 20,
    "workaround": True,
    "vip_affected": False,
    "service_accessible": True,
    "functionality": "Mail",
    "onset_at": AT - HOUR,
    "troubleshooting_steps": ("restarted",),
    "troubleshooting_done": "Restarted.",
    "business_impact": "Orders wait.",
    "scope": "Mail",
    "access_id": "A-1",
}
KNOWN = TenantFacts(
    listed=True,
    entitled=True,
    audiences=("stakeholders",),
    is_authorised_contact=True,
    access="his",
    addons=("on_premise", "on_premise_addon"),
)


@lru_cache
def _zone(name: str) -> LocalZone:
    return local_zone(name, AT - 2 * DAY, AT + 403 * DAY)


def terms(policy: SupportPolicy, plan: str) -> Terms:
    calendars = Calendars(name="AU-NSW", zone=_zone("Australia/Sydney"), holidays=(), sources="test")
    return compile_terms(policy, plan, policy.default_region, calendars, AT)


class Seen:
    """One life: what is said, and what can be seen of it in lines."""

    def __init__(self, policy: SupportPolicy, words: Words, plan: str, held_to: Terms) -> None:
        self.policy, self.words, self.plan, self.held_to = policy, words, plan, held_to
        self.written: set[str] = set()
        self.case: Any = None
        self.lines: list[str] = []

    def opens(self, facts: TenantFacts = KNOWN, actor: Actor = ENGINEER, **given: Any) -> "Seen":
        rules = self.policy.rules
        bought = self.policy.plans[self.plan]
        roles = bought.roles or rules.intake.entitlement.roles
        asks = {
            "channel": (bought.channels or rules.intake.channels or ("phone",))[0],
            "policy": self.policy.name,
            "actor": actor,
            "received_at": AT,
            "severity": rules.levels[min(1, len(rules.levels) - 1)].id,
            "service": (rules.intake.services or ("exchange_online",))[0],
            "support_type": (rules.intake.support_types or ("technical",))[-1],
            "requester": {"name": "Kim Ng", "role": str(roles[0]) if roles else "technical_contact"},
        }
        wished = given.get("severity", asks["severity"])
        if rules.rating.by == "staff" and rules.matrix:
            cells = [cell for cell in rules.matrix if cell.level == wished] or rules.matrix
            asks |= {"impact": cells[0].impact, "urgency": cells[0].urgency}
            given["severity"] = None
        submit = Submit.model_validate(FULL | asks | given)
        refused = case_step.refuse_opening(submit)
        self._saw(refused or case_step.open_case(submit, self.held_to, AT, facts=facts))
        return self

    def says(self, verb: str, after: timedelta, by: Actor = ENGINEER, **fields: Any) -> "Seen":
        if self.case is None:
            return self
        said = Verb(verb)
        at = AT + after
        self.passes(after)
        try:
            message = said.model.model_validate({"actor": by, "received_at": at, **fields})
        except ValidationError as error:
            self.lines.append(str(error))
            return self
        self._saw(case_step.decide(self.case, said, message, f"request-{verb}-{after}", at))
        return self

    def passes(self, until: timedelta) -> "Seen":
        for _ in range(60):
            deadline = next_deadline(self.case.clocks) if self.case is not None else None
            if deadline is None or deadline.at > AT + until:
                break
            self._saw(case_step.fall_due(self.case, deadline.at))
        return self

    def _saw(self, decision: Decision | None) -> None:
        if decision is None:
            return
        if isinstance(decision, Refused):
            self.lines.append(repr(decision))
            return
        assert isinstance(decision, Accepted | Declined)
        self.case = case = decision.case
        self.lines += [repr(one) for one in (*decision.entries, decision.warnings)]
        for effect in decision.effects:
            self.lines.append(repr((effect.kind, effect.to, effect.about, effect.caused_at, effect.facts)))
            if effect.lane in ("customer", "audience", "vendor") and effect.kind not in self.written:
                self.written.add(effect.kind)
                self.lines.append(self.words.render(effect).text)
        self.lines.append(repr((case.phase, case.level, case.missing, case.clocks, case.score)))

    def ends(self) -> list[str]:
        if self.case is not None:
            self.lines += [repr(customer_view(self.case)), repr(view(self.case))]
            self.lines += [repr(explain(self.case, clock)) for clock in Clock]
            category = self.case.request.category
            self.lines.append(repr(leaflet(self.policy, self.plan, self.case.level, category)))
        return self.lines


def lives(policy: SupportPolicy) -> Iterator[list[str]]:
    """Tell one life after the other, each with all that was seen of it."""
    words = Words(ways=ContactWays(None, lambda _: policy))

    held_to = {plan: terms(policy, plan) for plan in policy.plans}

    def one(plan: str | None = None) -> Seen:
        name = plan or policy.default_plan
        return Seen(policy, words, name, held_to[name])

    for plan in policy.plans:
        yield one(plan).opens().says("respond", HOUR, text="News.").passes(12 * DAY).ends()
        yield one(plan).opens(category=None, channel="phone").passes(2 * DAY).ends()
    yield _resolved(one()).ends()
    yield _worked_on(one()).ends()
    yield _to_the_vendor(one()).ends()
    yield _outage(one()).ends()
    yield from _turned_away(one)
    for level in policy.rules.levels:
        yield one().opens(severity=level.id).says("respond", HOUR, text="News.").passes(2 * DAY).ends()
        yield one().opens(severity=level.id, users_affected=1, workaround=False).passes(12 * DAY).ends()
        yield one().opens(severity=level.id, actor=KIM).ends()
    yield from _of_the_policy(policy, one)
    yield one().opens(actor=KIM, channel="email", contact={"name": "Kim"}).passes(5 * DAY).ends()
    yield _unclear(one()).ends()
    yield _to_the_vendor(one(list(policy.plans)[-1])).ends()
    yield _to_the_vendor(
        one().opens(facts=KNOWN.model_copy(update={"licence_source": LicenceSource.ELSEWHERE}))
    ).ends()
    hands = {"kind": "remote_hands", "equipment": "Rack 7", "task": "power_cycle"}
    for access in (hands, hands | {"task": "juggle"}):
        yield one().opens(access=access).ends()
        yield one().opens(access=access, requester=None, contact={"name": "Kim"}).ends()
        yield (
            one().opens(access=access, facts=KNOWN.model_copy(update={"is_authorised_contact": False})).ends()
        )


def _turned_away(one: Any) -> Iterator[list[str]]:
    """Tell of requests that lack something, or are not for us."""
    bare = {"tenant_company": None, "explanation": None, "scope": None}
    yield one().opens(**bare, screenshots=("a.png",)).passes(8 * DAY).ends()
    yield one().opens(screenshots=("b.docx",)).ends()
    yield one().opens(screenshots=("a.png",)).ends()
    for wrong in (
        {"channel": "pigeon"},
        {"language": "xx"},
        {"language": "en"},
        {"category": "nonsense"},
        {"support_type": "nonsense"},
        {"subscription_family": "X"},
        {"update_channel": "pigeon"},
        {"service": "nonsense"},
        {"facts": TenantFacts(listed=False)},
        {"facts": KNOWN.model_copy(update={"kind": "end_tenant"})},
        {"facts": KNOWN.model_copy(update={"phase": "deployment"})},
        {"facts": KNOWN.model_copy(update={"access": "unknown"})},
        {"requester": {"name": "Sam", "role": "nobody"}, "actor": KIM},
    ):
        yield one().opens(**wrong).ends()


def _of_the_policy(policy: SupportPolicy, one: Any) -> Iterator[list[str]]:
    """Tell a life for each category, rule of scope and support type of a policy."""
    for category, rule in policy.rules.intake.categories.items():
        kind = {"support_type": rule.support_type} if rule.support_type else {}
        level = policy.rules.levels[0].id
        yield one().opens(category=category, severity=level, **kind).ends()
    for rule in policy.rules.scope.rules:
        asked = one().opens(
            category=rule.categories[0] if rule.categories else None,
            partner_centre_account=rule.partner_centre_account,
        )
        cause = rule.categories[0] if rule.categories else "dns"
        asked.says("diagnose", HOUR, finding=cause, text="Found.", outcome="nonsense")
        yield asked.says("diagnose", 2 * HOUR, finding=cause, text="Found.").ends()
    for kind in policy.rules.intake.support_types:
        yield one().opens(support_type=kind, category=None).ends()


def _worked_on(life: Seen) -> Seen:
    life.opens().says("respond", HOUR, text="Begun.")
    life.says("wait_for_customer", 2 * HOUR, text="Which version?").passes(3 * DAY)
    life.says("reply", 3 * DAY, KIM, text="The latest.")
    life.says("reassign", 3 * DAY + HOUR, assignee="Bea", reason="holiday")
    life.says("escalate", 3 * DAY + 2 * HOUR, classification="Sign-in", skill="Azure")
    life.says(
        "change_level",
        3 * DAY + 3 * HOUR,
        level=life.policy.rules.levels[0].id,
        reason="More",
        business_impact="More.",
    )
    life.says("change_level", 3 * DAY + 4 * HOUR, KIM, level=life.policy.rules.levels[-1].id, reason="Less")
    life.says("schedule_session", 3 * DAY + 4 * HOUR, start=AT + 4 * DAY, end=AT + 4 * DAY + HOUR, zone="UTC")
    return life.passes(5 * DAY)


def _to_the_vendor(life: Seen) -> Seen:
    if life.case is None:
        life.opens()
    life.says("respond", HOUR, text="Begun.")
    done = (
        "partner_troubleshooting",
        "provider_review",
        "secondary_troubleshooting",
        "initial_troubleshooting",
    )
    said: dict[str, Any] = {
        "reason": "A fault",
        "prerequisites": done,
        "product": "office_365",
        "contact": CONTACT,
    }
    number, bare = {"vendor_reference": "27"}, {"name": "Kim Ng", "role": "engineer", "phone": "+61255500100"}
    minute = timedelta(minutes=1)
    for count, wrong in enumerate(
        (
            {"reason": None, **number},
            {"contact": None, **number},
            {"contact": bare, **number},
            {"contact": CONTACT | {"role": "engineer"}, **number},
            {"contact": CONTACT | {"role": "end_user"}, **number},
            {"product": "abacus", **number},
            {"prerequisites": (), **number},
            {},
        )
    ):
        life.says("escalate_to_vendor", 2 * HOUR + count * minute, SPECIALIST, **(said | wrong))
    life.says("escalate_to_vendor", 3 * HOUR, ENGINEER, **said)
    life.says("escalate_to_vendor", 4 * HOUR, SPECIALIST, **said, **number)
    life.says("escalate_to_vendor", 5 * HOUR, ENGINEER, **said, **number)
    life.says("request_vendor_review", 6 * HOUR, KIM, ground="whim")
    life.passes(7 * DAY)
    life.says("request_vendor_review", 7 * DAY, KIM, ground="no_resolution")
    life.says("vendor_finding", 7 * DAY + HOUR, VENDOR, boundary="on_premises")
    return life.passes(8 * DAY)


def _outage(life: Seen) -> Seen:
    life.opens(outage=True)
    life.says("outage_notification", 2 * HOUR, incident_details="All is down.", impact="All.")
    life.says(
        "outage_notification",
        2 * HOUR + timedelta(minutes=1),
        incident_details="All is down.",
        impact="All.",
        expected_resolution_at=AT + DAY,
    )
    life.says("start_bridge", 3 * HOUR, phone_number="+61255500100")
    life.says("outage_resolution_notification", 4 * HOUR, text="It is back.")
    return life.passes(9 * HOUR)


def _resolved(life: Seen) -> Seen:
    life.opens().says("respond", HOUR, text="Begun.")
    life.says("resolve", 2 * HOUR, kind="resolution", text="Mended.").passes(20 * DAY)
    life.says("close", 20 * DAY, reason="resolved").says(
        "reply", 20 * DAY + HOUR, KIM, text="Yes", accepts=True
    )
    life.says("request_root_cause", 20 * DAY + 2 * HOUR, KIM)
    life.says("reopen", 22 * DAY, KIM, reason="It is back.").passes(40 * DAY)
    return life


def _unclear(life: Seen) -> Seen:
    life.opens().says("respond", HOUR, text="Begun.")
    life.says("resolve", 2 * HOUR, kind="resolution", text="Mended.")
    life.says("reply", 3 * HOUR, KIM, text="And the other one?")
    return life.passes(9 * DAY)
