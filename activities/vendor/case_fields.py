"""What a case says of itself to a vendor, by the names a vendor's forms use."""

from activities.vendor.config import VendorConfig
from activities.vendor.desk import VendorMessage
from activities.vendor.forms import Filling


def said_by_case(message: VendorMessage, config: VendorConfig) -> Filling:
    """Say everything a form may ask for; None for what this case does not know."""
    effect, facts, wording = message.effect, message.effect.facts, message.wording
    return {
        "reference": message.reference,
        "number": effect.case_number,
        "title": facts.title,
        "subject": wording.subject,
        "text": facts.text,
        "message": wording.text,
        "severity": _severity(facts.severity, facts.level, config),
        "level": facts.level,
        "product": facts.product,
        "enhanced": facts.enhanced,
        "caused_at": effect.caused_at.isoformat(),
        **_contact(message),
    }


def _severity(wished: str | None, level: str | None, config: VendorConfig) -> str | None:
    """Return the vendor's word: for the severity wished for, else for our level (RHIPE-51)."""
    words = config.severities
    if wished is not None:
        return words.get(wished, wished)
    return words.get(level or "", config.severity_otherwise)


def _contact(message: VendorMessage) -> Filling:
    """Return whom the vendor shall speak to (RHIPE-49); a single name is first and last name."""
    contact = message.effect.facts.technical_contact
    if contact is None:
        none = ("name", "first_name", "last_name", "email", "phone", "zone")
        return {f"contact_{part}": None for part in none}
    first, _, last = contact.name.strip().rpartition(" ")
    return {
        "contact_name": contact.name,
        "contact_first_name": first or last,
        "contact_last_name": last,
        "contact_email": contact.email,
        "contact_phone": contact.phone,
        "contact_zone": contact.availability.zone if contact.availability else None,
    }
