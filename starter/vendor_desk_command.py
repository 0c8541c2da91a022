"""`sunrelay vendor`: the door a vendor calls us through, and the mood of the one we practise with.

Part of the doors.
"""

import logging
from typing import Annotated

import typer

from starter.desk.fake_vendor import Mood
from starter.desk_command import PANEL
from starter.door import Door, register
from starter.faults import Exit, Fault, usage

PORT = 8089


def add_to(app: typer.Typer) -> None:
    """This will add the commands."""
    group = typer.Typer(no_args_is_help=True, help="The vendor: hearing from him, and practising with one.")
    register(group, "listen")(listen)
    register(group, "mood")(mood)
    app.add_typer(group, name="vendor", rich_help_panel=PANEL)


async def listen(
    door: Door,
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = PORT,
    host: Annotated[
        str, typer.Option(help="Address to listen on; a proxy that speaks TLS stands before it.")
    ] = "127.0.0.1",
) -> None:
    """Hear from the vendor: signed calls to POST /vendor become messages to their cases."""
    from starter.listening import listening_app
    from starter.listening_cases import pass_on
    from starter.listening_proof import Proof
    from starter.listening_server import serve

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.INFO)
    proof = Proof(_secrets())
    await door.client()
    door.output.say(f"listening on http://{host}:{port}/vendor")
    await serve(listening_app(proof, lambda heard: pass_on(door, heard)), host, port)


def _secrets() -> list[str]:
    from pydantic import ValidationError

    from activities.settings import AdapterSettings

    try:
        told = AdapterSettings().vendor_webhook_secrets
    except ValidationError as error:
        first = error.errors()[0]
        raise usage(f"SUNRELAY_{first['loc'][0]!s}".upper() + f": {first['msg']}") from None
    secrets = told.get_secret_value().split() if told else []
    if not secrets:
        raise usage("SUNRELAY_VENDOR_WEBHOOK_SECRETS is not set", "set it to the key the vendor signs with")
    return secrets


async def mood(
    door: Door,
    name: Annotated[Mood | None, typer.Argument(metavar="[NAME]", help="How he answers from now on.")] = None,
) -> None:
    """Show or set how the practice vendor of the desk here answers."""
    from starter.desk.practice import mood_file, read_mood

    if name is not None:
        try:
            mood_file(door.home).write_text(f"{name}\n", encoding="utf-8")
        except OSError as error:
            remedy = "start the desk first: sunrelay run"
            raise Fault(Exit.FAULT, "HomeUnusable", f"{door.home.path}: {error.strerror}", remedy) from None
    now = read_mood(door.home)
    if door.output.is_text:
        door.output.show(f"the practice vendor: {now} (of {', '.join(Mood)})")
    else:
        door.output.record({"mood": now, "moods": list(Mood)})
