"""A lead tries a policy at the board: sliders that need no script, and refusals in words."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from policies import load_policy, policy_names
from policies.variation import read_change, varied
from starter.web.board.rehearsal_sliders import sliders_of
from tests.starter.board_pages import Pages, pages_of


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with pages_of(tmp_path) as found:
        yield found


async def _form(pages: Pages, **fields: str) -> dict[str, str]:
    page = (await pages.get("/rehearsal")).text
    token = re.search(r'name="form" value="([^"]+)"', page)
    assert token is not None
    return {"form": token[1], "policy": "rhipe-csp", "log": "desk-log", **fields}


async def test_an_engineer_neither_sees_the_page_nor_the_way_there(pages: Pages) -> None:
    await pages.sign_in("Ana Reyes", "engineer")
    assert (await pages.get("/rehearsal")).status_code == 403
    assert "/rehearsal" not in (await pages.get("/")).text


async def test_a_lead_moves_a_slider_and_sees_what_it_would_have_led_to(pages: Pages) -> None:
    await pages.sign_in("Mo Tan", "lead")
    fields = await _form(pages, cases="2", **{"update_every.P1": "30"})
    answer = await pages.post("/rehearsal", fields)
    assert answer.status_code == 200, answer.text
    assert "rhipe-csp@1 with rules.levels.P1.update_every=30m" in answer.text
    assert re.search(r'name="update_every.P1"[^>]* value="30"', answer.text)
    assert "Promises kept, with and without what the system sent" in answer.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"log": ""}, "no log was chosen"),
        ({"update_every.P2": "30", "update_every.P1": "180"}, "less urgent"),
    ],
)
async def test_what_makes_no_policy_is_refused_and_the_sliders_stay(
    pages: Pages, fields: dict[str, str], told: str
) -> None:
    await pages.sign_in("Mo Tan", "lead")
    answer = await pages.post("/rehearsal", await _form(pages, **fields))
    assert answer.status_code == 400
    assert told in answer.text
    for name, value in fields.items():
        if "." in name:
            assert re.search(rf'name="{name}"[^>]* value="{value}"', answer.text), name


@pytest.mark.parametrize("name", policy_names())
def test_every_slider_stands_on_the_policys_own_and_varies_nothing_there(name: str) -> None:
    for one in sliders_of(load_policy(name), {}):
        assert (one.own - one.lowest) % one.step == 0, one
        assert one.lowest <= one.own <= one.highest, one
        assert one.change == "", one


def test_each_slider_alone_names_a_value_that_can_be_varied() -> None:
    policy = load_policy("rhipe-csp")
    for one in sliders_of(policy, {}):
        (moved,) = [
            slider
            for slider in sliders_of(policy, {one.name: str(one.own - one.step or one.own + one.step)})
            if slider.change
        ]
        assert moved.name == one.name
        assert read_change(moved.change).typed == one.path
    warned = varied("rhipe-csp", [read_change("rules.informing.warn_at_share=0.5")], "tried")
    assert warned.policy.rules.informing.warn_at_share == 0.5


@pytest.mark.parametrize("typed", ["x", "-1", "9" * 40, "", "1e3", "٣"])
def test_what_no_slider_says_is_as_it_was_or_within_its_bounds(typed: str) -> None:
    for one in sliders_of(load_policy("rhipe-csp"), {"warn": typed}):
        assert one.lowest <= one.value <= one.highest
