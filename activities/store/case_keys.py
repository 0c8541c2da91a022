"""Cases by a mail address that somebody gave in them, the newest of each tenant."""

from sqlalchemy import func, select

from activities.store import spelling
from activities.store.database import Database
from activities.store.tables import case_keys, cases
from domain.finding import FoundBy

_MOST_OF_A_TENANT = 5
_MOST = 40


async def cases_by_mail(store: Database, address: str) -> tuple[str, ...]:
    """Return ids of cases that a mail address was given in, spelled this way or nearly: a few of each tenant.

    Whoever asks compares the address itself: what is kept here tells no accents and widths apart.
    """
    newest = func.row_number().over(partition_by=cases.c.tenant, order_by=cases.c.received_at.desc())
    named = (
        select(cases.c.case_id, cases.c.received_at, newest.label("place"))
        .join(case_keys, case_keys.c.case_id == cases.c.case_id)
        .where(case_keys.c.kind == FoundBy.MAIL.value, case_keys.c.key == spelling.mail(address))
        .subquery()
    )
    query = select(named.c.case_id).where(named.c.place <= _MOST_OF_A_TENANT)
    async with store.reading() as connection:
        found = await connection.execute(query.order_by(named.c.received_at.desc()).limit(_MOST))
        return tuple(found.scalars())
