"""`sunrelay survey`: say how a case went, once for each closure (RHIPE-27).

The answer is the requester's: a desk passes one on only where it speaks for them, by its
own setting.
"""

from typing import Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.given import given_text
from starter.cli.listen_options import LOOPBACK, Host, Port
from starter.cli.panels import SAY
from starter.cli.say_command import Fields, say
from starter.door.faults import usage

PORT = 8082
Score = Annotated[int, typer.Option(help="From 1 (poor) to 5 (very good).")]
WaitTime = Annotated[int | None, typer.Option(help="How the wait was: 1 (too long) to 5 (very good).")]
Patience = Annotated[int | None, typer.Option(help="How patient we were: from 1 to 5.")]
Suggestions = Annotated[str | None, typer.Option(help="What we should do better; - reads standard input.")]
Comment = Annotated[str | None, typer.Option(help="A word on it; - reads standard input.")]
Closure = Annotated[int | None, typer.Option(help="Which closure of the case; the last one if left out.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Surveys: how a closed case went.")
    say(group, "answer_survey", answer, ("answer",))
    register(group, "listen")(listen)
    app.add_typer(group, name="survey", rich_help_panel=SAY)
    say(app, "answer_survey", answer, ("answer-survey",), hidden=True)


def answer(
    score: Score,
    wait_time: WaitTime = None,
    patience: Patience = None,
    comment: Comment = None,
    suggestions: Suggestions = None,
    closure: Closure = None,
) -> Fields:
    """Say how a case went: one answer for each closure, within the time the survey is open."""
    return {
        "score": score,
        "wait_time": wait_time,
        "patience": patience,
        "comment": given_text(comment) if comment else None,
        "suggestions": given_text(suggestions) if suggestions else None,
        "closure": closure,
    }


async def listen(
    door: Door,
    port: Port = PORT,
    host: Host = LOOPBACK,
) -> None:
    """Serve the pages on which customers answer surveys, until told to stop."""
    settings = core.adapter_settings(door.home.store_setting())
    if settings.survey_secrets is None:
        raise usage("SUNRELAY_SURVEY_SECRETS is not set", "set it to what the worker signs its links with")
    door.output.say(f"listening on http://{host}:{port}{core.PATH}/")
    await core.serve(core.survey_app(door.session, core.SurveyLinks.of(settings)), host, port)
