"""`sunrelay people`: who may come in, their keys, and taking them away.

Whoever runs these commands reaches the store itself, and is trusted with it. A key is printed once, by the
command that makes it, and by no other.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from domain.actor import Role, Tier
from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.instants import ahead
from starter.cli.panels import DESK
from starter.cli.receipts import show_warnings
from starter.cli.web import PORT
from starter.door.plain import counted, moment, printable

if TYPE_CHECKING:
    from starter.door.people import Listed

Name = Annotated[str, typer.Argument(metavar="NAME", help="Somebody, or a program; capitals count.")]
_DEFAULT_LIFE = "365d"


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="People and programs that may come in, and their keys.")
    register(group, "add")(add)
    register(group, "list")(list_)
    register(group, "key")(key)
    register(group, "link")(link)
    register(group, "revoke")(revoke)
    app.add_typer(group, name="people", rich_help_panel=DESK)


async def add(
    door: Door,
    name: Name,
    role: Annotated[Role, typer.Option(case_sensitive=False, help="As whom; system is a program.")],
    tenant: Annotated[str | None, typer.Option(help="Whose cases a customer may see; needed there.")] = None,
    region: Annotated[str | None, typer.Option(help="The centre of one of our own people.")] = None,
    tier: Annotated[
        Tier | None, typer.Option(case_sensitive=False, help="L1, L2 or L3, of our own people.")
    ] = None,
    email: Annotated[str | None, typer.Option(help="By which an identity provider knows them.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Change who is there, or was revoked.")] = False,
) -> None:
    """Let somebody in, as one role; `people key` then makes a key for them."""
    fields = {"name": name, "role": role.value, "tenant": tenant, "region": region}
    fields |= {"tier": tier.value if tier else None, "email": email}
    added = await core.add_person(door.session, door.actor, fields, replace=replace)

    show_warnings(door, added.warnings)
    if door.output.is_text:
        door.output.show(f"{printable(added.person.name)}  {core.as_whom(added.person)}")
        door.output.say(f"a key for them: sunrelay people key {core.quoted(added.person.name)}")
    else:
        door.output.record(added.person)


async def key(
    door: Door,
    name: Name,
    expires: Annotated[
        str, typer.Option(help="How long it opens doors: 12h, 90d, or until an instant.")
    ] = _DEFAULT_LIFE,
) -> None:
    """Make a key for somebody, and print it: this once."""
    made = await core.give_key(door.session, door.actor, name, ahead(expires, "expires", door.session.now()))
    if not door.output.is_text:
        door.output.record({"key": made.secret, **made.key.model_dump(mode="json")})
        return
    door.output.show(made.secret)
    door.output.say(
        f"Keep it now, where only {printable(made.key.person)} reads it: it is shown this once.\n"
        f"A request carries it in its head: Authorization: Bearer {made.key.prefix}_...\n"
        f"It ends {moment(made.key.expires_at)}; to end it before: sunrelay people revoke {made.key.prefix}"
    )


async def link(
    door: Door,
    name: Name,
    url: Annotated[
        str | None,
        typer.Option(help="Where browsers reach the web door (the desk's that runs here).", metavar="URL"),
    ] = None,
) -> None:
    """Make a link that signs somebody in with a browser, once, within 15 minutes; print it: this once."""
    made = await core.make_link(door.session, door.actor, name)
    desk = door.home.desk()
    base = url or (desk and desk.web) or f"http://127.0.0.1:{PORT}"
    address = f"{base.rstrip('/')}{core.LINK}/{made.secret}"
    if not door.output.is_text:
        door.output.record(
            {"link": address, "person": made.person, "expires_at": made.expires_at.isoformat()}
        )
        return
    door.output.show(address)
    door.output.say(
        f"It signs in {printable(made.person)}, once, until {moment(made.expires_at)}: only they may read it."
    )


async def list_(door: Door) -> None:
    """List who may come in, and by which keys; never a key itself."""
    found = await core.list_people(door.session, door.actor)
    if not door.output.is_text:
        door.output.plain_records([_record(one) for one in found])
        return
    if found:
        door.output.show(core.people_table(found, door.session.now()))
    door.output.say(f"{counted(len(found), 'person', 'people')} and programs, from the case store")


async def revoke(
    door: Door,
    what: Annotated[
        str,
        typer.Argument(metavar="KEY|NAME", help="The beginning of a key, sr_ and eight letters, or a name."),
    ],
) -> None:
    """Take away one key, or everything by which somebody comes in, from now on."""
    gone = await core.revoke(door.session, door.actor, what)
    if door.output.is_text:
        door.output.show(f"{printable(gone.what)}  revoked, {counted(gone.keys, 'key')}")
    else:
        door.output.record({"revoked": gone.what, "keys": gone.keys})


def _record(one: "Listed") -> dict[str, object]:
    kept = one.kept.model_dump(mode="json", exclude={"person"})
    keys = [key.model_dump(mode="json", exclude={"person"}) for key in one.keys]
    return {**one.kept.person.model_dump(mode="json"), **kept, "keys": keys}
