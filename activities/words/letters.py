"""Puts an effect into words: the reader's language and local time, text and HTML of one template.

This room knows how things are said; which facts are told was decided in the domain. A language is a folder
with a catalogue of sentences and a glossary, and adding one needs no code. Whatever a person wrote is shown
as text: it can neither become markup, nor a header, nor turn the reading order of what surrounds it.
"""

import re
from pathlib import Path
from typing import NamedTuple

from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from activities.plain_text import one_line, plain
from activities.words import glossary
from activities.words.case_links import OPENS_FOR, CaseLinks
from activities.words.catalogues import ENGLISH, is_said_in, read_catalogues
from activities.words.contact_ways import ContactWays, Ways
from activities.words.content import Wording, receipt_file
from activities.words.letter_templates import centre, environment
from activities.words.reader_time import in_reader_time, in_territory, reader_locale
from domain.actor import is_name
from domain.brief import HandoffBrief
from domain.effects import Effect, EffectKind, Lane
from domain.facts import GatheredCase
from domain.messages.request import Availability, Contact
from domain.naming import case_number
from domain.said import in_lines
from domain.timeline import TimelineEntry

_TEMPLATES = Path(__file__).parent / "templates"
_FALLBACK = "en"
_EMPTY_LINES = re.compile(r"(?:[ \t]*\n){2,}")
_QUOTED = Markup('dir="auto" style="margin: 0 1.5em; white-space: pre-wrap"')
_SEVERAL_LINES = frozenset({"text", "reason", "advice", "impact"})
_FRAMES = {Lane.CUSTOMER: "_customer", Lane.AUDIENCE: "_audience", Lane.VENDOR: "_vendor"}
"""What stands below a message that leaves our house; our own people get the command to look at the case."""

_RECEIPT = "_receipt"
"""What a letter says of the signed record that goes with it."""

_SPOKEN = frozenset({Lane.CUSTOMER, Lane.AUDIENCE})
"""The lanes whose readers are told in their own language."""

_ONE_LINE = 200
"""Characters of what is said behind its label; anything longer is set apart (ours)."""

_OURS = frozenset({Lane.STAFF, Lane.REGION})
_BY_ONE_CLOCK = frozenset(
    {EffectKind.SESSION_SCHEDULED, EffectKind.SESSION_REMINDER, EffectKind.SESSION_CANCELLED}
)
"""What everybody is told by the clock it was agreed on (CSS-07)."""

_OWN_FRAMES = {
    EffectKind.INCIDENT_CANCEL_ASKED: "_incident",
    EffectKind.INCIDENT_UPDATE_DUE: "_incident",
    EffectKind.INCIDENT_UPDATE_MISSED: "_incident",
    EffectKind.HANDOFF_DIGEST: "_digest",
    EffectKind.REQUEST_REFUSED: "_refused",
}
"""What is no news of one case: a major incident has a command of its own, a refused request is no case."""


class SaidFact(NamedTuple):
    """One thing that was said: its label, and what was said in one line or several."""

    label: str
    lines: tuple[str, ...]

    @property
    def is_short(self) -> bool:
        """Whether it stands behind its label in one line."""
        return len(self.lines) == 1 and "\n" not in self.lines[0] and len(self.lines[0]) <= _ONE_LINE

    @property
    def heading(self) -> str:
        """The label as a line of its own."""
        return f"{self.label[0].upper()}{self.label[1:]}"

    @property
    def text(self) -> str:
        """All of it, line by line."""
        return "\n".join(self.lines)


class Words:
    """Effects rendered from a folder of templates, ours by default; `ways` are how their readers reach us.

    `case_links` lead a customer to how their case stands, and `verify_at` is the page on which anybody can
    check the record of a promise; without them no letter leads there.
    """

    def __init__(
        self,
        templates: Path = _TEMPLATES,
        ways: ContactWays | None = None,
        case_links: CaseLinks | None = None,
        verify_at: str | None = None,
    ) -> None:
        self._ways = ways or ContactWays()
        self._case_links = case_links
        self._verify_at = verify_at
        self._text = environment(templates, html=False)
        self._html = environment(templates, html=True)
        self._catalogues = read_catalogues(templates)
        self._known = {name.lower(): name for name in self._catalogues}
        self._glossaries = glossary.read_glossaries(templates)

    def render(self, effect: Effect, *, by_mail: bool = True, receipt: str | None = None) -> Wording:
        """Return one effect in the reader's language, or English where we do not speak it.

        What does not come `by_mail` asks nobody to answer it: they write to the address that is read. A
        `receipt` goes with the mail as a file, and the letter says so.

        Raises: jinja2.TemplateError for a template that is missing or wrong.
        """
        frame = _OWN_FRAMES.get(effect.kind) or _FRAMES.get(effect.lane, "_staff")
        language = self._language(effect)
        facts = self._facts(effect, language) | {"by_mail": by_mail} | self._portal(effect, by_mail)
        parts = (effect.kind, *((_RECEIPT,) if receipt and by_mail else ()), frame)
        topic = self._said(self._text, effect.kind, "topic", facts)
        subject = one_line(f"[{effect.case_number}] {topic + ': ' if topic else ''}{facts['title']}")
        text, html = (
            "\n\n".join(self._said(form, name, "body", facts) for name in parts)
            for form in (self._text, self._html)
        )
        return Wording(
            subject=subject,
            text=_EMPTY_LINES.sub("\n\n", text) + "\n",
            html=self._framed(subject, language, html),
            language=language,
            receipt=receipt,
        )

    def _facts(self, effect: Effect, language: str) -> dict[str, object]:
        """Return all that a template may say: of the case, and how its reader reaches us."""
        names = self._glossaries.get(language, {})
        says = self._catalogues.get(language, ENGLISH).says
        ours = {"glossary": names, "catalogue": says, "gap": names.get("sentence_gap", " ")}
        ours |= {"receipt_file": receipt_file(effect.case_number), "verify_at": self._verify_at}
        return _context(effect, language, self._zone(effect)) | _ways(self._ways.to_us(effect), names) | ours

    def _portal(self, effect: Effect, by_mail: bool) -> dict[str, object]:
        """Return where its reader sees how their case stands; what is posted is read by programs."""
        links = self._case_links
        link = links.to(effect) if links is not None and by_mail else None
        portal = links.portal if links is not None else None
        return {"case_link": link, "portal": portal, "case_link_until": effect.caused_at + OPENS_FOR}

    def _zone(self, effect: Effect) -> str:
        """Return the zone in which the reader of an effect is told instants.

        Our own people read their own, else their centre's; what was agreed on by one clock is told by it.
        """
        if effect.lane not in _OURS or effect.kind in _BY_ONE_CLOCK:
            return effect.zone
        return effect.reads_in or self._ways.zone_of_centre(effect) or effect.zone

    def _language(self, effect: Effect) -> str:
        """Go from the reader's language to its base to English, past those that cannot say all of the letter.

        Our own people and vendors read English.
        """
        wanted = effect.language.replace("_", "-").lower() if effect.lane in _SPOKEN else _FALLBACK
        for language in (wanted, wanted.partition("-")[0]):
            found = self._known.get(language)
            if found and is_said_in(self._catalogues[found], self._text, f"{effect.kind}.j2"):
                return found
        return _FALLBACK

    def _said(self, form: SandboxedEnvironment, name: str, block: str, facts: dict[str, object]) -> str:
        template = form.get_template(f"{name}.j2")
        if block not in template.blocks:
            return ""
        return "".join(template.blocks[block](template.new_context(facts))).strip()

    def _framed(self, subject: str, language: str, body: str) -> str:
        """Lay out paragraphs, which were escaped when they were rendered."""
        paragraphs = [Markup(part.replace("\n", "<br>\n")) for part in _EMPTY_LINES.split(body)]  # noqa: S704
        frame = self._html.get_template("frame.html.j2")
        return frame.render(subject=subject, language=language, paragraphs=paragraphs)


def _context(effect: Effect, language: str, zone: str) -> dict[str, object]:
    """Return what a template may say of the case: the facts, cleaned, and whose case it is.

    `by` is a person's name: a mere role is no beginning of a sentence, and has a wording in each language.
    """
    facts = effect.facts
    linked = facts.linked_number or (case_number(facts.linked_case) if facts.linked_case else None)
    same = effect.lane not in _OURS and effect.language.lower().startswith(language.lower())
    return {
        **{name: _clean(name, value) for name, value in facts},
        "linked_number": linked,
        "said": _said_facts(effect, zone),
        "by": _clean("by", facts.by) if facts.by and is_name(facts.by) else None,
        "looked_into": facts.by is not None,
        "owner": _clean("owner", _place(facts.owner, effect)),
        "contact": _clean("contact", _place(facts.contact, effect)),
        "number": one_line(effect.case_number),
        "about": _clean("about", effect.about),
        "region": _clean("region", effect.region),
        "caused_at": effect.caused_at,
        "zone": zone,
        "locale": reader_locale(*in_territory(effect.language if same else language, zone), language),
    }


def _said_facts(effect: Effect, zone: str) -> list[SaidFact]:
    """Return what was said in the request, as our own people and vendors are told it, in English."""
    facts, locale = effect.facts, reader_locale(*in_territory(_FALLBACK, zone), _FALLBACK)
    lines = in_lines(dict(facts.said or ()), facts.files or (), lambda at: in_reader_time(at, zone, locale))
    return [SaidFact(label, tuple(plain(line).strip() for line in said)) for label, said in lines]


def _ways(ways: Ways, names: glossary.Glossary) -> dict[str, object]:
    """Return how readers reach us, the channels in a row: `the telephone (+61 ...) or the portal`."""
    said = [
        glossary.channel_in_words(one, ways.telephone, names, ways.details.get(one, ()))
        for one in ways.channels
    ]
    return {
        "replies_to": ways.replies_to,
        "telephone": _clean("telephone", ways.telephone),
        "channels": _clean("channels", glossary.either(said, names)),
        "portals": _clean("portals", glossary.either(ways.portals, names)),
    }


def _place(name: str | None, effect: Effect) -> str | None:
    """Write the name of the centre as people do; that of a person, or an address, stays."""
    return centre(name) if name and name == effect.region else name


def _clean(name: str, value: object) -> object:
    if isinstance(value, str):
        return plain(value).strip() if name in _SEVERAL_LINES else one_line(value)
    if isinstance(value, tuple):
        return tuple(_clean(name, one) for one in value)
    if isinstance(value, HandoffBrief):
        return value.model_copy(update={part: plain(line).strip() for part, line in value.lines.items()})
    if isinstance(value, TimelineEntry | Contact | Availability | GatheredCase):
        return value.model_copy(update={part: _clean(part, one) for part, one in value})
    return value
