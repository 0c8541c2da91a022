"""A survey answered while its case lives: in the timeline, in the store, and once."""

from pathlib import Path

import pytest

from activities.words.survey_links import SurveyLinks
from domain.timeline import EntryKind
from starter.door.faults import Fault
from tests.desk import Desk, time_skipping
from tests.people import ANA, KIM, KIMS_MAIL


@pytest.mark.covers("RHIPE-27", "GAP-25")
async def test_answers_reach_the_store_one_for_each_closure(desk: Desk) -> None:
    case = await desk.open()
    await case.say("respond", ANA, text="I am on it.")
    await case.say("close", ANA, reason="resolved")
    with pytest.raises(Fault) as outside:
        await case.say("answer_survey", KIM, score=6)
    assert (outside.value.code, outside.value.missing) == ("ValidationError", ("score",))
    await case.say("answer_survey", KIM, score=4, comment="Quick")
    with pytest.raises(Fault) as again:
        await case.say("answer_survey", KIM, score=1)
    assert again.value.code == "SurveyAlreadyAnswered"
    await case.say("reopen", KIM, reason="It is back.")
    await case.say("close", KIM, reason="requested")
    await case.tell("answer_survey", KIM, score=2)
    kept = await desk.adapters.store.answers(case.id)
    assert [(one.closure, one.score, one.comment) for one in kept] == [(1, 4, "Quick"), (2, 2, None)]
    told = [entry for entry in await case.timeline() if entry.kind is EntryKind.SURVEY_ANSWERED]
    assert [(entry.count, entry.about, entry.by) for entry in told] == [
        (1, "4", "Kim Ng"),
        (2, "2", "Kim Ng"),
    ]


async def test_the_customers_mail_has_a_link_to_his_own_survey(tmp_path: Path) -> None:
    url, key = "https://support.example/survey", "k" * 32
    chosen = {"survey_url": url, "survey_secrets": key}
    async with time_skipping() as env, Desk(env, tmp_path).at_work(**chosen) as desk:
        case = await desk.open()
        await case.say("close", ANA, reason="requested")
        (survey,) = (await case.view()).surveys
        text = desk.mails_to(KIMS_MAIL)[-1].part("plain")
    (link,) = [word for word in text.split() if word.startswith(url)]
    ticket = SurveyLinks(url, [key]).read(link.removeprefix(f"{url}/"))
    assert (ticket.case_id, ticket.closure, ticket.until) == (case.id, 1, survey.open_until)
