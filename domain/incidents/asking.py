"""What a case answers when its incident asks how its customer would be told. Pure."""

from datetime import datetime

from domain.actor import Verb, has_room
from domain.case import Case
from domain.decision import Refused
from domain.fan_out import ChildEnd, NoticeWanted
from domain.incident_messages import IncidentNews
from domain.lifecycle import decide
from domain.lifecycle.incidents import has_heard, notice_id


def notice_wanted(case: Case, news: IncidentNews, now: datetime) -> NoticeWanted:
    """This will decide the news as the case would, and keep only the mail it would cause.

    `now` (UTC) may lie back: the engine's clock stands still between two steps of a case.
    """
    if not has_room(Verb.INCIDENT_NEWS, case.phase):
        return NoticeWanted(end=ChildEnd.OVER)
    if has_heard(case, news):
        return NoticeWanted(end=ChildEnd.HEARD)
    if case.incident is not None and case.incident.id != news.incident:
        return NoticeWanted(end=ChildEnd.ELSEWHERE)
    handled = max(now, news.received_at or now)
    decision = decide(case, Verb.INCIDENT_NEWS, news, "dry-run", handled)
    if isinstance(decision, Refused):
        return NoticeWanted()
    identity = notice_id(case, news)
    return NoticeWanted(effect=next((one for one in decision.effects if one.id == identity), None))
