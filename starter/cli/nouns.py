"""The nouns of the command line: every command beyond the everyday ones has a noun before it.

Today's names of those commands stay as aliases that help does not show.
"""

from collections.abc import Mapping
from copy import copy
from types import MappingProxyType

import typer
from typer.models import CommandInfo, TyperInfo

from starter.cli.groups import first_unless_told

EVERYDAY: Mapping[str, str] = MappingProxyType(
    {
        "run": "desk.command",
        "open": "cli.open",
        **dict.fromkeys(("respond", "update", "wait", "reply", "resolve", "close", "reopen"), "cli.verbs"),
        "claim": "cli.staffing",
        "show": "cli.show",
        "list": "cli.list",
        "find": "cli.find",
        "watch": "cli.watch",
        "explain": "cli.show",
    }
)
"""What an engineer types every day, without a noun, in the order help shows it, and each one's chapter."""

NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "case": "everything else you say to a case or read from it",
        "draft": "what an agent would say, until a person releases it",
        "handoff": "taking a case over, declining it, handing it on",
        "outage": "notices, calls and the end of an outage",
        "vendor": "taking a case to the vendor, and hearing from the vendor",
        "review": "reviews of how the vendor works",
        "session": "remote sessions",
        "incident": "major incidents: many customers, one cause",
        "region": "centres: their hours, their queues",
        "rota": "who works where, and who is there now",
        "tenant": "who may ask for help, and what we know of them",
        "policy": "what is promised, and writing your own",
        "calendar": "public holidays",
        "survey": "how a closed case went",
        "feedback": "feedback that belongs to no case",
        "people": "who may come in, and their keys",
        "audit": "what was refused, and to whom",
        "statistics": "recent cases, added up",
        "desk": "workers, the mails kept here, rehearsals",
        "settings": "what this machine's doors and workers are told",
        "web": "the web door: the API, the vendor's calls, survey pages",
        "agent": "our verbs and views as tools of software agents",
        "verify": "the signed record of a promise",
        "ui": "the door before Temporal's own pages",
    }
)

_MOVED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "case": {
            **{name: name for name in ("triage", "provide", "priority", "note", "scope", "track")},
            **{name: name for name in ("validate", "diagnose", "contacted", "escalate")},
            "revoke-links": "revoke-links",
            **{name: name for name in ("reassign", "resolver-group", "attach", "fetch")},
            **{name: name for name in ("main-contact", "root-cause", "visitor", "timeline", "report")},
            "interval": "agree-interval",
            "take": "take-ownership",
            "recompute": "recompute-terms",
        },
        "handoff": {"history": "handoffs"},
        "outage": {
            "notify": "outage-notify",
            "bridge": "start-bridge",
            "restored": "outage-resolved",
            "withdraw": "withdraw-outage",
        },
        "vendor": {
            "request": "request-escalation",
            "escalate": "to-vendor",
            "update": "vendor-update",
            "finding": "vendor-finding",
            "contacted": "vendor-contacted",
        },
        "review": {"request": "review", "decide": "decide-review", "external": "review-externally"},
        "region": {"queue": "queue"},
        "rota": {"checkin": "checkin", "checkout": "checkout", "away": "away"},
        "statistics": {"show": "statistics", "repeats": "repeats", "lateness": "lateness"},
        "verify": {"promise": "verify"},
        "desk": {"worker": "worker", "mail": "mail", "rehearse": "rehearse"},
    }
)
"""Noun, and the commands it gets: new name, and the name it had without a noun."""


def put_nouns_before(app: typer.Typer) -> None:
    """Give commands their nouns; what they were called before goes on working, unseen."""
    commands = {str(info.name): info for info in app.registered_commands}
    groups = {str(info.name): info for info in app.registered_groups}
    for noun, moved in _MOVED.items():
        group = groups.get(noun) or _added(app, noun, moved, commands)
        assert group.typer_instance is not None
        for name, before in moved.items():
            group.typer_instance.registered_commands.append(_renamed(commands[before], name))
    left = [info for info in app.registered_commands if info.name not in NOUNS]
    app.registered_commands = sorted(left, key=_place)
    for info in left:
        info.hidden = info.name not in EVERYDAY


def _place(info: CommandInfo) -> int:
    return [*EVERYDAY, info.name].index(info.name)


def _added(
    app: typer.Typer, noun: str, moved: Mapping[str, str], commands: Mapping[str, CommandInfo]
) -> TyperInfo:
    """Make the group of a noun; where a command had that name, it is meant where no other is named."""
    help_ = NOUNS[noun].capitalize() + "."
    if noun in commands:
        default = next(name for name, before in moved.items() if before == noun)
        group = typer.Typer(cls=first_unless_told(default), help=help_)
    else:
        group = typer.Typer(no_args_is_help=True, help=help_)
    app.add_typer(group, name=noun)
    return app.registered_groups[-1]


def _renamed(info: CommandInfo, name: str) -> CommandInfo:
    twin = copy(info)
    twin.name, twin.hidden = name, False
    return twin
