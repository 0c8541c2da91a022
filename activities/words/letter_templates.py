"""What compiles the templates of letters, and how they write names, instants and the words of people."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from activities.words import glossary
from activities.words.catalogues import speak_by_catalogue
from activities.words.reader_time import in_reader_time
from domain.policy import in_words

_INITIALS = 2  # letters: a centre of so few is named by them


@cache
def environment(templates: Path, *, html: bool) -> SandboxedEnvironment:
    """Return what compiles templates, once in a process."""
    form = SandboxedEnvironment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=html,
    )
    form.filters |= {"said": _said_in_html if html else _said_in_text, "words": _words, "centre": centre}
    form.filters |= {"listed": _listed, "when": _when, "after": _after, "interval": _interval}
    speak_by_catalogue(form)
    return form


def centre(name: str) -> str:
    """Write `kuala_lumpur` as Kuala Lumpur, and `uk` as UK."""
    return " ".join(part.upper() if len(part) <= _INITIALS else part.capitalize() for part in name.split("_"))


def _said_in_text(text: str | None) -> str:
    """Set a person's words apart by an indent, so that they cannot pass for ours."""
    return "\n".join(f"    {line}".rstrip() for line in (text or "").split("\n"))


def _said_in_html(text: str | None) -> Markup:
    """Set a person's words apart in a quotation of its own reading direction."""
    if not text:
        return Markup()
    lines = Markup("<br>").join(escape(line) for line in text.split("\n"))
    return Markup(
        '<blockquote dir="auto" style="margin: 0 1.5em; white-space: pre-wrap">{}</blockquote>'
    ).format(lines)


@pass_context
def _words(context: Context, name: str | None) -> str:
    """Write a name of ours as people write it: `initial_response`, `verification.company_name`."""
    return glossary.in_words(name, context["glossary"])


@pass_context
def _listed(context: Context, names: Iterable[str]) -> str:
    """Write names of ours in a row, all of which count."""
    return glossary.all_of(names, context["glossary"])


@pass_context
def _interval(context: Context, every: str) -> str:
    """Write what the domain says as `every 1 d 2 h` without its first word, by the reader's units."""
    return glossary.in_units(every.removeprefix("every "), context["glossary"])


def _after(later: datetime, earlier: datetime) -> str:
    """Say how long after `earlier` an instant is; not at all where it is before."""
    return in_words(max(later - earlier, later - later))


@pass_context
def _when(context: Context, at: datetime) -> str:
    return in_reader_time(at, context["zone"], context["locale"])
