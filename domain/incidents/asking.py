"""What a case answers when its incident asks how its customer would be told."""

from datetime import datetime

from domain.case import Case
from domain.case_step import decide
from domain.decision import Refused
from domain.incidents.fan_out import ChildEnd, NoticeWanted
from domain.lifecycle.incident_news import has_heard, notice_id
from domain.messages.incident import IncidentNews
from domain.verbs import Verb


def notice_wanted(case: Case, news: IncidentNews, now: datetime) -> NoticeWanted:
    """Decide the news as the case would, and keep only the mail it would cause.

    `now` (UTC) may lie back: the engine's clock stands still between two steps of a case.
    """
    if not Verb.INCIDENT_NEWS.has_room_in(case.phase):
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
