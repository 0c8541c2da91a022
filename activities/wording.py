"""Puts an effect into words: the reader's language, his local time, text and HTML of one template.

This room knows how things are said; which facts are told was decided in the domain. A language is a folder
of templates, and adding one needs no code. Whatever a person wrote is shown as text: it can neither become
markup, nor a header, nor turn the reading order of what surrounds it.
"""

import re
from datetime import datetime
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from activities import glossary
from activities.content import Wording
from activities.plain_text import one_line, plain
from activities.reader_time import in_reader_time, reader_locale
from domain.actor import is_name
from domain.effects import Effect, EffectKind, Lane
from domain.naming import case_number
from domain.policy import in_words
from domain.request import Availability, Contact
from domain.timeline import TimelineEntry

_TEMPLATES = Path(__file__).parent / "templates"
_FALLBACK = "en"
_EMPTY_LINES = re.compile(r"(?:[ \t]*\n){2,}")
_QUOTED = Markup('dir="auto" style="margin: 0 1.5em; white-space: pre-wrap"')
_SEVERAL_LINES = frozenset({"text", "reason", "advice", "impact"})
_FRAMES = {Lane.CUSTOMER: "_customer", Lane.AUDIENCE: "_audience", Lane.VENDOR: "_vendor"}
"""What stands below a message that leaves our house; our own people get the command to look at the case."""

_OF_AN_INCIDENT = frozenset({EffectKind.INCIDENT_UPDATE_DUE, EffectKind.INCIDENT_UPDATE_MISSED})
"""What our own people hear of a major incident, which is looked at by another command."""


class Words:
    """This will render effects from a folder of languages; ours by default."""

    def __init__(self, templates: Path = _TEMPLATES) -> None:
        self._text = _environment(templates, _said_in_text)
        self._html = _environment(templates, _said_in_html)
        self._html.autoescape = True
        self._known = {name.lower(): name for name in self._text.list_templates()}
        self._glossaries = glossary.read_glossaries(templates)

    def render(self, effect: Effect) -> Wording:
        """This will say one effect in the reader's language, or English where we do not speak it.

        Raises: jinja2.TemplateError for a template that is missing or wrong.
        """
        frame = "_incident" if effect.kind in _OF_AN_INCIDENT else _FRAMES.get(effect.lane, "_staff")
        language = self._language(effect, frame)
        facts = _context(effect, language) | {"glossary": self._glossaries.get(language, {})}
        topic = self._said(self._text, language, effect.kind, "topic", facts)
        subject = one_line(f"[{effect.case_number}] {topic + ': ' if topic else ''}{facts['title']}")
        names = (effect.kind, frame)
        text, html = (
            "\n\n".join(self._said(form, language, name, "body", facts) for name in names)
            for form in (self._text, self._html)
        )
        return Wording(
            subject=subject,
            text=_EMPTY_LINES.sub("\n\n", text) + "\n",
            html=self._framed(subject, language, html),
            language=language,
        )

    def _language(self, effect: Effect, frame: str) -> str:
        """This will go from the reader's language to its base to English, past those without the templates.

        What stands below our own people's messages is there in English only, so that is what they read.
        """
        wanted = effect.language.replace("_", "-").lower()
        for language in (wanted, wanted.partition("-")[0], _FALLBACK):
            found = self._known.get(f"{language}/{effect.kind}.j2")
            if found and f"{language}/{frame}.j2" in self._known:
                return found.rpartition("/")[0]
        raise TemplateNotFound(f"{_FALLBACK}/{effect.kind}.j2")

    def _said(
        self, form: SandboxedEnvironment, language: str, name: str, block: str, facts: dict[str, object]
    ) -> str:
        template = form.get_template(f"{language}/{name}.j2")
        if block not in template.blocks:
            return ""
        return "".join(template.blocks[block](template.new_context(facts))).strip()

    def _framed(self, subject: str, language: str, body: str) -> str:
        """This will lay out paragraphs, which were escaped when they were rendered."""
        paragraphs = [Markup(part.replace("\n", "<br>\n")) for part in _EMPTY_LINES.split(body)]  # noqa: S704
        frame = self._html.get_template("frame.html.j2")
        return frame.render(subject=subject, language=language, paragraphs=paragraphs)


def _environment(templates: Path, said: object) -> SandboxedEnvironment:
    form = SandboxedEnvironment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    form.filters |= {"said": said, "words": _words, "when": _when, "after": _after}
    return form


def _context(effect: Effect, language: str) -> dict[str, object]:
    """This will gather what a template may say: the facts, cleaned, and whose case it is.

    `by` is a person's name: a mere role is no beginning of a sentence, and has a wording in each language.
    """
    facts = effect.facts
    linked = facts.linked_number or (case_number(facts.linked_case) if facts.linked_case else None)
    same = effect.language.lower().startswith(language.lower())
    return {
        **{name: _clean(name, value) for name, value in facts},
        "linked_number": linked,
        "by": _clean("by", facts.by) if facts.by and is_name(facts.by) else None,
        "looked_into": facts.by is not None,
        "owner": _clean("owner", _place(facts.owner, effect)),
        "contact": _clean("contact", _place(facts.contact, effect)),
        "number": effect.case_number,
        "about": _clean("about", effect.about),
        "region": _clean("region", effect.region),
        "caused_at": effect.caused_at,
        "zone": effect.zone,
        "locale": reader_locale(effect.language if same else language, language),
    }


def _place(name: str | None, effect: Effect) -> str | None:
    """This will write the name of the centre as people do; that of a person, or an address, stays."""
    return name.replace("_", " ").title() if name and name == effect.region else name


def _clean(name: str, value: object) -> object:
    if isinstance(value, str):
        return plain(value).strip() if name in _SEVERAL_LINES else one_line(value)
    if isinstance(value, tuple):
        return tuple(_clean(name, one) for one in value)
    if isinstance(value, TimelineEntry | Contact | Availability):
        return value.model_copy(update={part: _clean(part, one) for part, one in value})
    return value


def _said_in_text(text: str | None) -> str:
    """This will set a person's words apart by an indent, so that they cannot pass for ours."""
    return "\n".join(f"    {line}".rstrip() for line in (text or "").split("\n"))


def _said_in_html(text: str | None) -> Markup:
    """This will set a person's words apart in a quotation of its own reading direction."""
    if not text:
        return Markup()
    lines = Markup("<br>").join(escape(line) for line in text.split("\n"))
    return Markup(
        '<blockquote dir="auto" style="margin: 0 1.5em; white-space: pre-wrap">{}</blockquote>'
    ).format(lines)


@pass_context
def _words(context: Context, name: str | None) -> str:
    """This will write a name of ours as people write it: `initial_response`, `verification.company_name`."""
    return glossary.in_words(name, context["glossary"])


def _after(later: datetime, earlier: datetime) -> str:
    """This will say how long after `earlier` an instant is; not at all where it is before."""
    return in_words(max(later - earlier, later - later))


@pass_context
def _when(context: Context, at: datetime) -> str:
    return in_reader_time(at, context["zone"], context["locale"])
