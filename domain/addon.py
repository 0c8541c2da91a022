"""What waits for our records to say whether an add-on was bought."""

from domain.actor import Actor
from domain.frozen import Frozen


class AddonCheck(Frozen):
    """A finding that ends the case unless the tenant has the add-on, until the directory says so (CSS-12).

    `cause` and `actor` are those of what was said, and `text` what it said. `finding` is the category staff
    named, None where the vendor found it on the premises.
    """

    addon: str
    cause: str
    actor: Actor
    text: str | None = None
    finding: str | None = None
