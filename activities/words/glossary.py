"""How names of ours are said in a language: a file `words.toml` beside its catalogue.

This room only reads; a name that is not in the file is said in English, as the code has it.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from activities.words.contact_ways import BY_TELEPHONE

Glossary = Mapping[str, str]
"""From a name as the code has it (`contact.email`, `auto_close`) to what people read."""


def read_glossaries(templates: Path) -> dict[str, Glossary]:
    """Read the names of every language that has some, by the name of its folder.

    Raises: tomllib.TOMLDecodeError for a file that is none.
    """
    files = templates.glob("*/words.toml")
    return {file.parent.name: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}


def in_words(name: str | None, glossary: Glossary) -> str:
    """Say a name as people do: from the glossary, else `verification: company name`."""
    return glossary.get(name or "") or (name or "").replace("_", " ").replace(".", ": ")


def channel_in_words(name: str, telephone: str | None, glossary: Glossary, where: Sequence[str] = ()) -> str:
    """Return a way to reach us as it follows "use": with its number or where it is, if that is known."""
    if name == BY_TELEPHONE and telephone:
        return glossary.get("channel.telephone", "{number}").replace("{number}", telephone)
    said = glossary.get(f"channel.{name}") or in_words(name, glossary)
    if not where:
        return said
    begin, end = glossary.get("bracket_open", " ("), glossary.get("bracket_close", ")")
    return f"{glossary.get(f'channel.{name}.bare', said)}{begin}{either(where, glossary)}{end}"


def all_of(names: Iterable[str], glossary: Glossary) -> str:
    """Return names in a row, all of which count: `scope, tenant domain`."""
    return glossary.get("list_comma", ", ").join(in_words(one, glossary) for one in names)


def in_units(duration: str, glossary: Glossary) -> str:
    """Say the units of a duration such as `1 d 2 h 30 min`."""
    return re.sub(r"(?<=\d )\w+", lambda unit: glossary.get(f"unit_{unit[0]}", unit[0]), duration)


def either(names: Sequence[str], glossary: Glossary) -> str:
    """Return names in a row, of which one is enough: `the chat, the portal or the telephone`."""
    *first, last = names or ("",)
    comma, or_ = glossary.get("list_comma", ", "), glossary.get("list_or", ", ")
    return f"{comma.join(first)}{or_}{last}" if first else last
