"""Which level a request gets when it comes in, who may say so, and what makes us doubt it.

CONF-03, CONF-04; RHIPE-10 to RHIPE-12, RHIPE-15 to RHIPE-20; O365-14, O365-15, O365-17, O365-19;
DED-18, DED-22, DED-28; WEST-10.
"""

from domain.actor import Actor, ActorKind, Role
from domain.case import LevelSource
from domain.decision import refuse
from domain.messages.request import Submit
from domain.policy import LevelRule, SupportPolicy
from domain.rules import CURRENT_RULES, RULES_0_4
from domain.terms import Terms

_RATINGS = ("high", "medium", "low")


def rated(terms: Terms, impact: str, urgency: str) -> str:
    """Return the level of impact x urgency (RHIPE-11). Raises: Refusal with `ValidationError`."""
    for field, value in (("impact", impact), ("urgency", urgency)):
        if value not in _RATINGS:
            refuse(
                "ValidationError", f"{field}: {value} is not a rating", "use high, medium or low", (field,)
            )
    for cell in terms.rules.matrix:
        if cell.impact == impact and cell.urgency == urgency:
            return cell.level
    refuse("ValidationError", "this policy does not rate by impact and urgency", "name the level", ("level",))


def known_level(terms: Terms, level: str) -> LevelRule:
    """Return the rule of a level somebody named. Raises: Refusal with `SeverityUnknown`."""
    for rule in terms.rules.levels:
        if rule.id == level:
            return rule
    known = ", ".join(rule.id for rule in terms.rules.levels)
    refuse("SeverityUnknown", f"there is no level {level}", f"use one of {known}", ("level",))


def first_level(request: Submit, terms: Terms, rules: int = CURRENT_RULES) -> tuple[str, LevelSource]:
    """Rate a request as it comes in. Raises: Refusal.

    Where staff rate (RHIPE-12) they do so by matrix when they take the call; mail and portal get the
    channel's default until triage (RHIPE-15), and a requester's own rating is kept as a wish. Elsewhere the
    requester names the level, or gets the default.
    """
    if terms.rules.rating.by == "requester":
        return _by_requester(request, terms, rules)
    intake = terms.rules.intake
    by_staff = request.actor.is_staff and request.channel not in intake.default_level_channels
    if by_staff and request.impact and request.urgency:
        return rated(terms, request.impact, request.urgency), LevelSource.MATRIX
    return intake.default_level, LevelSource.CHANNEL_DEFAULT


def _by_requester(request: Submit, terms: Terms, rules: int) -> tuple[str, LevelSource]:
    if request.level is None:
        return terms.rules.intake.default_level, LevelSource.CHANNEL_DEFAULT
    rule = known_level(terms, request.level)
    check_speaker(rule, request.actor, rules)
    check_cap(rule, request.category, terms)
    if request.outage:
        check_outage(rule, terms)
    check_channel(rule, request.channel, terms)
    if request.actor.kind is ActorKind.VENDOR:
        return rule.id, LevelSource.VENDOR
    return rule.id, LevelSource.STAFF if rule.provider_only else LevelSource.REQUESTER


def foreseen_rank(request: Submit, policy: SupportPolicy) -> int | None:
    """Return the rank a request will have as far as it says, 0 the most urgent; nothing is checked.

    It orders what waits for a worker; which level a case gets is decided when it is opened.
    """
    rules = policy.rules
    rating = (request.impact, request.urgency)
    cells = (cell.level for cell in rules.matrix if (cell.impact, cell.urgency) == rating)
    by_staff = request.actor.is_staff and request.channel not in rules.intake.default_level_channels
    named = request.level if rules.rating.by == "requester" else next(cells, None) if by_staff else None
    ranks = {level.id: level.rank for level in rules.levels}
    return ranks.get(named or "", ranks.get(rules.intake.default_level))


def check_channel(rule: LevelRule, channel: str, terms: Terms) -> None:
    """Want a level named by a channel that takes it (O365-14). Raises: Refusal."""
    use = [name for name in rule.channels if name in terms.rules.intake.channels]
    if not rule.channels or channel in (use or rule.channels):
        return
    refuse(
        "ChannelNotPermitted",
        f"a case of level {rule.id} is not accepted by {channel}",
        f"use {' or '.join(use or rule.channels)}",
        ("channel",),
    )


def is_of_the_provider(actor: Actor, rules: int = CURRENT_RULES) -> bool:
    """Tell whether somebody speaks for whoever runs the service: our staff, or its incident management.

    Where a guide is the provider's own, that is us (DED-22, DED-30); an engineer at another vendor is nobody
    of theirs. Before 0.4 every vendor was taken for the provider, and none of our own staff.
    """
    if rules < RULES_0_4:
        return actor.kind is ActorKind.VENDOR
    of_vendor = actor.kind is ActorKind.VENDOR and actor.role is Role.INCIDENT_MANAGEMENT
    return actor.is_staff or of_vendor


def vendors_may_rate(actor: Actor, terms: Terms, rules: int = CURRENT_RULES) -> None:
    """Let a vendor speak only for the provider, where a level is theirs (DED-22). Raises: Refusal."""
    if actor.kind is not ActorKind.VENDOR:
        return
    if not any(rule.provider_only for rule in terms.rules.levels):
        refuse("RoleNotPermitted", "this policy leaves nothing to the vendor", "let our staff do it")
    if not is_of_the_provider(actor, rules):
        refuse(
            "RoleNotPermitted",
            "of a vendor's people only the incident management speaks for the provider",
            "let them or our staff do it",
        )


def check_speaker(rule: LevelRule, actor: Actor, rules: int = CURRENT_RULES) -> None:
    """Let nobody but the provider declare a level that is theirs (DED-22). Raises: Refusal."""
    if rule.provider_only and not is_of_the_provider(actor, rules):
        remedy = f"use {rule.instead}" if rule.instead else "ask the provider's incident management"
        refuse(
            "SeverityNotPermitted", f"only the provider declares {rule.id} ({rule.name})", remedy, ("level",)
        )


def check_cap(rule: LevelRule, category: str | None, terms: Terms) -> None:
    """Keep a category below its highest level (WEST-10). Raises: Refusal."""
    limit = terms.rules.intake.categories.get(category or "")
    if limit is not None and limit.highest_level and rule.rank < terms.level(limit.highest_level).rank:
        refuse(
            "PriorityNotPermitted",
            f"a request of the category {category} is at most {limit.highest_level}",
            f"use {limit.highest_level}, and log it while you are still planning",
            ("level",),
        )


def check_outage(rule: LevelRule, terms: Terms) -> None:
    """Want an outage to have a level that outages have (DED-28). Raises: Refusal."""
    if rule.outage == "refused" or (terms.outage is not None and rule.id not in terms.outage.levels):
        refuse(
            "OutageSeverityRequired", f"an outage is never {rule.id}", "name a more urgent level", ("level",)
        )


def is_doubtful(
    rule: LevelRule,
    *,
    percent: float | None = None,
    users: int | None = None,
    workaround: bool | None = None,
    outage: bool = False,
) -> bool:
    """Tell whether what is said of a problem does not fit its level. It only warns.

    Half-open bands of users: P1 above 50 %, P2 (25, 50], P3 [10, 25], P4 below 10 % (CONF-04). P1 has no
    workaround, P2 and P3 have one (RHIPE-16 to RHIPE-18), and Severity C has (O365-19). A single user hardly
    makes a Severity A (O365-17).
    """
    if workaround is not None and rule.no_workaround is workaround:
        return True
    if rule.expects_workaround and not workaround:
        return True
    if (rule.several_users and users == 1) or (outage and rule.outage == "never"):
        return True
    return percent is not None and not _in_band(rule, percent)


def _in_band(rule: LevelRule, percent: float) -> bool:
    return (
        (rule.above_percent is None or percent > rule.above_percent)
        and (rule.at_least_percent is None or percent >= rule.at_least_percent)
        and (rule.up_to_percent is None or percent <= rule.up_to_percent)
        and (rule.below_percent is None or percent < rule.below_percent)
    )
