"""What support stands behind a case, as its guide describes it: for whoever reads the report of the case.

It is read from the policy in force, like the letters: a document that is added today is in today's report.
"""

from domain.frozen import Frozen
from domain.policy import LevelRule, SupportPolicy


class Leaflet(Frozen):
    """The guide in short: its title and plan, what the level means, who works, what is extra or elsewhere.

    `is_contract` is false where the guide calls itself a guide (CONF-06). `category` is the case's own in
    words; `documents` go beside the guide, `charged` costs extra, `reports` there are to read.
    """

    title: str
    plan: str
    is_contract: bool
    level: str = ""
    examples: tuple[str, ...] = ()
    category: str | None = None
    tiers: tuple[str, ...] = ()
    charged: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    portals: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


def leaflet(policy: SupportPolicy, plan: str, level: str, category: str | None = None) -> Leaflet:
    """Describe what a case of that plan, level and category has behind it."""
    ours = policy.organisation
    rule = next((one for one in policy.rules.levels if one.id == level), None)
    known = policy.rules.intake.categories.get(category or "")
    return Leaflet(
        title=policy.title,
        plan=policy.plans[plan].title if plan in policy.plans else plan,
        is_contract=policy.contractual,
        level=_means(rule),
        examples=rule.examples if rule is not None else (),
        category=known.title if known is not None else category,
        tiers=tuple(f"{tier.name}: {_knows(tier.title, tier.skills)}" for tier in ours.tiers),
        charged=ours.charged,
        reports=ours.reports,
        portals=ours.portals,
        documents=tuple(" ".join(filter(None, (one.name, one.link))) for one in policy.documents),
    )


def _means(rule: LevelRule | None) -> str:
    return rule.definition if rule is not None else ""


def _knows(title: str, skills: tuple[str, ...]) -> str:
    return f"{title} ({', '.join(skills)})" if skills else title
