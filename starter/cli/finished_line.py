"""A command as it is to be typed, with what is still missing put in its place: `--partner '...'`."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from starter.cli.flags import Options, typed_by
from starter.cli.request_flags import OPENING, PROVIDING

_BLANK = "'...'"
_PARTS = {
    "contact": ("contact__name", "contact__email"),
    "severity": ("severity",),
    "priority": ("priority",),
}
_WORDS = {
    "contact": "somebody to talk to",
    "severity": "the level",
    "priority": "the level",
    "affected_users": "who is affected",
    "troubleshooting_steps": "the steps that were tried",
}
_VALUES = {"affected_users": "all", "users_affected": "1", "outage": ""}


def open_line(given: Mapping[str, Any], missing: Iterable[str] = ()) -> str:
    """Return the line that opens a case: what was given, then what is missing."""
    return _line("sunrelay open", OPENING, given, missing)


def provide_line(number: str, missing: Iterable[str]) -> str:
    """Return the line that provides what a case lacks; empty where none of it can be given later."""
    parts = list(_blanks(PROVIDING, missing))
    return " ".join(["sunrelay case provide", number, *parts]) if parts else ""


def missing_words(field: str) -> str:
    """Return what is missing as its command explains it: `the partner's legal name`."""
    options = OPENING.get(field.replace(".", "__"))
    about = (
        next((str(one.help) for one in get_args(options[0]) if hasattr(one, "help")), "") if options else ""
    )
    short = about.partition(";")[0].rstrip(".")
    return _WORDS.get(field) or f"{short[:1].lower()}{short[1:]}" or field.replace("_", " ").replace(".", " ")


def _line(command: str, options: Options, given: Mapping[str, Any], missing: Iterable[str]) -> str:
    return " ".join([command, *_given(options, given), *_blanks(options, missing)])


def _given(options: Options, given: Mapping[str, Any]) -> Iterator[str]:
    typed = typed_by(options)
    for name, value in given.items():
        flag = typed.get(name.replace("__", "."))
        if flag is None or value is None or value == []:
            continue
        if isinstance(value, bool):
            yield flag if value else _no(options, name)
        else:
            for one in value if isinstance(value, list | tuple) else (value,):
                yield f"{flag} {shlex.quote(str(one))}"


def _no(options: Options, name: str) -> str:
    """Return the flag that says no."""
    for option in get_args(options[name][0]):
        declared = (getattr(option, "default", None), *(getattr(option, "param_decls", None) or ()))
        for names in declared:
            if isinstance(names, str) and "/" in names:
                return names.rpartition("/")[2]
    return ""


def _blanks(options: Options, missing: Iterable[str]) -> Iterator[str]:
    typed = typed_by(options)
    for field in missing:
        name = field.replace(".", "__")
        for key in _PARTS.get(name) or ([name] if name in options else _within(options, name)):
            if flag := typed.get(key.replace("__", ".")):
                value = "" if _is_yes_or_no(options, key) else _VALUES.get(key, _BLANK)
                yield f"{flag} {value}".strip()


def _within(options: Options, name: str) -> list[str]:
    return [key for key in options if key.startswith(f"{name}__")]


def _is_yes_or_no(options: Options, key: str) -> bool:
    return bool in get_args(get_args(options[key][0])[0])
