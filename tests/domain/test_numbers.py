"""How a case is named: an id by hash, and a number that survives the telephone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case_step import open_case
from domain.decision import Refused
from domain.lifecycle.intake_checks import request_digest
from domain.naming import case_id, case_number, id_prefix
from tests.domain.cases import TUESDAY, opened, terms
from tests.people import ANA, KIM, request

NAMES = st.text(min_size=1, max_size=30)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_tenants_reference_repeated_is_one_case_and_another_tenants_another() -> None:
    assert case_id("acme", "desk", "1") == case_id("acme", "desk", "1")
    others = {case_id("acme", "mail", "1"), case_id("other", "desk", "1"), case_id("acme", "desk", "2")}
    assert len({case_id("acme", "desk", "1"), *others}) == 4


@given(NAMES, NAMES, NAMES)
def test_no_two_names_run_together_into_one_id(tenant: str, source: str, reference: str) -> None:
    identity = case_id(tenant, source, reference)
    assert identity.startswith("case-")
    assert len(identity) == 25
    assert identity != case_id(tenant + source, source, reference)
    assert identity != case_id(tenant, source + reference, reference)
    assert (identity == case_id(source, tenant, reference)) is (source == tenant)


@given(NAMES)
def test_a_number_finds_its_case_by_the_beginning_of_the_id(reference: str) -> None:
    identity = case_id("acme", "desk", reference)
    prefix = id_prefix(case_number(identity))
    assert prefix is not None
    assert identity.startswith(prefix)


@given(NAMES, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(reference: str, place: int, character: str) -> None:
    number = case_number(case_id("acme", "desk", reference))
    digits = list(number.removeprefix("SR-").replace("-", ""))
    changed = digits[place] != character
    digits[place] = character
    assert (id_prefix("".join(digits)) is None) is changed


@given(NAMES, st.integers(0, 7))
def test_two_neighbours_swapped_are_always_noticed(reference: str, place: int) -> None:
    digits = list(case_number(case_id("acme", "desk", reference)).removeprefix("SR-").replace("-", ""))
    changed = digits[place] != digits[place + 1]
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    assert (id_prefix("".join(digits)) is None) is changed


def test_zero_for_z_is_noticed_in_every_place() -> None:
    for place in range(8):
        digits = ["0"] * 8
        digits[place] = "Z"
        assert id_prefix("SR-0000-0000-0") is not None
        assert id_prefix("".join(digits) + "0") is None


def test_a_number_is_read_however_it_was_written_down() -> None:
    number = case_number(case_id("acme", "desk", "1"))
    plain = number.removeprefix("SR-").replace("-", "")
    for written in (number.lower(), plain, plain.lower(), f"SR-{plain}"):
        assert id_prefix(written) == id_prefix(number) is not None


@pytest.mark.parametrize(
    "form",
    [
        "[{}]",
        "({}).",
        "  {}\u200b ",
        "\ufeff\u201c{}\u201d",
        "#{},",
        "\u3010{}\u3011",
    ],
)
@pytest.mark.parametrize(
    "dash", ["-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\uff0d", " ", " - ", ""]
)
def test_a_number_is_found_as_it_stands_in_a_mail_a_chat_or_a_word_processor(form: str, dash: str) -> None:
    number = case_number(case_id("acme", "desk", "4711"))
    wide = str.maketrans({char: chr(ord(char) + 0xFEE0) for char in "0123456789ABCDEFGHJKMNPQRSTVWXYZ"})
    for written in (number, number.lower(), number.translate(wide)):
        assert id_prefix(form.format(written.replace("-", dash))) == id_prefix(number)


@pytest.mark.parametrize(
    ("heard", "meant"), [("O", "0"), ("I", "1"), ("L", "1"), ("o", "0"), ("l", "1"), ("i", "1")]
)
def test_letters_that_look_like_digits_are_taken_for_them(heard: str, meant: str) -> None:
    identity = next(
        identity
        for number in range(1000)
        if meant in case_number(identity := case_id("acme", "desk", str(number)))
    )
    number = case_number(identity)
    assert id_prefix(number.replace(meant, heard)) == id_prefix(number)


@pytest.mark.parametrize("misheard", ["", "SR-", "SR-1234", "SR-ÄÖÜß-0000-0", "U" * 9, "0" * 10, "'; --"])
def test_what_is_no_number_finds_nothing(misheard: str) -> None:
    assert id_prefix(misheard) is None


def test_an_id_that_is_not_ours_has_a_number_too() -> None:
    number = case_number("INC0000045")
    assert number == case_number("INC0000045")
    assert id_prefix(number) is not None
    assert number != case_number("INC0000046")


@pytest.mark.parametrize("identity", ["a b", "x\n", "case/1", "é", "x" * 121])
def test_a_case_is_kept_under_a_plain_id_only(identity: str) -> None:
    decision = open_case(request("1", received_at=TUESDAY), terms(), TUESDAY, identity)
    assert isinstance(decision, Refused)
    assert (decision.code, decision.missing) == ("ValidationError", ("workflow_id",))


def test_two_requests_of_one_reference_are_told_apart_by_content_only() -> None:
    first = request("1", actor=ANA, received_at=TUESDAY, request_id="a")
    again = request("1", actor=KIM, request_id="b")
    other = request("1", explanation="Something else")
    assert request_digest(first) == request_digest(again) != request_digest(other)


def test_effect_ids_come_from_their_cause_and_name_case_kind_and_recipient() -> None:
    story = opened()
    assert story.effects[0].id == f"{story.case.id}/opening/acknowledgement/customer"
    story.say("respond", TUESDAY, text="We have begun.")
    assert story.effects[-1].id == f"{story.case.id}/request-1/first_response/customer"
    story.until(TUESDAY.replace(hour=1))
    assert story.effects[-1].id == f"{story.case.id}/update@20270615T010000Z/status_update/customer"


def test_every_mail_refers_to_those_before_it_and_the_thread_stays_short() -> None:
    story = opened()
    story.say("respond", TUESDAY, text="We have begun.")
    assert story.effects[-1].thread == (story.effects[0].id,)
    for hour in range(1, 20):
        story.until(TUESDAY.replace(hour=hour))
    assert len(story.case.references) == 6
    assert story.case.references[0] == story.effects[0].id
