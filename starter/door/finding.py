"""Cases found for somebody by whatever they know of them: what every door with a field to search asks.

Who asks is found what they may see, and told of nothing else: neither cases nor how many there are.
"""

from activities.store.case_search import Found, Search
from domain.actor import Actor
from starter.door.known_as import narrowed_to
from starter.door.known_names import check_names
from starter.door.permission import searched_tenant
from starter.door.session import Session


async def find_cases(session: Session, actor: Actor, wanted: Search) -> Found:
    """Find a page of cases, the best first. Raises: Fault, also for a tenant nobody has."""
    await check_names(session, actor, tenant=wanted.tenant)
    whose = {"tenant": searched_tenant(actor, wanted.tenant), "known_as": await narrowed_to(session, actor)}
    own = wanted.model_copy(update=whose)
    return await session.read(lambda store: store.search(own))
