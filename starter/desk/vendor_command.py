"""`sunrelay vendor`: the door a vendor calls us through, and the mood of the one we practise with."""

from typing import Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.listen_options import LOOPBACK, Host, Port
from starter.cli.panels import DESK
from starter.desk.fake_vendor import Mood
from starter.door.faults import Fault, Kind, usage

PORT = 8089


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="The vendor: hearing from them, and practising with one.")
    register(group, "listen")(listen)
    register(group, "mood")(mood)
    app.add_typer(group, name="vendor", rich_help_panel=DESK)


async def listen(
    door: Door,
    port: Port = PORT,
    host: Host = LOOPBACK,
) -> None:
    """Hear from the vendor: signed calls to POST /vendor become messages to their cases."""
    core.set_up_logs(core.telemetry_settings().log)
    proof = core.Proof(_secrets())
    await door.session.client()
    door.output.say(f"listening on http://{host}:{port}/vendor")
    app = core.listening_app(
        proof,
        lambda heard: core.pass_on(door.session, heard),
        unproved=lambda: core.note_unproved(door.session),
    )
    await core.serve(app, host, port)


def _secrets() -> list[str]:

    told = core.adapter_settings({}).vendor_webhook_secrets
    secrets = told.get_secret_value().split() if told else []
    if not secrets:
        raise usage("SUNRELAY_VENDOR_WEBHOOK_SECRETS is not set", "set it to the key the vendor signs with")
    return secrets


async def mood(
    door: Door,
    name: Annotated[Mood | None, typer.Argument(metavar="[NAME]", help="How it answers from now on.")] = None,
) -> None:
    """Show or set how the practice vendor of the desk here answers."""
    door.home.check()
    if name is not None:
        try:
            door.home.keep(core.mood_file(door.home).name, f"{name}\n")
        except OSError as error:
            remedy = "start the desk first: sunrelay run"
            raise Fault(Kind.FAULT, "HomeUnusable", f"{door.home.path}: {error.strerror}", remedy) from None
    now = core.read_mood(door.home)
    if door.output.is_text:
        door.output.show(f"the practice vendor: {now} (of {', '.join(Mood)})")
    else:
        door.output.record({"mood": now, "moods": list(Mood)})
