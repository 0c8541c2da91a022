"""What a desk prints is whole at 80 columns, where it has to be copied."""

from datetime import UTC, datetime

from rich.console import Console

from starter.desk.picture import Addresses, desk

KEY = f"sr_{8 * 'k'}_{52 * 'k'}"
LINKS = {"Ana Reyes, sydney": f"http://127.0.0.1:8082/link/{43 * 'l'}"}


def test_key_and_links_stand_on_lines_of_their_own_at_80_columns() -> None:
    where = Addresses(
        "127.0.0.1:7233", "default", None, 8082, "kept", "none", None, "cases.db", ".", KEY, LINKS
    )
    console = Console(width=80, force_terminal=False)
    with console.capture() as drawn:
        console.print(desk(where, [], [], "SR-0000-0000-0", datetime(2026, 11, 30, tzinfo=UTC), 80))
    lines = drawn.get().splitlines()
    for value in (KEY, *LINKS.values()):
        assert any(line.rstrip().endswith(value) for line in lines), value
    assert any(line.strip() in LINKS for line in lines)
