"""`sunrelay survey`: say how a case went, once for each closure (RHIPE-27).

Part of the doors. The answer is the requester's: a desk passes one on only where it speaks for him, by its
own setting.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from starter.door import Door, register
from starter.faults import usage
from starter.saying import PANEL, Fields, say
from starter.sending import given_text

if TYPE_CHECKING:
    from activities.settings import AdapterSettings

PORT = 8082
Score = Annotated[int, typer.Option(help="From 1 (poor) to 5 (very good).")]
Comment = Annotated[str | None, typer.Option(help="A word on it; - reads standard input.")]
Closure = Annotated[int | None, typer.Option(help="Which closure of the case; else the last one.")]


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Surveys: how a closed case went.")
    say(group, "answer_survey", answer, ("answer",))
    register(group, "listen")(listen)
    app.add_typer(group, name="survey", rich_help_panel=PANEL)
    say(app, "answer_survey", answer, ("answer-survey",), hidden=True)


def answer(score: Score, comment: Comment = None, closure: Closure = None) -> Fields:
    """Say how a case went: one answer for each closure, within the time the survey is open."""
    return {"score": score, "comment": given_text(comment) if comment else None, "closure": closure}


async def listen(
    door: Door,
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = PORT,
    host: Annotated[
        str, typer.Option(help="Address to listen on; a proxy that speaks TLS stands before it.")
    ] = "127.0.0.1",
) -> None:
    """Serve the pages on which customers answer surveys, until told to stop."""
    from activities.survey_links import SurveyLinks
    from starter.listening_server import serve
    from starter.survey_web import PATH, survey_app

    settings = adapter_settings(door)
    if settings.survey_secrets is None:
        raise usage("SUNRELAY_SURVEY_SECRETS is not set", "set it to what the worker signs its links with")
    door.output.say(f"listening on http://{host}:{port}{PATH}/")
    await serve(survey_app(door, SurveyLinks.of(settings)), host, port)


def adapter_settings(door: Door) -> "AdapterSettings":
    """This will read the settings of the adapters. Raises: Fault (usage) for one that is wrong."""
    from pydantic import ValidationError

    from activities.settings import AdapterSettings

    try:
        return AdapterSettings.model_validate(door.home.store_setting())
    except ValidationError as error:
        first = error.errors()[0]
        raise usage(f"SUNRELAY_{first['loc'][0]!s}".upper() + f": {first['msg']}") from None
