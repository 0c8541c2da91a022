"""What the mails of a desk look like as a table."""

from typing import TYPE_CHECKING

from rich.table import Table

from starter.cli.pages.parts import plain
from starter.door.plain import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starter.cli.mailbox import Mail


def mails_table(mails: "Sequence[Mail]") -> Table:
    """List mails, the newest first."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=True, header_style="dim", expand=True)
    for name in ("#", "sent", "to"):
        table.add_column(name, no_wrap=True, max_width=36, overflow="ellipsis")
    table.add_column("subject", ratio=1, no_wrap=True, overflow="ellipsis")
    for mail in mails:
        to, subject = plain(mail.header("To")), plain(mail.header("Subject"))
        table.add_row(str(mail.number), moment(mail.sent_at), to, subject)
    return table
