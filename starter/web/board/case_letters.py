"""What would go out if something were said now: each letter as its reader gets it, in their language."""

from dataclasses import dataclass, field

from babel import Locale, UnknownLocaleError
from starlette.requests import Request

from activities.words.content import Wording
from activities.words.letters import Words
from activities.words.survey_links import SurveyLinks
from domain.effects import Channel, Effect, Recipient
from starter.door.dry_run import Outlook

_READERS = {
    Recipient.CUSTOMER: "the customer",
    Recipient.CONTACT: "the technical contact",
    Recipient.VENDOR: "the vendor",
    Recipient.AUDIENCE: "the audience of the outage",
}


@dataclass(frozen=True)
class Letter:
    """One letter: to whom and where it goes, in which language, and its words."""

    reader: str
    addresses: tuple[str, ...]
    language: str
    wording: Wording


@dataclass(frozen=True)
class Writing:
    """What writes letters as the workers of this desk do; without `survey_links` a survey has no link."""

    words: Words = field(default_factory=Words)
    survey_links: SurveyLinks | None = None

    def wording(self, effect: Effect) -> Wording:
        """Write an effect as its reader gets it; the link to their survey is theirs, and veiled."""
        if self.survey_links is not None:
            effect = self.survey_links.added(effect, veiled=True)
        is_posted = bool(effect.addresses) and effect.addresses[0].channel is Channel.WEBHOOK
        return self.words.render(effect, by_mail=not is_posted)


def letters_of(outlook: Outlook, writing: Writing) -> tuple[Letter, ...]:
    """Write what nobody of our own would be told."""
    return tuple(_letter(effect, writing) for effect in outlook.told_outside)


def writing_of(request: Request) -> Writing:
    """Return what writes letters here."""
    writing: Writing = request.app.state.writing
    return writing


def _letter(effect: Effect, writing: Writing) -> Letter:
    wording = writing.wording(effect)
    listed = (f"everybody on the list {effect.audience.name}",) if effect.audience else ()
    return Letter(
        reader=_READERS.get(effect.to, effect.to.value),
        addresses=tuple(address.to for address in effect.addresses) or listed,
        language=_name_of(wording.language),
        wording=wording,
    )


def _name_of(language: str) -> str:
    try:
        return Locale.parse(language, sep="-").get_display_name("en") or language
    except (UnknownLocaleError, ValueError):
        return language
