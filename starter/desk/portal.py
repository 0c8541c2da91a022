"""The portal as a part of the desk: where its links lead, and the key they are signed with.

The key is kept in the desk's home: a link in a mail of an earlier run has to open after a restart too.
"""

from typing import NamedTuple

from starter.cli.command import Door
from starter.cli.settings import adapter_settings
from starter.desk.surveys import kept_key
from starter.door.faults import Fault, Kind
from starter.web.site import PORTAL


class PortalPlan(NamedTuple):
    """Where letters lead (None: nowhere), and what worker and web door are told of it."""

    url: str | None
    told: dict[str, str]


def plan_portal(door: Door, port: int, *, mails_stay: bool) -> PortalPlan:
    """Say where the portal of a desk is: where its setting says, else at the desk's own web door.

    Where mails leave this computer (not `mails_stay`) no letter leads there: nobody who gets one could open
    its links. Raises: Fault for settings that are wrong, or for a home that cannot be used.
    """
    settings = adapter_settings(door.home.store_setting())
    if settings.portal_url is not None:
        return PortalPlan(settings.portal_url, {})
    if not mails_stay:
        return PortalPlan(None, {})
    try:
        keys = {} if settings.portal_secrets else {"SUNRELAY_PORTAL_SECRETS": kept_key(door.home, "portal")}
    except (OSError, UnicodeDecodeError) as error:
        reason = f"{door.home.path}: what is kept for the portal cannot be used: {error}"
        raise Fault(Kind.FAULT, "HomeUnusable", reason, "repair or remove portal-key") from None
    url = f"http://127.0.0.1:{port}{PORTAL}"
    return PortalPlan(url, {"SUNRELAY_PORTAL_URL": url, **keys})
