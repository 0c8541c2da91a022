"""Nothing on a page of the board keeps somebody out: what axe finds, by day and by night."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.places import AWAY, OF_A_CUSTOMER, OF_A_MANAGER, OF_NOBODY, OF_SOMEBODY, Scene, place
from tests.browser.shift import P1, P1_RESPONSE, Shift

_LOOKS = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},  # nothing else differs by night
}
_OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.name = ''; one.open = true; })"


@pytest.fixture(scope="module")
def scene(shift: Shift) -> Scene:
    shift.case("A promise was missed", *P1, ago=P1_RESPONSE)
    number = shift.case("Nobody can sign in", *P1)
    shift.run("respond", number, "We have begun to look into it.")
    return Scene(shift, number)


@pytest.mark.parametrize("name", [*OF_NOBODY, *OF_SOMEBODY, *OF_A_MANAGER, *OF_A_CUSTOMER, AWAY])
def test_axe_finds_nothing_by_day_and_by_night(scene: Scene, name: str) -> None:
    with place(name, scene) as page:
        page.evaluate(_OPEN_ALL)
        for scheme, options in _LOOKS.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = Axe().run(page, options=options)
            assert found.violations_count == 0, found.generate_report()
