"""How names of ours are said in a language: a file `words.toml` beside its templates.

This room only reads; a name that is not in the file is said in English, as the code has it.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

Glossary = Mapping[str, str]
"""From a name as the code has it (`contact.email`, `auto_close`) to what people read."""


def read_glossaries(templates: Path) -> dict[str, Glossary]:
    """This will read the names of every language that has some, by the name of its folder.

    Raises: tomllib.TOMLDecodeError for a file that is none.
    """
    files = templates.glob("*/words.toml")
    return {file.parent.name: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}


def in_words(name: str | None, glossary: Glossary) -> str:
    """This will say a name as people do: from the glossary, else `verification: company name`."""
    return glossary.get(name or "") or (name or "").replace("_", " ").replace(".", ": ")
