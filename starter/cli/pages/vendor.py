"""What is shown of a case at the vendor: their number, severity and people, apart from ours."""

from typing import TYPE_CHECKING

from starter.door.plain import moment, words

if TYPE_CHECKING:
    from domain.vendor import VendorCase
    from domain.views.staff import CaseView


def at_the_vendor(view: "CaseView") -> list[tuple[str, str | None]]:
    """Say who else works on the case, as labels and what stands behind them."""
    rows: list[tuple[str, str | None]] = [("resolver group", view.resolver_group)]
    vendor = view.vendor
    if vendor is None:
        return rows
    severity = f"severity {vendor.severity}" if vendor.severity else None
    number = vendor.reference or "no number yet"
    told = (number, severity, vendor.product and words(vendor.product), vendor.engineer, _state(vendor))
    contact = vendor.contact
    reached = (contact.name, contact.phone, contact.email) if contact else ()
    review = vendor.review
    return [
        *rows,
        ("vendor", ", ".join(filter(None, told))),
        ("vendor's contact", ", ".join(filter(None, reached)) or None),
        ("finding", words(vendor.boundary) if vendor.boundary else None),
        ("review", f"{review.state}: {words(review.ground)}" if review else None),
    ]


def _state(vendor: "VendorCase") -> str:
    if vendor.handed_over_at is not None:
        return f"handed over {moment(vendor.handed_over_at)}, contact {vendor.contacted}"
    if vendor.resolved_at is not None:
        return f"done {moment(vendor.resolved_at)}"
    silent = f", {vendor.unanswered} questions unanswered" if vendor.unanswered else ""
    return f"since {moment(vendor.escalated_at)}{silent}"
