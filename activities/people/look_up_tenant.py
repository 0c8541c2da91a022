"""The activity that asks the tenant directory while a case is open: the contract `LOOK_UP_TENANT`.

A case that is being opened asks with its terms, and goes on without an answer; here an answer is waited for.
"""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.people.tenants import TenantDirectory
from domain.effects import LOOK_UP_TENANT
from domain.tenants import Enquiry, TenantFacts


class TenantActivities:
    """Answer with what the directory knows now."""

    def __init__(self, directory: TenantDirectory) -> None:
        self._directory = directory

    @activity.defn(name=LOOK_UP_TENANT)
    async def look_up_tenant(self, enquiry: Enquiry) -> TenantFacts:
        """Say what is known. Raises: ApplicationError, to be tried again, where it cannot be read."""
        facts = await self._directory.look_up(enquiry)
        if not facts.read:
            raise ApplicationError("the tenant directory cannot be read", type="DirectoryAway")
        return facts
