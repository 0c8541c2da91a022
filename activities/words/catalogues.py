"""What our letters say in other languages: a catalogue `letters.po` in the folder of each language.

The English sentences of the templates are its keys. Catalogues are compiled in memory as they are read, so
that nothing is kept but the text that translators write. The tests say whether a catalogue is complete; a
letter that lacks a sentence is written in English as a whole.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

CATALOGUE = "letters.po"


class Catalogue(NamedTuple):
    """What one language says, and of which `sentences`."""

    says: NullTranslations
    sentences: frozenset[str]


ENGLISH = Catalogue(NullTranslations(), frozenset())
"""Says each sentence as the template has it."""


@cache
def read_catalogues(templates: Path) -> Mapping[str, Catalogue]:
    """Read every language's catalogue, by the name of its folder, once in a process.

    Raises: babel.messages.pofile.PoFileError for a file that is none.
    """
    return {file.parent.name: _compiled(file) for file in templates.glob(f"*/{CATALOGUE}")}


def speak_by_catalogue(form: Environment) -> None:
    """Let the templates of an environment say each sentence by the `catalogue` of their context."""
    form.add_extension("jinja2.ext.i18n")
    form.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]


@cache
def is_said_in(catalogue: Catalogue, form: Environment, name: str) -> bool:
    """Tell whether a template has sentences, and the catalogue has all of them.

    Raises: jinja2.TemplateNotFound.
    """
    assert form.loader is not None
    source, _, _ = form.loader.get_source(form, name)
    found = form.extract_translations(source)  # type: ignore[attr-defined]
    sentences = {said if isinstance(said, str) else said[0] for _, _, said in found}
    return bool(sentences) and sentences <= catalogue.sentences


def _compiled(file: Path) -> Catalogue:
    with file.open("rb") as text:
        catalogue = read_po(text, locale=file.parent.name.replace("-", "_"), abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Catalogue(Translations(compiled), frozenset(_sentences(catalogue)))


def _sentences(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and all(forms) and not message.fuzzy:
            yield message.id if isinstance(message.id, str) else message.id[0]


@pass_context
def _gettext(context: Context, sentence: str) -> str:
    return str(context["catalogue"].gettext(sentence))


@pass_context
def _ngettext(context: Context, one: str, several: str, count: int) -> str:
    return str(context["catalogue"].ngettext(one, several, count))
