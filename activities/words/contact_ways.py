"""How somebody who gets a letter reaches us: the one place that knows, whatever the letter is.

This room reads the policy in force at the moment of writing, not what a case is held to: a number that is
changed today is in today's letters. It promises nothing that does not work: an answer is asked for only where
people read it, a telephone is named only where there is one.
"""

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Self

from activities.settings import AdapterSettings
from domain.effects import Effect
from domain.frozen import Frozen
from domain.policy import Organisation, SupportPolicy
from policies import PolicyInvalid, PolicyUnknown, load_policy

_POLICIES_KEPT = 64
BY_TELEPHONE = "phone"
"""The channel a telephone number belongs to."""

_log = logging.getLogger(__name__)


class Ways(Frozen):
    """The ways to us. `replies_to` is read by people; `channels` are the ways in, as the policy names them.

    Where there is a telephone, `phone` is among the channels. `details` say of a channel where it is: its
    addresses, or how to get there. In the `portals` customers see how their case stands. Where nothing is
    known, readers go the way they know.
    """

    replies_to: str | None = None
    telephone: str | None = None
    channels: tuple[str, ...] = ()
    details: Mapping[str, tuple[str, ...]] = {}
    portals: tuple[str, ...] = ()


class ContactWays:
    """The ways to us for each effect; policies are read once and then kept."""

    def __init__(
        self, replies_to: str | None = None, policies: Callable[[str], SupportPolicy] = load_policy
    ) -> None:
        self._replies_to = replies_to
        self._policy = lru_cache(maxsize=_POLICIES_KEPT)(policies)

    @classmethod
    def of(cls, settings: AdapterSettings) -> Self:
        """Return the ways of a desk with these settings."""
        return cls(settings.replies_address)

    def to_us(self, effect: Effect) -> Ways:
        """Return how the reader of an effect reaches us: under its plan, at the centre that owns the case."""
        policy = self._policy_of(effect)
        if policy is None:
            return Ways(replies_to=self._replies_to)
        telephone = telephone_of(policy, effect.region, effect.country)
        channels = _channels(policy, effect.plan)
        if telephone and BY_TELEPHONE not in channels:
            channels = (BY_TELEPHONE, *channels)
        return Ways(
            replies_to=self._replies_to,
            telephone=telephone,
            channels=channels,
            details=_details(policy.organisation, channels, effect.support_type),
            portals=policy.organisation.portals,
        )

    def zone_of_centre(self, effect: Effect) -> str | None:
        """Return the zone of the centre whose people read an effect; None where the policy names none."""
        policy = self._policy_of(effect)
        centre = policy.regions.get(effect.region or "") if policy else None
        return centre.zone if centre else None

    def _policy_of(self, effect: Effect) -> SupportPolicy | None:
        if effect.policy is None:
            return None
        try:
            return self._policy(effect.policy)
        except (PolicyUnknown, PolicyInvalid, OSError) as error:  # it was there when the case was opened
            _log.warning("letters of %s name no telephone and no channel: %s", effect.case_id, error)
            return None


def telephone_of(policy: SupportPolicy, region: str | None, country: str | None) -> str | None:
    """Return the number a customer of that country calls about a case of that centre, if there is one.

    The centre's own goes first, then that of the customer's country, of a country the centre serves, and of
    the organisation (RHIPE-23). A country may have several.
    """
    centre, ours = policy.regions.get(region or ""), policy.organisation
    if centre is not None and centre.telephone:
        return centre.telephone
    for one in filter(None, (country, *(centre.countries if centre else ()))):
        if numbers := [said for of, said in ours.telephones.items() if of.partition("-")[0] == one]:
            return " / ".join(numbers)
    return ours.telephone


def _details(
    ours: Organisation, channels: tuple[str, ...], support_type: str | None
) -> dict[str, tuple[str, ...]]:
    """Say of each channel where it is, as far as the policy does; a portal's mere name is none."""
    routes = {one: ours.routes.get(one) for one in channels}
    if BY_TELEPHONE in channels:
        routes[BY_TELEPHONE] = ours.routes.get(support_type or "") or routes[BY_TELEPHONE]
    found = {one: (route,) for one, route in routes.items() if route}
    written = {"email": ours.mailboxes, "portal": tuple(one for one in ours.portals if "://" in one)}
    return found | {one: said for one, said in written.items() if said and one in channels}


def _channels(policy: SupportPolicy, plan: str | None) -> tuple[str, ...]:
    bought = policy.plans.get(plan or "")
    return (bought.channels if bought else ()) or policy.rules.intake.channels
