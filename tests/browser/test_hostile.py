"""What somebody writes stays text in a real browser, wherever a page shows it."""

from playwright.sync_api import Page, expect

from tests.browser.shift import Shift

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}${7*7}\"'><svg onload=alert(3)>"
_FOREIGN = "img, iframe, object, script:not([src]), svg:not(.clocks), [onerror], [onload]"


def test_hostile_text_in_every_field_adds_nothing_to_a_page_and_opens_no_box(shift: Shift) -> None:
    with shift.window_of("Ana Reyes") as ana:
        page = ana.page
        page.goto("/all")  # it also comes over the stream
        fields = (
            "tenant",
            "explanation",
            "partner",
            "company",
            "step",
            "error-message",
            "contact",
            "requester",
        )
        number = shift.case(HOSTILE, *(part for name in fields for part in (f"--{name}", HOSTILE)))
        expect(page.locator(f"#rows tr[data-n={number}]")).to_contain_text("{{7*7}}")
        _is_clean(page)
        shown = ("/all", f"/cases/{number}", f"/cases/{number}/explain/initial_response", "/search?q=onerror")
        for path in shown:
            page.goto(path)
            expect(page.locator("main")).to_contain_text("{{7*7}}")
            _is_clean(page)
        page.goto(f"/cases/{number}/say/respond")
        page.get_by_label("Text (needed)").fill(HOSTILE)
        page.get_by_role("button", name="Respond").click()
        expect(page.get_by_label("The letter")).to_contain_text(HOSTILE)
        _is_clean(page)
        page.get_by_role("button", name="Send it").click()
        expect(page.locator(".timeline")).to_contain_text(HOSTILE)
        _is_clean(page)
    assert ana.complaints == []


def _is_clean(page: Page) -> None:
    assert page.locator(_FOREIGN).count() == 0, page.url
    assert "49" not in page.title()
